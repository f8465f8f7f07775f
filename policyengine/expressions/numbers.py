"""Number literals: ``3``, ``0.5``, ``85%``, ``5pp``, ``700元``, ``20万元``.

Length and shape are checked before any arithmetic. The unit stands directly behind the digits.
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from typing import Final

from policyengine.errors import RuleError, Span, nearest
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
    is_money = unit not in ("", "%", "pp")
    allowed = exponent_of(unit) if is_money and factor == 1 else MAX_DECIMALS
    if len(decimals) > allowed:  # even idle zeros: `1.000元` looks like a thousand
        raise _too_fine(place.at(start, end), match, unit, allowed)
    value = Fraction(int(whole + decimals) * factor, 10 ** len(decimals) * divisor)
    if is_money and value * 10 ** exponent_of(unit) > MAX_MONEY:
        most = f"at most {grouped(MAX_MONEY, exponent_of(unit))} {unit}"
        raise fault("E211", "the amount is too large", place.at(start, end), most)
    return Number(value, unit, place.at(start, end))


def _too_fine(span: Span, match: re.Match[str], unit: str, allowed: int) -> RuleError:
    whole, decimals, word = match.groups()
    expected = f"at most {allowed} decimals" if allowed else "no decimals"
    hint = f"write `{whole}{decimals}{word}` if the point separates thousands" if len(decimals) == 3 else ""
    if unit in ("%", "pp"):
        message = "the rate is finer than one millionth"
    elif unit:
        message = f"the amount is finer than the smallest unit of {unit}"
    else:
        message = "the number has too many decimals"
    return fault("E210", message, span, expected, hint)


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
