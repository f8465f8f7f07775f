"""As ``year_ours_ready``, by one thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from benchmarks.bulk.claims import Array, Arrays
from benchmarks.bulk.contestants.year_ours_ready import PACKAGES, answers
from benchmarks.bulk.contestants.year_ours_ready import ready as ready_for

__all__ = ["PACKAGES", "answers", "ready"]


def ready(claims: Arrays) -> Callable[[], list[Mapping[str, Array]]]:
    return ready_for(claims, 1)
