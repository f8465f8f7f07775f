"""policyengine render: one document, or a folder of all of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from policyengine.rulebook import known_places
from tests.cases.demo import RULES, rule_file
from tests.cli.runner import run
from tests.render.test_markdown import tree_of

COUNTY = "cn/shanxi/136"


def test_the_same_document_every_time_in_a_file_and_on_the_screen(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "136.md"
    shown = run("render", COUNTY, "--lang", "zh")
    assert run("render", COUNTY, "--lang", "zh", "-o", file).exit_code == 0
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert file.read_bytes() == shown.stdout.encode()


def test_html_is_one_file_that_loads_nothing(tmp_path: Path) -> None:
    file = tmp_path / "136.html"
    assert run("render", COUNTY, "--format", "html", "--lang", "zh", "-o", file).exit_code == 0
    html = file.read_text(encoding="utf-8")
    assert html.startswith('<!DOCTYPE html>\n<html lang="zh-CN">')
    assert tree_of(html).findtext(".//h1") == "山西省农村建档立卡贫困人口医疗保障“136”政策"
    assert re.findall(r"<(?:script|link|img|iframe)|\ssrc=|https?:", html.split("<h2>资料来源")[0]) == []


def test_the_version_of_a_day() -> None:
    early = run("render", "cn/heilongjiang/shuangyashan/raohe", "--on", "2015-06-01", "--lang", "zh").stdout
    assert "| 县级 | 县域内 | 不限 | 其他、无 | 是 | 500元 | 70% | 8,000元 |" in early
    assert "**本文所载版本**：2015-01-01 起至 2016-01-01 前" in early


def test_a_day_without_a_version_is_refused() -> None:
    result = run("render", COUNTY, "--on", "2016-01-01")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "error[E690]: the rule set does not hold on 2016-01-01" in result.stderr


def test_a_page_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    result = run("render", COUNTY, "-o", tmp_path / "file" / "page.md")
    assert result.exit_code == 2
    assert "error[E691]" in result.stderr


@pytest.mark.parametrize(
    "arguments", [(), ("--all",), (COUNTY, "--all", "-o", "x"), ("--all", "-o", "x", "--on", "2018-01-01")]
)
def test_what_does_not_go_together_is_refused(arguments: tuple[str, ...]) -> None:
    assert run("render", *arguments).exit_code == 2


def test_markup_in_a_rule_file_is_shown(tmp_path: Path) -> None:
    nasty = RULES.replace("起付线400元", "'<script>alert(1)</script> [x](javascript:y) | **b**'")
    result = run("render", rule_file(tmp_path, nasty), "--format", "html")
    assert result.exit_code == 0
    assert "<script" not in result.stdout
    assert "href" not in result.stdout
    assert "&lt;script&gt;alert(1)&lt;/script&gt; [x](javascript:y) | **b**" in result.stdout


def test_a_folder_of_all_rule_sets_has_an_index_that_leads_to_every_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two"):
        folder = tmp_path / "rules" / "my" / name
        folder.mkdir(parents=True)
        (folder / "ruleset.yaml").write_text(re.sub("^ruleset: .*", f"ruleset: my/{name}", RULES, count=1), "utf-8")
    mine = [place for place in known_places(tmp_path / "rules") if place.name.startswith("my/")]
    monkeypatch.setattr("policyengine.rulebook.known_places", lambda _: mine)
    result = run("render", "--rulesets", tmp_path / "rules", "--all", "-o", tmp_path / "site")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("6 pages of 2 rule sets")
    files = {file.relative_to(tmp_path / "site").as_posix() for file in (tmp_path / "site").rglob("*.html")}
    assert files == {"index.html", "index.en.html", *(f"my/{n}.{x}.html" for n in ("one", "two") for x in ("zh", "en"))}
    for index in ("index.html", "index.en.html"):
        links = [a.attrib["href"] for a in tree_of((tmp_path / "site" / index).read_text("utf-8")).iter("a")]
        assert set(links) <= files
        assert len(links) == 3
    for lang, index, other in (("zh", "index.html", "en"), ("en", "index.en.html", "zh")):
        page = tree_of((tmp_path / "site" / "my" / f"one.{lang}.html").read_text("utf-8"))
        assert [a.attrib["href"] for a in page.iter("a")][:2] == [f"../{index}", f"one.{other}.html"]
