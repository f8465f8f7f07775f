"""This library: batches made beforehand, settled by two worker threads."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.bulk.claims import Array, Arrays
from benchmarks.bulk.contestants.ours import PACKAGES, POLICY, SIZE, THREADS, answers, batch
from policyengine import load
from policyengine.bulk import Batch
from policyengine.mass import Bulk, worked

__all__ = ["PACKAGES", "answers", "ready"]


def ready(claims: Arrays) -> Callable[[], list[Array]]:
    bulk = Bulk(load(POLICY), only=("pooled_fund",))
    batches = [batch(claims.part(start, start + SIZE), start) for start in range(0, len(claims), SIZE)]

    def settled(one: Batch) -> Array:
        found = bulk.settle(one)
        assert not found.status.any(), "every claim is settled"
        return found.amounts["pooled_fund"]

    return lambda: [amounts for _, amounts in worked(batches, settled, THREADS)]
