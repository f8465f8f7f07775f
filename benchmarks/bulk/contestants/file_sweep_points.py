"""This library: ``sweep_claims`` over 21 values of the basic ceiling: groups, digests, people at the ceiling."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.bulk.claims import LEVELS, Array
from benchmarks.bulk.contestants import ours_arrow, year_ours
from benchmarks.bulk.contestants.file_ours import FILE, THREADS
from benchmarks.bulk.contestants.yearly import PAYERS
from policyengine import load
from policyengine.rulebook import locate
from policyengine.sweep import Curve, Reading, lever_at, sweep_claims, sweep_range
from policyengine.sweep.family import ruleset_at

PACKAGES = ours_arrow.PACKAGES
FROM_FILES = True
RANGE = "40000:120000:4000"


def ready(folder: Path, values: str = RANGE) -> Callable[[], Curve]:
    ruleset = ruleset_at(locate(year_ours.POLICY))
    book, axes = load(year_ours.POLICY), [sweep_range(lever_at(ruleset, "ceiling"), values)]
    reading = Reading(folder / FILE, ours_arrow.MAPPING, threads=THREADS)
    return lambda: sweep_claims(book, ruleset, axes, reading, group_by=("hospital_level",))


def answers(result: Curve) -> Array:
    """By point, payer and level."""
    tallies = [tally.groups for tally in result.points.values()]
    sums = [[[groups[level,].amounts.get(name, 0) for level in LEVELS] for name in PAYERS] for groups in tallies]
    return np.array(sums, dtype=np.int64)
