"""Columns of days: dates, moments at midnight, texts in any order of year, month and day."""

from __future__ import annotations

import datetime
import re
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from policyengine.bulk.batch import Days
from policyengine.bulk.compiling import compiled
from policyengine.bulk.forms import Unfitting
from policyengine.bulk.hashing import Offsets
from policyengine.bulk.identity import texts_of
from policyengine.claim.fields import FIRST_YEAR, LAST_YEAR
from policyengine.ir import EPOCH, NO_DAY

Bad = NDArray[np.bool_] | None
"""Which rows cannot be read; ``None``: all can."""

ISO: Final = "%Y-%m-%d"
FORMAT = re.compile("%([Ymd])")
_FIRST = (datetime.date(FIRST_YEAR, 1, 1) - EPOCH).days
_LAST = (datetime.date(LAST_YEAR, 12, 31) - EPOCH).days
_DIGITS = {"Y": 4, "m": 2, "d": 2}
_A_DAY = {"s": 86_400, "ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}


class Layout(NamedTuple):
    """Where year, month and day stand in a text of a day; ``fixed``: the other characters, 0 where a digit is."""

    year: int
    month: int
    day: int
    fixed: NDArray[np.uint8]


@lru_cache(maxsize=64)
def pattern_of(format: str) -> re.Pattern[str]:
    """What a day looks like in this format. Raises ``Unfitting`` for what is no format of days."""
    parts = FORMAT.split(format)
    if sorted(parts[1::2]) != ["Y", "d", "m"] or not format.isascii() or "%" in "".join(parts[::2]):
        raise Unfitting(f"has the format `{format}`", "%Y, %m and %d, once each, and plain characters between them")
    named = [f"(?P<{part}>[0-9]{{{_DIGITS[part]}}})" if n % 2 else re.escape(part) for n, part in enumerate(parts)]
    return re.compile("".join(named), re.ASCII)


@lru_cache(maxsize=64)
def layout_of(format: str) -> Layout:
    """Where the digits stand in texts of this format. Raises ``Unfitting``."""
    pattern_of(format)
    starts, fixed = dict[str, int](), ""
    for n, part in enumerate(FORMAT.split(format)):
        if n % 2:
            starts[part] = len(fixed)
        fixed += "\0" * _DIGITS[part] if n % 2 else part
    return Layout(starts["Y"], starts["m"], starts["d"], np.frombuffer(fixed.encode(), np.uint8))


def days(array: pa.Array, format: str = "") -> tuple[Days, Bad]:
    """The days of a column, and the rows that hold none or one out of range."""
    kind = array.type
    stated = None if not array.null_count else array.is_valid().to_numpy(zero_copy_only=False)
    if pa.types.is_null(kind):
        return Days(np.full(len(array), NO_DAY, np.int32)), None
    if pa.types.is_date32(kind):
        values = _in_range(np.frombuffer(array.buffers()[1], np.int32)[array.offset :][: len(array)])
    elif pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        unit = "ms" if pa.types.is_date(kind) else kind.unit
        moments = np.frombuffer(array.buffers()[1], np.int64)[array.offset :][: len(array)]
        values = _of_moments(moments, _A_DAY[unit])
    else:
        texts = array if pa.types.is_string(kind) or pa.types.is_large_string(kind) else array.cast(pa.string())
        layout = layout_of(format or ISO)
        values = _of_texts(*texts_of(texts), layout.year, layout.month, layout.day, layout.fixed)
    if stated is not None:
        values = np.where(stated, values, NO_DAY).astype(np.int32)
    if not len(values) or values.min() != NO_DAY:
        return Days(values), None
    bad = (values == NO_DAY) & (True if stated is None else stated)
    return Days(values), bad if bad.any() else None


def _in_range(values: NDArray[np.int32]) -> NDArray[np.int32]:
    if len(values) and (values.min() < _FIRST or values.max() > _LAST):
        return np.where((values < _FIRST) | (values > _LAST), NO_DAY, values).astype(np.int32)
    return values


@compiled
def _of_moments(moments: NDArray[np.int64], a_day: int) -> NDArray[np.int32]:
    out = np.empty(len(moments), np.int32)
    for i in range(len(moments)):
        day = moments[i] // a_day
        whole = moments[i] == day * a_day and _FIRST <= day <= _LAST
        out[i] = day if whole else NO_DAY
    return out


@compiled
def _digits(data: NDArray[np.uint8], at: int, count: int) -> int:
    """The number that ``count`` digits make, -1 if one is none."""
    found = 0
    for k in range(at, at + count):
        digit = int(data[k]) - 48
        if digit < 0 or digit > 9:
            return -1
        found = found * 10 + digit
    return found


@compiled
def day_number(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01, ``NO_DAY`` if the calendar has no such day in the years that claims may be of."""
    if year < FIRST_YEAR or year > LAST_YEAR or month < 1 or month > 12 or day < 1 or day > 31:
        return NO_DAY
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if month == 2 and day > 28 + (1 if leap else 0):
        return NO_DAY
    if (month == 4 or month == 6 or month == 9 or month == 11) and day == 31:  # noqa: PLR1714 - numba compiles this
        return NO_DAY
    shifted = year - 1 if month <= 2 else year  # years from 1 March, so that a leap day ends one
    since_march = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return shifted * 365 + shifted // 4 - shifted // 100 + shifted // 400 + since_march - 719468


@compiled
def _of_texts(
    offsets: Offsets, data: NDArray[np.uint8], year: int, month: int, day: int, fixed: NDArray[np.uint8]
) -> NDArray[np.int32]:
    out = np.empty(len(offsets) - 1, np.int32)
    for i in range(len(out)):
        at = offsets[i]
        fits = offsets[i + 1] - at == len(fixed)
        if fits:
            for k in range(len(fixed)):
                fits = fits and (fixed[k] == 0 or data[at + k] == fixed[k])
        out[i] = NO_DAY
        if fits:
            y, m, d = _digits(data, at + year, 4), _digits(data, at + month, 2), _digits(data, at + day, 2)
            out[i] = day_number(y, m, d)
    return out
