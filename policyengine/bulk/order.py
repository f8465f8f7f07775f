"""The order of claims: by scope, then day, then sequence. Checked while streaming; frames are sorted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from policyengine.bulk.batch import Ids, Marks
from policyengine.bulk.compiling import compiled
from policyengine.bulk.days import Bad
from policyengine.bulk.hashing import Offsets
from policyengine.bulk.identity import is_same, plain_ids, same_up_to, texts_of, whole_numbers
from policyengine.bulk.names import unfit
from policyengine.claim import masked, quoted
from policyengine.errors import ClaimError, Diagnostic

Order = tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.bool_]]
"""The day and the sequence of each claim, and which claims have none since they cannot be read."""


def combined(batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    """Several batches as one."""
    if len(batches) == 1:
        return batches[0]
    table = pa.Table.from_batches(batches).unify_dictionaries().combine_chunks()
    found = table.to_batches()
    return found[0] if found else pa.RecordBatch.from_pylist([], schema=table.schema)


def grouped(batches: Iterator[pa.RecordBatch], scope: str, size: int) -> Iterator[pa.RecordBatch]:
    """Batches of at least ``size`` rows that end where the values of the column ``scope`` change; without a scope all
    rows are one batch."""
    waiting: list[pa.RecordBatch] = []
    count = 0
    for batch in (one.slice(at, size) for one in batches for at in range(0, len(one), size)):
        waiting.append(batch)
        count += len(batch)
        if scope and count >= size:
            whole = combined(waiting)
            cut = _last_run(plain_ids(_flat(whole.column(scope))))
            if cut:
                yield whole.slice(0, cut)
            waiting, count = [whole.slice(cut)], len(whole) - cut
    if count:
        yield combined(waiting)


def _flat(ids: pa.Array) -> pa.Array:
    return ids.cast(ids.type.value_type) if pa.types.is_dictionary(ids.type) else ids


def _last_run(ids: pa.Array) -> int:
    """The row at which the last run of equal ids begins; rows without an id may stand within it. Without any id the
    number of rows."""
    last = _somebody(ids, len(ids) - 1)
    start = at = last
    while at >= 0 and ids[at] == ids[last]:
        start = _run(ids, at)
        at = _somebody(ids, start - 1)
    return len(ids) if last < 0 else start


def _somebody(ids: pa.Array, at: int) -> int:
    """The last row that has an id, not behind ``at``; -1 if none has."""
    while at >= 0 and (not ids[at].is_valid or unfit(ids.slice(at, 1)) is not None):
        at -= 1
    return at


def _run(ids: pa.Array, at: int) -> int:
    """The row at which the run of equal ids begins that goes to ``at``."""
    if pa.types.is_integer(ids.type):
        return int(_run_of_numbers(whole_numbers(ids), at))
    return int(_run_of_texts(*texts_of(ids), at))


@compiled
def _run_of_texts(offsets: Offsets, data: NDArray[np.uint8], at: int) -> int:
    while at > 0 and is_same(offsets, data, at - 1, at):
        at -= 1
    return at


@compiled
def _run_of_numbers(numbers: NDArray[np.int64], at: int) -> int:
    while at > 0 and numbers[at - 1] == numbers[at]:
        at -= 1
    return at


def sorted_rows(ids: pa.Array | None, order: Order) -> NDArray[np.int64]:
    """The rows in the order of claims; those that are equal in it stay as they stand."""
    days, sequences, _ = order
    columns = {"day": pa.array(days), "sequence": pa.array(sequences)}
    if ids is not None:
        columns = {"scope": plain_ids(ids), **columns}
    found = pc.sort_indices(pa.table(columns), sort_keys=[(name, "ascending") for name in columns])
    return np.asarray(found.to_numpy()).astype(np.int64)


BY_BYTES, BY_LENGTH = 1, 2
"""How texts may be ordered: by their bytes; shorter ones first and then by their bytes, as numbers are written."""


def disorder(ids: Ids | None, order: Order, without: Bad = None, ways: int = BY_BYTES | BY_LENGTH) -> tuple[int, int]:
    """The first row that stands behind one that it should stand before, -1 if none does; and in which of the ``ways``
    the ids are ordered. ``without``: rows whose id is none, wherever they stand."""
    days, sequences, bad = order
    nobody = np.zeros(len(days), np.bool_) if without is None else without
    rows = days, sequences, bad
    if ids is None:
        found = _disorder(np.zeros(len(days), np.int64), nobody, *rows, *_NO_TEXTS, _NO_NUMBERS, ways)
    elif pa.types.is_integer(ids.texts.type):
        numbers = whole_numbers(ids.texts)
        if without is None and not bad.any() and _is_in_order(numbers, days, sequences):
            return -1, ways
        found = _disorder(ids.numbers, nobody, *rows, *_NO_TEXTS, numbers, ways)
    else:
        found = _disorder(ids.numbers, nobody, *rows, *texts_of(ids.texts), _NO_NUMBERS, ways)
    return int(found[0]), int(found[1])


_NO_NUMBERS = np.zeros(0, np.int64)
_NO_TEXTS = (np.zeros(1, np.int32), np.zeros(0, np.uint8))


@compiled
def _ways(offsets: Offsets, data: NDArray[np.uint8], numbers: NDArray[np.int64], one: int, other: int) -> int:
    """In which ways one id stands before another; whole numbers by their value, in both or in none."""
    if len(numbers):
        return 3 if numbers[one] < numbers[other] else 0
    same = np.int64(same_up_to(offsets, data, one, other))
    length, other_length = offsets[one + 1] - offsets[one], offsets[other + 1] - offsets[other]
    before = length < other_length
    if same < min(length, other_length):
        before = data[offsets[one] + same] < data[offsets[other] + same]
    by_length = length < other_length or (length == other_length and before)
    return (1 if before else 0) + (2 if by_length else 0)


@compiled
def _is_in_order(numbers: NDArray[np.int64], days: NDArray[np.int32], sequences: NDArray[np.int64]) -> bool:
    """Whether every row stands behind the one before it: what nearly always holds, told without a jump."""
    behind = False
    for i in range(1, len(numbers)):
        same = numbers[i] == numbers[i - 1]
        earlier = (days[i] < days[i - 1]) | ((days[i] == days[i - 1]) & (sequences[i] < sequences[i - 1]))
        behind |= (numbers[i] < numbers[i - 1]) | (same & earlier)
    return not behind


@compiled
def _disorder(
    scopes: NDArray[np.int64], nobody: NDArray[np.bool_], days: NDArray[np.int32], sequences: NDArray[np.int64],
    bad: NDArray[np.bool_], offsets: Offsets, data: NDArray[np.uint8], numbers: NDArray[np.int64], ways: int,
) -> tuple[int, int]:  # fmt: skip
    last, sound = -1, -1
    for i in range(len(days)):
        if nobody[i]:
            continue
        if last >= 0 and scopes[last] != scopes[i]:
            ways &= _ways(offsets, data, numbers, last, i)
            if ways == 0:
                return i, ways
            sound = -1
        last = i
        if bad[i]:
            continue
        if sound >= 0 and (days[i] < days[sound] or (days[i] == days[sound] and sequences[i] < sequences[sound])):
            return i, ways
        sound = i
    return -1, ways


@dataclass(slots=True)
class InOrder:
    """Holds a stream of batches to the order of its scopes. ``scope``: the fact, empty for the whole source; ``ways``:
    in which the ids were ordered so far; ``last``: the id of the last row; ``source``: what the stream is called."""

    scope: str
    ways: int = BY_BYTES | BY_LENGTH
    last: str | int | None = None
    source: str = "the source"

    @property
    def marks(self) -> Marks:
        """What has to be known of the rows so far to hold the next ones to their order."""
        return self.ways, self.last

    def require(self, ids: Ids | None, order: Order, without: Bad, claims: pa.Array, first: int) -> None:
        """Raises ``ClaimError`` for the first row of the batch that comes too late; its first row is ``first``."""
        at, self.ways = disorder(ids, order, without, self.ways)
        if at < 0 and ids is not None:
            at = self._behind(ids.texts, without)
        if at >= 0:
            _refuse(self.source, self.scope, first + at, claims[at].as_py())

    def _behind(self, ids: pa.Array, without: Bad) -> int:
        """The first row with an id, if that does not stand behind the last id of the batch before; else -1."""
        stated = np.array([0, len(ids) - 1]) if without is None else np.flatnonzero(~without)
        if not len(stated):
            return -1
        head, tail = (ids[int(row)].as_py() for row in stated[[0, -1]])
        if self.last is not None:
            self.ways &= _ways_between(self.last, head)
        self.last = tail
        return -1 if self.ways else int(stated[0])


def _ways_between(one: Any, other: Any) -> int:
    """In which ways one id stands before another."""
    if isinstance(one, int):
        return (BY_BYTES | BY_LENGTH) if one < other else 0
    texts = one.encode(), other.encode()
    before = texts[0] < texts[1]
    by_length = (len(texts[0]), texts[0]) < (len(texts[1]), texts[1])
    return (BY_BYTES if before else 0) | (BY_LENGTH if by_length else 0)


def _refuse(source: str, scope: str, row: int, claim: object) -> NoReturn:
    by = f"{scope}, then day and sequence" if scope else "day and sequence"
    text = f"row {row + 1:,} (claim {quoted(masked(str(claim)))}) stands behind rows that it should stand before"
    hint = "sort the source, or let it be sorted: `--sort`, in Python `sort=True`"
    raise ClaimError(Diagnostic("E706", text, None, f"rows in the ascending order of {by}", hint, record=source))
