"""Batches through worker threads: results come back in the order of the batches, few batches are in memory at once."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import TypeVar

import numpy as np

T = TypeVar("T")
R = TypeVar("R")


@cache
def _keep_memory() -> None:
    """What a batch gives back is kept for the next one. The usual C library hands large blocks to the system and takes
    fresh ones, which costs more than settling does, until it has seen a block of this size come back."""
    np.empty((1 << 25) - (1 << 13), np.uint8)


def worked(batches: Iterable[T], work: Callable[[T], R], threads: int | None = None) -> Iterator[tuple[T, R]]:
    """Each batch with what ``work`` makes of it, in order. At most one batch more than there are threads is waiting, so
    that memory stays bounded. ``threads``: by default one a processor that this process may use. What ``work`` or the
    source raises is raised here; what had been begun is finished first."""
    count = threads or len(os.sched_getaffinity(0))
    _keep_memory()
    if count == 1:
        for batch in batches:
            yield batch, work(batch)
        return
    waiting: deque[tuple[T, Future[R]]] = deque()
    with ThreadPoolExecutor(count) as pool:
        for batch in batches:
            waiting.append((batch, pool.submit(work, batch)))
            if len(waiting) > count:
                first, done = waiting.popleft()
                yield first, done.result()
        while waiting:
            first, done = waiting.popleft()
            yield first, done.result()
