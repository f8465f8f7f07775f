"""This library: a table of Arrow, checked and read as any source, settled by two worker threads."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from benchmarks.bulk.claims import LEVELS, Array, Arrays
from benchmarks.bulk.contestants.ours import POLICY, THREADS, answers
from policyengine import load
from policyengine.bulk import Batch, ColumnMap, Stated, open_claims
from policyengine.mass import Bulk, worked

__all__ = ["PACKAGES", "answers", "ready"]
PACKAGES = ("reimbursement-policyengine", "pyarrow")


def ready(claims: Arrays) -> Callable[[], list[Array]]:
    book = load(POLICY)
    bulk = Bulk(book, only=("pooled_fund",))

    def settled(batch: Batch) -> Array:
        found = bulk.settle(batch)
        assert not found.status.any(), "every claim is settled"
        return found.amounts["pooled_fund"]

    def job() -> list[Array]:
        batches = open_claims(table(claims), book, MAPPING).batches()
        return [amounts for _, amounts in worked(batches, settled, THREADS)]

    return job


MAPPING = ColumnMap(
    "arrays",
    {
        **{name: Stated(name) for name in ("id", "person_id", "discharge_date", "hospital_level", "registered_poor")},
        "care_type": Stated(constant="inpatient"),
    },
    ({"amount": Stated("amount", unit="minor"), "category": Stated(constant="treatment")},),
)


def table(claims: Arrays, first: int = 0) -> pa.Table:
    columns = {
        "id": pa.array(np.arange(first, first + len(claims))),
        "person_id": pa.array(claims.person),
        "discharge_date": pa.array(claims.day).cast(pa.date32()),
        "hospital_level": pa.DictionaryArray.from_arrays(claims.level, list(LEVELS)),
        "registered_poor": pa.array(claims.poor),
        "amount": pa.array(claims.amount),
    }
    return pa.table(columns)
