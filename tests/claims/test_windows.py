"""Windows in days: where they begin and end, at month ends too; what a key can be."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyengine import ir
from policyengine.claim import Claim
from policyengine.encode import days_of, window_key
from policyengine.encode.windows import buckets_on, is_key, looks, plus_months
from tests.claims.support import without

CLAIM = Claim.model_validate(without("total"))
DAYS = st.dates(date(2000, 1, 1), date(2050, 12, 31))


@pytest.mark.parametrize(
    ("day", "months", "end"),
    [
        ("2017-05-03", 12, "2018-05-03"),
        ("2017-01-31", 1, "2017-03-01"),
        ("2016-01-31", 1, "2016-03-01"),
        ("2017-01-31", 2, "2017-03-31"),
        ("2017-01-31", 3, "2017-05-01"),
        ("2017-01-28", 1, "2017-02-28"),
        ("2017-01-29", 1, "2017-03-01"),
        ("2016-01-29", 1, "2016-02-29"),
        ("2016-02-29", 12, "2017-03-01"),
        ("2016-02-29", 48, "2020-02-29"),
        ("2017-12-31", 2, "2018-03-01"),
        ("2017-12-01", 1, "2018-01-01"),
    ],
)
def test_months_that_begin_on_a_day_end_before_the_same_day_or_with_the_month(day: str, months: int, end: str) -> None:
    assert plus_months(date.fromisoformat(day), months).isoformat() == end


@given(DAYS, st.integers(1, 40))
def test_the_day_before_the_end_is_the_last_one_of_a_shorter_month_at_the_latest(day: date, months: int) -> None:
    end = plus_months(day, months)
    assert (end.year * 12 + end.month) - (day.year * 12 + day.month) - months in (0, 1)
    assert end.day == day.day or (end.day == 1 and (end - timedelta(days=1)).day < day.day)


THREE_YEARS = ir.Window("b", "block", length=36, origin="2015-01-01")
TWO_MONTHS = ir.Window("b", "block", length=2, origin="2015-01-15")


@pytest.mark.parametrize(
    ("window", "day", "key", "first", "end"),
    [
        (ir.Window("w", "week"), "2017-05-03", "2017-W18", "2017-05-01", "2017-05-08"),
        (ir.Window("w", "week"), "2017-05-07", "2017-W18", "2017-05-01", "2017-05-08"),
        (ir.Window("w", "week"), "2017-05-08", "2017-W19", "2017-05-08", "2017-05-15"),
        (ir.Window("w", "week"), "2021-01-03", "2020-W53", "2020-12-28", "2021-01-04"),
        (ir.Window("q", "quarter"), "2017-03-31", "2017-Q1", "2017-01-01", "2017-04-01"),
        (ir.Window("q", "quarter"), "2017-12-31", "2017-Q4", "2017-10-01", "2018-01-01"),
        (ir.Window("h", "half_year"), "2017-06-30", "2017-H1", "2017-01-01", "2017-07-01"),
        (ir.Window("h", "half_year"), "2017-07-01", "2017-H2", "2017-07-01", "2018-01-01"),
        (ir.Window("y", "year", (7, 1)), "2017-06-30", "2016", "2016-07-01", "2017-07-01"),
        (ir.Window("d", "day"), "2017-06-30", "2017-06-30", "2017-06-30", "2017-07-01"),
        (ir.Window("m", "month"), "2016-02-29", "2016-02", "2016-02-01", "2016-03-01"),
        (THREE_YEARS, "2017-12-31", "2015-01-01", "2015-01-01", "2018-01-01"),
        (THREE_YEARS, "2014-12-31", "2012-01-01", "2012-01-01", "2015-01-01"),
        (TWO_MONTHS, "2015-03-14", "2015-01-15", "2015-01-15", "2015-03-15"),
        (TWO_MONTHS, "2015-03-15", "2015-03-15", "2015-03-15", "2015-05-15"),
        (ir.Window("b", "block", length=14, unit="day", origin="2015-01-05"), "2015-01-19", "2015-01-19", "2015-01-19",
         "2015-02-02"),
        (ir.Window("b", "block", length=14, unit="day", origin="2015-01-05"), "2015-01-04", "2014-12-22", "2014-12-22",
         "2015-01-05"),
        (ir.Window("r", "rolling", length=12, grain="month"), "2017-05-03", "2017-05", "2017-05-01", "2017-06-01"),
    ],
)  # fmt: skip
def test_the_window_of_a_day(window: ir.Window, day: str, key: str, first: str, end: str) -> None:
    assert window_key(window, date.fromisoformat(day), CLAIM) == key
    assert days_of(window, key) == (date.fromisoformat(first), date.fromisoformat(end))
    assert is_key(window, key)


BY_CALENDAR = [
    ir.Window("d", "day"), ir.Window("w", "week"), ir.Window("m", "month"), ir.Window("q", "quarter"),
    ir.Window("h", "half_year"), ir.Window("y", "year", (4, 6)), ir.Window("b", "block", length=5, origin="2015-03-28"),
    ir.Window("f", "block", length=10, unit="day", origin="2015-03-31"),
]  # fmt: skip


@given(DAYS)
def test_every_day_lies_in_its_window_and_no_other(day: date) -> None:
    for window in BY_CALENDAR:
        start, end = days_of(window, window_key(window, day, CLAIM))
        assert start is not None
        assert end is not None
        assert start <= day < end
        assert window_key(window, start, CLAIM) == window_key(window, end - timedelta(days=1), CLAIM)
        assert window_key(window, end, CLAIM) != window_key(window, day, CLAIM)


@pytest.mark.parametrize(
    ("window", "key"),
    [
        (ir.Window("w", "week"), "2017-W54"),
        (ir.Window("w", "week"), "2017-05-01"),
        (ir.Window("m", "month"), "2017-13"),
        (ir.Window("q", "quarter"), "2017-Q5"),
        (ir.Window("d", "day"), "2017-02-29"),
        (ir.Window("y", "year"), "17"),
        (ir.Window("e", "lifetime"), "2017"),
        (ir.Window("b", "block", length=2, origin="2015-01-01"), "2015-02-01"),
        (ir.Window("a", "anchored", length=12), "2017"),
        (ir.Window("r", "rolling", length=12, grain="month"), "2017-05-03"),
    ],
)
def test_what_cannot_be_a_key(window: ir.Window, key: str) -> None:
    assert not is_key(window, key)
    assert looks(window)


def _back(day: date, months: int) -> date:
    """``months`` before ``day``, at the latest the last of the month: straight from the words."""
    number = day.year * 12 + day.month - 1 - months
    start = date(number // 12, number % 12 + 1, 1)
    following = (start + timedelta(days=31)).replace(day=1)
    return start.replace(day=min(day.day, (following - timedelta(days=1)).day))


@given(DAYS, st.integers(0, 800), st.integers(1, 24))
def test_a_rolling_window_to_the_day_holds_the_days_after_the_same_day_so_many_months_ago(
    day: date, ago: int, months: int
) -> None:
    bucket = day - timedelta(days=ago)
    kept, _ = buckets_on(ir.Window("r", "rolling", length=months, grain="day"), day)
    assert kept(bucket.isoformat()) == (_back(day, months) < bucket <= day)


@given(DAYS, st.integers(0, 60), st.integers(1, 60))
def test_a_rolling_window_of_days_holds_the_last_days(day: date, ago: int, days: int) -> None:
    kept, _ = buckets_on(ir.Window("r", "rolling", length=days, unit="day", grain="day"), day)
    assert kept((day - timedelta(days=ago)).isoformat()) == (ago < days)
