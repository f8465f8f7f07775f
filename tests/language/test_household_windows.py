"""A layer over a window of a household: its clauses are one sentence about all claims of all members."""

from __future__ import annotations

from pathlib import Path

import pytest

from policyengine import Claim, ClaimError, load
from policyengine.chain import Chain
from policyengine.laws import broken

RULES = """
ruleset: family
facts: {{counts: {{type: flag, default: true}}}}
parts: [in_scope]
layers:
  - {{id: basic, payer: pooled_fund, on: in_scope, to_date: calendar_year, per: {per}, when: counts}}
provisions:
  - {{id: threshold, layer: basic, deductible: 1000元}}
  - {{id: share, layer: basic, fund_share: {{bands: [[0元, 50%], [2000元, 80%]]}}}}
  - {{id: most, layer: basic, ceiling: 3000元}}
"""


def paid(folder: Path, claims: list[tuple[str, str, int, str]], per: str = "household", **facts: object) -> list[str]:
    file = folder / "family.yaml"
    file.write_text(RULES.format(per=per), encoding="utf-8")
    chain, found = Chain(load(file)), []
    for number, (person, household, day, amount) in enumerate(claims):
        claim = {
            "id": f"c{number}",
            "person": {"id": person, **({"household": household} if household else {})},
            "encounter": {"care_type": "inpatient", "discharge_date": f"2024-03-{day:02d}", "disease": "asthma"},
            "lines": [{"category": "surgery", "amount": amount}],
            "facts": facts if number == 1 else {},
        }
        settlement = chain.settle(Claim.model_validate(claim))
        assert broken(settlement) == ()
        found.append(str(settlement.split["pooled_fund"]))
    return found


def test_members_use_up_one_threshold_and_rise_through_one_set_of_bands(tmp_path: Path) -> None:
    """800: nothing. 1,700 in all: 50 % × 700 = 350. 4,700: 50 % × 2,000 + 80 % × 1,700 = 2,360, of which 350 are paid.
    6,700: 50 % × 2,000 + 80 % × 3,700 = 3,960, at most 3,000, of which 2,360 are paid. Another family begins anew."""
    claims = [("a", "h", 1, "800.00"), ("b", "h", 2, "900.00"), ("a", "h", 3, "3000.00"), ("b", "h", 4, "2000.00"),
              ("c", "i", 5, "1200.00")]  # fmt: skip
    assert paid(tmp_path, claims) == ["0.00", "350.00", "2010.00", "640.00", "100.00"]


def test_without_the_household_each_member_begins_anew(tmp_path: Path) -> None:
    """1,200 and 1,200: 50 % × 200 for each."""
    claims = [("a", "h", 1, "1200.00"), ("b", "h", 2, "1200.00")]
    assert paid(tmp_path, claims, per="member") == ["100.00", "100.00"]
    assert paid(tmp_path, claims) == ["100.00", "600.00"]  # 50 % × 1,400 = 700


def test_a_household_and_a_disease(tmp_path: Path) -> None:
    claims = [("a", "h", 1, "1200.00"), ("b", "h", 2, "1200.00")]
    assert paid(tmp_path, claims, per="[household, disease]") == ["100.00", "600.00"]


def test_a_claim_on_which_the_layer_is_off_counts_nothing(tmp_path: Path) -> None:
    """1,200, and 1,200 that do not count: 50 % × 200; then 50 % × 1,400 = 700, of which 100 are paid."""
    claims = [("a", "h", 1, "1200.00"), ("b", "h", 2, "1200.00"), ("b", "h", 3, "1200.00")]
    assert paid(tmp_path, claims, counts=False) == ["100.00", "0.00", "600.00"]


def test_a_claim_without_a_household_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ClaimError, match="household"):
        paid(tmp_path, [("a", "", 1, "1200.00")])
