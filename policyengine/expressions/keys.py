"""Key cells of tables: half-open intervals (``18..60``, ``0元..1000元``) and alternatives (``province|city``)."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from policyengine.errors import RuleError, Span
from policyengine.expressions.ast import Name
from policyengine.expressions.lexer import LETTERS
from policyengine.expressions.literals import parse_count, parse_money
from policyengine.expressions.places import Place, fault, place_of, shown
from policyengine.expressions.strangers import stranger
from policyengine.ir import Interval

ANY: Final = "any"
"""The cell that every value fits."""

_EXPECTED: Final = "an interval such as 18..60 (18 is in, 60 is not), 60.., ..18 or any"
_CODE = re.compile(f"[{LETTERS}0-9](?:[{LETTERS}0-9_.-]*[{LETTERS}0-9_])?")
_NUMBER = r"([0-9]+(?:\.[0-9]+)?)\s*([^\s0-9.~<>=-]*?)"
_SPAN_OF_TWO = re.compile(rf"{_NUMBER}\s*(?:-|~|～|—|–|至|到|to)\s*{_NUMBER}")
_AND_MORE = re.compile(rf"(?:>=|≥)\s*{_NUMBER}|{_NUMBER}\s*(?:\+|及?以上|or more)")
_BELOW = re.compile(rf"<\s*{_NUMBER}|{_NUMBER}\s*(?:以下|not included)")


def parse_interval(text: str, span: Span, currency: str = "") -> Interval:
    """A half-open interval: of minor units if ``currency`` is given, else of counts.

    A lone count is the interval of that count, ``any`` has no ends. Raises E214 and what its ends raise.
    """
    place = place_of(text, span)
    if text == ANY:
        return Interval(None, None)
    low_text, dots, high_text = text.partition("..")
    if not dots:
        return _lone(place, currency)
    low = _end(place, 0, low_text, currency)
    high = _end(place, len(low_text) + 2, high_text, currency)
    if low is None and high is None:
        raise fault("E214", "the interval has no ends", place.all, _EXPECTED, f"write `{ANY}`")
    if low is not None and high is not None and low >= high:
        raise _empty(place, low_text.strip(), high_text.strip(), low == high)
    return Interval(low, high)


def _end(place: Place, offset: int, text: str, currency: str) -> int | None:
    """One end of the interval; spaces around it are allowed."""
    plain = text.strip(" ")
    if not plain:
        return None
    start = offset + text.index(plain)
    return _value(plain, place.at(start, start + len(plain)), currency)


def _value(text: str, span: Span, currency: str) -> int:
    what = "end of the interval"
    return parse_money(text, span, currency, what) if currency else parse_count(text, span, what)


def _empty(place: Place, low: str, high: str, equal: bool) -> RuleError:
    hint = "the upper end is not in the interval" if equal else f"did you mean `{high}..{low}`?"
    return fault("E214", "nothing lies in the interval", place.all, _EXPECTED, hint)


def _lone(place: Place, currency: str) -> Interval:
    """A cell without dots: one count. An amount needs an interval."""
    if hint := _interval_meant(place.text):
        raise fault("E214", f"{shown(place.text)} is not an interval", place.all, _EXPECTED, hint)
    value = _value(place.text, place.span, currency)
    if currency:
        raise fault("E214", "a single amount is not an interval", place.all, "an interval such as 0元..1000元")
    return Interval(value, value + 1)


def _interval_meant(text: str) -> str:
    """A hint for other notations of an interval."""
    if len(text) > 60:
        return ""
    if match := _SPAN_OF_TWO.fullmatch(text):
        low, low_unit, high, high_unit = match.groups()
        return f"write `{low}{low_unit or high_unit}..{high}{high_unit}` if the upper end is not in it"
    for pattern, before, behind in ((_AND_MORE, "", ".."), (_BELOW, "..", "")):
        if match := pattern.fullmatch(text):
            return "write `" + before + "".join(group for group in match.groups() if group) + behind + "`"
    return ""


def parse_alternatives(text: str, span: Span) -> tuple[Name, ...] | None:
    """Codes with ``|`` between them, each with its own span; ``None`` for ``any``. Raises E215 and lexical codes."""
    place = place_of(text, span)
    if text == ANY:
        return None
    found: list[Name] = []
    start = 0
    for part in text.split("|"):
        found.append(_alternative(place, start, part, found))
        start += len(part) + 1
    return tuple(found)


def _alternative(place: Place, start: int, part: str, before: list[Name]) -> Name:
    """The code that ``part``, ``start`` characters into the cell, holds; spaces around it are allowed."""
    expected = "codes with | between them, or any"
    code = part.strip(" ")
    if not code:
        raise fault("E215", "an alternative is empty", place.at(start, start + max(1, len(part))), expected)
    start += part.index(code)
    end, name = start + len(code), unicodedata.normalize("NFC", code)
    if not _CODE.fullmatch(name):
        raise _not_a_code(place, start, code)
    if name == ANY:
        raise fault("E215", "`any` stands alone", place.at(start, end), expected, f"write `{ANY}` and nothing else")
    if any(name == other.text for other in before):
        raise fault("E215", f"{shown(name)} stands twice", place.at(start, end), expected)
    return Name(name, place.at(start, end))


def _not_a_code(place: Place, start: int, code: str) -> RuleError:
    for offset, character in enumerate(code, start):
        if not character.isascii() and not _CODE.fullmatch(character):
            return stranger(place, offset)
    return fault(
        "E215", f"{shown(code)} is not a code", place.at(start, start + len(code)), "letters, digits and _ . -"
    )
