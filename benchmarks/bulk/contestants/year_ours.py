"""This library: plain arrays cut into batches where a person ends, made and settled by two worker threads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa

from benchmarks.bulk.claims import Array, Arrays
from benchmarks.bulk.contestants import ours
from benchmarks.bulk.contestants.ours import SIZE, THREADS
from benchmarks.bulk.contestants.yearly import PAYERS
from policyengine import load
from policyengine.bulk import Batch, ids_of
from policyengine.mass import Bulk, worked

PACKAGES = ours.PACKAGES
POLICY = Path(__file__).parents[2] / "policy_year"


def ready(claims: Arrays) -> Callable[[], list[Mapping[str, Array]]]:
    bulk = Bulk(load(POLICY), only=PAYERS)
    parts = claims.pieces(SIZE)

    def settled(part: Arrays) -> Mapping[str, Array]:
        found = bulk.settle(batch(part))
        assert not found.status.any(), "every claim is settled"
        return found.amounts

    return lambda: [amounts for _, amounts in worked(parts, settled, THREADS)]


def batch(claims: Arrays) -> Batch:
    made = ours.batch(claims, 0)
    return Batch(made.first, made.ids, {**made.claims, "person_id": ids_of(pa.array(claims.person))},
                 made.offsets, made.lines)  # fmt: skip


def answers(result: list[Mapping[str, Array]]) -> Array:
    return np.concatenate([np.stack([amounts[name] for name in PAYERS], axis=1) for amounts in result])
