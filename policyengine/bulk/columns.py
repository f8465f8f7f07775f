"""One column of a table as a typed column, whatever kind of fact it states."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
import pyarrow as pa

from policyengine.bulk.batch import Codes, Column, Days, Flags, Ids, Numbers, zeros
from policyengine.bulk.days import Bad, days
from policyengine.bulk.names import ids
from policyengine.bulk.numbers import numbers
from policyengine.bulk.plan import Reading
from policyengine.bulk.words import codes, flags, meant
from policyengine.claim import quoted
from policyengine.errors import Diagnostic, RuleError

YES_NO = {"yes": "true", "no": "false", "true": "true", "false": "false"}


def column(reading: Reading, array: pa.Array, together: bool = False) -> tuple[Column, Bad]:
    """The typed column, and the rows that cannot be read. ``together``: equal ids stand side by side."""
    kind = reading.fact.kind
    if kind == "code":
        return codes(reading, array)
    if kind == "flag":
        return flags(reading, array)
    wrong: Bad = None
    if reading.values:
        array, wrong = meant(reading, array)
        reading = replace(reading, values={})
    made, bad = _plain(reading, _spread(array), together)
    return made, either(bad, wrong)


def _plain(reading: Reading, array: pa.Array, together: bool) -> tuple[Column, Bad]:
    match reading.fact.kind:
        case "day":
            return days(array, reading.format)
        case "id":
            return ids(array, together)
        case _:
            return numbers(reading, array)


def _spread(array: pa.Array) -> pa.Array:
    """A column whose values are in the rows themselves, not in a dictionary or a view."""
    kind = array.type
    if pa.types.is_dictionary(kind):
        array = array.cast(kind.value_type)
    if pa.types.is_string_view(array.type):
        return array.cast(pa.string())
    narrow = (pa.types.is_decimal32, pa.types.is_decimal64)
    if any(is_narrow(array.type) for is_narrow in narrow):
        return array.cast(pa.decimal128(38 if array.type.scale > 18 else 20 + array.type.scale, array.type.scale))
    return array


def constant(reading: Reading, count: int) -> tuple[Column, Bad]:
    """What holds for every row, as a column."""
    if reading.fact.kind == "flag":
        reading = replace(reading, values=YES_NO)
    made, bad = column(reading, pa.array([reading.constant], pa.string()))
    return _everywhere(made, count), None if bad is None else np.ones(count, np.bool_)


def require_meant(readings: Iterable[Reading]) -> None:
    """Raises ``RuleError`` for constants and ``values`` of a mapping that say what the fact cannot be."""
    wrong = [
        Diagnostic("E701", f"`{reading.fact.name}` cannot be `{quoted(text)}`", reading.span, record="the mapping")
        for reading in readings for text in _senseless(reading)
    ]  # fmt: skip
    if wrong:
        raise RuleError(wrong)


def _senseless(reading: Reading) -> Iterator[str]:
    if not reading.column:
        if constant(reading, 1)[1] is not None:
            yield str(reading.constant)
        return
    for text, means in reading.values.items():
        if column(reading, pa.array([text]))[1] is not None:
            yield means


def either(one: Bad, other: Bad) -> Bad:
    """The rows of both."""
    if one is None or other is None:
        return other if one is None else one
    return one | other


def _everywhere(made: Column, count: int) -> Column:
    """The one row of a column for all rows."""
    match made:
        case Codes(positions, words):
            return Codes(np.full(count, positions[0]) if positions[0] else zeros(count).view(np.int32)[:count], words)
        case Numbers(values, _):
            return Numbers(np.full(count, values[0]))
        case Flags(values, _):
            return Flags(np.full(count, values[0]))
        case Days(values):
            return Days(np.full(count, values[0]))
        case Ids(_, texts):
            return Ids(np.zeros(count, np.int64), texts.take(pa.array(np.zeros(count, np.int64))))
