"""Amounts set aside: before the share off the base, after it off what is paid (a French consultation)."""

from __future__ import annotations

from pathlib import Path

from policyengine import Claim, load, settle
from tests.language.test_small_mends import claim, plan

CONSULTATION = """
layers: [{id: basic, payer: pooled_fund, on: in_scope, cite: law}]
provisions:
  - {id: share, layer: basic, fund_share: 70%, cite: law}
  - {id: flat, layer: basic, set_aside: 2元, from: payable, cite: law}
"""


def test_a_flat_amount_after_the_share_stays_with_the_patient_under_its_name(tmp_path: Path) -> None:
    """Tariff 30: 70 % is 21, less the flat 2 is 19; the patient bears 9 and 2 (service-public sheet F17042)."""
    settlement = settle(plan(tmp_path, CONSULTATION), claim(1, "30.00"))
    assert {k: str(v) for k, v in settlement.split.items()} == {"pooled_fund": "19.00", "patient": "11.00"}
    assert {k: str(v) for k, v in settlement.patient.items()} == {"flat": "2.00", "coinsurance": "9.00"}


def test_a_flat_amount_takes_no_more_than_is_paid(tmp_path: Path) -> None:
    """70 % of 1.33 is 0.931, rounded 0.93: all of it is taken, nothing is paid."""
    settlement = settle(plan(tmp_path, CONSULTATION), claim(1, "1.33"))
    assert {k: str(v) for k, v in settlement.split.items()} == {"pooled_fund": "0.00", "patient": "1.33"}
    assert {k: str(v) for k, v in settlement.patient.items()} == {"flat": "0.93", "coinsurance": "0.40"}


def test_a_copay_before_the_share_is_the_lesser_of_copay_and_price(tmp_path: Path) -> None:
    text = """
layers: [{id: basic, payer: pooled_fund, on: in_scope, cite: law}]
provisions:
  - {id: copay, layer: basic, set_aside: 47元, cite: law}
  - {id: share, layer: basic, fund_share: 100%, cite: law}
"""
    book = plan(tmp_path, text)
    assert [str(settle(book, claim(1, amount)).split["patient"]) for amount in ("600.00", "20.00")] == [
        "47.00",
        "20.00",
    ]


def test_what_is_moved_into_another_part_in_scope_keeps_its_name_there(tmp_path: Path) -> None:
    """10 % of 1,000.00 are moved into a part that no layer looks at; 50 % of the other 900.00 are paid."""
    text = """ruleset: plan
sources: {law: {title: 样例办法}}
parts: {later: in_scope, in_scope: in_scope}
layers: [{id: basic, payer: pooled_fund, on: in_scope, cite: law}]
provisions:
  - {id: own, layer: basic, set_aside: 10% of base, to: later, cite: law}
  - {id: share, layer: basic, fund_share: 50%, cite: law}
"""
    (tmp_path / "ruleset.yaml").write_text(text, encoding="utf-8")
    encounter = {"care_type": "inpatient", "discharge_date": "2017-01-05"}
    line = {"category": "other", "catalogue_class": "a", "amount": "1000.00"}
    claim = Claim.model_validate({"id": "c1", "person": {"id": "p"}, "encounter": encounter, "lines": [line]})
    found = settle(load(tmp_path / "ruleset.yaml"), claim)
    assert {reason: str(amount) for reason, amount in found.patient.items() if amount} == {
        "own": "100.00", "coinsurance": "450.00",
    }  # fmt: skip


def test_what_two_layers_move_into_one_part_under_one_name_is_told_as_one(tmp_path: Path) -> None:
    """10 % of 1,000.00 are moved, 50 % of the other 900.00 are paid; 10 % of the 450.00 that are left are moved, and
    the other 405.00 are paid: 100.00 + 45.00 are the patient's."""
    text = """
layers:
  - {id: basic, payer: pooled_fund, on: in_scope, cite: law}
  - {id: illness, payer: critical_illness, on: in_scope, cite: law}
provisions:
  - {id: own, layer: basic, set_aside: 10% of base, as: kept, to: own_expense, cite: law}
  - {id: share, layer: basic, fund_share: 50%, cite: law}
  - {id: own_again, layer: illness, set_aside: 10% of base, as: kept, to: own_expense, cite: law}
  - {id: rest, layer: illness, fund_share: 100%, cite: law}
"""
    found = settle(plan(tmp_path, text), claim(1, "1000.00"))
    assert {payer: str(v) for payer, v in found.split.items()} == {
        "pooled_fund": "450.00", "critical_illness": "405.00", "patient": "145.00",
    }  # fmt: skip
    assert {reason: str(v) for reason, v in found.patient.items() if v} == {"kept": "145.00"}
