"""Groups of claims: by words, tags and counts that they state, by year or month of the day that selects the rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from policyengine.bulk.batch import Batch, Codes, Column, Days, Flags, Numbers
from policyengine.errors import ClaimError, Diagnostic
from policyengine.ir import NO_DAY
from policyengine.mass.calendar import numbers_of
from policyengine.mass.sums import dense
from policyengine.terms import FACTS

Array = NDArray[Any]
Label = tuple[str, ...]
"""What the claims of a group have in common, in the order of what was asked for; empty where nothing is stated."""
CALENDAR: Final = {"year": 10_000, "month": 100}
"""Groups by day, and what is cut off a day written as 20240701."""
_KINDS: Final = ("code", "flag", "count")


@dataclass(frozen=True, slots=True)
class Grouping:
    """``of``: the place of each claim's group in ``labels``."""

    labels: tuple[Label, ...]
    of: Array


def facts_of(names: Sequence[str]) -> list[str]:
    """The facts that groups are made of."""
    return [name for name in names if name not in CALENDAR]


def grouping(names: Sequence[str], batch: Batch, dated_by: str) -> Grouping:
    """The group of each claim of a batch. Claims whose data are bad state nothing. Raises ``ClaimError`` for a fact of
    which no groups are made."""
    bad = np.array(list(batch.rejects), np.int64)
    of, labels = np.zeros(len(batch), np.int64), [()]  # type: tuple[Array, list[Label]]
    for name in names:
        column = batch.claims[dated_by if name in CALENDAR else name]
        places, words = _of_days(column, CALENDAR[name]) if name in CALENDAR else _of_column(name, column)
        places += 1
        places[bad] = 0
        size = len(words) + 1
        of, known = dense(places if len(labels) == 1 else of * size + places, len(labels) * size)
        labels = [(*labels[key // size], ("", *words)[key % size]) for key in known.tolist()]
    return Grouping(tuple(labels), of)


def _of_column(name: str, column: Column) -> tuple[Array, list[str]]:
    """The place of each claim's word among the words; −1 where none is stated."""
    match column:
        case Codes(positions, words):
            fact = FACTS.get(name)
            codes = [(fact.codes() if fact else {}).get(word, word) for word in words]
            distinct = sorted(set(codes))
            places = np.array([*map(distinct.index, codes), -1], np.int64)
            return places[positions], distinct
        case Flags(values, stated):
            return np.where(_or_all(stated, values), values.astype(np.int64), -1), ["no", "yes"]
        case Numbers(values, stated):
            numbers, inverse = np.unique(values, return_inverse=True)
            return np.where(_or_all(stated, values), inverse, -1), [str(n) for n in numbers.tolist()]
    raise AssertionError(f"no groups by {name}")


def _or_all(stated: Array | None, values: Array) -> Array:
    return np.ones(len(values), np.bool_) if stated is None else stated


def _of_days(column: Column, cut: int) -> tuple[Array, list[str]]:
    assert isinstance(column, Days), "rules are selected by a day"
    known = column.values != NO_DAY
    numbers = numbers_of(np.where(known, column.values, 0)) // cut
    found, inverse = np.unique(numbers, return_inverse=True)
    words = [str(n) if cut == CALENDAR["year"] else f"{n // 100}-{n % 100:02}" for n in found.tolist()]
    return np.where(known, inverse, -1), words


def require_groups(names: Sequence[str], kinds: Sequence[str]) -> None:
    """Raises ``ClaimError`` for facts of which no groups are made: ids, amounts and days."""
    for name, kind in zip(names, kinds, strict=True):
        if kind not in _KINDS:
            text = f"`{name}` is of the kind {kind}: of that no groups are made"
            expected = "facts that are words, yes or no, or counts"
            raise ClaimError(Diagnostic("E740", text, None, expected, record="the groups"))
