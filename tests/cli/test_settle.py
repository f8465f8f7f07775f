"""policyengine settle: files are settled as a whole or not at all, amounts are exact, faults have a place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cases.demo import claim, rule_file
from tests.cli.runner import json_lines, run

PARAMETER = "--param=second_share=5%"
ROW = {"meter": "paid", "scope": {"person_id": "p1"}, "window": "2018", "value": "1.00", "kind": "money"}


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return rule_file(tmp_path)


def file_of(folder: Path, *claims: Any, name: str = "claims.jsonl") -> Path:
    path = folder / name
    path.write_text("".join(json.dumps(one) + "\n" for one in claims), encoding="utf-8")
    return path


def test_a_claim_as_text(tmp_path: Path, rules: Path) -> None:
    result = run("settle", rules, file_of(tmp_path, claim()), PARAMETER)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines()[:4] == [
        "claim c1 · 2018-03-20 · demo · CNY",
        "  pooled fund   1,500.00",
        "  patient       1,000.00",
        "  total         2,500.00",
    ]
    assert result.stdout.endswith("[top]\n")


def test_a_persons_claims_carry_their_history_on(tmp_path: Path, rules: Path) -> None:
    # Ceiling 5,000 a year: (6,400 − 400) × 75 % = 4,500, then 500 are left.
    line = {"category": "bed", "catalogue_class": "a", "amount": "6400.00"}
    claims = [claim(id="c1", lines=[line]), claim(id="x", person={"id": "p2"}), claim(id="c2", lines=[line])]
    result = run("settle", rules, file_of(tmp_path, *claims), PARAMETER, "--json")
    assert [found["split"]["pooled_fund"] for found in json_lines(result.stdout)] == ["4500.00", "1500.00", "500.00"]


def test_two_settlements_are_parted_by_a_blank_line(tmp_path: Path, rules: Path) -> None:
    result = run("settle", rules, file_of(tmp_path, claim(), claim(id="c2")), PARAMETER)
    assert "[top]\n\nclaim c2 · " in result.stdout


def test_a_list_in_one_json_file(tmp_path: Path, rules: Path) -> None:
    path = tmp_path / "claims.json"
    path.write_text(json.dumps([claim(), claim(id="c2")], indent=1))
    result = run("settle", rules, path, PARAMETER, "--json")
    assert [found["claim"] for found in json_lines(result.stdout)] == ["c1", "c2"]


def test_one_bad_claim_and_nothing_is_written(tmp_path: Path, rules: Path) -> None:
    path = file_of(tmp_path, claim(), claim(id="c2", tier="village"), claim(id="c3", totl="1.00"), claim(id="c4"))
    result = run("settle", rules, path, PARAMETER, "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "error[E560]" in result.stderr
    assert f"{path}:3:" in result.stderr
    assert "error[E507]: totl: no such field" in result.stderr


def test_the_history_of_a_file_and_of_a_settlement(tmp_path: Path, rules: Path) -> None:
    claims = file_of(tmp_path, claim(lines=[{"category": "bed", "catalogue_class": "a", "amount": "6400.00"}]))
    first = run("settle", rules, claims, PARAMETER, "--json").stdout
    (tmp_path / "settlement.json").write_text(first)
    (tmp_path / "history.json").write_text(json.dumps(json.loads(first)["history"]))
    line = {"category": "bed", "catalogue_class": "a", "amount": "6400.00"}
    later = file_of(tmp_path, claim(id="c2", lines=[line]))
    for name in ("settlement.json", "history.json"):
        result = run("settle", rules, later, PARAMETER, "--json", "--history", tmp_path / name)
        assert json.loads(result.stdout)["split"]["pooled_fund"] == "500.00"


@pytest.mark.parametrize(
    ("content", "code"),
    [("{", "E501"), ("[]", "E631"), ('{"accumulators": 3}', "E508"), ('{"history": {"accumulators": 3}}', "E508"),
     (json.dumps({"accumulators": [{**ROW, "meter": "payd"}]}), "E550")],
)  # fmt: skip
def test_a_bad_history(tmp_path: Path, rules: Path, content: str, code: str) -> None:
    path = tmp_path / "history.json"
    path.write_text(content)
    result = run("settle", rules, file_of(tmp_path, claim()), PARAMETER, "--history", path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"error[{code}]" in result.stderr


def test_a_file_that_is_not_there(tmp_path: Path, rules: Path) -> None:
    result = run("settle", rules, tmp_path / "none.json", PARAMETER)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "none.json:1:1: error[E505]" in result.stderr
    result = run("settle", rules, file_of(tmp_path, claim()), PARAMETER, "--history", tmp_path / "none.json")
    assert result.exit_code == 2
    assert "error[E630]" in result.stderr


def test_parameters(tmp_path: Path, rules: Path) -> None:
    claims = file_of(tmp_path, claim(tags=["registered_poor"]))

    def second(*parameters: str) -> Any:
        return run("settle", rules, claims, "--json", *parameters)

    assert json.loads(second("--param", "second_share=10%").stdout)["split"]["other_fund"] == "70.00"
    for parameters, code in (
        ((), "E540"),
        (("--param=second_share=11%",), "E542"),
        (("--param=secnd_share=5%", PARAMETER), "E541"),
    ):
        result = second(*parameters)
        assert (result.exit_code, result.stdout) == (2, "")
        assert f"error[{code}]" in result.stderr
    for bad in ("second_share", "=5%", "second_share="):
        result = second(f"--param={bad}")
        assert result.exit_code == 2
        assert "is not NAME=VALUE" in result.stderr
    assert "given twice" in second(PARAMETER, PARAMETER).stderr


def test_assumptions_can_be_refused(tmp_path: Path, rules: Path) -> None:
    result = run("settle", rules, file_of(tmp_path, claim()), PARAMETER, "--no-assumed")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "error[E562]" in result.stderr


def test_the_reckoning_in_the_language_of_the_reader(tmp_path: Path, rules: Path) -> None:
    claims = file_of(tmp_path, claim())
    chinese = run("settle", rules, claims, PARAMETER, "--explain", "--lang", "zh").stdout
    assert "个人负担构成" in chinese
    assert "《示例办法》：“报销75%”" in chinese
    assert "the reckoning" in run("settle", rules, claims, PARAMETER, "--explain").stdout
    assert "the reckoning" not in run("settle", rules, claims, PARAMETER).stdout


def test_the_trace_is_json(tmp_path: Path, rules: Path) -> None:
    claims = file_of(tmp_path, claim())
    assert "trace" not in json.loads(run("settle", rules, claims, PARAMETER, "--json").stdout)
    steps = json.loads(run("settle", rules, claims, PARAMETER, "--trace").stdout)["trace"]
    assert {"share", "basic.paid"} <= {step["name"] for step in steps}
    refused = run("settle", rules, claims, PARAMETER, "--trace", "--explain")
    assert (refused.exit_code, refused.stdout) == (2, "")


def test_no_such_rule_set(tmp_path: Path) -> None:
    result = run("settle", "cn/shanxi/137", file_of(tmp_path, claim()))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "error[E601]" in result.stderr
    assert "did you mean `cn/shanxi/136`?" in result.stderr


def test_a_bad_rule_file(tmp_path: Path) -> None:
    path = tmp_path / "ruleset.yaml"
    path.write_text("ruleset: demo\nparts: [in_scope]\nlayers: [{id: a, payer: pooled_fund, on: in_scop}]\n")
    result = run("settle", path, file_of(tmp_path, claim()))
    assert (result.exit_code, result.stdout) == (2, "")
    assert ":3:" in result.stderr
    assert "in_scop" in result.stderr
