"""How long a fresh process takes: to import, to load a rule set, to settle its first claim."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

ROUNDS = 9
RULESET = "cn/shanxi/136"

TIMED = "import time; start = time.perf_counter(); {0}; print((time.perf_counter() - start) * 1000)"
IMPORT = TIMED.format("import policyengine")
IMPORT_ALL = TIMED.format("from policyengine import Claim, load, settle")
LOAD = "from policyengine import load; " + TIMED.format(f"load({RULESET!r})")
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


def milliseconds_inside(code: str) -> float:
    """Median of what a fresh process reports about itself; the first run warms the caches up."""
    found = [float(_run(code)) for _ in range(ROUNDS + 1)]
    return statistics.median(found[1:])


def milliseconds_whole(code: str) -> float:
    """Median wall time of a whole process, from its start to its end."""
    found = []
    for _ in range(ROUNDS + 1):
        start = time.perf_counter()
        _run(code)
        found.append((time.perf_counter() - start) * 1000)
    return statistics.median(found[1:])


def _run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
