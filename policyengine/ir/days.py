"""Days as numbers. As a key of a table the day of a fee line is 20240701; in columns a day is counted from EPOCH."""

from __future__ import annotations

import datetime
from typing import Final

LINE_DAY: Final = "row.service_date"
"""The input that holds the day of a fee line. No rule file can declare this name."""

EPOCH: Final = datetime.date(1970, 1, 1)
NO_DAY: Final = -(2**31)
"""In a column of days, counted from ``EPOCH``: none is stated, or a window does not run."""


def day_number(day: datetime.date) -> int:
    """The number that stands for a day; a later day has a greater one."""
    return day.year * 10_000 + day.month * 100 + day.day


def day_of_number(number: int) -> datetime.date:
    """The day that a number stands for. Raises ``ValueError`` if it stands for none."""
    return datetime.date(number // 10_000, number // 100 % 100, number % 100)
