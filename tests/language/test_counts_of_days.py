"""Counts made of days: whole years, months, weeks, days; the calendar; days that are missing or no days at all."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyengine.encode.counted import calendar, day_of, minus, span

DAYS = st.dates(date(1990, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("measure", "since", "until", "whole"),
    [
        ("months", date(2024, 1, 31), date(2024, 2, 29), 0),
        ("months", date(2024, 1, 31), date(2024, 3, 1), 1),
        ("months", date(2024, 1, 31), date(2024, 3, 30), 1),
        ("months", date(2024, 1, 31), date(2024, 3, 31), 2),
        ("months", date(2023, 12, 15), date(2024, 12, 14), 11),
        ("months", date(2023, 12, 15), date(2024, 12, 15), 12),
        ("years", date(2020, 2, 29), date(2021, 2, 28), 0),
        ("years", date(2020, 2, 29), date(2021, 3, 1), 1),
        ("weeks", date(2024, 1, 1), date(2024, 1, 14), 1),
        ("weeks", date(2024, 1, 1), date(2024, 1, 15), 2),
        ("days", date(2024, 2, 28), date(2024, 3, 1), 2),
        ("days", date(2024, 3, 1), date(2024, 2, 28), -2),
        ("months", date(2024, 3, 31), date(2024, 1, 31), -2),
    ],
)
def test_whole_units_only(measure: str, since: date, until: date, whole: int) -> None:
    assert span(measure, since, until) == whole


@given(DAYS, DAYS)
def test_twelve_months_are_a_year_and_time_never_runs_backwards(one: date, two: date) -> None:
    since, until = sorted((one, two))
    assert span("months", since, until) // 12 == span("years", since, until)
    for measure in ("years", "months", "weeks", "days"):
        now, tomorrow = span(measure, since, until), span(measure, since, until + timedelta(days=1))
        assert 0 <= now <= tomorrow <= now + 1
        assert span(measure, until, since) == -now


def test_the_calendar() -> None:
    day = date(2024, 5, 19)
    found = {m: calendar(m, day) for m in ("year", "quarter_of_year", "month_of_year", "day_of_month", "day_of_week")}
    assert found == {"year": 2024, "quarter_of_year": 2, "month_of_year": 5, "day_of_month": 19, "day_of_week": 7}


@pytest.mark.parametrize(
    "text", ["2024-1-05", "20240105", "2024-01-32", "２０２４-01-05", "", 5, True, "2024-01-05T00:00"]
)
def test_what_is_no_day(text: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- the message is the text itself, or that of the calendar
        day_of(text)


@pytest.mark.parametrize(
    ("day", "length", "measure", "since"),
    [
        (date(2018, 3, 31), 1, "months", date(2018, 2, 28)), (date(2024, 2, 29), 1, "years", date(2023, 2, 28)),
        (date(2018, 1, 9), 20, "years", date(1998, 1, 9)), (date(2018, 1, 9), 2, "weeks", date(2017, 12, 26)),
        (date(2018, 1, 9), 9, "days", date(2017, 12, 31)),
    ],
)  # fmt: skip
def test_so_long_before_a_day_is_that_long(day: date, length: int, measure: str, since: date) -> None:
    assert minus(day, length, measure) == since
    assert span(measure, since, day) == length
