"""Which types of columns can state which kinds of facts."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from policyengine.bulk.facts import Fact


class Unfitting(ValueError):
    """A column whose type cannot state the fact. ``advice``: what could, and what to do."""

    def __init__(self, text: str, expected: str, hint: str = "") -> None:
        super().__init__(text)
        self.advice = (expected, hint)


class NeedsUnit(Unfitting):
    """A column of money that does not say in which unit."""


def is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def value_type(kind: pa.DataType) -> pa.DataType:
    """The type of the values, also where a column keeps them in a dictionary."""
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def require_form(fact: Fact, kind: pa.DataType, format: str, values: Mapping[str, str], unit: str) -> None:
    """Raises ``Unfitting`` or ``NeedsUnit`` if a column of this type does not state ``fact``."""
    kind = value_type(kind)
    if pa.types.is_null(kind):
        return
    if values:
        if not (is_text(kind) or pa.types.is_integer(kind) or pa.types.is_boolean(kind)):
            raise Unfitting(f"is {kind}; `values` are for texts and whole numbers", "texts or whole numbers")
        return
    match fact.kind:
        case "money" | "rate" | "count":
            _numeric(fact, kind, unit)
        case "day":
            _day(kind, format)
        case "flag":
            if not (pa.types.is_boolean(kind) or is_text(kind)):
                raise Unfitting(f"is {kind}", "true and false", "say under `values` what its values mean")
        case "code":
            _code(fact, kind)
        case "id":
            if not (is_text(kind) or pa.types.is_integer(kind)):
                raise Unfitting(f"is {kind}", "texts or whole numbers", "cast it to text")


def _numeric(fact: Fact, kind: pa.DataType, unit: str) -> None:
    whole, binary = pa.types.is_integer(kind), pa.types.is_floating(kind)
    if not (whole or binary or pa.types.is_decimal(kind) or is_text(kind)):
        raise Unfitting(f"is {kind}", "numbers, or texts of numbers")
    if fact.kind == "money" and not unit and (whole or binary):
        text = f"is {kind} and does not say in which unit"
        raise NeedsUnit(text, "decimals, or a unit", "write `{column: …, unit: 元}` or `{column: …, unit: 分}`")


def _day(kind: pa.DataType, format: str) -> None:
    if pa.types.is_timestamp(kind) and kind.tz is not None:
        raise Unfitting(f"is {kind}", "days", "cast it to days; a moment depends on a time zone")
    if pa.types.is_integer(kind) and not format:
        raise Unfitting(f"is {kind}", "days", "say how they are written: `format: '%Y%m%d'`")
    if not (pa.types.is_date(kind) or pa.types.is_timestamp(kind) or is_text(kind) or pa.types.is_integer(kind)):
        raise Unfitting(f"is {kind}", "days, or texts such as 2017-05-03")


def _code(fact: Fact, kind: pa.DataType) -> None:
    if pa.types.is_integer(kind) and fact.words:
        raise Unfitting(f"is {kind}", "words", "say under `values` what its numbers mean")
    if not (is_text(kind) or pa.types.is_integer(kind)):
        raise Unfitting(f"is {kind}", "words", "cast it to text")
