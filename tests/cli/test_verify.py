"""policyengine verify: the same claim, rules and history give the same settlement; anything else is named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cases.demo import RULES, claim, rule_file
from tests.cli.runner import run

PARAMETER = "--param=second_share=5%"


@pytest.fixture
def settled(tmp_path: Path) -> dict[str, Path]:
    """A rule file, a claim, and the settlement of the claim."""
    files = {"rules": rule_file(tmp_path), "claim": tmp_path / "claim.json", "settlement": tmp_path / "settlement.json"}
    files["claim"].write_text(json.dumps(claim()))
    files["settlement"].write_text(run("settle", files["rules"], files["claim"], PARAMETER, "--json").stdout)
    return files


def verify(files: dict[str, Path], *more: str | Path) -> Any:
    return run("verify", files["settlement"], "--claim", files["claim"], "--ruleset", files["rules"], *more)


def test_the_same_again(settled: dict[str, Path]) -> None:
    result = verify(settled)
    assert (result.exit_code, result.stdout) == (
        0,
        "the same to the smallest coin: claim c1 under " + str(settled["rules"]) + "\n",
    )


def test_a_receipt_alone_will_do(settled: dict[str, Path]) -> None:
    settled["settlement"].write_text(json.dumps(json.loads(settled["settlement"].read_text())["receipt"]))
    assert verify(settled).exit_code == 0


def test_another_claim_is_noticed(settled: dict[str, Path]) -> None:
    settled["claim"].write_text(settled["claim"].read_text().replace("2400.00", "2400.01"))
    result = verify(settled)
    assert result.exit_code == 1
    assert "claim differs" in result.stdout
    assert "split differs" in result.stdout


def test_other_rules_are_noticed(settled: dict[str, Path]) -> None:
    settled["rules"].write_text(RULES.replace("fund_share: 75%", "fund_share: 74%"))
    result = verify(settled)
    assert result.exit_code == 1
    assert "rules differs" in result.stdout


def test_another_history_is_noticed(settled: dict[str, Path], tmp_path: Path) -> None:
    history = json.loads(settled["settlement"].read_text())["history"]
    (tmp_path / "history.json").write_text(json.dumps({**history, "last_claim": None}))
    result = verify(settled, "--history", tmp_path / "history.json")
    assert result.exit_code == 1
    assert "history differs" in result.stdout


@pytest.mark.parametrize("content", ["{}", '{"receipt": {"ruleset": "demo"}}', '{"receipt": []}', "[]", "{"])
def test_what_is_no_receipt_is_refused(settled: dict[str, Path], content: str) -> None:
    settled["settlement"].write_text(content)
    result = verify(settled)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "error[E" in result.stderr


def test_a_receipt_without_a_rule_set(settled: dict[str, Path]) -> None:
    settled["settlement"].write_text("{}")
    result = run("verify", settled["settlement"], "--claim", settled["claim"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "names no rule set" in result.stderr


def test_two_claims_are_one_too_many(settled: dict[str, Path]) -> None:
    settled["claim"].write_text(settled["claim"].read_text() + "\n" + settled["claim"].read_text())
    result = verify(settled)
    assert result.exit_code == 2
    assert "error[E631]: the file holds 2 claims" in result.stderr


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("split", "patient"), "1.00"),
        (("patient", "own_expense"), "1.00"),
        (("payments",), [{"payer": "patient"}]),
        (("national", "hifp_pay"), "1.00"),
        (("history", "accumulators"), []),
        (("total",), "1.00"),
        (("added",), "1.00"),
    ],
)
def test_a_settlement_changed_beside_its_receipt_is_noticed(
    settled: dict[str, Path], place: tuple[str, ...], value: object
) -> None:
    document = json.loads(settled["settlement"].read_text())
    at = document
    for name in place[:-1]:
        at = at[name]
    assert at.get(place[-1]) != value
    at[place[-1]] = value
    settled["settlement"].write_text(json.dumps(document))
    result = verify(settled)
    assert result.exit_code == 1
    assert f"{place[0]} differs from the receipt's settlement" in result.stdout


def test_a_settlement_with_every_step_is_verified_too(settled: dict[str, Path]) -> None:
    told = run("settle", settled["rules"], settled["claim"], PARAMETER, "--trace").stdout
    settled["settlement"].write_text(told)
    assert verify(settled).exit_code == 0
    document = json.loads(told)
    document["trace"][0]["value"] = "1.00"
    settled["settlement"].write_text(json.dumps(document))
    result = verify(settled)
    assert result.exit_code == 1
    assert "trace differs from the receipt's settlement" in result.stdout
