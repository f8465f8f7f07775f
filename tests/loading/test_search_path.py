"""Rule sets of one's own: which folders are looked into, in which order, and that no name ever means two things."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from policyengine import RuleError, load
from policyengine.rulebook import PATH, bundled_names, bundled_root, known_places, search_path
from tests.cli.runner import run
from tests.loading.test_roots import write

CLAIM = """{"id": "c1", "person": {"id": "p1"}, "encounter": {"care_type": "inpatient", "discharge_date": "2024-03-05"},
 "lines": [{"category": "surgery", "catalogue_class": "a", "amount": "100.00"}]}"""


def refused(name: str, path: Path | list[Path]) -> str:
    with pytest.raises(RuleError) as caught:
        load(name, path)
    return str(caught.value)


def test_the_first_root_wins(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for root, share in ((one, "70%"), (two, "60%")):
        file = write(root, "plan")
        file.write_text(file.read_text(encoding="utf-8").replace("70%", share), encoding="utf-8")
    assert load("plan", [one, two]).digest == load("plan", one).digest
    assert load("plan", [two, one]).digest == load("plan", two).digest
    assert load("plan", one).digest != load("plan", two).digest


def test_the_variable_names_further_roots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    write(one, "first"), write(two, "second")  # type: ignore[func-returns-value]
    monkeypatch.setenv(PATH, os.pathsep.join([str(one), "", str(two)]))
    assert [load(name).name for name in ("first", "second", "cn/shanxi/136")] == ["first", "second", "cn/shanxi/136"]
    assert search_path(two) == (two.resolve(), one.resolve(), bundled_root().resolve()), "stated ones come first"


def test_extends_goes_across_roots(tmp_path: Path) -> None:
    city, county = tmp_path / "city_rules", tmp_path / "county_rules"
    write(city, "city")
    write(county, "county", "city", whole=False).write_text("ruleset: county\nextends: city\n", encoding="utf-8")
    assert [name for name, _ in load("county", [county, city]).files] == ["city", "county"]
    assert "there is no rule set `city`" in refused("county", county)


def test_a_child_prefers_what_stands_below_its_own_root(tmp_path: Path) -> None:
    mine, others = tmp_path / "mine", tmp_path / "others"
    write(mine, "city"), write(others, "city")  # type: ignore[func-returns-value]
    child = write(mine, "county", "city", whole=False)
    child.write_text("ruleset: county\nextends: city\n", encoding="utf-8")
    text = (others / "city" / "ruleset.yaml").read_text(encoding="utf-8").replace("70%", "1%")
    (others / "city" / "ruleset.yaml").write_text(text, encoding="utf-8")
    assert load(child, others).digest == load(child).digest


def test_a_bundled_name_is_never_taken_over_silently(tmp_path: Path) -> None:
    write(tmp_path, "cn/shanxi/136")
    said = refused("cn/shanxi/136", tmp_path)
    assert "error[E605]: `cn/shanxi/136` is bundled with the library" in said
    assert "extends: cn/shanxi/136" in said
    child = write(tmp_path, "county", "cn/shanxi/136", whole=False)
    child.write_text("ruleset: county\nextends: cn/shanxi/136\n", encoding="utf-8")
    assert "county/ruleset.yaml:2:10: error[E605]" in refused("county", tmp_path)
    assert load(tmp_path / "cn/shanxi/136").name == "cn/shanxi/136", "a path is not silent"


def test_a_copy_of_a_bundled_file_is_the_same_law(tmp_path: Path) -> None:
    shutil.copytree(bundled_root() / "cn" / "shanxi", tmp_path / "cn" / "shanxi")
    assert load("cn/shanxi/136", tmp_path) == load("cn/shanxi/136")


@pytest.mark.parametrize("stated", ["nowhere", "a\0b"])
def test_a_root_that_is_no_folder_is_named(stated: str, tmp_path: Path) -> None:
    assert "error[E606]" in refused("cn/shanxi/136", [tmp_path / stated])


def test_a_file_is_no_root(tmp_path: Path) -> None:
    assert "error[E606]" in refused("plan", write(tmp_path, "plan"))


def test_nothing_outside_a_root_is_listed_or_read(tmp_path: Path) -> None:
    root = tmp_path / "root"
    secret = write(tmp_path, "secret")
    (root / "inner").mkdir(parents=True)
    (root / "inner" / "ruleset.yaml").symlink_to(secret)
    assert "leads outside" in refused("inner", root)
    with pytest.raises(RuleError, match="leads outside"):
        known_places(root)


def test_every_place_is_known_once_root_by_root(tmp_path: Path) -> None:
    write(tmp_path, "b"), write(tmp_path, "a")  # type: ignore[func-returns-value]
    assert [place.name for place in known_places(tmp_path)] == ["a", "b", *bundled_names()]


# -- on the command line ----------------------------------------------------------------------------------------------


def test_every_command_that_names_a_rule_set_looks_into_the_folders(tmp_path: Path) -> None:
    root = tmp_path / "rules"
    write(root, "our/plan")
    (tmp_path / "claim.json").write_text(CLAIM, encoding="utf-8")
    settled = run("settle", "our/plan", tmp_path / "claim.json", "--rulesets", root, "--json")
    assert '"pooled_fund":"70.00"' in settled.stdout.replace(" ", "")
    assert run("show", "our/plan", "--rulesets", root).stdout.startswith("our/plan")
    assert run("check", "our/plan", "--rulesets", root).exit_code == 0
    assert run("test", "our/plan", "--rulesets", root).stdout.startswith("our/plan: no cases")
    (tmp_path / "settlement.json").write_text(settled.stdout, encoding="utf-8")
    checked = run("verify", tmp_path / "settlement.json", "--claim", tmp_path / "claim.json", "--rulesets", root)
    assert (checked.exit_code, checked.stderr) == (0, "")
    assert "E601" in run("show", "our/plan").stderr


def test_list_shows_the_root(tmp_path: Path) -> None:
    write(tmp_path, "our/plan")
    shown = run("list", "--rulesets", tmp_path).stdout.splitlines()
    assert shown[0].split() == ["our/plan", "样例", "2016-01-01", "–", "…", str(tmp_path.resolve())]
    assert shown[-1].endswith("bundled")
    assert not any(line.endswith("bundled") for line in run("list").stdout.splitlines())


def test_a_fault_in_a_file_of_another_root_is_told_with_its_path(tmp_path: Path) -> None:
    city, county = tmp_path / "city_rules", tmp_path / "county_rules"
    file = write(city, "city")
    file.write_text(file.read_text(encoding="utf-8").replace("70%", "700%"), encoding="utf-8")
    write(county, "county", "city", whole=False).write_text("ruleset: county\nextends: city\n", encoding="utf-8")
    found = run("check", "county", "--rulesets", county, "--rulesets", city)
    assert found.stdout.startswith(f"{file}:10:43: error[E350]")
