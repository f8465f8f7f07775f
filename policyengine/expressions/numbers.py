"""Number literals: ``3``, ``0.5``, ``85%``, ``5pp``, ``700元``, ``20万元``.

Length and shape are checked before any arithmetic. The unit stands directly behind the digits.
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from typing import Final

from policyengine.errors import RuleError, nearest
from policyengine.expressions.ast import Number
from policyengine.expressions.places import Place, fault, shown
from policyengine.money import UNITS, exponent_of, grouped, text_of

MAX_DIGITS: Final = 13
MAX_DECIMALS: Final = 4

MAX_MONEY: Final = 10**13 - 1
"""Largest amount of a literal in minor units: a ceiling may bound a programme, not only one claim."""

UNIT_OF: Final[dict[str, tuple[str, int, int]]] = {
    "": ("", 1, 1), "%": ("%", 1, 100), "pp": ("pp", 1, 100),
    **{word: (currency, 1, 1) for word, currency in UNITS.items()},
    "万元": ("CNY", 10**4, 1), "亿元": ("CNY", 10**8, 1), "万円": ("JPY", 10**4, 1), "億円": ("JPY", 10**8, 1),
}  # fmt: skip
"""Unit as written -> unit, factor, divisor of the value."""

WORD_OF: Final[dict[str, str]] = {currency: word for word, currency in reversed(UNITS.items())}
"""Currency -> the word for it in rule files."""

_UNIT_MEANT: Final = {
    "percent": "%", "pct": "%", "百分点": "pp", "个百分点": "pp", "ppt": "pp", "pps": "pp",
    "rmb": "元", "cny": "元", "块": "元", "圆": "元", "人民币": "元", "jpy": "円", "万": "万元", "亿": "亿元",
    "dkk": "kr", "¥": "元",
}  # fmt: skip
_MULTIPLE = re.compile("[十百千]+[万亿]?元?")
_PLAIN = re.compile(r"(0|[1-9][0-9]*)(?:\.([0-9]+))?([^0-9.]*)", re.ASCII)
_SEPARATED = re.compile(r"[0-9]+(?:_[0-9]+)+|[0-9]{1,3}(?:\.[0-9]{3}){2,}", re.ASCII)
_EXPONENT = re.compile(r"[0-9]+(?:\.[0-9]+)?[eE][0-9]*", re.ASCII)
_BASE = re.compile(r"0[xXoObB]\w*", re.ASCII)
_LEADING_ZERO = re.compile(r"0+([0-9]+.*)", re.ASCII | re.DOTALL)


def read_number(place: Place, start: int, end: int) -> Number:
    """The literal from ``start`` up to ``end``. Raises E204, E205, E210, E211."""
    chunk = place.text[start:end]
    match = _PLAIN.fullmatch(chunk)
    if match is None:
        raise _malformed(place, start, end)
    whole, decimals, word = match.group(1), match.group(2) or "", match.group(3)
    found = UNIT_OF.get(word)
    if found is None:
        odd = _BASE.fullmatch(chunk) or _EXPONENT.fullmatch(chunk) or any(c.isdecimal() for c in word)
        raise _malformed(place, start, end) if odd else _unit_unknown(place, start, end, word)
    if len(whole) > MAX_DIGITS:
        raise fault("E211", "the number is too long", place.at(start, end), f"at most {MAX_DIGITS} digits")
    unit, factor, divisor = found
    if len(decimals) > MAX_DECIMALS:
        raise _too_fine(place, start, end, unit)
    value = Fraction(int(whole + decimals) * factor, 10 ** len(decimals) * divisor)
    if unit not in ("", "%", "pp"):
        if len(decimals) > exponent_of(unit) and factor == 1:  # `1.000元` is refused: it looks like a thousand
            raise _too_fine(place, start, end, unit)
        _check_money(place, start, end, value, unit)
    return Number(value, unit, place.at(start, end))


def _check_money(place: Place, start: int, end: int, value: Fraction, currency: str) -> None:
    exponent = exponent_of(currency)
    minor = value * 10**exponent
    if minor.denominator != 1:
        raise _too_fine(place, start, end, currency)
    if minor > MAX_MONEY:
        most = f"at most {grouped(MAX_MONEY, exponent)} {currency}"
        raise fault("E211", "the amount is too large", place.at(start, end), most)


def _too_fine(place: Place, start: int, end: int, unit: str) -> RuleError:
    if unit in ("%", "pp"):
        return fault(
            "E210", "the rate is finer than one millionth", place.at(start, end), f"at most 4 decimals before {unit}"
        )
    if unit:
        decimals = exponent_of(unit)
        most = f"at most {decimals} decimals" if decimals else "no decimals"
        return fault("E210", f"the amount is finer than the smallest unit of {unit}", place.at(start, end), most)
    return fault("E210", "the number has too many decimals", place.at(start, end), f"at most {MAX_DECIMALS} decimals")


def _unit_unknown(place: Place, start: int, end: int, word: str) -> RuleError:
    digits = place.text[start : end - len(word)]
    plain = unicodedata.normalize("NFKC", word).lower()
    meant = plain if plain in UNIT_OF else _UNIT_MEANT.get(plain, "")
    hint = f"write `{digits}{meant}`" if meant else nearest(plain, [u for u in UNIT_OF if u.isascii() and u])
    if _MULTIPLE.fullmatch(plain):
        hint = "write all digits: `3000元`, not 3千元"
    expected = "a unit such as %, pp, 元, 万元, usd, or a space before the next word"
    return fault("E205", f"{shown(word)} is not a unit", place.at(end - len(word), end), expected, hint)


def _malformed(place: Place, start: int, end: int) -> RuleError:
    """Say what is unusual about a number that is not plain digits with an optional unit."""
    chunk = place.text[start:end]
    expected = "digits, perhaps a point and decimals, then the unit"
    folded = unicodedata.normalize("NFKC", chunk)
    if folded != chunk and folded.isascii():
        message, hint = f"{shown(chunk)} has full-width characters", f"write `{folded}`"
    elif _BASE.fullmatch(chunk):
        message, hint = "only decimal numbers are known", ""
    elif _SEPARATED.match(chunk):
        plain = chunk.replace("_", "").replace(".", "")
        message, hint = "digits are written without separators", f"write `{plain}`"
    elif _EXPONENT.match(chunk):
        message, hint = "numbers are written without an exponent", "write all digits: `100000`"
    elif chunk.endswith("."):
        message, hint = "digits are missing behind the point", f"write `{chunk[:-1]}`"
    elif chunk.count(".") > 1:
        message, hint = "a number has one point at most", ""
    elif zeros := _LEADING_ZERO.fullmatch(chunk):
        message, hint = "a number does not begin with an idle zero", f"write `{zeros.group(1)}`"
    else:
        message, hint = f"{shown(chunk)} is not a number", ""
    return fault("E204", message, place.at(start, end), expected, hint)


def number_text(value: Fraction, unit: str) -> str:
    """The literal of a value: the inverse of ``read_number``. The value is one that a literal can have."""
    if unit in ("", "%", "pp"):
        return _decimal(value if not unit else value * 100) + unit
    return _decimal(value) + WORD_OF[unit]


def _decimal(value: Fraction) -> str:
    scaled = value * 10**MAX_DECIMALS
    assert value >= 0, "a literal is never negative"
    assert scaled.denominator == 1, f"{value} is no literal"
    text = text_of(scaled.numerator, MAX_DECIMALS)
    return text.rstrip("0").rstrip(".")
