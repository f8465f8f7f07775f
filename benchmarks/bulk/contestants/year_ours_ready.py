"""This library: ``Bulk.settle`` over batches prepared beforehand, as every further reform or point of a sweep costs, by
two worker threads."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from benchmarks.bulk.claims import Array, Arrays
from benchmarks.bulk.contestants.ours import SIZE, THREADS
from benchmarks.bulk.contestants.year_ours import PACKAGES, POLICY, answers, batch
from benchmarks.bulk.contestants.yearly import PAYERS
from policyengine import load
from policyengine.mass import Bulk, worked
from policyengine.mass.prepared import Prepared

__all__ = ["PACKAGES", "answers", "ready"]


def ready(claims: Arrays, threads: int = THREADS) -> Callable[[], list[Mapping[str, Array]]]:
    bulk = Bulk(load(POLICY), only=PAYERS)
    given = [bulk.prepared(batch(part)) for part in claims.pieces(SIZE)]

    def settled(one: Prepared) -> Mapping[str, Array]:
        found = bulk.settle(one)
        assert not found.status.any(), "every claim is settled"
        return found.amounts

    return lambda: [amounts for _, amounts in worked(given, settled, threads)]
