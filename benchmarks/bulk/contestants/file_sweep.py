"""This library: 21 values of the basic ceiling in one pass over the file; what follows from the claims alone is made
once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.bulk.claims import LEVELS, Array
from benchmarks.bulk.contestants import ours_arrow, year_ours
from benchmarks.bulk.contestants.file_ours import FILE, THREADS, sums_of
from benchmarks.bulk.contestants.yearly import PAYERS
from policyengine import load
from policyengine.bulk import Batch, open_claims
from policyengine.mass import Bulk, worked

PACKAGES = ours_arrow.PACKAGES
FROM_FILES = True
POINTS = 21
STATED = "80000元"


def ready(folder: Path) -> Callable[[], Array]:
    text = (year_ours.POLICY / "ruleset.yaml").read_text(encoding="utf-8")
    bulks = []
    for point in range(POINTS):
        file = folder / f"point{point}" / "ruleset.yaml"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text.replace(STATED, f"{40_000 + 4_000 * point}元"), encoding="utf-8")
        bulks.append(Bulk(load(file), only=PAYERS))
    return lambda: swept(bulks, folder / FILE)


def swept(bulks: list[Bulk], file: Path) -> Array:
    """By point, payer and level."""

    def work(batch: Batch) -> Array:
        given = bulks[0].prepared(batch)
        return np.stack([sums_of(batch, bulk.settle(given).amounts) for bulk in bulks])

    sums = np.zeros((len(bulks), len(PAYERS), len(LEVELS)), dtype=np.int64)
    for _, more in worked(open_claims(file, bulks[0].book, ours_arrow.MAPPING).batches(), work, THREADS):
        sums += more
    return sums


def answers(result: Array) -> Array:
    return result
