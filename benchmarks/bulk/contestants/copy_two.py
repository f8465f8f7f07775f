"""What the machine can move: two threads copy arrays that no cache holds. A claim is eight bytes here."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from benchmarks.bulk.claims import Array, Arrays

PACKAGES = ("numpy",)
BYTES = 256 << 20
"""Read by each thread, and as many written."""
MOVED = 2 * 2 * BYTES


def ready(claims: Arrays) -> Callable[[], Array]:
    pool = ThreadPoolExecutor(2)
    each = [(np.ones(BYTES // 8, dtype=np.int64), np.zeros(BYTES // 8, dtype=np.int64)) for _ in range(2)]

    def copied(pair: tuple[Array, Array]) -> None:
        np.copyto(pair[1], pair[0])

    def job() -> Array:
        list(pool.map(copied, each))
        return each[0][1][: len(claims)]

    return job


def answers(result: Array) -> Array:
    return result
