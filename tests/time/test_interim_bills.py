"""Several bills of one stay are one stay: one deductible, one admission, and in sum what the whole stay is owed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from policyengine import Claim, ClaimError, Rulebook, settle_many
from tests.time.support import book, fund, stay

STAYS = """\
ruleset: county
meters:
  met: {counts: basic.deductible, in: visit}
  admissions: {counts: visits, in: calendar_year}
parts: [in_scope]
layers:
  - {id: basic, payer: pooled_fund, on: in_scope, assumed: made up for this example}
provisions:
  - {id: threshold, layer: basic, deductible: 1000元, meter: met, assumed: made up for this example}
  - {id: readmission, adjust: threshold, when: used(admissions) >= 1, scale: 50%, assumed: made up for this example}
  - {id: basic_share, layer: basic, fund_share: 60%, assumed: made up for this example}
"""
"""60 % above 1,000 a stay, 500 from the second admission of the year on."""

BANDS = """\
ruleset: county
parts: [in_scope]
layers:
  - {id: basic, payer: pooled_fund, on: in_scope, assumed: made up for this example}
provisions:
  - id: basic_share
    layer: basic
    fund_share: {bands: [[0元, 60%], [10000元, 80%]]}
    assumed: made up for this example
"""


@pytest.fixture
def county(tmp_path: Path) -> Rulebook:
    return book(tmp_path, STAYS)


def bill(name: str, day: str, amount: str, visit: str | None = None, **more: object) -> Claim:
    return stay(name, day, amount, **({} if visit is None else {"visit_id": visit}), **more)


def paid(made: Rulebook, *bills: Claim) -> list[Decimal]:
    return [fund(settlement) for settlement in settle_many(made, bills)]


WHOLE = (bill("w", "2024-05-20", "12000.00"),)


def test_the_deductible_is_met_once_a_stay(county: Rulebook) -> None:
    bills = (bill("a", "2024-03-31", "8000.00", "s1"), bill("b", "2024-05-20", "4000.00", "s1"))
    assert paid(county, *bills) == [4200, 2400]  # 60 % × (8,000 − 1,000), 60 % × 4,000
    assert paid(county, *WHOLE) == [6600]  # 60 % × (12,000 − 1,000)


def test_a_small_first_bill_leaves_the_rest_of_the_deductible_to_the_next(county: Rulebook) -> None:
    bills = (bill("a", "2024-03-31", "600.00", "s1"), bill("b", "2024-05-20", "11400.00", "s1"))
    assert paid(county, *bills) == [0, 6600]  # 600 of the 1,000, then 60 % × (11,400 − 400)


def test_the_next_bill_is_no_readmission(county: Rulebook) -> None:
    bills = (
        bill("a", "2024-03-31", "400.00", "s1"),
        bill("b", "2024-05-20", "4000.00", "s1"),  # 600 of the 1,000 are left: 60 % × 3,400
        bill("c", "2024-07-01", "300.00", "s2"),  # the second admission: 500, of which 300 are met
        bill("d", "2024-08-01", "1200.00", "s2"),  # 200 are left: 60 % × 1,000
        bill("e", "2024-09-01", "1500.00"),  # the third: 60 % × 1,000
    )
    assert paid(county, *bills) == [0, 2040, 0, 600, 600]
    *_, last = settle_many(county, bills)
    rows = {(row.meter, row.window): row.value for row in last.history.accumulators}
    assert rows["admissions", "2024"] == 3
    assert rows["admissions.before_visit", "s2"] == 1


def test_bills_without_a_visit_are_visits_of_their_own(county: Rulebook) -> None:
    assert paid(county, bill("a", "2024-03-31", "8000.00"), bill("b", "2024-05-20", "4000.00")) == [4200, 2100]


def test_a_bill_may_name_the_first_bill_as_its_visit(county: Rulebook) -> None:
    assert paid(county, bill("a", "2024-03-31", "8000.00"), bill("b", "2024-05-20", "4000.00", "a")) == [4200, 2400]


def test_a_stay_over_the_new_year_is_an_admission_of_the_year_in_which_it_began(county: Rulebook) -> None:
    bills = (
        bill("a", "2024-12-31", "8000.00", "s1"),
        bill("b", "2025-01-20", "4000.00", "s1"),  # no readmission, and no deductible again
        bill("c", "2025-03-01", "2000.00", "s2"),  # the first admission of 2025
    )
    assert paid(county, *bills) == [4200, 2400, 600]


def test_bills_of_several_visits_come_in_any_order(county: Rulebook) -> None:
    bills = (
        bill("a", "2024-03-01", "600.00", "s1"),
        bill("b", "2024-03-05", "800.00", "s2"),  # the second admission: 500, 60 % × 300
        bill("c", "2024-03-09", "1400.00", "s1"),  # 400 of the 1,000 are left: 60 % × 1,000
        bill("d", "2024-03-20", "100.00", "s2"),
    )
    assert paid(county, *bills) == [0, 180, 600, 60]
    history = None
    for expected, one in zip([0, 180, 600, 60], bills, strict=True):
        *_, settlement = settle_many(county, [one], history)
        assert fund(settlement) == expected
        history = settlement.history


def test_bands_begin_again_with_each_bill_unless_they_are_read_to_date(tmp_path: Path) -> None:
    bills = (bill("a", "2024-03-31", "8000.00", "s1"), bill("b", "2024-05-20", "4000.00", "s1"))
    plain = book(tmp_path, BANDS)
    assert paid(plain, *WHOLE) == [7600]  # 60 % × 10,000 + 80 % × 2,000
    assert paid(plain, *bills) == [4800, 2400]  # 400 less: 20 % of the 2,000 that never reach the second band
    to_date = book(tmp_path / "to_date", BANDS.replace("on: in_scope,", "on: in_scope, to_date: visit,"))
    assert paid(to_date, *WHOLE) == [7600]
    assert paid(to_date, *bills) == [4800, 2800]  # 7,600 − 4,800


def test_rounding_bill_by_bill_differs_by_a_fen_unless_read_to_date(tmp_path: Path) -> None:
    text = BANDS.replace("{bands: [[0元, 60%], [10000元, 80%]]}", "70%")
    bills = (bill("a", "2024-03-31", "33.35", "s1"), bill("b", "2024-05-20", "33.35", "s1"))
    whole = (bill("w", "2024-05-20", "66.70"),)
    plain = book(tmp_path, text)
    assert paid(plain, *bills) == [Decimal("23.35"), Decimal("23.35")]  # 23.345 each
    assert paid(plain, *whole) == [Decimal("46.69")]
    to_date = book(tmp_path / "to_date", text.replace("on: in_scope,", "on: in_scope, to_date: visit,"))
    assert sum(paid(to_date, *bills)) == Decimal("46.69")


def test_each_bill_counts_its_own_nights(tmp_path: Path) -> None:
    text = STAYS.replace(
        "  - {id: basic_share",
        "  - {id: bed, layer: basic, set_aside: 50元 * days_of_stay, assumed: made up}\n  - {id: basic_share",
    )
    made = book(tmp_path, text)
    begun = {"admission_date": "2024-03-01"}
    first = bill("a", "2024-03-21", "8000.00", "s1", **begun)
    second = bill("b", "2024-04-10", "4000.00", "s1", billed_from="2024-03-21", **begun)
    whole = bill("w", "2024-04-10", "12000.00", **begun)
    assert paid(made, first, second) == [3600, 1800]  # 60 % × (7,000 − 20 × 50), 60 % × (4,000 − 20 × 50)
    assert paid(made, whole) == [5400]  # 60 % × (11,000 − 40 × 50)


def test_a_bill_begins_and_ends_within_the_stay() -> None:
    with pytest.raises(ClaimError, match="before the admission"):
        bill("a", "2024-03-21", "1.00", "s1", admission_date="2024-03-01", billed_from="2024-02-29")
    with pytest.raises(ClaimError, match="after the discharge"):
        bill("a", "2024-03-21", "1.00", "s1", admission_date="2024-03-01", billed_from="2024-03-22")


def test_which_day_selects_the_rules_of_a_stay_over_the_new_year(tmp_path: Path) -> None:
    text = STAYS.replace("deductible: 1000元", "deductible: threshold_of_year").replace(
        "meters:",
        "parameters:\n  threshold_of_year:\n    - {value: 1000元, to: 2025-01-01, assumed: made up}\n"
        "    - {value: 1500元, from: 2025-01-01, assumed: made up}\nmeters:",
    )
    days = {"admission_date": "2024-12-20"}
    whole = bill("w", "2025-01-10", "12000.00", **days)
    bills = (
        bill("a", "2024-12-31", "8000.00", "s1", **days),
        bill("b", "2025-01-10", "4000.00", "s1", billed_from="2024-12-31", **days),
    )
    by_discharge = book(tmp_path, text)
    assert paid(by_discharge, whole) == [6300]  # 60 % × (12,000 − 1,500)
    assert paid(by_discharge, *bills) == [4200, 2100]  # 1,000 in December, the 500 more of January from the second bill
    by_admission = book(tmp_path / "admission", text.replace("parts:", "dated_by: admission_date\nparts:"))
    assert paid(by_admission, whole) == [6600]
    assert paid(by_admission, *bills) == [4200, 2400]
