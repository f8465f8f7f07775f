"""The worked examples of a page are settlements, stand at every edge, and come to what is worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest

from policyengine import Claim, settle
from policyengine.errors import ClaimError
from policyengine.render.claims import claim_data, parameters_of
from policyengine.render.examples import Example
from policyengine.render.scenarios import settled
from policyengine.rulebook import bundled_names
from tests.render.pages import rows_under, subject, text, worked

RAOHE = "cn/heilongjiang/shuangyashan/raohe"
NAMES = [name for name in bundled_names() if name.startswith(("cn/", "examples/"))]


def example_of(name: str, **facts: object) -> Example:
    """The first example of a rule set whose claim states these facts."""
    found = worked(name).examples
    return next(e for e in found if all(e.scenario.given.get(k, False) == v for k, v in facts.items()))


def split_at(example: Example, bill: int) -> dict[str, Decimal]:
    return {
        payer: amount for payer, amount in next(dict(r.split) for r in example.rows if r.bill == bill).items() if amount
    }


def test_136_in_a_county_hospital_by_hand() -> None:
    """400元, 75 %, then the cap of 1,000元; civil affairs pay 70 % of what is left.

    10,000: (10,000 − 400) × 75 % = 7,200; own 2,800, above 1,000 the cap pays 1,800; 70 % of 1,000 = 700.
    400.01: 0.01 × 75 % = 0.0075, rounded 0.01; own 400.00, of which 70 % = 280.
    """
    example = example_of("cn/shanxi/136", hospital_grade="tertiary_b", tier="county", registered_poor=True)
    assert split_at(example, 10_000_00) == {
        "pooled_fund": Decimal("9000.00"), "medical_assistance": Decimal("700.00"), "patient": Decimal("300.00"),
    }  # fmt: skip
    assert split_at(example, 400_01) == {
        "pooled_fund": Decimal("0.01"), "medical_assistance": Decimal("280.00"), "patient": Decimal("120.00"),
    }  # fmt: skip


def test_the_edges_of_136_for_an_ordinary_member_by_hand() -> None:
    """三甲 in a city, 1,000元 and 60 %.

    Own cost of 10,000 = 1,000 + 40 % × 22,500: a bill of 23,500 (a coin less, since the share is rounded up).
    The pool's 70,000 = 60 % × 116,666.67: a bill of 117,666.66 (69,999.996 is rounded up).
    Critical illness: 400,000 = 75 % × (bill − 70,000 − 10,000): a bill of 613,333.33.
    """
    example = example_of("cn/shanxi/136", hospital_grade="tertiary_a", tier="city", registered_poor=False)
    assert [row.bill for row in example.rows if row.marks] == [1_000_00, 23_499_99, 117_666_66, 613_333_33]


def test_the_ceilings_of_raohe_by_hand() -> None:
    """乡镇门诊 90 % up to 700元: 777.78 × 90 % = 700.002; 县级住院 (bill − 500) × 70 % = 10,000: 14,785.71."""
    outpatient = example_of(RAOHE, care_type="outpatient", tier="village")
    assert [row.bill for row in outpatient.rows if row.marks] == [777_78]
    assert split_at(outpatient, 777_77) == {"pooled_fund": Decimal("699.99"), "patient": Decimal("77.78")}
    county = example_of(RAOHE, care_type="inpatient", tier="county", registered_poor=False, designated=True)
    assert [row.bill for row in county.rows if row.marks] == [500_00, 14_785_71]
    assert split_at(county, 14_785_72) == {"pooled_fund": Decimal("10000.00"), "patient": Decimal("4785.72")}


def test_the_bands_begin_where_the_policy_says() -> None:
    """12,000, 30,000, 100,000; at 100,000: 60 % × 18,000 + 65 % × 70,000 = 56,300."""
    example = example_of("examples/critical_illness_bands_2024")
    assert [row.bill for row in example.rows if row.marks] == [12_000_00, 30_000_00, 100_000_00]
    assert split_at(example, 100_000_00)["critical_illness"] == Decimal("56300.00")
    assert "进入30,000元至100,000元部分" in text("examples/critical_illness_bands_2024", "zh")


def test_the_page_shows_what_was_settled() -> None:
    written = text(RAOHE, "zh")
    title = next(line for line in written.splitlines() if line.startswith("### 算例") and "门诊，村级" in line)
    rows = rows_under(written, title.removeprefix("### "))
    assert ["777.78", "达到乡镇门诊补偿封顶线", "700.00", "77.78"] in rows


@pytest.mark.parametrize("name", ["cn/shanxi/136", RAOHE, "examples/employee_city_2012", "world/us/part_d"])
def test_every_example_is_what_settle_says(name: str) -> None:
    """The claims are settled once more from their plain data."""
    about = subject(name)
    for example in worked(name).examples:
        for row in example.rows:
            claim = Claim.model_validate(claim_data(about, example.scenario.given, row.bill))
            again = settle(about.book, claim, parameters=parameters_of(about, example.scenario.given))
            assert dict(row.split) == again.split


@pytest.mark.parametrize("name", NAMES)
def test_between_two_edges_every_payer_pays_in_proportion(name: str) -> None:
    """So no edge has been missed: a third of the way between two bills lies a third of the way in payment."""
    about = subject(name)
    for example in worked(name).examples:
        for one, two in pairwise(example.rows):
            third = (two.bill - one.bill) // 3
            try:
                found = settled(about, example.scenario, one.bill + third).split
            except ClaimError:
                continue
            part = Fraction(third, two.bill - one.bill)
            for payer, amount in found.items():
                start, end = Fraction(dict(one.split)[payer]), Fraction(dict(two.split)[payer])
                assert abs(Fraction(amount) - start - part * (end - start)) <= Fraction(1, 10), (payer, one, two)
