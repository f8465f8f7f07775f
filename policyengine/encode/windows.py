"""Windows in days: the key of the window that a day falls into, and the days from which to which a window goes.

A period of months that begins on a day ends on the day of the same number; where the last month has no such day, with
the end of that month. So 31 January and one month reach to the end of February, 29 February 2016 and twelve months to
28 February 2017: the next period begins on 1 March. (Birthdays are counted the same way.)
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from policyengine import ir
from policyengine.claim import Claim

Days = tuple[date | None, date | None]
"""First day, and first day no longer; ``None``: none."""

MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


def plus_months(day: date, months: int) -> date:
    """The first day after the ``months`` that begin on ``day``."""
    years, month = divmod(day.month - 1 + months, 12)
    try:
        return date(day.year + years, month + 1, day.day)
    except ValueError:
        years, month = divmod(day.month + months, 12)
        return date(day.year + years, month + 1, 1)


def plus(day: date, length: int, unit: str) -> date:
    """The first day after ``length`` units that begin on ``day``."""
    return plus_months(day, length) if unit == "month" else day + timedelta(days=length)


def _start_of_block(window: ir.Window, day: date) -> date:
    """The first day of the block that ``day`` falls into; blocks go on before ``origin``, too."""
    origin = date.fromisoformat(window.origin)
    if window.unit == "day":
        return day - timedelta(days=(day - origin).days % window.length)
    number = ((day.year - origin.year) * 12 + day.month - origin.month) // window.length
    start = plus_months(origin, number * window.length)
    return start if start <= day else plus_months(origin, (number - 1) * window.length)


def anniversary(since: date, day: date) -> str:
    """The year since ``since`` that ``day``, not before it, falls into: ``2017-05-03``, the day on which it begins.

    Of 29 February that is ``2017-02-29`` in common years, too, in which the year begins on 1 March.
    """
    year = day.year - ((day.month, day.day) < (since.month, since.day))
    return f"{year}-{since.month:02d}-{since.day:02d}"


def _anniversary(key: str) -> date:
    """The first day of the year with this name. Raises ``ValueError``."""
    year, month, day = map(int, key.split("-"))
    return plus_months(date(2000, month, day), (year - 2000) * 12)


def window_key(window: ir.Window, day: date, claim: Claim) -> str:
    """The window by the calendar, or the bucket of a rolling one, that ``day`` falls into.

    ``2017-05-03``, ``2017-W18`` (ISO week, from Monday), ``2017-05``, ``2017-Q2``, ``2017-H1``, ``2017``, ``lifetime``,
    the first day of a block, or the id of the visit. A year that does not start on 1 January is named after the
    calendar year in which it starts.
    """
    match window.kind:
        case "visit":
            return claim.visit
        case "lifetime":
            return "lifetime"
        case "block":
            return _start_of_block(window, day).isoformat()
        case "rolling":
            return _bucket(window, day)
        case _:
            return calendar_key(window, day)


def calendar_key(window: ir.Window, day: date) -> str:
    """The day, week, month, quarter, half year or year that ``day`` falls into."""
    return _year(window, day) if window.kind == "year" else KEYS[window.kind](day)


def _bucket(window: ir.Window, day: date) -> str:
    if window.grain == "year":
        return _year(window, day)
    return KEYS[window.grain](day)


def _year(window: ir.Window, day: date) -> str:
    return str(day.year - ((day.month, day.day) < window.starts))


def _week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


KEYS: dict[str, Callable[[date], str]] = {
    "day": date.isoformat,
    "week": _week,
    "month": lambda day: f"{day.year}-{day.month:02d}",
    "quarter": lambda day: f"{day.year}-Q{(day.month + 2) // 3}",
    "half_year": lambda day: f"{day.year}-H{(day.month + 5) // 6}",
}
"""The name of the calendar window of a day, by kind."""

_ISO = r"[12]\d{3}-\d\d-\d\d"
PATTERNS = {
    "day": _ISO, "week": r"[12]\d{3}-W\d\d", "month": r"[12]\d{3}-\d\d", "quarter": r"[12]\d{3}-Q[1-4]",
    "half_year": r"[12]\d{3}-H[12]", "year": r"[12]\d{3}", "lifetime": "lifetime", "block": _ISO, "anchored": _ISO,
    "anniversary": _ISO,
    "spell": _ISO, "event": _ISO, "visit": r"(?s).+",
}  # fmt: skip
LOOKS = {
    "visit": "the id of a visit", "day": "a day such as 2017-05-03", "week": "a week such as 2017-W18",
    "month": "a month such as 2017-05", "quarter": "a quarter such as 2017-Q2", "half_year": "a half year: 2017-H1",
    "year": "a year such as 2017", "lifetime": "lifetime", "block": "the first day of a block: ",
    "anchored": "the day of the first use", "anniversary": "the anniversary on which a year begins, such as 2017-05-03",
    "spell": "the first day of the spell", "event": "the day of the event",
}  # fmt: skip


def looks(window: ir.Window) -> str:
    """What the keys of ``window`` look like."""
    kind = window.grain or window.kind
    return LOOKS[kind] + (f"{window.origin} or one {_words(window)} apart" if kind == "block" else "")


def _words(window: ir.Window) -> str:
    return f"{window.length} {window.unit}{'s' if window.length > 1 else ''}"


def days_of(window: ir.Window, key: str) -> Days:
    """The days of the window, or bucket, with ``key``. Raises ``ValueError`` for a key that the window cannot have."""
    kind = window.grain or window.kind
    if re.fullmatch(PATTERNS[kind], key, re.ASCII) is None:
        raise ValueError(key)
    if kind in ("visit", "lifetime"):
        return (None, None)
    start = _start(kind, window, key)
    if kind == "block" and _start_of_block(window, start) != start:
        raise ValueError(key)
    match kind:
        case "spell" | "event":
            return (start, None)
        case "anniversary":
            return (start, _anniversary(f"{int(key[:4]) + 1}{key[4:]}"))
        case "anchored" | "block":
            return (start, plus(start, window.length, window.unit))
        case "day" | "week":
            return (start, start + timedelta(days=7 if kind == "week" else 1))
    return (start, plus_months(start, MONTHS[kind]))


def _start(kind: str, window: ir.Window, key: str) -> date:
    match kind:
        case "year":
            return date(int(key), *window.starts)
        case "week":
            return date.fromisocalendar(int(key[:4]), int(key[6:]), 1)
        case "quarter" | "half_year":
            return date(int(key[:4]), (int(key[6:]) - 1) * MONTHS[kind] + 1, 1)
        case "month":
            return date(int(key[:4]), int(key[5:]), 1)
        case "anniversary":
            return _anniversary(key)
    return date.fromisoformat(key)


def is_key(window: ir.Window, key: str) -> bool:
    """Whether a row of a meter may stand in the window ``key``."""
    try:
        days_of(window, key)
    except ValueError:
        return False
    return True


Buckets = tuple[Callable[[str], bool], Callable[[str], bool]]
"""Of a bucket: whether it counts on a day, and whether it must be kept for this day and later ones."""


def buckets_on(window: ir.Window, day: date) -> Buckets:
    """For a rolling window on ``day``. A bucket of a month counts in the months up to the last of ``length``, its own
    included; that of a day on the days of the period that begins with it. Looking ``back``, only one counts."""
    if window.back:
        asked = _bucket_back(window, day)
        return asked.__eq__, asked.__le__
    kept = _kept(window, day)
    return kept, kept


def _kept(window: ir.Window, day: date) -> Callable[[str], bool]:
    if window.grain == "month":
        this = day.year * 12 + day.month
        return lambda key: this - (int(key[:4]) * 12 + int(key[5:])) < window.length
    return lambda key: day < plus(date.fromisoformat(key), window.length, window.unit)


def _bucket_back(window: ir.Window, day: date) -> str:
    """The bucket that lies ``back`` before that of ``day``."""
    key = _bucket(window, day)
    for _ in range(window.back):
        key = _bucket(window, _start(window.grain, window, key) - timedelta(days=1))
    return key
