"""Reading ahead: the next batch is fetched while this one is worked on."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def ahead(items: Iterator[T]) -> Iterator[T]:
    """The items, of which one more than is asked for is fetched by a thread of its own. What fetching it raises is
    raised when it is asked for."""
    with ThreadPoolExecutor(1, "reading ahead") as pool:
        coming = pool.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = pool.submit(next, items, None)
            yield item
