"""What one cell of a table means: the value that the reader of single claims takes, or why there is none.

Columns are read by array; this is the same for one row, and says what is wrong with it.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa

from policyengine.bulk.days import FORMAT, pattern_of
from policyengine.bulk.plan import Reading
from policyengine.bulk.units import MILLIONTHS
from policyengine.claim import quoted
from policyengine.errors import nearest
from policyengine.money import NotMoney, decimal_of, minor_from_text

FLAGS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
"""Texts that are flags; ``yes`` and ``no`` are where a mapping says so."""
SAID = FLAGS | {"yes": True, "no": False}
LARGEST_DOUBLE = 2**53
_WHOLE = re.compile(r"-?[0-9]{1,18}", re.ASCII)


class Unfit(ValueError):
    """A value that means nothing in its column."""

    def __init__(self, code: str, text: str, expected: str = "", hint: str = "") -> None:
        super().__init__(text)
        self.code, self.expected, self.hint = code, expected, hint


def cell(reading: Reading, raw: Any) -> Any:
    """The value of a cell as a claim states it; ``None`` where nothing is stated. Raises ``Unfit``."""
    if raw is None:
        return None
    if isinstance(raw, bytes):
        raise Unfit("E705", "the text is not in UTF-8", "texts in UTF-8")
    if reading.values:
        raw = _meant(reading, raw)
    match reading.fact.kind:
        case "money":
            return _money(reading, raw)
        case "rate":
            return _rate(reading, raw)
        case "count":
            return _count(raw)
        case "flag":
            return (SAID if reading.values else FLAGS).get(raw, raw) if isinstance(raw, str) else raw
        case "day":
            return _day(reading, raw)
        case "code" | "id":
            return str(raw) if isinstance(raw, int) and not isinstance(raw, bool) else raw


def raw_of(scalar: pa.Scalar) -> Any:
    """The value of a cell in Python; a text that is not in UTF-8 as its bytes, a day beyond all calendars as a text."""
    try:
        return scalar.as_py()
    except UnicodeDecodeError:
        return scalar.cast(pa.binary()).as_py()
    except (ValueError, OverflowError):
        return str(scalar.cast(pa.int32() if pa.types.is_date32(scalar.type) else pa.int64()).as_py())


def _meant(reading: Reading, raw: Any) -> str:
    text = ("true" if raw else "false") if isinstance(raw, bool) else str(raw)
    if text not in reading.values:
        known = ", ".join(list(reading.values)[:12])
        raise Unfit("E713", f"the mapping does not know the value {quoted(text)}", f"one of {known}",
                    nearest(text, reading.values))  # fmt: skip
    return reading.values[text]


def _money(reading: Reading, raw: Any) -> Any:
    if isinstance(raw, Decimal | str) and reading.decimals == reading.exponent:
        return _plain(raw)
    minor = _counted(raw, reading.decimals)
    if minor is None:
        return _plain(raw)
    return decimal_of(minor, reading.exponent)


def _counted(raw: Any, decimals: int) -> int | None:
    """A number in the units that its column counts; ``None`` for what the reader of claims is to judge: no number, or a
    binary one that is not the nearest to a decimal. Raises ``Unfit`` for a number finer than the units."""
    match raw:
        case bool():
            return None
        case int():
            return raw * int(10**decimals)
        case Decimal() if raw.is_finite():
            whole = raw.scaleb(decimals) if abs(raw.adjusted()) < 20 else raw
            if whole != whole.to_integral_value():
                raise Unfit("E705", f"{quoted(raw)} is finer than the unit of the column")
            return int(whole)
        case str():
            try:
                return minor_from_text(raw, decimals)
            except NotMoney as error:
                raise Unfit("E705", f"`{quoted(raw)}` is no amount in the unit of the column: {error}") from None
        case _ if _is_double(raw):
            return _of_double(raw, int(10**decimals))
    return None


def _is_double(raw: Any) -> bool:
    return type(raw).__name__ == "float"


def _of_double(raw: Any, power: int) -> int | None:
    """The decimal that a binary number is the nearest to, in units of one ``power``-th; ``None`` if there is none."""
    scaled = raw * power
    if not abs(scaled) < LARGEST_DOUBLE:  # and nothing that is no number
        return None
    units = round(scaled)
    return units if units / power == raw else None


def _plain(raw: Any) -> Any:
    """A decimal without idle zeros, so that it reads as a text of its digits would."""
    if not isinstance(raw, Decimal) or not raw.is_finite():
        return raw
    text = f"{raw:f}"
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)


def _rate(reading: Reading, raw: Any) -> Any:
    if _is_double(raw):
        units = _of_double(raw, int(10**reading.decimals))
        return raw if units is None else _plain(Decimal(units).scaleb(-MILLIONTHS))
    percent = reading.decimals != MILLIONTHS
    if isinstance(raw, str):
        return raw + "%" if percent else raw
    if isinstance(raw, bool) or not isinstance(raw, int | Decimal):
        return raw
    return _plain(Decimal(raw).scaleb(reading.decimals - MILLIONTHS))


def _count(raw: Any) -> Any:
    if isinstance(raw, str) and _WHOLE.fullmatch(raw):
        return int(raw)
    if isinstance(raw, Decimal) and raw.is_finite() and raw == raw.to_integral_value():
        return int(raw)
    units = _of_double(raw, 1) if _is_double(raw) else None
    return raw if units is None else units


def _day(reading: Reading, raw: Any) -> Any:
    if isinstance(raw, datetime):
        return raw.date() if raw == datetime.combine(raw.date(), datetime.min.time(), raw.tzinfo) else raw
    if isinstance(raw, date) or not reading.format:
        return raw
    found = pattern_of(reading.format).fullmatch(str(raw))
    if found is None:
        shown = reading.format
        raise Unfit("E714", f"`{quoted(raw)}` is not a day written as {shown}", f"a day such as {_example(shown)}")
    return f"{found['Y']}-{found['m']}-{found['d']}"


def _example(format: str) -> str:
    return FORMAT.sub(lambda part: {"Y": "2017", "m": "05", "d": "03"}[part[1]], format)
