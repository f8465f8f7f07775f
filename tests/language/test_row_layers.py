"""Layers on fee lines: the same clauses, once a line; their sums for the claim; what later layers may see of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from policyengine import Claim, Settlement, load, settle
from policyengine.laws import broken
from tests.agreement.agreeing import hold_together

HEAD = """ruleset: plan
title: 样例
currency: {currency}
sources: {{law: {{title: 样例办法}}}}
"""
DAY = {"care_type": "outpatient", "discharge_date": "2024-03-09"}


def settled(folder: Path, rules: str, lines: list[dict[str, Any]], currency: str = "CNY", **claim: Any) -> Settlement:
    """The settlement, which holds every law and which all back ends make alike."""
    place = folder / "plan"
    place.mkdir(exist_ok=True)
    (place / "ruleset.yaml").write_text(HEAD.format(currency=currency) + rules, encoding="utf-8")
    whole = [{"category": "other", "catalogue_class": "a", **line} for line in lines]
    data = {"id": "c", "person": {"id": "p"}, "currency": currency, "encounter": DAY, "lines": whole, **claim}
    settlement = settle(load(place), Claim.model_validate(data))
    assert not broken(settlement)
    assert hold_together([settlement], "plan") == 1
    return settlement


def texts(amounts: Any) -> dict[str, str]:
    return {name: str(amount) for name, amount in amounts.items() if amount}


def of_lines(settlement: Settlement, step: str) -> list[int]:
    return list(settlement.values[settlement.layout.index[step]])  # type: ignore[arg-type]


EVERY_CLAUSE = """
parts: {copays: own_expense, class_b: in_scope, in_scope: in_scope}
layers:
  - {id: first, payer: pooled_fund, on: [in_scope, class_b], per: row, cite: law}
  - {id: second, payer: other_fund, on: [in_scope, class_b], per: row, when: category == surgery, cite: law}
  - {id: third, payer: medical_assistance, on: [in_scope, class_b], cite: law}
provisions:
  - {id: b, classify: class == 乙, to: class_b, cite: law}
  - {id: floor, layer: first, deductible: 10元, cite: law}
  - {id: less, adjust: floor, when: class == 乙, set: 5元, cite: law}
  - {id: copay, layer: first, set_aside: 1元 * quantity, to: copays, cite: law}
  - {id: bands, layer: first, fund_share: {bands: [[0元, 50%], [100元, 80%]]}, cite: law}
  - {id: top, layer: first, ceiling: 150元, cite: law}
  - {id: cap, layer: second, own_cost_cap: 20元, cite: law}
  - {id: half, layer: third, fund_share: 50%, cite: law}
  - {id: third_floor, layer: third, pay: "sum(first.over_ceiling where class == 甲) * 10%", cite: law}
"""


def test_every_clause_acts_on_each_line(tmp_path: Path) -> None:
    """Line 1, surgery 甲 311, 1 unit: floor 10, copay 1, base 300: 50 + 160 = 210, ceiling 150; unpaid 161 of which the
    copay 1 moves, 160 stay; the second layer pays what is above 20: 140; 20 stay.
    Line 2, other 乙 107, 2 units: floor 5, copay 2, base 100: 50; 107 − 50 − 2 = 55 stay.
    Line 3, other 甲 4: all of it below the floor; 4 stay.
    Third: 50 % × (20 + 55 + 4) = 39.50, and a tenth of the 60 above the ceiling: 6; together 45.50."""
    lines = [
        {"amount": "311.00", "category": "surgery"},
        {"amount": "107.00", "catalogue_class": "b", "quantity": 2},
        {"amount": "4.00"},
    ]
    settlement = settled(tmp_path, EVERY_CLAUSE, lines)
    assert texts(settlement.split) == {
        "pooled_fund": "200.00", "other_fund": "140.00", "medical_assistance": "45.50", "patient": "36.50",
    }  # fmt: skip
    assert of_lines(settlement, "first.row.paid") == [15000, 5000, 0]
    assert of_lines(settlement, "second.row.paid") == [14000, 0, 0]
    # 3 moved; the 45.50 come out of 甲 first, 20 + 4, then out of 乙: of the 55, 33.50 are left, 5 of them deductible
    assert texts(settlement.patient) == {"copay": "3.00", "deductible": "5.00", "coinsurance": "28.50"}
    assert str(settlement.national()["act_pay_dedc"]) == "19.00"


def test_each_line_is_rounded_by_itself(tmp_path: Path) -> None:
    """Three lines of 0.01 at 50 %: half a fen each is a fen each, and not a fen and a half together."""
    rules = """
parts: [in_scope]
layers: [{id: basic, payer: pooled_fund, on: in_scope, per: row, cite: law}]
provisions: [{id: share, layer: basic, fund_share: 50%, cite: law}]
"""
    settlement = settled(tmp_path, rules, [{"amount": "0.01"}] * 3)
    assert texts(settlement.split) == {"pooled_fund": "0.03"}


SPLIT = """
parts: [in_scope]
layers: [{id: basic, payer: pooled_fund, on: in_scope, per: row, round: down 1元, cite: law}]
provisions:
  - {id: share, layer: basic, fund_share: 90%, cite: law}
  - {id: who, layer: basic, split: {pooled_fund: 70%, medical_assistance: 20%, patient: 10%}, cite: law}
