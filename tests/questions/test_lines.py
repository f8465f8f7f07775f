"""Line by line: who pays how much of each fee line. Figures worked by hand beside them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyengine import Claim, Settlement, load, settle
from policyengine.settlement.lines import allot
from tests.cli.runner import json_lines, run

RULES = """\
ruleset: drug_and_bed
title: {zh: 逐条, en: Line by line}
valid: {from: 2020-01-01}
parts: {own_expense: own_expense, class_b: in_scope, class_a: in_scope}
layers:
  - {id: basic, payer: pooled_fund, on: [class_b, class_a], assumed: made up for this example}
  - {id: help, payer: medical_assistance, on: [class_b, class_a], assumed: made up for this example}
provisions:
  - {id: outside, classify: class == 丙, to: own_expense, assumed: made up for this example}
  - {id: waived, classify: category == registration, payer: hospital, assumed: made up for this example}
  - {id: second_list, classify: class == 乙, to: class_b, assumed: made up for this example}
  - {id: first, layer: basic, set_aside: 10% of base, of: class_b, as: first_share, assumed: made up for this example}
  - {id: share, layer: basic, fund_share: 50%, assumed: made up for this example}
  - id: shares
    layer: help
    split: {medical_assistance: 60%, other_fund: 40%}
    assumed: made up for this example
  - {id: fixed, layer: help, pay: 100元, assumed: made up for this example}
"""


@pytest.fixture
def settled(tmp_path: Path) -> Any:
    home = tmp_path / "drug_and_bed"
    home.mkdir()
    (home / "ruleset.yaml").write_text(RULES, encoding="utf-8")
    book = load(home)

    def make(*lines: tuple[str, str, str]) -> Settlement:
        told = [{"category": c, "catalogue_class": k, "amount": a} for c, k, a in lines]
        encounter = {"care_type": "inpatient", "discharge_date": "2024-03-05"}
        data = {"id": "c1", "person": {"id": "p1"}, "encounter": encounter, "lines": told}
        return settle(book, Claim.model_validate(data))

    return make


def amounts(found: dict[str, Decimal]) -> dict[str, str]:
    return {name: str(amount) for name, amount in found.items() if amount}


def test_each_line_by_hand(settled: Any) -> None:
    # class b 300 + 100, 10 % of 400 = 40 set aside; basic pays 50 % of 360 + 1,000 = 680: 360 out of class b, 320 of a.
    # class b: 270 and 90, 30 and 10 are left. class a: one line of 1,000, 680 are left.
    # help pays 100, 60 and 40: assistance takes the 40 of class b and 20 of class a, the other fund 40 of class a.
    first, second, bed, outside, waived = settled(
        ("western_drug", "b", "300"), ("western_drug", "b", "100"), ("bed", "a", "1000"), ("other", "c", "50"),
        ("registration", "a", "8"),
    ).by_line()  # fmt: skip
    assert amounts(first.split) == {"pooled_fund": "270.00", "medical_assistance": "30.00"}
    assert amounts(second.split) == {"pooled_fund": "90.00", "medical_assistance": "10.00"}
    assert amounts(bed.split) == {
        "pooled_fund": "320.00", "medical_assistance": "20.00", "other_fund": "40.00", "patient": "620.00",
    }  # fmt: skip
    assert amounts(outside.split) == {"patient": "50.00"}
    assert amounts(waived.split) == {"hospital": "8.00"}
    assert (first.parts, waived.parts) == ({"class_b": Decimal("300.00")}, {})
    # the 40 of first share: 300 : 100 = 30 : 10; the waived line is in scope for the national message
    assert amounts(first.national) == {"preselfpay_amt": "30.00", "inscp_scp_amt": "270.00"}
    assert amounts(second.national) == {"preselfpay_amt": "10.00", "inscp_scp_amt": "90.00"}
    assert amounts(outside.national) == {"fulamt_ownpay_amt": "50.00"}
    assert amounts(waived.national) == {"inscp_scp_amt": "8.00"}


def test_fen_that_are_left_go_to_the_largest_remainders(settled: Any) -> None:
    # 50 % of 0.05 is 0.025, rounded 0.03. Room 2 : 2 : 1, so 1.2, 1.2, 0.6 fen: 1, 1, 0 and the last fen to the third.
    # help: 0.02 are left, 1 : 1 : 0; 60 % of 100 takes it all.
    lines = settled(("bed", "a", "0.02"), ("bed", "a", "0.02"), ("bed", "a", "0.01")).by_line()
    assert [amounts(line.split) for line in lines] == [
        {"pooled_fund": "0.01", "medical_assistance": "0.01"},
        {"pooled_fund": "0.01", "medical_assistance": "0.01"},
        {"pooled_fund": "0.01"},
    ]


def test_of_equal_remainders_the_earlier_line_has_the_fen() -> None:
    assert allot(2, [1, 1, 1]) == [1, 1, 0]
    assert allot(1, [5, 5]) == [1, 0]


def test_a_line_of_nothing_bears_nothing(settled: Any) -> None:
    free, bed = settled(("nursing", "a", "0"), ("bed", "a", "10")).by_line()
    assert amounts(free.split) == {}
    assert sum(bed.split.values()) == Decimal("10.00")


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=30), st.data())
def test_an_allotment_sums_and_stays_within_its_room(room: list[int], data: st.DataObject) -> None:
    amount = data.draw(st.integers(0, sum(room)))
    shares = allot(amount, room)
    assert sum(shares) == amount
    assert all(0 <= share <= most for share, most in zip(shares, room, strict=True))
    if sum(room):
        assert all(abs(share * sum(room) - amount * most) < sum(room) for share, most in zip(shares, room, strict=True))


def test_the_same_lines_come_out_every_time(settled: Any) -> None:
    lines = [("bed", "a", "33.33"), ("western_drug", "b", "66.67"), ("bed", "a", "0.01")]
    assert settled(*lines).by_line() == settled(*lines).by_line()


def test_the_136_of_shanxi() -> None:
    """demo/shanxi_136.json, the bed line of 2,000 of 27,000 in scope.

    basic: 26,600 x 75 % = 19,950, of which the bed 1,477.78. Critical illness 1,537.50 of the 7,050 left, the bed has
    522.22 of them: 113.89. The cap pays 4,512.50 of the 5,512.50 left, the bed has 408.33: 334.26.
    """
    result = run("settle", "cn/shanxi/136", "demo/shanxi_136.json", "--lines", "--json")
    bed, _, _, material = json_lines(result.stdout)[0]["lines"]
    assert bed["split"] == {
        "pooled_fund": "1812.04", "critical_illness": "113.89", "supplement": "0.00", "medical_assistance": "0.00",
        "patient": "74.07",
    }  # fmt: skip
    assert (material["number"], material["split"]["supplement"]) == (4, "2550.00")


def test_the_lines_as_text() -> None:
    shown = run("settle", "cn/shanxi/136", "demo/shanxi_136.json", "--lines").stdout.splitlines()
    at = shown.index("fee line by fee line")
    assert shown[at + 5].split() == ["4", "material", "3,000.00", "0.00", "0.00", "2,550.00", "450.00"]
    assert shown[at + 6].split() == ["total", "30,000.00", "24,462.50", "1,537.50", "2,550.00", "1,450.00"]
    shown = run("settle", "cn/shanxi/136", "demo/shanxi_136.json", "--lines", "--lang", "zh").stdout.splitlines()
    assert shown[shown.index("费用明细分摊") + 2].split()[:3] == ["1", "床位费", "2,000.00"]
