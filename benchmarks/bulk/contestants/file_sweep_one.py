"""As ``file_sweep_points``, a single value."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from benchmarks.bulk.contestants.file_sweep_points import FROM_FILES, PACKAGES, answers
from benchmarks.bulk.contestants.file_sweep_points import ready as ready_for
from policyengine.sweep import Curve

__all__ = ["FROM_FILES", "PACKAGES", "answers", "ready"]


def ready(folder: Path) -> Callable[[], Curve]:
    return ready_for(folder, "80000:80000:4000")
