"""A batch of claims as typed columns: what simulations read, however the claims were kept.

Claims of a batch are ordered by scope, then by the day that selects the rules, then by sequence; a batch never ends
inside a scope (a person; a household where a meter of the rule set is kept for it; the whole source where a meter is
kept for neither).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from policyengine.bulk.identity import keys_of, numbered
from policyengine.errors import Diagnostic


@dataclass(frozen=True, slots=True)
class Codes:
    """Words. ``positions``: into ``words``, -1 where nothing is stated. ``words``: as stated, in whatever language."""

    positions: NDArray[np.int32]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Numbers:
    """Money in minor units, rates in millionths, counts. ``stated``: ``None`` if all are."""

    values: NDArray[np.int64]
    stated: NDArray[np.bool_] | None = None


@dataclass(frozen=True, slots=True)
class Flags:
    """What holds or does not. ``stated``: ``None`` if all are."""

    values: NDArray[np.bool_]
    stated: NDArray[np.bool_] | None = None


@dataclass(frozen=True, slots=True)
class Days:
    """Days since 1970-01-01; ``NO_DAY`` where none is stated."""

    values: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Ids:
    """Opaque ids. ``numbers``: equal exactly where the ids are equal, within the batch, in the order of appearance from
    0; -1 where none is stated. ``texts``: as stated, texts or whole numbers."""

    numbers: NDArray[np.int64]
    texts: pa.Array


Column = Codes | Numbers | Flags | Days | Ids
Marks = tuple[int, str | int | None]
"""How a source was ordered up to a row: the ways in which its ids stood in order, the last id."""


@dataclass(frozen=True)
class Batch:
    """Claims by column. ``first``: the number of its first claim in the order of delivery, from 0.

    ``offsets``: the lines of claim ``i`` are those from ``offsets[i]`` to ``offsets[i + 1]``. ``rejects``: what is
    wrong with a claim, by its position in the batch; its values in the columns mean nothing. Numbers of ``visit_id``
    tell visits of one person apart, those of two people need not be equal where their ids are. ``rows``: the row of
    each claim in the source, where that is not ``first`` and those after it, since the source was sorted. ``marks``:
    how the source was ordered up to its end, for a run that goes on from there.
    """

    first: int
    ids: pa.Array
    claims: Mapping[str, Column]
    offsets: NDArray[np.int64]
    lines: Mapping[str, Column]
    rejects: Mapping[int, Diagnostic] = field(default_factory=dict)
    rows: NDArray[np.int64] | None = None
    marks: Marks | None = None

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def keys(self) -> NDArray[np.uint64]:
        """A hash of the text of each id, the same on every machine and in every run."""
        return keys_of(self.ids)

    @cached_property
    def is_single(self) -> bool:
        """Whether every claim has one fee line."""
        return are_one_each(self.offsets)

    def id_of(self, position: int) -> str | None:
        """The id of the claim at a position of the batch as text; ``None`` where none is stated."""
        found = self.ids[position].as_py()
        return None if found is None else str(found)

    def row(self, position: int) -> int:
        """The row of the source, from 0, in which the claim at a position of the batch stands."""
        return self.first + position if self.rows is None else int(self.rows[position])


def one_each(count: int) -> NDArray[np.int64]:
    """The offsets of claims with one line each; not to be written to."""
    return _numbers_to(max(16, count).bit_length())[: count + 1]


def are_one_each(offsets: NDArray[np.int64]) -> bool:
    """Whether they are those of claims with one line each; known without looking if they are made by ``one_each``."""
    ones = one_each(len(offsets) - 1)
    return ones.ctypes.data == offsets.ctypes.data or bool((np.diff(offsets) == 1).all())


def zeros(count: int) -> NDArray[np.int64]:
    """The same memory for everybody; not to be written to."""
    return _zeros(max(16, count).bit_length())[:count]


@lru_cache(maxsize=4)
def _zeros(bits: int) -> NDArray[np.int64]:
    found = np.zeros(1 << bits, dtype=np.int64)
    found.flags.writeable = False
    return found


@lru_cache(maxsize=4)
def _numbers_to(bits: int) -> NDArray[np.int64]:
    found = np.arange(1 << bits, dtype=np.int64)
    found.flags.writeable = False
    return found


def batch_of(
    ids: pa.Array | Sequence[str],
    claims: Mapping[str, Column],
    lines: Mapping[str, Column] | None = None,
    offsets: NDArray[np.int64] | None = None,
    first: int = 0,
) -> Batch:
    """A batch out of columns in memory; nothing of it is checked. Without ``offsets`` every claim has one line, or none
    if there are no columns of lines."""
    texts = ids if isinstance(ids, pa.Array) else pa.array(ids, pa.string())
    if offsets is None:
        offsets = one_each(len(texts)) if lines else np.zeros(len(texts) + 1, dtype=np.int64)
    return Batch(first, texts, claims, offsets, lines or {})


def ids_of(texts: pa.Array | Sequence[str]) -> Ids:
    """A column of ids, numbered in the order of appearance."""
    array = texts if isinstance(texts, pa.Array) else pa.array(texts, pa.string())
    return Ids(numbered(array), array)
