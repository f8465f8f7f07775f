"""policyengine diff: text, JSON, exit codes. Figures: ``tests.difference``."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from tests.cli.runner import run
from tests.difference.towns import TOWN

CLAIMS = """\
id,person_id,tier,discharge_date,amount
a,p1,county,2020-02-01,10766.68
b,p2,county,2020-02-01,10766.67
"""
COLUMNS = """\
columns: town
constants: {care_type: inpatient}
lines:
  - {amount: {column: amount, unit: 元}, category: western_drug, catalogue_class: a}
"""
REFORM = "ruleset: reform\nparameters:\n  top: {value: 10000元, replaces: yes}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    files = {"town/ruleset.yaml": TOWN, "reform.yaml": REFORM, "claims.csv": CLAIMS, "columns.yaml": COLUMNS}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_an_overlay_is_put_on_top(folder: Path) -> None:
    assert folder.is_dir()
    result = run("diff", "town", "reform.yaml")
    assert result.exit_code == 0
    assert "value: 8000元 → 10000元" in result.stdout
    assert "a bill of 10,766.68 yuan" in result.stdout


def test_json_is_what_its_schema_says_and_its_claims_settle(folder: Path) -> None:
    book = ("--claims", "claims.csv", "--columns", "columns.yaml")
    found = json.loads(run("diff", "town", "reform.yaml", "--json", *book).stdout)
    jsonschema.validate(found, json.loads(run("schema", "difference").stdout))
    [first, *_] = found["witnesses"]
    (folder / "claim.json").write_text(json.dumps(first["old"]["claims"]), encoding="utf-8")
    settled = json.loads(run("settle", "town", "claim.json", "--json").stdout)
    assert settled["split"] == first["old"]["split"]
    [reform] = found["book"]["reforms"]
    assert reform["changed"] == 1


def test_words_in_chinese(folder: Path) -> None:
    assert folder.is_dir()
    said = run("diff", "town", "reform.yaml", "--lang", "zh").stdout
    assert "制度变化：变更 1 处" in said
    assert "结果不同的最小结算单" in said
    assert "个人少负担" in said


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("town", "town", "--fail-if-different"), 0),
        (("town", "reform.yaml"), 0),
        (("town", "reform.yaml", "--fail-if-different"), 1),
        (("town", "reform.yaml", "--law", "--fail-if-different"), 1),
    ],
)
def test_exit_codes(folder: Path, arguments: tuple[str, ...], code: int) -> None:
    assert folder.is_dir()
    assert run("diff", *arguments).exit_code == code


def test_equal_files_are_proved_equal(folder: Path) -> None:
    assert folder.is_dir()
    assert "proved: every claim is settled alike" in run("diff", "town", "town").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("town@yesterday", "town"), "E810"),
        (("cn/shanxi/136", "cn/shanxi/136@2031-01-01"), "E811"),
        (("town@2020-01-01", "town", "--claims", "claims.csv", "--columns", "columns.yaml"), "E812"),
        (("town@2020-01-01", "town", "--on", "2020-01-01"), "two ways to say the same"),
        (("town", "town", "--group-by", "year"), "are about --claims"),
        (("town", "reform.yaml", "--param", "share=5%"), "E541"),
        (("town", "nowhere"), "E601"),
    ],
)
def test_what_is_refused(folder: Path, arguments: tuple[str, ...], said: str) -> None:
    assert folder.is_dir()
    result = run("diff", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr
