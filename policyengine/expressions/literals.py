"""Scalar fields that hold one literal: an amount, a rate, percentage points, a date, a count.

Every function takes the text of a scalar and its span and returns a value or raises ``RuleError``.
"""

from __future__ import annotations

import datetime
import re
from fractions import Fraction
from typing import Final

from policyengine.errors import Span
from policyengine.expressions.ast import Number
from policyengine.expressions.lexer import Token, tokens_of
from policyengine.expressions.numbers import UNIT_OF, WORD_OF, number_text, read_number
from policyengine.expressions.places import Place, fault, place_of, shown
from policyengine.money import exponent_of

YEARS: Final = (1900, 2199)
"""First and last year of dates in rule files."""

_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)
_OTHER_DATE = re.compile(r"([0-9]{4})[-/.年]?([0-9]{1,2})[-/.月]?([0-9]{1,2})日?", re.ASCII)


def parse_money(text: str, span: Span, currency: str, what: str = "amount") -> int:
    """An amount such as ``700元`` in minor units of ``currency``. Raises E203–E206, E210, E211 and lexical codes."""
    place, word = place_of(text, span), WORD_OF[currency]
    expected = f"an amount such as 700{word}"
    number, negative = _single_number(place, what, expected)
    if number.unit == "":
        hint = f"write the unit: `{'-' if negative else ''}{number_text(number.value, '')}{word}`"
        raise fault("E205", f"the {what} has no unit", place.all, expected, hint)
    if number.unit in ("%", "pp"):
        raise fault("E205", f"a rate stands where the {what} is expected", place.all, expected)
    if number.unit != currency:
        raise fault(
            "E206", f"the {what} is in {number.unit}, but the rule file counts in {currency}", place.all, expected
        )
    if negative:
        raise fault("E203", f"the {what} is negative", place.all, expected)
    return int(number.value * 10 ** exponent_of(currency))


def parse_rate(text: str, span: Span, what: str = "rate") -> Fraction:
    """A share such as ``85%`` between 0 and 1. Raises E203–E205, E207, E209, E210 and lexical codes."""
    place, expected = place_of(text, span), "a share such as 85%"
    number, negative = _single_number(place, what, expected)
    if number.unit == "":
        raise fault("E207", f"the {what} has no percent sign", place.all, expected, _percent_meant(number.value))
    if number.unit == "pp":
        message = f"percentage points stand where the {what} itself is expected"
        hint = f"write `{number_text(number.value, '%')}`; `pp` only adds to a rate"
        raise fault("E209", message, place.all, expected, hint)
    if number.unit != "%":
        raise fault("E205", f"an amount of money stands where the {what} is expected", place.all, expected)
    if negative or number.value > 1:
        near = number.value if negative else _shrunk(number.value)
        hint = f"did you mean `{number_text(near, '%')}`?" if near <= 1 and _on_grid(near) else ""
        raise fault("E203", f"the {what} is outside 0–100%", place.all, expected, hint)
    return number.value


def _shrunk(rate: Fraction) -> Fraction:
    """``rate`` with its point moved until it is a share: 850% was meant to be 85%."""
    while rate > 1:
        rate /= 10
    return rate


def _on_grid(rate: Fraction) -> bool:
    return (rate * 10**6).denominator == 1


def _percent_meant(value: Fraction) -> str:
    """A hint for a number without percent sign: 0.85 and 85 both mean 85%, 1 may mean either."""
    readings = [r for r in (value, value / 100) if 0 <= r <= 1 and _on_grid(r)]
    if value == 0:
        readings = readings[:1]
    elif value < 1:
        readings = [r for r in readings if r == value]
    return "did you mean " + " or ".join(f"`{number_text(r, '%')}`" for r in readings) + "?" if readings else ""


def parse_points(text: str, span: Span) -> Fraction:
    """Percentage points such as ``5pp`` or ``-10pp``, as the difference of two rates. Raises E203–E205, E207, E208."""
    place, expected = place_of(text, span), "percentage points such as 5pp"
    number, negative = _single_number(place, "value", expected)
    sign = "-" if negative else ""
    if number.unit == "%":
        raise fault(
            "E208", "`%` could mean points or a part of the rate", place.all, expected, _both_readings(number, sign)
        )
    if number.unit == "":
        hint = f"write `{sign}{number_text(number.value / 100, 'pp')}`" if _on_grid(number.value / 100) else ""
        raise fault("E207", "the percentage points have no unit", place.all, expected, hint)
    if number.unit != "pp":
        raise fault("E205", "an amount of money stands where percentage points are expected", place.all, expected)
    if number.value > 1:
        raise fault("E203", "more than 100 percentage points", place.all, expected)
    return -number.value if negative else number.value


def _both_readings(number: Number, sign: str) -> str:
    """70% plus 5% is 75% if points are meant, 73.5% if a part of the rate is."""
    change = -number.value if sign else number.value
    points, factor = number_text(number.value, "pp"), 1 + change
    added, scaled = Fraction(7, 10) + change, Fraction(7, 10) * factor
    first = f"`{sign}{points}` makes {number_text(added, '%')} of 70%" if added >= 0 else f"`{sign}{points}` for points"
    if factor < 0 or not _on_grid(scaled):
        return first
    return f"{first}; `scale: {number_text(factor, '%')}` makes {number_text(scaled, '%')} of it"


def parse_count(text: str, span: Span, what: str = "count") -> int:
    """A whole number from 0. Raises E213 and lexical codes."""
    place, expected = place_of(text, span), "a whole number such as 3"
    number, negative = _single_number(place, what, expected)
    if number.unit or negative or number.value.denominator != 1:
        reason = "has a unit" if number.unit else "is negative" if negative else "is not whole"
        raise fault("E213", f"the {what} {reason}", place.all, expected)
    return int(number.value)


def parse_date(text: str, span: Span) -> datetime.date:
    """A day such as ``2016-01-01``. Raises E212, underlining the month or the day that does not exist."""
    place, expected = place_of(text, span), "a day such as 2016-01-01"
    match = _ISO.fullmatch(text)
    if match is None:
        raise fault("E212", f"{shown(text)} is not a date", place.all, expected, _iso_meant(text))
    year, month, day = (int(group) for group in match.groups())
    if not YEARS[0] <= year <= YEARS[1]:
        raise fault(
            "E212", f"the year {year:04d} is out of range", place.at(0, 4), f"a year from {YEARS[0]} to {YEARS[1]}"
        )
    if not 1 <= month <= 12:
        raise fault("E212", f"there is no month {month:02d}", place.at(5, 7), "a month from 01 to 12")
    last = _last_day(year, month)
    if not 1 <= day <= last:
        raise fault("E212", f"there is no day {text}", place.at(8, 10), f"a day from 01 to {last}")
    return datetime.date(year, month, day)


def _last_day(year: int, month: int) -> int:
    following = datetime.date(year + month // 12, month % 12 + 1, 1)
    return (following - datetime.timedelta(days=1)).day


def _iso_meant(text: str) -> str:
    match = _OTHER_DATE.fullmatch(text.strip()) if len(text) <= 24 else None
    if match is None:
        return ""
    year, month, day = (int(group) for group in match.groups())
    return f"write `{year:04d}-{month:02d}-{day:02d}`" if 1 <= month <= 12 and 1 <= day <= 31 else ""


def _single_number(place: Place, what: str, expected: str) -> tuple[Number, bool]:
    """The one number that the text is, and whether a minus stands before it. Raises E202, E204, E205."""
    match tokens_of(place):
        case [Token(kind="end")]:
            raise fault("E202", f"the {what} is empty", place.all, expected)
        case [Token(kind="number") as token, _]:
            return _whole_text(read_number(place, token.start, token.end), token, place, expected), False
        case [Token(kind="op", text="-"), Token(kind="number") as token, _]:
            return read_number(place, token.start, token.end), True
        case [Token(kind="op", text="+"), Token(kind="number") as token, _]:
            raise fault(
                "E204", "a plus sign stands before the number", place.all, expected, f"write `{_cut(place, token)}`"
            )
        case [Token(kind="number") as token, Token(kind="name") as unit, _] if unit.text in UNIT_OF:
            hint = f"write `{_cut(place, token)}{unit.text}`"
            raise fault("E205", "a space stands before the unit", place.at(token.end, unit.end), expected, hint)
    raise fault("E204", f"{shown(place.text)} is not the {what} itself", place.all, expected)


def _cut(place: Place, token: Token) -> str:
    return place.text[token.start : token.end]


def _whole_text(number: Number, token: Token, place: Place, expected: str) -> Number:
    """``number``, unless spaces stand around it (only quotes keep them)."""
    if token.end - token.start != len(place.text):
        raise fault("E204", "spaces stand around the number", place.all, expected, f"write `{_cut(place, token)}`")
    return number


def parse_name(text: str, span: Span) -> str:
    """A name without points, for ids: normal form C. Raises E219 and lexical codes."""
    place = place_of(text, span)
    expected = "a letter, then letters, digits and underscores"
    match tokens_of(place):
        case [Token(kind="name") as token, _] if "." not in token.text and token.end - token.start == len(text):
            return token.text
        case [Token(kind="op", start=0, end=end), _] if end == len(text) and text[:1].isalpha():
            raise fault("E219", f"{shown(text)} is a word of the language and cannot be a name", place.all, expected)
    raise fault("E219", f"{shown(text)} is not a name", place.all, expected)
