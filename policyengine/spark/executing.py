"""What runs on the executors: the claims of one partition, as Arrow brings them, through the kernels of a rule set.

Record batches come cut anywhere. A scope that is still open waits for the next one; order and partition are checked,
never mended.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyspark import TaskContext

from policyengine.backends.kernel import Status
from policyengine.bulk import Batch, open_claims
from policyengine.claim import masked, quoted
from policyengine.errors import ClaimError, Diagnostic
from policyengine.mass import Settled
from policyengine.mass.refused import WORDS, Explaining
from policyengine.spark.columns import OWN, column_of
from policyengine.spark.shipping import Order, Shipment, Work, opened

SIZE: Final = 1 << 16
"""Claims that are settled at a time, unless a scope has more."""
Array = NDArray[Any]
_CODES: Final = {status: code for status, (code, _) in WORDS.items()}
_REASONS: Final = {status: text for status, (_, text) in WORDS.items()}
_STATUSES: Final = pa.array([status.name.lower() for status in Status], pa.string())


@dataclass(frozen=True, slots=True)
class Settling:
    """Settles the claims of a partition: what Spark calls on the executors."""

    shipment: Shipment

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        task = TaskContext.get()
        assert task is not None, "an executor runs tasks"
        return settled(opened(self.shipment), batches, task.partitionId())


def settled(work: Work, batches: Iterator[pa.RecordBatch], partition: int) -> Iterator[pa.RecordBatch]:
    """The claims of partition number ``partition``, settled: as many rows as came, in their order. Raises
    ``ClaimError`` for rows that are out of order or belong in another partition."""
    arrived = Arrived(work.order, batches, partition)
    rows = iter(arrived)
    first = next(rows, None)
    if first is None:
        return
    stream = pa.RecordBatchReader.from_batches(first.schema, chain([first], rows))
    claims = open_claims(stream, work.book, work.order.mapping)
    bulk = work.bulk
    explaining = Explaining(work.book, claims.scope, bulk.parameters, bulk.known_on, bulk.allow_draft)
    for batch in claims.batches(SIZE):
        kept = arrived.taken(len(batch))
        arrived.require_at_home(kept, batch)
        found = bulk.settle(batch)
        yield _result(work.order, kept, found, _Why.of(explaining, batch, found.status), bulk.outputs)


@dataclass(slots=True)
class Arrived:
    """The record batches of a partition under the names of their columns. The columns that are handed on wait here
    until their claims are settled."""

    order: Order
    batches: Iterator[pa.RecordBatch]
    partition: int
    waiting: list[pa.RecordBatch] = field(default_factory=list)

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        aside = [self.order.names.index(name) for name in self._aside]
        for batch in self.batches:
            if len(batch):
                self._require_partition(batch)
                self.waiting.append(pa.RecordBatch.from_arrays([batch.column(at) for at in aside], self._aside))
                yield self._named(batch)

    @property
    def _aside(self) -> list[str]:
        return list(dict.fromkeys(name for name in (*self.order.keep, self.order.moved) if name))

    def _named(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        own = (self.order.homes, self.order.moved)
        fields = [
            _field(name, array.type, self.order.units)
            for name, array in zip(self.order.names, batch.columns, strict=True)
        ]
        chosen = [(f, a) for f, a in zip(fields, batch.columns, strict=True) if f.name not in own]
        return pa.RecordBatch.from_arrays([a for _, a in chosen], schema=pa.schema([f for f, _ in chosen]))

    def _require_partition(self, batch: pa.RecordBatch) -> None:
        homes = batch.column(self.order.names.index(self.order.homes)).to_numpy()
        if (homes != self.partition).any():
            text = f"claims stand in partition {self.partition} that belong in another one"
            hint = "leave `arranged` out: the claims are then brought together"
            expected = "all claims that wait for each other in one partition"
            raise ClaimError(Diagnostic("E772", text, None, expected, hint, record="the DataFrame"))

    def taken(self, count: int) -> pa.RecordBatch:
        """The columns that are handed on of the next claims."""
        parts = list[pa.RecordBatch]()
        while count:
            head = self.waiting[0]
            parts.append(head.slice(0, count))
            count -= len(parts[-1])
            self.waiting[:1] = [head.slice(len(parts[-1]))] if len(parts[-1]) < len(head) else []
        return pa.concat_batches(parts) if len(parts) > 1 else parts[0]

    def require_at_home(self, kept: pa.RecordBatch, batch: Batch) -> None:
        """Raises ``ClaimError`` if the person of a claim has claims in another household, too."""
        if not self.order.moved:
            return
        moved = np.flatnonzero(kept.column(self.order.moved).fill_null(False).to_numpy(zero_copy_only=False))
        sound = [int(at) for at in moved if int(at) not in batch.rejects]
        if sound:
            claim = quoted(masked(str(batch.ids[sound[0]].as_py())))
            text = f"claim {claim}: the person belongs to another household, too"
            raise ClaimError(Diagnostic("E707", text, None, "one household for each person", record="the DataFrame"))


def _field(name: str, kind: pa.DataType, units: Mapping[str, str]) -> pa.Field:
    return pa.field(name, kind, metadata={"unit": units[name]} if name in units else None)


@dataclass(frozen=True, slots=True)
class _Why:
    """Why claims are not settled. ``own``: reasons of single claims, by position; ``status``: for all others says why
    in general, as a simulation says it."""

    own: Mapping[int, Diagnostic]
    status: Array

    @classmethod
    def of(cls, explaining: Explaining, batch: Batch, status: Array) -> _Why:
        """The first claims that are not settled are looked at one by one."""
        left = max(explaining.left, 0)
        others = np.flatnonzero(status != Status.SETTLED)[: left + len(batch.rejects)]
        asked = np.zeros_like(status)
        asked[others] = status[others]
        own = explaining.reasons(batch, asked)
        general = status.copy()
        general[list(own)] = Status.SETTLED
        return cls(own, general)

    def texts(self, part: str, general: Mapping[Status, str]) -> pa.Array:
        """A text for each claim that is not settled, nothing for the others."""
        said = [general.get(status) for status in Status]
        words = pa.array([*said, *(getattr(reason, part) for reason in self.own.values())], pa.string())
        positions = self.status.astype(np.int32)
        positions[list(self.own)] = np.arange(len(said), len(words))
        return words.take(pa.array(positions))


def _result(order: Order, kept: pa.RecordBatch, found: Settled, why: _Why, outputs: tuple[str, ...]) -> pa.RecordBatch:
    status = pa.DictionaryArray.from_arrays(pa.array(found.status.astype(np.int8)), _STATUSES).cast(pa.string())
    own = (status, why.texts("code", _CODES), why.texts("message", _REASONS))
    columns: dict[str, Any] = {"id": kept.column(order.keep[0]), **dict(zip(OWN, own, strict=True))}
    columns |= {column_of(name): pa.array(found.amounts[name], pa.int64()) for name in outputs}
    columns |= {name: kept.column(name) for name in order.keep[1:]}
    return pa.RecordBatch.from_arrays(list(columns.values()), list(columns))
