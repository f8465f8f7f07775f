"""This library: plain arrays cut into batches, made and settled by two worker threads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa

from benchmarks.bulk.claims import LEVELS, Array, Arrays
from policyengine import load
from policyengine.bulk import Batch, Codes, Days, Flags, Numbers, batch_of
from policyengine.mass import Bulk, worked

PACKAGES = ("reimbursement-policyengine", "llvmlite", "numba", "pyarrow", "numpy")
POLICY = Path(__file__).parents[2] / "policy"
SIZE = 1 << 19
THREADS = 2


def ready(claims: Arrays) -> Callable[[], list[Array]]:
    bulk = Bulk(load(POLICY), only=("pooled_fund",))

    def settled(start: int) -> Array:
        found = bulk.settle(batch(claims.part(start, start + SIZE), start))
        assert not found.status.any(), "every claim is settled"
        return found.amounts["pooled_fund"]

    def job() -> list[Array]:
        return [amounts for _, amounts in worked(range(0, len(claims), SIZE), settled, THREADS)]

    return job


def batch(claims: Arrays, first: int) -> Batch:
    """Claims as the library wants them: ids and fee lines with them."""
    columns = {
        "discharge_date": Days(claims.day),
        "hospital_level": Codes(claims.level.astype(np.int32), LEVELS),
        "registered_poor": Flags(claims.poor),
    }
    ids = pa.array(np.arange(first, first + len(claims)))
    return batch_of(ids, columns, {"amount": Numbers(claims.amount)}, first=first)


def answers(result: list[Array]) -> Array:
    return np.concatenate(result)
