"""Every diagnostic code: what it means, what causes it, how to cure it. `policyengine explain CODE` prints this."""

from policyengine.codes import (
    authors,
    bulk,
    casefiles,
    checks,
    claims,
    courses,
    difference,
    guards,
    lawfiles,
    lines,
    literals,
    overlays,
    pages,
    persons,
    portions,
    reading,
    rules,
    runs,
    settlements,
    simulate,
    spark,
    sweeps,
    synth,
    time,
    warnings,
    windows,
)
from policyengine.codes.base import Code
from policyengine.codes.said import SAID

_STAGES = (
    reading, literals, rules, lines, portions, checks, warnings, claims, settlements, runs, casefiles, time, windows,
    authors, pages, bulk, synth, simulate, spark, sweeps, lawfiles, difference, courses, guards, overlays, persons,
)  # fmt: skip
CODES: dict[str, Code] = dict(sorted(item for stage in _STAGES for item in stage.CODES.items()))

__all__ = ["CODES", "SAID", "Code"]
