"""Days as columns: what is counted from one to another, and the window of the calendar that each falls into."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache, lru_cache, partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from policyengine import ir
from policyengine.encode.counted import calendar
from policyengine.encode.windows import days_of, window_key
from policyengine.ir import EPOCH

Array = NDArray[Any]

FIRST: Final = (date(1899, 1, 1) - EPOCH).days
LAST: Final = (date(2200, 12, 31) - EPOCH).days
"""Days of claims lie well between these."""


def counted(measure: str, *days: Array) -> Array:
    """Whole years, months, weeks or days from one day to another, negative if that comes first; or what the calendar
    says of one day. The meaning is that of ``encode.counted``."""
    if len(days) == 1:
        return by_day(days[0], lambda day: calendar(measure, day))
    since, until = (d.astype(np.int64) for d in days)
    if measure == "days":
        apart: Array = until - since
        return apart
    sign = np.where(until < since, -1, 1)
    first, second = np.minimum(since, until), np.maximum(since, until)
    if measure == "weeks":
        weeks: Array = sign * ((second - first) // 7)
        return weeks
    of_first, of_second = numbers_of(first), numbers_of(second)
    if measure == "years":
        years = of_second // 10_000 - of_first // 10_000 - (of_second % 10_000 < of_first % 10_000)
        whole: Array = sign * years
        return whole
    assert measure == "months", f"no measure {measure}"
    months = of_second // 100 % 100 - of_first // 100 % 100 + 12 * (of_second // 10_000 - of_first // 10_000)
    found: Array = sign * (months - (of_second % 100 < of_first % 100))
    return found


@cache
def _numbers() -> Array:
    """Every day from FIRST to LAST as a number: 20240701."""
    days = np.arange(FIRST, LAST + 1).astype("datetime64[D]")
    years, months = days.astype("datetime64[Y]"), days.astype("datetime64[M]")
    of_year = years.astype(np.int64) + EPOCH.year
    of_month = (months - years).astype(np.int64) + 1
    found: Array = of_year * 10_000 + of_month * 100 + (days - months).astype(np.int64) + 1
    return found


def numbers_of(days: Array) -> Array:
    """Each day as a number: 20240701."""
    found: Array = _numbers()[days - FIRST]
    return found


def by_day(days: Array, of: Callable[[date], int]) -> Array:
    """``of`` for each day, reckoned once for each day of the calendar between the first and the last."""
    if not len(days):
        return np.zeros(0, dtype=np.int64)
    first, last = int(days.min()), int(days.max())
    found: Array = _table(first, last, of)[days - first]
    return found


def _table(first: int, last: int, of: Callable[[date], int]) -> Array:
    """``of`` for every day of the calendar from the first to the last."""
    return np.array([of(EPOCH + timedelta(days=day)) for day in range(first, last + 1)], dtype=np.int64)


def windows_of(window: ir.Window, days: Array) -> Array:
    """The number of the calendar window, or bucket of a rolling one, of each day; later windows have larger numbers."""
    numbers, first = lookup_of(window, days)
    found: Array = numbers[days - first]
    return found


def lookup_of(window: ir.Window, days: Array) -> tuple[Array, int]:
    """The number of the window for every day of the calendar from the first of ``days`` to the last, and that first
    day. A month in buckets has its own number, every other window that of its first day."""
    if not len(days):
        return np.zeros(1, dtype=np.int64), 0
    first, last = int(days.min()), int(days.max())
    return _windows(window, first, last), first


@lru_cache(maxsize=100)
def _windows(window: ir.Window, first: int, last: int) -> Array:
    of = _month if window.kind == "rolling" and window.grain == "month" else partial(_first_day, window)
    return _table(first, last, of)


def _month(day: date) -> int:
    return day.year * 12 + day.month


def buckets_back(window: ir.Window, days: Array) -> Array:
    """The bucket that lies ``window.back`` before that of each day, as ``windows_of`` numbers it."""
    return by_day(days, lambda day: _back(window, day))


@lru_cache(maxsize=100_000)
def _first_day(window: ir.Window, day: date) -> int:
    first, _ = days_of(window, window_key(window, day, None))  # type: ignore[arg-type]  # no visit among these windows
    assert first is not None, f"{window.kind} begins on a day"
    return (first - EPOCH).days


def _back(window: ir.Window, day: date) -> int:
    for _ in range(window.back):
        day = EPOCH + timedelta(days=_first_day(window, day) - 1)
    return _first_day(window, day) if window.grain != "month" else _month(day)


def anniversaries(since: Array, days: Array) -> Array:
    """The year since a member's own day that each day falls into, as a number of its own: day of the year's name."""
    now, then = numbers_of(days), numbers_of(since)
    found: Array = (now // 10_000 - (now % 10_000 < then % 10_000)) * 10_000 + then % 10_000
    return found
