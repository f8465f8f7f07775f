"""Fee lines in a table of their own: each beside its claim."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from policyengine.bulk.identity import keys_of
from policyengine.bulk.making import Rows
from policyengine.bulk.order import combined
from policyengine.claim import masked, quoted
from policyengine.errors import ClaimError, Diagnostic


def _texts(batch: pa.RecordBatch, name: str) -> pa.Array:
    return batch.column(name).cast(pa.string())


def _stray(row: int, claim: object) -> ClaimError:
    text = f"row {row + 1:,} of the fee lines is of the claim {quoted(masked(str(claim)))}, which does not come next"
    hint = "sort the lines in the order of the claims, and leave out those of other claims"
    return ClaimError(Diagnostic("E712", text, None, "lines in the order of the claims", hint, record="the fee lines"))


@dataclass(slots=True)
class Joined:
    """Lines that stand in the order of their claims, taken as far as the claims have come."""

    batches: Iterator[pa.RecordBatch]
    id: str
    waiting: list[pa.RecordBatch] = field(default_factory=list)
    taken: int = 0

    def of(self, claims: pa.Array) -> tuple[pa.RecordBatch | None, NDArray[np.int64]]:
        """The lines of the next claims, and where those of each begin. Raises ``ClaimError`` for a line that belongs to
        one of them but does not stand where it should."""
        ids = claims.cast(pa.string())
        while not self.waiting or _is_in(self.waiting[-1], self.id, ids):
            batch = next(self.batches, None)
            if batch is None:
                break
            self.waiting += [batch] if len(batch) else []
        if not self.waiting:
            return None, np.zeros(len(ids) + 1, np.int64)
        whole = combined(self.waiting)
        place = pc.index_in(_texts(whole, self.id), ids).fill_null(len(ids)).to_numpy().astype(np.int64)
        falls = np.flatnonzero(np.diff(place) < 0)
        if len(falls):
            at = int(falls[0]) + (place[falls[0]] < len(ids))
            raise _stray(self.taken + at, whole.column(self.id)[at].as_py())
        end = int(np.searchsorted(place, len(ids)))
        self.waiting, self.taken = [whole.slice(end)] if end < len(whole) else [], self.taken + end
        return whole.slice(0, end), np.searchsorted(place[:end], np.arange(len(ids) + 1)).astype(np.int64)

    def require_end(self) -> None:
        """Raises ``ClaimError`` for a line that no claim took."""
        left = [batch for batch in (*self.waiting, *self.batches) if len(batch)]
        if left:
            raise _stray(self.taken, left[0].column(self.id)[0].as_py())


def _is_in(batch: pa.RecordBatch, name: str, ids: pa.Array) -> bool:
    last = batch.slice(len(batch) - 1)
    return bool(pc.is_in(_texts(last, name), ids)[0].as_py())


def joined(rows: Iterator[Rows], id: str, lines: Joined) -> Iterator[Rows]:
    """Rows with their lines, both in the same order."""
    for some in rows:
        found, offsets = lines.of(some.table.column(id))
        yield some if found is None else replace(some, lines=found, offsets=offsets)
    lines.require_end()


@dataclass(slots=True)
class Lookup:
    """Lines in memory, found by the key of their claim, in whatever order they stand."""

    lines: pa.RecordBatch
    ids: pa.Array
    keys: NDArray[np.uint64]
    rows: NDArray[np.int64]
    used: NDArray[np.bool_]

    @classmethod
    def of(cls, lines: pa.RecordBatch, id: str) -> Lookup:
        ids = _texts(lines, id)
        keys = keys_of(ids)
        rows = np.argsort(keys, kind="stable")
        return cls(lines, ids, keys[rows], rows, np.zeros(len(lines), np.bool_))

    def joined(self, rows: Iterator[Rows], id: str) -> Iterator[Rows]:
        """Rows with their lines. Raises ``ClaimError`` at the end for a line that no claim took."""
        for some in rows:
            claims = _texts(some.table, id)
            wanted = keys_of(claims)
            starts = np.searchsorted(self.keys, wanted, "left")
            ends = np.searchsorted(self.keys, wanted, "right")
            counts = ends - starts
            offsets = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
            at = np.repeat(starts - offsets[:-1], counts) + np.arange(offsets[-1])
            found = self.rows[at]
            whose = np.repeat(np.arange(len(claims)), counts)
            same = pc.equal(self.ids.take(pa.array(found)), claims.take(pa.array(whose))).fill_null(False)
            assert pc.all(same).as_py() is not False, "two ids have one key"
            self.used[found] = True
            yield replace(some, lines=self.lines.take(pa.array(found)), offsets=offsets)
        left = np.flatnonzero(~self.used)
        if len(left):
            raise _stray(int(left[0]), self.ids[int(left[0])].as_py())
