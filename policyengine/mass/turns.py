"""Claims whose fee lines are settled one after the other: each line is a claim of one line, on its own day.

A claim is settled as a whole or not at all. A line that is refused therefore takes back what the lines before it left
on the accumulators: the run is begun again without that claim, until no further claim is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policyengine.backends.kernel import Status
from policyengine.bulk.batch import Batch, Codes, Column, Days, Flags, Ids, Numbers, one_each
from policyengine.ir import NO_DAY
from policyengine.mass.prepared import Prepared
from policyengine.mass.readings import sums_of
from policyengine.mass.running import Run

Array = NDArray[Any]


def lines_of(given: Prepared, by: str) -> Prepared:
    """The lines of the claims, in the order of their settlement: of their days, or as they stand in the claim. A claim
    of which only some lines state their day is bad."""
    batch = given.batch
    counts = np.diff(batch.offsets)
    owner = np.repeat(np.arange(len(batch)), counts)
    stated = batch.lines.get("line_date")
    days = stated.values if isinstance(stated, Days) else np.full(len(owner), NO_DAY, dtype=np.int32)
    dated = sums_of(batch, (days != NO_DAY).astype(np.int64))
    status = np.where((dated > 0) & (dated < counts) & (given.status == 0), Status.BAD, given.status).astype(np.uint8)
    order = np.lexsort((np.arange(len(owner)), days, owner)) if by == "service_date" else np.arange(len(owner))
    claims: dict[str, Column] = {name: _expanded(column, owner) for name, column in batch.claims.items()}
    claims["total_charge"] = Numbers(sums_of(batch, _amounts(batch))[owner])
    expanded = replace(batch, ids=batch.ids.take(owner), claims=claims, offsets=one_each(len(owner)), rejects={})
    counted_on = np.where(days != NO_DAY, days, given.counted_on[owner])
    return Prepared(expanded, given.days[owner], counted_on, given.who[owner], status[owner], order)


def _amounts(batch: Batch) -> Array:
    amounts = batch.lines["amount"]
    assert isinstance(amounts, Numbers)
    return amounts.values


def _expanded(column: Column, owner: Array) -> Column:
    """A fact of the claim beside each of its lines."""
    match column:
        case Codes(positions=positions):
            return replace(column, positions=positions[owner])
        case Numbers() | Flags():
            stated = None if column.stated is None else column.stated[owner]
            return replace(column, values=column.values[owner], stated=stated)  # type: ignore[arg-type]
        case Days(values=values):
            return Days(values[owner])
        case Ids(numbers=numbers, texts=texts):
            return Ids(numbers[owner], texts.take(owner))


def settled_whole(
    given: Prepared, lines: Prepared, run: Callable[[Array], Run], scope: Array
) -> tuple[Array, Mapping[str, Array]]:
    """The status and the amounts of the claims. ``run``: runs the lines, with those refused that are known to be.
    ``scope``: whose accumulators a claim can touch; of each, one claim is found out at a time."""
    owner = np.repeat(np.arange(given.size), np.diff(given.batch.offsets))
    assert lines.order is not None
    found = np.where((given.status == Status.SETTLED) & (np.diff(given.batch.offsets) == 0), Status.BAD, given.status)
    refused = lines.status.copy()
    found[owner[refused != Status.SETTLED]] = refused[refused != Status.SETTLED]
    while True:
        done = run(refused)
        wrong = _failed(done.status, refused, lines.order)
        if not len(wrong):
            break
        claims = owner[wrong]
        _, first = np.unique(scope[claims], return_index=True)
        for at in first.tolist():
            status = Status(int(done.status[wrong[at]]))
            found[claims[at]] = status
            refused[owner == claims[at]] = Status.BAD if status.is_missed else Status.PASSED
    waiting = np.zeros(given.size, dtype=np.bool_)
    waiting[owner[done.status == Status.WAITING]] = True
    found = np.where(waiting & (found == Status.SETTLED), Status.WAITING, found).astype(np.uint8)
    return found, {name: sums_of(given.batch, amounts) for name, amounts in done.amounts.items()}


def _failed(status: Array, refused: Array, order: Array) -> Array:
    """Lines that were not settled and were not known not to be, in the order of settlement."""
    failed = (status != Status.SETTLED) & (status != Status.WAITING) & (refused == Status.SETTLED)
    found: Array = order[failed[order]]
    return found
