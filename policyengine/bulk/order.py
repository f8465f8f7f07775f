"""The order of claims: by scope, then day, then sequence. Checked while streaming; frames are sorted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from policyengine.bulk.compiling import compiled
from policyengine.bulk.days import Bad
from policyengine.bulk.identity import Offsets, is_same, plain_ids, texts_of, whole_numbers
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


def disorder(ids: pa.Array | None, order: Order, without: Bad = None) -> int:
    """The first row that stands behind one that it should stand before; -1 if none does. ``without``: rows whose id is
    none, wherever they stand."""
    days, sequences, bad = order
    if ids is None:
        return int(_disorder_of_numbers(np.zeros(len(days), np.int64), bad, days, sequences, bad))
    ids = plain_ids(ids)
    unstated = np.zeros(len(ids), np.bool_) if without is None else without
    if ids.null_count:
        unstated = unstated | ids.is_null().to_numpy(zero_copy_only=False)
    if pa.types.is_integer(ids.type):
        return int(_disorder_of_numbers(whole_numbers(ids), unstated, days, sequences, bad))
    return int(_disorder_of_texts(*texts_of(ids), unstated, days, sequences, bad))


@compiled
def _is_after(offsets: Offsets, data: NDArray[np.uint8], one: int, other: int) -> bool:
    """Whether one text stands behind another by their bytes."""
    at, end, k = offsets[one], offsets[one + 1], offsets[other]
    while at < end and k < offsets[other + 1]:
        if data[at] != data[k]:
            return bool(data[at] > data[k])
        at, k = at + 1, k + 1
    return bool(at < end)


@compiled
def _disorder_of_texts(
    offsets: Offsets, data: NDArray[np.uint8], unstated: NDArray[np.bool_], days: NDArray[np.int32],
    sequences: NDArray[np.int64], bad: NDArray[np.bool_],
) -> int:  # fmt: skip
    last, sound = -1, -1
    for i in range(len(days)):
        if unstated[i]:
            continue
        if last >= 0 and not is_same(offsets, data, last, i):
            if _is_after(offsets, data, last, i):
                return i
            sound = -1
        last = i
        if bad[i]:
            continue
        if sound >= 0 and (days[i] < days[sound] or (days[i] == days[sound] and sequences[i] < sequences[sound])):
            return i
        sound = i
    return -1


@compiled
def _disorder_of_numbers(
    numbers: NDArray[np.int64], unstated: NDArray[np.bool_], days: NDArray[np.int32], sequences: NDArray[np.int64],
    bad: NDArray[np.bool_],
) -> int:  # fmt: skip
    last, sound = -1, -1
    for i in range(len(days)):
        if unstated[i]:
            continue
        if last >= 0 and numbers[last] != numbers[i]:
            if numbers[last] > numbers[i]:
                return i
            sound = -1
        last = i
        if bad[i]:
            continue
        if sound >= 0 and (days[i] < days[sound] or (days[i] == days[sound] and sequences[i] < sequences[sound])):
            return i
        sound = i
    return -1


@dataclass(slots=True)
class InOrder:
    """Holds a stream of batches to the order of its scopes. ``scope``: the fact, empty for the whole source."""

    scope: str
    last: Any = field(default=None)

    def require(self, ids: pa.Array | None, order: Order, without: Bad, claims: pa.Array, first: int) -> None:
        """Raises ``ClaimError`` for the first row of the batch that comes too late; its first row is ``first``."""
        at = disorder(ids, order, without)
        if at < 0 and ids is not None:
            stated = np.arange(len(ids)) if without is None else np.flatnonzero(~without)
            if len(stated):
                head, tail = _comparable(ids[int(stated[0])]), _comparable(ids[int(stated[-1])])
                at = int(stated[0]) if self.last is not None and head <= self.last else at
                self.last = tail
        if at >= 0:
            _refuse(self.scope, first + at, claims[at].as_py())


def _comparable(scalar: pa.Scalar) -> Any:
    """An id as it is ordered: texts by their bytes, as whole numbers by their value."""
    value = scalar.as_py()
    return value.encode() if isinstance(value, str) else value


def _refuse(scope: str, row: int, claim: object) -> NoReturn:
    by = f"{scope}, then day and sequence" if scope else "day and sequence"
    text = f"row {row + 1:,} (claim {quoted(masked(str(claim)))}) stands behind rows that it should stand before"
    hint = "sort the source, or let it be sorted: `sort=True`"
    raise ClaimError(Diagnostic("E706", text, None, f"rows in the ascending order of {by}", hint, record="the source"))
