"""The figures as a page."""

from __future__ import annotations

import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median

from benchmarks.clock import ROUNDS, Measure
from benchmarks.start import ROUNDS as STARTS
from benchmarks.start import Taken


@dataclass(frozen=True, slots=True)
class Figures:
    """``wrong``: bills whose split differs from the oracle. ``load``: what else the machine did, in busy processors."""

    bills: int
    pinned: str
    wrong: Mapping[str, int]
    measured: Mapping[str, Measure]
    started: Mapping[str, Taken]
    load: str

    def ratio(self, ours: str, theirs: str) -> float:
        """Median over the rounds of the ratio within the round: what slows the machine down slows both down."""
        pairs = zip(self.measured[ours].rates, self.measured[theirs].rates, strict=True)
        return median(a / b for a, b in pairs)


ROWS = (
    ("one bill at a time, every step kept", ""),
    ("`settle`, the values of all steps kept", "settle"),
    ("`settle` and `.trace`: every step in words, with formula and citation", "settle_worded"),
    ("claim as JSON text → `Claim` → `settle`", "read_and_settle"),
    ("zen `decision.evaluate`, trace on", "decision_traced"),
    ("zen `engine.evaluate` from a static loader, trace on", "engine_traced"),
    ("many bills", ""),
    ("`settle_many`, the values of all steps kept", "settle_many"),
    ("zen `evaluate_batch`, batches of 10,000, trace off", "batches"),
    ("zen `evaluate_batch`, batches of 10,000, trace on", "batches_traced"),
    ("zen `engine.evaluate` from a static loader, trace off", "engine_untraced"),
)
RATIOS = (
    ("`settle` : zen `decision.evaluate`, trace on", "settle", "decision_traced", 10),
    ("`settle` : zen `engine.evaluate`, trace on", "settle", "engine_traced", None),
    ("`settle` and `.trace` : zen `engine.evaluate`, trace on", "settle_worded", "engine_traced", None),
    ("JSON → `Claim` → `settle` : zen `engine.evaluate`, trace on", "read_and_settle", "engine_traced", None),
    ("`settle_many` : zen `evaluate_batch`, trace off", "settle_many", "batches", 2),
    ("`settle_many` : zen `evaluate_batch`, trace on", "settle_many", "batches_traced", None),
    ("`settle_many` : zen `engine.evaluate`, trace off", "settle_many", "engine_untraced", None),
)
STARTED = (
    ("`import policyengine`", "import", 100),
    ("`from policyengine import Claim, load, settle`", "import_all", None),
    ("`load` of a bundled rule set that was loaded before by another process", "load", 50),
    ("a whole process that loads a bundled rule set and settles one claim", "first", 600),
    ("the largest bundled rule file read, lowered and checked", "check", 300),
    ("a rule file of 300 provisions, 40 tables, 60 parameters of 10 values, read, lowered and checked", "large", None),
)


def page(found: Figures) -> str:
    """RESULTS.md."""
    parts = (_head(found), _speed(found), _ratios(found), _starts(found), READING)
    return "\n\n".join(parts) + "\n"


def _head(found: Figures) -> str:
    names = ("reimbursement-policyengine", "zen-engine", "pydantic")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    ours, rival = found.wrong["ours"], found.wrong["rival"]
    return f"""# Measured

Written by `make bench`; measure again on your own machine.
{processor()}, {platform.system()}, Python {platform.python_version()}, {versions}.
One process, {found.pinned}, {found.bills:,} bills of one fee line, the policy of `benchmarks/policy`; {found.load}.
Medians of {ROUNDS} rounds after a warm-up round, all rows in turn within each round; ratios are medians of the ratios
within a round.

Bills whose split differs from plain integer arithmetic: ours **{ours}**, zen **{rival}**, of {found.bills:,}."""


def _speed(found: Figures) -> str:
    lines = ["| | bills a second, median | lowest – highest |", "|---|---:|---:|"]
    for label, name in ROWS:
        measure = found.measured.get(name)
        lines.append(
            f"| **{label}** | | |" if measure is None else f"| {label} | {measure.median:,.0f} | {measure.spread} |"
        )
    return "\n".join(lines)


def _ratios(found: Figures) -> str:
    lines = ["| ratio | measured | wanted | |", "|---|---:|---:|---|"]
    for label, ours, theirs, bar in RATIOS:
        value = found.ratio(ours, theirs)
        wanted, verdict = ("–", "") if bar is None else (f"≥ {bar}", "met" if value >= bar else "**missed**")
        lines.append(f"| {label} | {value:.1f} | {wanted} | {verdict} |")
    return "\n".join(lines)


def _starts(found: Figures) -> str:
    lines = [
        f"| fresh process, median of {STARTS} | ms on the clock | ms of processor time | wanted on the clock | |",
        "|---|---:|---:|---:|---|",
    ]
    for label, name, bar in STARTED:
        taken = found.started[name]
        wanted, verdict = ("–", "") if bar is None else (f"< {bar}", "met" if taken.wall < bar else "**missed**")
        lines.append(f"| {label} | {taken.wall:.1f} | {taken.used:.1f} | {wanted} | {verdict} |")
    return "\n".join(lines)


def processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.is_file():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine() or sys.platform


READING = """## How to read this

- Both engines settle the same bills under the same policy and both are exact; zen is given whole minor units.
- `settle` takes claims that were read and checked before; zen takes plain dictionaries and checks nothing. The row
  "claim as JSON text" is what a service pays that reads each claim from the wire.
- `settle` keeps the value of every step, checks the sum of the split and prepares the next history; words, formulas
  and citations are made only when `.trace` is read. zen's trace holds values without words.
- zen's `decision.evaluate` is what its introduction shows. Its `engine.evaluate` with a static loader keeps the
  compiled decision and is several times faster; both are given."""
