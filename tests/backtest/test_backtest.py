"""Past official settlements: what agrees, what differs, what a difference points to; worked by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from policyengine import ClaimError, load
from policyengine.backtest import Official, backtest
from policyengine.cli import main
from policyengine.rulebook import Rulebook

RULES = """
ruleset: past
sources: {notice: {title: a notice}}
parts: [own_expense, in_scope]
layers:
  - {id: basic, payer: pooled_fund, on: in_scope, cite: notice}
provisions:
  - {id: outside, classify: class == 丙, to: own_expense, cite: notice}
  - {id: deductible, layer: basic, deductible: 500元, when: care_type == 住院, cite: notice}
  - {id: share, layer: basic, fund_share: 70%, cite: notice}
  - {id: poor, adjust: share, when: registered_poor, add: 5pp, cite: notice}
"""


def record(name: str, official: dict[str, str], tags: tuple[str, ...] = (), **claim: Any) -> dict[str, Any]:
    data: dict[str, Any] = {
        "id": name,
        "person": {"id": name, "tags": list(tags)},
        "encounter": {"care_type": "inpatient", "discharge_date": "2024-03-09"},
        "lines": [{"category": "surgery", "catalogue_class": "a", "amount": "10500.00"}],
    }
    return {"claim": {**data, **claim}, "official": official}


@pytest.fixture
def book(tmp_path: Path) -> Rulebook:
    file = tmp_path / "past.yaml"
    file.write_text(RULES, encoding="utf-8")
    return load(file)


def found(book: Rulebook, data: dict[str, Any]) -> tuple[str, set[tuple[str, str]]]:
    one = backtest(book, [Official.model_validate(data)]).compared[0]
    return one.kind, {(c.kind, c.fact or ",".join(rule.id for rule in c.rules)) for c in one.causes}


def test_what_was_paid_by_the_rules_agrees(book: Rulebook) -> None:
    # 70 % × (10,500 − 500) = 7,000
    assert found(book, record("c1", {"hifp_pay": "7000.00", "psn_part_amt": "3500.00"})) == ("agrees", set())


def test_a_member_who_was_paid_as_poor(book: Rulebook) -> None:
    # 75 % × 10,000 = 7,500
    kind, causes = found(book, record("c1", {"hifp_pay": "7500.00"}))
    assert kind == "payers"
    assert ("fact", "registered_poor") in causes


def test_a_deductible_that_was_not_taken(book: Rulebook) -> None:
    # 70 % × 10,500 = 7,350
    kind, causes = found(book, record("c1", {"hifp_pay": "7350.00", "act_pay_dedc": "0.00"}))
    assert kind == "payers"
    assert ("fact", "care_type") in causes


def test_the_five_points_were_forgotten(book: Rulebook) -> None:
    kind, causes = found(book, record("c1", {"hifp_pay": "7000.00"}, ("registered_poor",)))
    assert (kind, causes) == ("payers", {("fact", "registered_poor")})


def test_a_coin_of_rounding_and_an_amount_that_nothing_explains(book: Rulebook) -> None:
    assert found(book, record("c1", {"hifp_pay": "7000.01"})) == ("rounding", set())
    assert found(book, record("c1", {"hifp_pay": "1234.00"})) == ("payers", set())


def test_the_bill_was_cut_up_otherwise(book: Rulebook) -> None:
    official = {"fulamt_ownpay_amt": "500.00", "inscp_scp_amt": "10000.00"}
    assert found(book, record("c1", official))[0] == "parts"
    assert found(book, record("c1", {"medfee_sumamt": "1.00"}))[0] == "bill"


def test_a_claim_that_the_rules_refuse_is_a_record_of_its_own(book: Rulebook) -> None:
    data = record("c1", {"hifp_pay": "1.00"}, lines=[{"category": "surgery", "amount": "10.00"}])
    result = backtest(
        book, [Official.model_validate(data), Official.model_validate(record("c2", {"hifp_pay": "7000"}))]
    )
    assert dict(result.kinds) == {"refused": 1, "agrees": 1}
    assert result.compared[0].refused is not None


@pytest.mark.parametrize("official", [{"hifp": "1.00"}, {}, {"hifp_pay": 1.5}, {"hifp_pay": "1,200"}])
def test_wrong_messages_are_refused(official: dict[str, Any]) -> None:
    with pytest.raises(ClaimError):
        Official.model_validate(record("c1", official))


def test_the_command_tells_the_rate_and_what_differs(book: Rulebook, tmp_path: Path) -> None:
    rows = [
        record("c1", {"hifp_pay": "7000.00"}),
        record("c2", {"hifp_pay": "7500.00"}),
        record("c3", {"hifp_pay": "7000.00"}),
    ]
    file = tmp_path / "official.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    rules = str(tmp_path / "past.yaml")
    told = CliRunner().invoke(main, ["backtest", rules, str(file)])
    assert told.exit_code == 1, told.output
    assert "2 of 3 agree (66.6 %)" in told.output
    assert "建档立卡贫困人口 (registered_poor) = yes, which switches `poor`" in told.output
    as_json = CliRunner().invoke(main, ["backtest", rules, str(file), "--json"])
    assert json.loads(as_json.output)["differences"][0]["fields"] == {
        "hifp_pay": {"official": "7500.00", "here": "7000.00"}
    }
    file.write_text(json.dumps(rows[0]), encoding="utf-8")
    assert CliRunner().invoke(main, ["backtest", rules, str(file)]).exit_code == 0
    file.write_text('{"claim": {}, "official": {"hifp": "1"}}', encoding="utf-8")
    assert CliRunner().invoke(main, ["backtest", rules, str(file)]).exit_code == 2
