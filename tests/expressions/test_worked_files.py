"""Every expression and condition of the worked policies reads, and means what the policy says."""

import pytest

from policyengine.expressions import Binary, Call, IfElse, Name, SumWhere, print_expression, walk
from tests.expressions.support import read

WORKED = [
    "class == 丙", "used(admissions) >= 1", "first_share_rate of left", "10% of base", "stacked.total of in_scope",
    "stacked.added of in_scope", "patient_total - own_in_scope", "1 if part_cap.paid + union_cap.paid > 0円 else 0",
    "x * (50% if part_month else 100%)",
    "scaled(cap.repeated) if used(hits) >= 3 else scaled(cap.base) + cap.slope * max(0円, t - scaled(cap.from))",
    "own < 21000円", "capped(charge)", "min(15% of charge, 8000円)", "capped(sum(charge where own >= 21000円))",
    "min(alone.payable, allowed_2 - first.paid)", "fee - allowed_1", "alone.payable - first.paid", "used(spend)",
    "left - cheapest_price", "min(max(used(days_used) + days_of_stay, a), b) - min(max(used(days_used), a), b)",
    "days_in(50, 80)", "min(days_in(80, 99999), 40 - used(reserve_used))",
    "max(80, used(days_used)) + 40 - used(reserve_used)", "used(days_used) + day_of_stay > last_day",
    "shared_days * (25% of spell_deductible)", "programme_id == dialysis", "tier == county", "true", "0kr", "1000usd",
    "registered_poor and tier in [county, township] and not referred", "income_annual in 0元..5万元 或 低保对象",
]  # fmt: skip


@pytest.mark.parametrize("text", WORKED)
def test_reads_and_reads_again(text: str) -> None:
    tree = read(text)
    assert read(print_expression(tree)) == tree


def test_high_cost_care_of_a_household() -> None:
    tree = read(
        "scaled(cap.repeated) if used(hits) >= 3 else scaled(cap.base) + cap.slope * max(0円, t - scaled(cap.from))"
    )
    assert isinstance(tree, IfElse)
    assert isinstance(tree.other, Binary)
    assert tree.other.op == "+"
    names = [node.text for node in walk(tree) if isinstance(node, Name)]
    assert names == ["cap.repeated", "hits", "cap.base", "cap.slope", "t", "cap.from"]


def test_sum_over_rows_with_a_condition() -> None:
    tree = read("capped(sum(charge where own >= 21000円))")
    assert isinstance(tree, Call)
    assert isinstance(tree.args[0], SumWhere)
