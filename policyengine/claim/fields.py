"""The types of the fields of a claim: texts, days, amounts, rates, glossary words.

Each type reads what a caller may hand in and refuses the rest with a code, in our words. The JSON Schema of each type
stands beside its reader.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from policyengine.claim.problems import Problem, kind_of, quoted, refuse, refuse_all
from policyengine.errors import nearest
from policyengine.money import RATE_GRID, NotMoney, plain_decimal, rate_from_text
from policyengine.terms import FACTS, PAYERS, TAGS

LONGEST_TEXT = 200
LARGEST_COUNT = 10**9
LARGEST_FACT = 10**13
FIRST_YEAR, LAST_YEAR = 1900, 2199

_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufffe\uffff]")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_PERCENT = re.compile(r"([0-9]{1,5}(?:\.[0-9]{1,6})?)%", re.ASCII)


def read_text(value: object) -> str:
    """A text of 1 to 200 visible characters without white space at its ends."""
    if not isinstance(value, str):
        raise refuse("E508", f"expected a text, found {kind_of(value)}", 'a text such as "c-17"', _text_hint(value))
    if not value:
        raise refuse("E517", "the text is empty", "1 to 200 characters")
    if len(value) > LONGEST_TEXT:
        raise refuse("E517", f"the text has {len(value):,} characters", f"at most {LONGEST_TEXT} characters")
    if unseen := _UNSEEN.search(value):
        raise refuse("E517", f"the text holds the invisible character U+{ord(unseen[0]):04X}", "visible characters")
    if value != value.strip():
        raise refuse("E517", "the text begins or ends with white space", "no white space at either end")
    return str(value)


def _text_hint(value: object) -> str:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return "put the number in quotes; ids are texts and keep their leading zeros" if whole else ""


def read_amount(value: object) -> Decimal:
    """An exact amount in whole currency units; the decimals of its currency are checked by the claim."""
    try:
        return plain_decimal(value)
    except NotMoney as error:
        raise refuse("E509", str(error), "a decimal text such as 1300.50", _amount_hint(value)) from None


def _amount_hint(value: object) -> str:
    if isinstance(value, str) and "," in value:
        return "write the amount without separators"
    if isinstance(value, str) and any(c.isdigit() and not c.isascii() for c in value):
        return "write the amount with the digits 0-9"
    if isinstance(value, str) and value[-1:] in ("元", "円", "€", "$"):
        return "write the amount without its unit; the claim states its currency once"
    return ""


def read_rate(value: object) -> Decimal:
    """A share of the whole from 0 to 1: ``0.1``, ``"10%"``."""
    try:
        exact = rate_of(value)
    except NotMoney as error:
        raise refuse("E521", str(error), "a rate such as 0.1 or 10%") from None
    if exact > 1:
        raise refuse("E521", "the rate is above 1", "a rate from 0 to 1", "10% is written 0.1 or 10%")
    whole, millionths = divmod(int(exact * RATE_GRID), RATE_GRID)
    return Decimal(f"{whole}.{millionths:06d}".rstrip("0").rstrip("."))


def rate_of(value: object) -> Fraction:
    """An exact rate on the grid of one millionth from a text (``0.1``, ``10%``), ``Decimal`` or ``int``."""
    if isinstance(value, str) and (percent := _PERCENT.fullmatch(value)):
        rate = Fraction(percent[1]) / 100
        if (rate * RATE_GRID).denominator != 1:
            raise NotMoney("finer than one millionth")
        return rate
    if isinstance(value, bool):
        raise NotMoney("true/false is not a rate")
    if isinstance(value, float):
        raise NotMoney("a float is not exact; give the rate as a text such as '0.1' or as a Decimal")
    if isinstance(value, Decimal | int):
        return rate_from_text(str(plain_rate(value)))
    if isinstance(value, str):
        return rate_from_text(value)
    raise NotMoney(f"a {type(value).__name__} is not a rate; give a text such as '0.1'")


def plain_rate(value: Decimal | int) -> str:
    """A number written out, if its size is sane."""
    exact = Decimal(value) if isinstance(value, int) and abs(value) < LARGEST_COUNT else value
    if not isinstance(exact, Decimal) or not exact.is_finite() or not -9 <= exact.adjusted() <= 9:
        raise NotMoney("not a plain decimal rate such as 0.7")
    whole, dot, decimals = f"{exact if exact else exact.copy_abs():f}".partition(".")
    return whole + dot + decimals[:8] + decimals[8:].rstrip("0")


def read_day(value: object) -> date:
    """A calendar day: a ``date`` or a text such as ``2017-05-03``."""
    if isinstance(value, datetime) or not isinstance(value, str | date):
        hint = "give its date; a moment depends on a time zone" if isinstance(value, datetime) else ""
        raise refuse("E515", f"expected a day, found {kind_of(value)}", "a day such as 2017-05-03", hint)
    day = value if isinstance(value, date) else _day_from_text(value)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise refuse("E515", f"the year {day.year} is out of range", f"a year from {FIRST_YEAR} to {LAST_YEAR}")
    return day


def _day_from_text(text: str) -> date:
    if not _DAY.fullmatch(text):
        raise refuse("E515", f"`{quoted(text)}` is not a day", "a day such as 2017-05-03")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise refuse("E515", f"there is no day {text} in the calendar", "a day such as 2017-05-03") from None


def read_flag(value: object) -> bool:
    """True or false, not 1 or "yes"."""
    if not isinstance(value, bool):
        raise refuse("E508", f"expected true or false, found {kind_of(value)}", "true or false")
    return value


def whole_number(low: int, high: int) -> Callable[[object], int]:
    """The reader of a whole number from ``low`` to ``high``."""

    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise refuse("E508", f"expected a whole number, found {kind_of(value)}", f"a number from {low} to {high}")
        if not low <= value <= high:
            raise refuse("E522", f"the number {quoted(value)} is out of range", f"a number from {low} to {high}")
        return value

    return read


def read_fact(value: object) -> str | int | bool:
    """The value of a declared fact: a text, a whole number, true/false; a ``Decimal`` is kept as its plain text.

    The rule file gives it its type.
    """
    match value:
        case bool():
            return value
        case int() if abs(value) <= LARGEST_FACT:
            return value
        case str():
            return read_text(value)
        case Decimal() if value.is_finite() and -9 <= value.adjusted() <= 13:
            return read_text(f"{value:f}")
        case float():
            raise refuse("E508", "a float is not exact; give the number as a text such as '12.5' or as a Decimal")
    raise refuse("E508", f"{kind_of(value)} is not the value of a fact", "a text, a number or true/false")


def word_of(fact: str) -> Callable[[object], str]:
    """The reader of a glossary word of the code ``fact``: its id or its 中文, read as the id."""
    values = FACTS[fact].values
    ids = {**{zh: word for word, zh in values.items()}, **{word: word for word in values}}

    def read(value: object) -> str:
        if isinstance(value, str) and (word := ids.get(value)):
            return word
        if not isinstance(value, str):
            raise refuse("E508", f"expected a word, found {kind_of(value)}", _words(values))
        raise refuse("E514", f"`{quoted(value)}` is not a {FACTS[fact].id}", _words(values), nearest(value[:200], ids))

    return read


def _words(values: Mapping[str, str]) -> str:
    return "one of " + ", ".join(f"{word} ({zh})" for word, zh in values.items())


def word_schema(fact: str) -> dict[str, Any]:
    """The JSON Schema of a glossary word."""
    values = FACTS[fact].values
    return {"type": "string", "enum": [*values, *(zh for zh in values.values() if zh not in values)]}


_TAG_IDS = {zh: tag for tag, (zh, _) in TAGS.items()}
_FACT_IDS = {word: fact.id for fact in FACTS.values() for word in (fact.zh, *fact.aliases)}
_PAYER_IDS = {payer.zh: payer.id for payer in PAYERS.values()}


def _words_of(ids: Mapping[str, str], noun: str, example: str) -> Callable[[object], frozenset[str]]:
    """The reader of a list of names; the 中文 of a known one is read as its id, other names are kept as they are."""

    def read(value: object) -> frozenset[str]:
        if not isinstance(value, list | tuple | set | frozenset):
            raise refuse("E508", f"expected a list of {noun}s, found {kind_of(value)}", "a list of texts")
        names, wrong = set(), []
        for index, item in enumerate(value):
            if isinstance(item, str) and _is_word(item):
                names.add(ids.get(item, item))
            else:
                found = f"a text that no {noun} can have" if isinstance(item, str) else kind_of(item)
                wrong.append(
                    Problem("E508", (index,), f"expected a {noun}, found {found}", f"a word such as {example}")
                )
        if wrong:
            raise refuse_all(wrong)
        return frozenset(names)

    return read


def _is_word(text: str) -> bool:
    return 0 < len(text) <= LONGEST_TEXT and not _UNSEEN.search(text) and text == text.strip()


def read_payer(value: object) -> str:
    """A payer: its id or its 中文; payers that only a rule file knows are kept as they are."""
    text = read_text(value)
    return _PAYER_IDS.get(text, text)


def _sorted(tags: Iterable[str]) -> list[str]:
    return sorted(tags)


_TEXT_SCHEMA = {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT}
DECIMAL_SCHEMA = {"type": ["string", "number"], "pattern": r"^-?[0-9]{1,13}(\.[0-9]{1,4})?$"}
_DAY_SCHEMA = {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_RATE_SCHEMA = {"type": ["string", "number"], "pattern": r"^([01](\.[0-9]{1,8})?|[0-9]{1,3}(\.[0-9]{1,6})?%)$"}
_TAGS_SCHEMA = {"type": "array", "items": _TEXT_SCHEMA, "examples": [["registered_poor", "retired"]]}


def _whole_schema(low: int, high: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": low, "maximum": high}


Text = Annotated[str, PlainValidator(read_text), WithJsonSchema(_TEXT_SCHEMA)]
Payer = Annotated[str, PlainValidator(read_payer), WithJsonSchema(_TEXT_SCHEMA)]
_AS_TEXT = PlainSerializer(str, return_type=str, when_used="json")
Amount = Annotated[Decimal, PlainValidator(read_amount), _AS_TEXT, WithJsonSchema(DECIMAL_SCHEMA)]
Rate = Annotated[Decimal, PlainValidator(read_rate), _AS_TEXT, WithJsonSchema(_RATE_SCHEMA)]
Day = Annotated[date, PlainValidator(read_day), _AS_TEXT, WithJsonSchema(_DAY_SCHEMA)]
Flag = Annotated[bool, PlainValidator(read_flag), WithJsonSchema({"type": "boolean"})]
Ordinal = Annotated[
    int, PlainValidator(whole_number(0, LARGEST_COUNT)), WithJsonSchema(_whole_schema(0, LARGEST_COUNT))
]
Quantity = Annotated[int, PlainValidator(whole_number(1, 10**6)), WithJsonSchema(_whole_schema(1, 10**6))]
FactValue = Annotated[
    str | int | bool,
    PlainValidator(read_fact),
    WithJsonSchema({"type": ["string", "number", "boolean"]}),
]
read_tags = _words_of(_TAG_IDS, "tag", "registered_poor")
read_unknown = _words_of(_FACT_IDS, "fact", "registered_poor")
_UNKNOWN_SCHEMA = {"type": "array", "items": _TEXT_SCHEMA, "examples": [["registered_poor", "hospital_grade"]]}
Unknown = Annotated[
    frozenset[str], PlainValidator(read_unknown), PlainSerializer(_sorted), WithJsonSchema(_UNKNOWN_SCHEMA)
]
Tags = Annotated[frozenset[str], PlainValidator(read_tags), PlainSerializer(_sorted), WithJsonSchema(_TAGS_SCHEMA)]
Scheme = Annotated[str, PlainValidator(word_of("scheme")), WithJsonSchema(word_schema("scheme"))]
CareType = Annotated[str, PlainValidator(word_of("care_type")), WithJsonSchema(word_schema("care_type"))]
Level = Annotated[str, PlainValidator(word_of("hospital_level")), WithJsonSchema(word_schema("hospital_level"))]
Grade = Annotated[str, PlainValidator(word_of("hospital_grade")), WithJsonSchema(word_schema("hospital_grade"))]
Tier = Annotated[str, PlainValidator(word_of("tier")), WithJsonSchema(word_schema("tier"))]
Area = Annotated[str, PlainValidator(word_of("area")), WithJsonSchema(word_schema("area"))]
Category = Annotated[str, PlainValidator(word_of("category")), WithJsonSchema(word_schema("category"))]
CatalogueClass = Annotated[
    str, PlainValidator(word_of("catalogue_class")), WithJsonSchema(word_schema("catalogue_class"))
]
