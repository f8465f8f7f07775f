"""A table of claims settled: the same kind of table, with what each payer bears of each claim."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from policyengine.backends.kernel import Status
from policyengine.bulk import Batch, ColumnMap, open_claims
from policyengine.bulk.frames import like
from policyengine.bulk.writing import amounts
from policyengine.errors import Diagnostic
from policyengine.mass import Bulk, Settled, worked
from policyengine.mass.refused import Explaining
from policyengine.money import exponent_of
from policyengine.rulebook import Rulebook

Array = NDArray[Any]


def settle_table(
    claims: Any, ruleset: Rulebook, mapping: ColumnMap | Path | str | None = None, *, lines: Any = None,
    parameters: Mapping[str, object] | None = None, only: Sequence[str] = (), known_on: datetime.date | None = None,
    allow_draft: bool = False, sort: bool = False, threads: int | None = None,
) -> Any:  # fmt: skip
    """Settle every claim of a table; a polars frame comes back for a polars frame, a pyarrow table for a file.

    One row a claim, in the order of settlement: ``id``, whether it is ``settled``, ``code`` and ``reason`` if not, and
    in whole currency units ``bill``, what each payer bears, ``patient_total``, ``patient.…`` by reason, ``grant.…`` for
    sums outside the bill; nothing of a claim that is not settled. ``only``: some of these amounts. ``claims``,
    ``mapping`` and ``lines`` as for ``bulk.open_claims``, the rest as for ``settle``. Raises ``ClaimError`` and
    ``RuleError`` as these do; a claim that is refused is a row with its reason.
    """
    bulk = Bulk(ruleset, parameters or {}, known_on, allow_draft, tuple(only))
    opened = open_claims(claims, ruleset, mapping, lines)
    telling = Explaining(ruleset, opened.scope, parameters or {}, known_on, allow_draft)
    exponent = exponent_of(bulk.versions[0].program.currency)
    tables = [
        _table(batch, settled, telling.reasons(batch, settled.status), exponent)
        for batch, settled in worked(opened.batches(sort=sort), bulk.settle, threads)
    ]
    return like(claims, pa.concat_tables(tables) if tables else _nothing(bulk, exponent))


def _table(batch: Batch, settled: Settled, refused: Mapping[int, Diagnostic], exponent: int) -> pa.Table:
    good = settled.status == Status.SETTLED
    columns: dict[str, pa.Array] = {"id": batch.ids.cast(pa.string()), "settled": pa.array(good)}
    columns["code"] = pa.array(list(_said(refused, len(batch), "code")), pa.string())
    columns["reason"] = pa.array(list(_said(refused, len(batch), "message")), pa.string())
    for name, minor in settled.amounts.items():
        columns[name] = _of_settled(minor, good, exponent)
    return pa.table(columns)


def _said(refused: Mapping[int, Diagnostic], size: int, part: str) -> Iterator[str | None]:
    return (getattr(refused[at], part) if at in refused else None for at in range(size))


def _of_settled(minor: Array, good: Array, exponent: int) -> pa.Array:
    whole = amounts(minor, exponent)
    return whole if good.all() else pc.if_else(pa.array(good), whole, pa.scalar(None, whole.type))


def _nothing(bulk: Bulk, exponent: int) -> pa.Table:
    """A table without rows, for a source without claims."""
    none = np.zeros(0, dtype=np.int64)
    texts = pa.array([], pa.string())
    named = {name: amounts(none, exponent) for name in bulk.outputs}
    return pa.table({"id": texts, "settled": pa.array([], pa.bool_()), "code": texts, "reason": texts, **named})
