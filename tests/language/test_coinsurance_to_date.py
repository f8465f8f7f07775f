"""The coinsurance of a layer over a window is that of the claim, as its deductible is."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from policyengine import Claim, load, settle_many

RULES = """ruleset: plan
parts: [in_scope]
layers:
  - {id: basic, payer: pooled_fund, on: in_scope, to_date: calendar_year}
  - {id: cap, payer: other_fund, on: in_scope}
provisions:
  - {id: threshold, layer: basic, deductible: 1000元}
  - {id: share, layer: basic, fund_share: 70%}
  - {id: top, layer: basic, ceiling: 9000元}
  - {id: most, layer: cap, own_cost_cap: 2000元, measure: basic.coinsurance}
"""


def test_a_cap_over_it_measures_one_claim(tmp_path: Path) -> None:
    """30 % of 9,000 = 2,700, of 2,000 = 600, of 10,000 = 3,000: 700, nothing and 1,000 above 2,000.

    Of the year 70 % of 9,000, 11,000 and 21,000 are 6,300, 7,700 and 14,700, at most 9,000: 6,300, 1,400 and 1,300.
    """
    file = tmp_path / "plan" / "ruleset.yaml"
    file.parent.mkdir()
    file.write_text(RULES, encoding="utf-8")
    found = list(settle_many(load(file), [stay(1, "10000.00"), stay(2, "2000.00"), stay(3, "10000.00")]))
    assert [s.split["pooled_fund"] for s in found] == [Decimal(6300), Decimal(1400), Decimal(1300)]
    assert [s.split.get("other_fund", Decimal(0)) for s in found] == [Decimal(700), Decimal(0), Decimal(1000)]


def stay(month: int, amount: str) -> Claim:
    encounter = {"care_type": "inpatient", "discharge_date": f"2024-0{month}-09"}
    lines = [{"category": "surgery", "amount": amount}]
    return Claim.model_validate({"id": f"c{month}", "person": {"id": "p1"}, "encounter": encounter, "lines": lines})
