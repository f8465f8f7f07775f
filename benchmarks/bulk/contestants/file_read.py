"""pyarrow: a bare read of the columns, batch by batch as they are needed, by its own threads; nothing is done with
them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from benchmarks.bulk.claims import Array
from benchmarks.bulk.contestants.file_ours import FILE
from policyengine.bulk import BATCH

PACKAGES = ("pyarrow",)
FROM_FILES = True
COLUMNS = ["id", "person_id", "discharge_date", "hospital_level", "registered_poor", "amount"]


def ready(folder: Path) -> Callable[[], int]:
    def job() -> int:
        with pq.ParquetFile(folder / FILE) as file:
            return sum(map(len, file.iter_batches(BATCH, columns=COLUMNS, use_threads=True)))

    return job


def answers(result: int) -> Array:
    return np.array([result])
