"""Timing: one core, rounds in turn, medians."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

ROUNDS = 7


@dataclass(frozen=True, slots=True)
class Measure:
    """Claims a second in each round after the warm-up."""

    rates: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.rates)

    @property
    def spread(self) -> str:
        return f"{min(self.rates):,.0f} – {max(self.rates):,.0f}"


def one_core() -> str:
    """Keep this process, and every thread it starts, on one core; says how."""
    if hasattr(os, "sched_setaffinity"):
        core = min(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {core})
        return "pinned to one core"
    return "not pinned: this system has no core affinity"


def busy() -> str:
    """How busy the machine is with other work, for whoever reads the figures."""
    if not hasattr(os, "getloadavg"):
        return "load of the machine unknown"
    return f"load of the machine before the run {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"


def in_turn(jobs: Mapping[str, tuple[Callable[[list[Any]], None], list[Any]]]) -> dict[str, Measure]:
    """Every job over its inputs once to warm up, then ``ROUNDS`` times, one after the other within each round."""
    rates: dict[str, list[float]] = {name: [] for name in jobs}
    for number in range(ROUNDS + 1):
        for name, (job, inputs) in jobs.items():
            start = time.perf_counter()
            job(inputs)
            taken = time.perf_counter() - start
            if number:
                rates[name].append(len(inputs) / taken)
    return {name: Measure(tuple(found)) for name, found in rates.items()}
