"""How long a fresh process takes: to import, to load a rule set, to settle its first claim."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

ROUNDS = 9
RULESET = "cn/shanxi/136"

TIMED = """
import time
wall, used = time.perf_counter(), time.process_time()
{0}
print(time.perf_counter() - wall, time.process_time() - used)
"""
IMPORT = TIMED.format("import policyengine")
IMPORT_ALL = TIMED.format("from policyengine import Claim, load, settle")
LOAD = "from policyengine import load" + TIMED.format(f"load({RULESET!r})")
CHECK = "from benchmarks.reading import checked, largest\nplace = largest()\n" + TIMED.format("checked(place)")
LARGE = """
import tempfile, pathlib
from benchmarks.reading import checked, province
folder = tempfile.TemporaryDirectory()
place = province(pathlib.Path(folder.name))
""" + TIMED.format("checked(place)")
FIRST = f"""
from policyengine import Claim, load, settle
claim = Claim.model_validate({{
    "id": "c1",
    "person": {{"id": "p1", "scheme": "resident", "tags": ["registered_poor"]}},
    "encounter": {{"care_type": "inpatient", "admission_date": "2018-03-01", "discharge_date": "2018-03-12",
        "area": "within_county", "hospital": {{"grade": "secondary_a", "tier": "county"}}}},
    "lines": [{{"category": "treatment", "catalogue_class": "a", "amount": "27000.00"}}],
}})
print(settle(load({RULESET!r}), claim).split)
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """Milliseconds: on the clock, and of processor time, which other work on the machine hardly changes."""

    wall: float
    used: float


def inside(code: str) -> Taken:
    """Medians of what a fresh process reports about a part of itself; the first run warms the caches up."""
    return _medians([tuple(float(word) for word in _run(code).split()) for _ in range(ROUNDS + 1)])


def whole(code: str) -> Taken:
    """Medians for a whole process, from its start to its end."""
    found = []
    for _ in range(ROUNDS + 1):
        before, start = _children(), time.perf_counter()
        _run(code)
        found.append((time.perf_counter() - start, _children() - before))
    return _medians(found)


def _medians(found: Sequence[tuple[float, ...]]) -> Taken:
    wall, used = zip(*found[1:], strict=True)
    return Taken(statistics.median(wall) * 1000, statistics.median(used) * 1000)


def _children() -> float:
    """Processor seconds of all finished child processes."""
    times = os.times()
    return times.children_user + times.children_system


def _run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
