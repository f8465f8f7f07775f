"""The order of claims: by scope, then day, then sequence. Checked while streaming; frames are sorted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from policyengine.bulk.batch import Ids
from policyengine.bulk.compiling import compiled
from policyengine.bulk.days import Bad
from policyengine.bulk.identity import Offsets, is_same, plain_ids, same_up_to, texts_of, whole_numbers
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


def disorder(ids: Ids | None, order: Order, without: Bad = None) -> int:
    """The first row that stands behind one that it should stand before; -1 if none does. ``without``: rows whose id is
    none, wherever they stand."""
    days, sequences, bad = order
    nobody = np.zeros(len(days), np.bool_) if without is None else without
    if ids is None:
        return int(_disorder(np.zeros(len(days), np.int64), nobody, days, sequences, bad, *_NO_TEXTS, _NO_NUMBERS))
    if pa.types.is_integer(ids.texts.type):
        found = _disorder(ids.numbers, nobody, days, sequences, bad, *_NO_TEXTS, whole_numbers(ids.texts))
    else:
        found = _disorder(ids.numbers, nobody, days, sequences, bad, *texts_of(ids.texts), _NO_NUMBERS)
    return int(found)


_NO_NUMBERS = np.zeros(0, np.int64)
_NO_TEXTS = (np.zeros(1, np.int32), np.zeros(0, np.uint8))


@compiled
def _is_after(offsets: Offsets, data: NDArray[np.uint8], numbers: NDArray[np.int64], one: int, other: int) -> bool:
    """Whether one id stands behind another: texts by their bytes, whole numbers by their value."""
    if len(numbers):
        return bool(numbers[one] > numbers[other])
    same = np.int64(same_up_to(offsets, data, one, other))
    at, other_at = offsets[one] + same, offsets[other] + same
    if other_at == offsets[other + 1]:
        return bool(at < offsets[one + 1])
    return bool(at < offsets[one + 1] and data[at] > data[other_at])


@compiled
def _disorder(
    scopes: NDArray[np.int64], nobody: NDArray[np.bool_], days: NDArray[np.int32], sequences: NDArray[np.int64],
    bad: NDArray[np.bool_], offsets: Offsets, data: NDArray[np.uint8], numbers: NDArray[np.int64],
) -> int:  # fmt: skip
    last, sound = -1, -1
    for i in range(len(days)):
        if nobody[i]:
            continue
        if last >= 0 and scopes[last] != scopes[i]:
            if _is_after(offsets, data, numbers, last, i):
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

    def require(self, ids: Ids | None, order: Order, without: Bad, claims: pa.Array, first: int) -> None:
        """Raises ``ClaimError`` for the first row of the batch that comes too late; its first row is ``first``."""
        at = disorder(ids, order, without)
        if at < 0 and ids is not None:
            stated = np.array([0, len(ids.texts) - 1]) if without is None else np.flatnonzero(~without)
            if len(stated):
                head, tail = _comparable(ids.texts[int(stated[0])]), _comparable(ids.texts[int(stated[-1])])
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
