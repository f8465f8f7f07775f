"""How long the first process waits that meets a rule set, and every process after it."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass

from benchmarks.bulk import words as told
from benchmarks.bulk.venvs import ROOT

LARGEST = "cn/heilongjiang/shuangyashan/raohe"
COLD, WARM = 3, 5
CODE = f"""
import json, time
start = time.perf_counter()
from policyengine import cache, load
from policyengine.backends.kernel import kernel_of
from policyengine.mass import Bulk, standard_outputs
imported = time.perf_counter()
bulk = Bulk(load({LARGEST!r}))
loaded = time.perf_counter()
programs = bulk.book.edition_on(None).programs
for program in programs:
    kernel_of(program, standard_outputs(program), folder=cache.folder())
compiled = time.perf_counter()
from benchmarks.bulk.claims import drawn
from benchmarks.bulk.contestants import year_ours
year_ours.ready(drawn(1000))()
done = time.perf_counter()
print(json.dumps([imported - start, loaded - imported, compiled - loaded, done - compiled, len(programs)]))
"""


@dataclass(frozen=True, slots=True)
class Waited:
    """Seconds: to import, to load, for the kernels of all versions, and for a first small batch of another rule set,
    with the functions that all rule sets share."""

    imported: float
    loaded: float
    kernels: float
    batch: float
    versions: int

    @property
    def ready(self) -> float:
        """Until the kernels of all versions are there, imports left apart."""
        return self.loaded + self.kernels


def measured() -> tuple[Waited, Waited]:
    """Medians: with caches that are empty, and by further processes."""
    cold, warm = [], []
    for _ in range(COLD):
        with tempfile.TemporaryDirectory() as folder:
            cold.append(_run(folder))
            warm += [_run(folder) for _ in range(WARM)][-WARM // COLD - 1 :]
    return _median(cold), _median(warm)


def _run(folder: str) -> list[float]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "POLICYENGINE_CACHE": folder, "NUMBA_CACHE_DIR": folder}
    done = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, text=True, cwd=ROOT, env=environment, check=True
    )
    found: list[float] = json.loads(done.stdout)
    return found


def _median(found: list[list[float]]) -> Waited:
    imported, loaded, kernels, batch, versions = map(statistics.median, zip(*found, strict=True))
    return Waited(imported, loaded, kernels, batch, int(versions))


def words(cold: Waited, warm: Waited) -> str:
    head = ("seconds, medians", "import", "load", "kernels of all versions", "first batch of another rule set")
    rows = [
        (name, *(f"{value:.2f}" for value in (one.imported, one.loaded, one.kernels, one.batch)))
        for name, one in (("first process, empty caches", cold), ("a later process", warm))
    ]
    bars = [
        told.bar("rule set and kernels, first process", cold.ready, 20, "s", most=True),
        told.bar("rule set and kernels, a later process", warm.ready, 1, "s", most=True),
        told.bar(
            "a later process, imports and a first batch with it", warm.ready + warm.imported + warm.batch, None, "s"
        ),
    ]
    return f"""## The first wait

The largest bundled rule set, `{LARGEST}`: {cold.versions} versions, all standard outputs.

{told.table(head, rows)}

{told.bars(bars)}"""
