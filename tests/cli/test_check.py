"""policyengine check: every finding with its place, as text, JSON or SARIF; errors make the exit code 1."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import unquote

import jsonschema
import pytest

from tests.cases.demo import RULES, rule_file
from tests.cli.runner import run


def test_a_sound_rule_file(tmp_path: Path) -> None:
    result = run("check", rule_file(tmp_path))
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[-1].startswith("1 rule set: 0 errors, ")


def test_every_error_is_told_with_its_place(tmp_path: Path) -> None:
    bad = RULES.replace("fund_share: 75%", "fund_share: 0.75").replace("deductible: 400元", "deductible: 400")
    result = run("check", rule_file(tmp_path, bad))
    assert (result.exit_code, result.stderr) == (1, "")
    assert "error[E" in result.stdout
    line = next(n for n, text in enumerate(bad.splitlines(), 1) if "0.75" in text)
    assert f"ruleset.yaml:{line}:" in result.stdout
    assert "^^^^" in result.stdout


def test_warnings_count_only_if_asked(tmp_path: Path) -> None:
    uncited = RULES.replace(", cite: {notice: 起付线400元}", "")
    path = rule_file(tmp_path, uncited)
    result = run("check", path)
    assert result.exit_code == 0
    assert "warning[W4" in result.stdout
    assert run("check", path, "--strict").exit_code == 1


def test_more_than_twenty_findings_are_all_told(tmp_path: Path) -> None:
    many = "".join(f"  - {{id: x{n}, layer: basic, deductible: 4%%}}\n" for n in range(30))
    result = run("check", rule_file(tmp_path, RULES + many))
    assert result.exit_code == 1
    assert result.stdout.count("error[") == 30


def test_json(tmp_path: Path) -> None:
    found = json.loads(run("check", rule_file(tmp_path, RULES.replace("75%", "0.75")), "--format", "json").stdout)
    assert {"code", "file", "line", "column", "length", "message", "related"} <= found[0].keys()
    assert found[0]["severity"] == "error"


SARIF = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "properties": {
                    "results": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["ruleId", "level", "message"],
                            "properties": {
                                "level": {"enum": ["none", "note", "warning", "error"]},
                                "message": {"required": ["text"]},
                            },
                        },
                    }
                },
            },
        },
    },
}


def test_sarif(tmp_path: Path) -> None:
    result = run("check", rule_file(tmp_path, RULES.replace("75%", "0.75")), "--format", "sarif")
    log = json.loads(result.stdout)
    jsonschema.validate(log, SARIF)
    assert result.exit_code == 1
    (first,) = [r for r in log["runs"][0]["results"] if r["level"] == "error"][:1]
    region = first["locations"][0]["physicalLocation"]["region"]
    text = RULES.replace("75%", "0.75").splitlines()[region["startLine"] - 1]
    assert text[region["startColumn"] - 1 : region["endColumn"] - 1] == "0.75"


def test_places_are_paths_that_can_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = rule_file(tmp_path / "规则 a", RULES.replace("75%", "0.75"))
    assert f"{path}:" in run("check", path).stdout
    monkeypatch.chdir(tmp_path)
    assert run("check", "规则 a/demo").stdout.startswith("规则 a/demo/ruleset.yaml:")
    assert run("settle", "规则 a/demo", "-", text="").stderr.startswith("规则 a/demo/ruleset.yaml:")
    log = json.loads(run("check", "规则 a/demo", "--format", "sarif").stdout)
    location = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert unquote(location["uri"]) == "规则 a/demo/ruleset.yaml"
    assert location["uri"].isascii()


def test_no_such_rule_set() -> None:
    result = run("check", "cn/nowhere")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "error[E601]" in result.stderr


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_a_file_that_is_no_yaml_is_a_finding_beside_others(tmp_path: Path, form: str) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "wrong").mkdir()
    broken = rule_file(tmp_path / "broken", RULES + "title: again\n")
    wrong = rule_file(tmp_path / "wrong", RULES.replace("75%", "0.75"))
    result = run("check", broken, wrong, "--format", form)
    assert (result.exit_code, result.stderr) == (1, "")
    assert json.loads(result.stdout)
    assert "E131" in result.stdout
    assert "wrong/" in result.stdout
