"""A layer that reckons over a window and pays nothing: what was payable before counts as paid."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from policyengine import Claim, load, settle_many

RULES = """ruleset: plan
parts: [in_scope]
layers:
  - {id: alone, payer: none, on: in_scope, to_date: calendar_year}
  - {id: basic, payer: pooled_fund, on: in_scope}
provisions:
  - {id: threshold, layer: alone, deductible: 1000元}
  - {id: share, layer: alone, fund_share: 70%}
  - {id: half, layer: basic, pay: 50% of alone.payable}
"""


def test_each_claim_has_what_is_new_in_the_year(tmp_path: Path) -> None:
    """70 % above 1,000 of 600, of 3,000 and of 5,000 in the year: nothing, 1,400 and 2,800, of which 1,400 are new."""
    file = tmp_path / "plan" / "ruleset.yaml"
    file.parent.mkdir()
    file.write_text(RULES, encoding="utf-8")
    found = list(settle_many(load(file), [stay(1, "600.00"), stay(2, "2400.00"), stay(3, "2000.00")]))
    assert [s.split["pooled_fund"] for s in found] == [Decimal(0), Decimal(700), Decimal(700)]


def stay(month: int, amount: str) -> Claim:
    encounter = {"care_type": "inpatient", "discharge_date": f"2024-0{month}-09"}
    lines = [{"category": "surgery", "amount": amount}]
    return Claim.model_validate({"id": f"c{month}", "person": {"id": "p1"}, "encounter": encounter, "lines": lines})
