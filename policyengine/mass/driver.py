"""Batches through worker threads: results come back in the order of the batches, few batches are in memory at once."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def worked(batches: Iterable[T], work: Callable[[T], R], threads: int | None = None) -> Iterator[tuple[T, R]]:
    """Each batch with what ``work`` makes of it, in order. At most one batch more than there are threads is waiting, so
    that memory stays bounded. ``threads``: by default one a processor that this process may use. What ``work`` or the
    source raises is raised here; what had been begun is finished first."""
    count = threads or len(os.sched_getaffinity(0))
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
