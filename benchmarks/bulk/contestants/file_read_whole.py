"""pyarrow: a bare read of the columns into one table, by its own threads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from benchmarks.bulk.claims import Array
from benchmarks.bulk.contestants.file_ours import FILE
from benchmarks.bulk.contestants.file_read import COLUMNS

PACKAGES = ("pyarrow",)
FROM_FILES = True


def ready(folder: Path) -> Callable[[], int]:
    return lambda: len(pq.read_table(folder / FILE, columns=COLUMNS, use_threads=True))


def answers(result: int) -> Array:
    return np.array([result])
