"""What to say about a character that begins nothing the language has."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from policyengine.errors import RuleError
from policyengine.expressions.places import Place, fault

_PUNCTUATION: Final[dict[str, str]] = {
    "、": ",", "。": ".", "“": '"', "”": '"', "‘": "'", "’": "'", "「": '"', "」": '"', "『": '"', "』": '"',
    "【": "[", "】": "]", "〔": "(", "〕": ")", "《": '"', "》": '"', "≥": ">=", "≤": "<=", "≠": "!=", "≧": ">=",
    "≦": "<=", "×": "*", "÷": "/", "−": "-", "–": "-", "—": "-", "·": "*", "∧": "and", "∨": "or", "¬": "not",
    "～": "..", "〜": "..", "…": "..", "∈": "in",
}  # fmt: skip
_LOOKALIKE: Final = dict(
    zip("аеорсухіѕԁαορνΑΒΕΗΙΚΜΝΟΡΤΧАВЕКМНОРСТХ", "aeopcyxisdaopvABEHIKMNOPTXABEKMHOPCTX", strict=True)
)
_NOT_HERE: Final[dict[str, tuple[str, str]]] = {
    "%": ("there is no remainder operator", "a percent sign stands directly behind its digits: `85%`"),
    "^": ("there are no powers", ""),
    "~": ("there is no operator `~`", "write `not`"),
    "@": ("there is no operator `@`", ""),
    "‰": ("rates are written in percent", "write `0.5%` for 5‰"),
    "?": ("there is no operator `?`", "write `a if condition else b`"),
}
_MARKS: Final[dict[str, str]] = {
    ";": "an expression is one value: there are no statements",
    ":": "a colon has no place in an expression",
    "`": "back ticks have no place in an expression",
    "\\": "a backslash has no place in an expression",
    "{": "braces have no place in an expression",
    "}": "braces have no place in an expression",
    "#": "a comment has no place in an expression",
}
_MONEY_SIGNS: Final = "$€£¥￥₩₫฿"
_FOREIGN_DIGITS = re.compile(r"[^\W0-9](?:\w|[.．%％])*")


def stranger(place: Place, start: int) -> RuleError:
    """The error for the character at ``start``. Codes E201, E204, E205, E217, E219, E220, E222."""
    character = place.text[start]
    if character in "\"'":
        return fault("E220", "the quoted text does not end", place.at(start, len(place.text)), f"a closing {character}")
    if character in _NOT_HERE:
        message, hint = _NOT_HERE[character]
        return fault("E217", message, place.at(start, start + 1), hint=hint)
    if character in _MONEY_SIGNS:
        return _money_sign(place, start)
    if character == ".":
        return _point(place, start)
    if character == "_":
        return fault("E219", "a name does not begin with an underscore", place.at(start, _word_end(place, start)))
    if character in _MARKS:
        return fault("E201", _MARKS[character], place.at(start, start + 1))
    return _unusual(place, start)


def _word_end(place: Place, start: int) -> int:
    match = re.compile(r"\w+").match(place.text, start)
    return match.end() if match else start + 1


def _money_sign(place: Place, start: int) -> RuleError:
    digits = re.compile(r"[0-9]+(?:\.[0-9]+)?", re.ASCII).match(place.text, start + 1)
    unit = {"¥": "元", "￥": "元", "₩": "원"}.get(place.text[start], place.text[start])
    hint = f"write `{digits.group()}{unit}`" if digits else ""
    end = digits.end() if digits else start + 1
    return fault(
        "E205", "the unit of an amount stands behind the digits", place.at(start, end), "an amount such as 700元", hint
    )


def _point(place: Place, start: int) -> RuleError:
    rest = place.text[start + 1 :]
    if digits := re.match(r"[0-9]+", rest, re.ASCII):
        hint = f"write `0.{digits.group()}`"
        return fault(
            "E204", "digits are missing before the point", place.at(start, start + 1 + digits.end()), hint=hint
        )
    if rest[:1] == "_":
        return fault("E219", "a name does not begin with an underscore", place.at(start, _word_end(place, start + 1)))
    if rest[:1].isalpha():
        return fault(
            "E222", "a value has no members", place.at(start, _word_end(place, start + 1)), "a dotted name or a value"
        )
    return fault("E201", "a point joins two names or begins decimals", place.at(start, start + 1))


def _unusual(place: Place, start: int) -> RuleError:
    """A character outside the ASCII signs: full-width, invisible, a foreign letter or digit."""
    character = place.text[start]
    name = f"U+{ord(character):04X} {unicodedata.name(character, 'without a name')}"
    folded = unicodedata.normalize("NFKC", character)
    if character in _PUNCTUATION:
        meant = _PUNCTUATION[character]
        return fault(
            "E201", f"`{character}` is not a sign of this language", place.at(start, start + 1), hint=f"write `{meant}`"
        )
    if character.isspace():
        return fault("E201", f"an unusual space: {name}", place.at(start, start + 1), hint="write a plain space")
    if not character.isprintable():
        return fault("E201", f"an invisible character: {name}", place.at(start, start + 1), hint="delete it")
    if character.isnumeric():
        return _foreign_digits(place, start, name)
    if character.isalpha() or unicodedata.category(character).startswith("M"):
        return _foreign_letter(place, start, name)
    hint = f"write `{folded}`" if folded != character and folded.isprintable() else ""
    what = f"`{character}`" if folded.isascii() else name
    return fault("E201", f"{what} is not a sign of this language", place.at(start, start + 1), hint=hint)


def _foreign_digits(place: Place, start: int, name: str) -> RuleError:
    match = _FOREIGN_DIGITS.match(place.text, start)
    end = match.end() if match else start + 1
    digits = [unicodedata.decimal(c, None) for c in place.text[start:end]]
    folded = unicodedata.normalize("NFKC", place.text[start:end])
    if all(d is not None for d in digits):
        folded = "".join(map(str, digits))
    hint = f"write `{folded}`" if folded.isascii() else ""
    return fault("E204", f"a digit that is not one of 0–9: {name}", place.at(start, end), "digits 0–9", hint)


def _foreign_letter(place: Place, start: int, name: str) -> RuleError:
    character = place.text[start]
    folded = unicodedata.normalize("NFKC", character)
    meant = _LOOKALIKE.get(character) or (folded if folded != character else "")
    hint = f"it looks like `{meant}`: write that" if meant and meant.isprintable() else ""
    expected = "Latin letters a–z, Chinese, kana or hangul"
    return fault("E219", f"a letter that names do not have: {name}", place.at(start, start + 1), expected, hint)
