"""This library: from a Parquet file, every row checked, to totals by group and the digest of the results."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.bulk.claims import LEVELS, Array
from benchmarks.bulk.contestants import ours_arrow, year_ours
from benchmarks.bulk.contestants.yearly import PAYERS
from policyengine import load
from policyengine.bulk import Batch, Codes, open_claims
from policyengine.mass import Bulk, Digest, digest_of, worked
from policyengine.mass.sums import sums_by

PACKAGES = ours_arrow.PACKAGES
FROM_FILES = True
FILE = "claims.parquet"
THREADS = year_ours.THREADS


@dataclass(frozen=True, slots=True)
class Totals:
    """By payer and level of the hospital."""

    claims: int
    sums: Array
    digest: Digest


def ready(folder: Path) -> Callable[[], Totals]:
    bulk = Bulk(load(year_ours.POLICY), only=PAYERS)
    return lambda: totals(bulk, folder / FILE)


def totals(bulk: Bulk, file: Path) -> Totals:
    def work(batch: Batch) -> tuple[Array, Digest]:
        found = bulk.settle(batch)
        assert not found.status.any(), "every claim is settled"
        return sums_of(batch, found.amounts), digest_of(batch.keys, found.status, found.amounts)

    claims, sums, digest = 0, np.zeros((len(PAYERS), len(LEVELS)), dtype=np.int64), Digest()
    batches = open_claims(file, bulk.book, ours_arrow.MAPPING).batches()
    for batch, (more, other) in worked(batches, work, THREADS):
        claims, sums, digest = claims + len(batch), sums + more, digest + other
    return Totals(claims, sums, digest)


def sums_of(batch: Batch, amounts: Mapping[str, Array]) -> Array:
    """By payer and level; levels in the order of LEVELS, however the file orders its words."""
    column = batch.claims["hospital_level"]
    assert isinstance(column, Codes)
    places = np.array([LEVELS.index(word) for word in column.words])
    found = np.zeros((len(PAYERS), len(LEVELS)), dtype=np.int64)
    for row, name in enumerate(PAYERS):
        found[row, places] += sums_by(column.positions, amounts[name], len(places))
    return found


def answers(result: Totals) -> Array:
    return result.sums
