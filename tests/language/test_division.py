"""Division by a rate or by a plain number; shares that are no decimal."""

from __future__ import annotations

from pathlib import Path

import pytest

from policyengine import Claim, RuleError, load, settle

RULES = """
ruleset: divided
facts: {{months: {{type: count, low: 1, high: 12}}}}
parts: [in_scope]
layers:
  - {{id: basic, payer: pooled_fund, on: in_scope}}
provisions:
  - {{id: part_year, layer: basic, deductible: {deductible}}}
  - {{id: share, layer: basic, fund_share: {share}}}
"""


def settled(folder: Path, deductible: str, share: str, amount: str) -> str:
    file = folder / "divided.yaml"
    file.write_text(RULES.format(deductible=deductible, share=share), encoding="utf-8")
    line = {"category": "surgery", "amount": amount}
    encounter = {"care_type": "inpatient", "discharge_date": "2024-03-09"}
    claim = {"id": "c", "person": {"id": "p"}, "encounter": encounter, "lines": [line], "facts": {"months": 7}}
    return str(settle(load(file), Claim.model_validate(claim)).split["pooled_fund"])


@pytest.mark.parametrize(
    ("deductible", "share", "amount", "paid"),
    [
        ("1200元 * months / 12", "2/3", "1000.00", "200.00"),  # 1,000 − 700; two thirds of 300
        ("months / 12 of 1200元", "1/3", "1000.00", "100.00"),  # one third of 300
        ("1000元 * months / 12", "2/3", "3583.33", "2000.00"),  # 583.33 set aside to the fen; 2/3 of 3,000
        ("100元", "80% / 2", "200.00", "40.00"),
        ("100元", "'min(months / 7, 100%)'", "200.00", "100.00"),
    ],
)
def test_shares_of_plain_numbers_are_exact(tmp_path: Path, deductible: str, share: str, amount: str, paid: str) -> None:
    assert settled(tmp_path, deductible, share, amount) == paid


@pytest.mark.parametrize("share", ["2/0", "50% / months", "100元 / 200元", "2 / 100元"])
def test_nothing_else_divides(tmp_path: Path, share: str) -> None:
    with pytest.raises(RuleError, match="E318"):
        settled(tmp_path, "100元", share, "200.00")