"""


def test_a_split_divides_each_line(tmp_path: Path) -> None:
    """90 % × 9.99 is 8 whole yuan: 5.60, 1.60, and 0.80 stay; 90 % × 100 = 90: 63, 18, 9."""
    settlement = settled(tmp_path, SPLIT, [{"amount": "9.99"}, {"amount": "100.00"}])
    assert texts(settlement.split) == {"pooled_fund": "68.60", "medical_assistance": "19.60", "patient": "21.79"}
    shares = {share.payer: share.rows for share in settlement.layout.program.payers}
    assert shares == {"pooled_fund": ("basic.row.paid.pooled_fund",),
                      "medical_assistance": ("basic.row.paid.medical_assistance",)}  # fmt: skip


def test_what_no_line_layer_acted_on_is_told_by_the_layer_on_the_claim(tmp_path: Path) -> None:
    """The bed is paid by half, line by line; the rest of the bill has a deductible of 100, which half covers."""
    rules = """
parts: [in_scope]
layers:
  - {id: bed, payer: pooled_fund, on: in_scope, per: row, when: category == bed, cite: law}
  - {id: basic, payer: pooled_fund, on: in_scope, when: registered_poor, cite: law}
provisions:
  - {id: half, layer: bed, fund_share: 50%, cite: law}
  - {id: floor, layer: basic, deductible: 100元, cite: law}
  - {id: share, layer: basic, fund_share: 60%, cite: law}
"""
    lines = [{"amount": "60.00", "category": "bed"}, {"amount": "90.00"}]
    others = settled(tmp_path, rules, lines)
    assert texts(others.patient) == {"coinsurance": "30.00", "not_covered": "90.00"}
    poor = settled(tmp_path, rules, lines, person={"id": "p", "tags": ["registered_poor"]})
    # base 30 + 90 = 120, less 100: 60 % × 20 = 12; of the 90 that no line layer acted on, all are the deductible
    assert texts(poor.split) == {"pooled_fund": "42.00", "patient": "108.00"}
    assert texts(poor.patient) == {"deductible": "90.00", "coinsurance": "18.00"}


def test_parts_and_layers_inside_a_sum_are_those_of_the_line(tmp_path: Path) -> None:
    rules = """
parts: {class_b: in_scope, in_scope: in_scope}
meters: {seen: {counts: sum(class_b where category == bed), in: lifetime}}
layers:
  - {id: basic, payer: pooled_fund, on: [class_b, in_scope], per: row, cite: law}
  - {id: more, payer: other_fund, on: in_scope, cite: law}
provisions:
  - {id: b, classify: class == 乙, take: 50% of left, to: class_b, cite: law}
  - {id: share, layer: basic, fund_share: 50%, cite: law}
  - {id: again, layer: more, pay: 10% of sum(basic.paid where category == bed), cite: law}
"""
    lines = [{"amount": "80.00", "category": "bed", "catalogue_class": "b"}, {"amount": "20.00"}]
    settlement = settled(tmp_path, rules, lines)
    assert texts(settlement.split) == {"pooled_fund": "50.00", "other_fund": "4.00", "patient": "46.00"}
    assert settlement.minor("meter.seen") == 4000
    parts = {part.name: part for part in settlement.layout.program.parts}
    assert of_lines(settlement, parts["class_b"].row) == [4000, 0]
    assert of_lines(settlement, parts["in_scope"].row) == [4000, 2000]
    assert of_lines(settlement, parts["in_scope"].row_unpaid) == [4000, 1000]


HOUSEHOLD = """
facts:
  charge: {type: money, of: row}
  income_class: {type: code, values: {u: ウ, e: エ}}
tables:
  cap:
    keys: [income_class]
    columns: [base, from, slope]
    rows: [[ウ, 80100円, 267000円, 1%], [エ, 57600円, 0円, 0%]]
    cite: law
formulas:
  capped: {of: t, is: "cap.base + cap.slope * max(0円, t - cap.from)"}
parts: {too_small: own_expense, pooled: in_scope}
layers:
  - {id: part_cap, payer: pooled_fund, on: [pooled, too_small], per: row, cite: law}
  - {id: union_cap, payer: pooled_fund, on: pooled, cite: law}
provisions:
  - {id: under_21000, classify: amount < 21000円, to: too_small, cite: law}
  - {id: cap_part, layer: part_cap, own_cost_cap: capped(charge), cite: law}
  - {id: cap_union, layer: union_cap, own_cost_cap: capped(sum(charge where amount >= 21000円)), cite: law}
"""


@pytest.mark.parametrize(
    ("of", "lines", "refund"),
    [
        ("u", [(300_000, 1_000_000)], 212_570),  # W120: cap 80,100 + 1 % × 733,000 = 87,430
        # W123: the part of 120,000 has a cap of 81,430; the union of 210,000 and 700,000 one of 84,430
        ("u", [(60_000, 200_000), (120_000, 400_000), (30_000, 100_000), (3_000, 10_000)], 125_570),
        ("e", [(150_000, 500_000)], 92_400),  # W124
    ],
)
def test_a_month_of_a_household_is_capped_part_by_part_then_on_the_union(
    tmp_path: Path, of: str, lines: list[tuple[int, int]], refund: int
) -> None:
    """高額療養費: W120, W123 and W124 of the worked examples, each part of the month as one line."""
    rows = [{"amount": str(own), "facts": {"charge": str(charge)}} for own, charge in lines]
    settlement = settled(tmp_path, HOUSEHOLD, rows, "JPY", facts={"income_class": of})
    assert settlement.split["pooled_fund"] == refund
