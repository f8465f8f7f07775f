"""The loop of ``year_numba`` by two threads, each over one half of the people."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from benchmarks.bulk.claims import Array, Arrays
from benchmarks.bulk.contestants.year_numba import PACKAGES, answers, run

__all__ = ["PACKAGES", "answers", "ready"]


def ready(claims: Arrays) -> Callable[[], list[Array]]:
    pool = ThreadPoolExecutor(2)
    parts = claims.pieces((len(claims) + 1) // 2)
    assert sum(map(len, parts)) == len(claims), "the parts are the whole"

    def job() -> list[Array]:
        found = [np.empty(len(claims), dtype=np.int64) for _ in range(4)]
        start, waiting = 0, []
        for part in parts:
            mine = [one[start : start + len(part)] for one in found]
            waiting.append(pool.submit(run, part, mine))
            start += len(part)
        for one in waiting:
            one.result()
        return found

    return job
