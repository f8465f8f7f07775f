"""A year of claims with four remembered amounts: who is measured, and what the machine can move at all."""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from benchmarks.bulk import words as told
from benchmarks.bulk.claims import drawn, kept
from benchmarks.bulk.contest import Contestant, Result, held
from benchmarks.bulk.contestants import copy_two, year_python

MANY, PLAIN = 2_000_000, 200_000
TOUCHED = 8 + 4 + 1 + 1 + 8 + 4 * 8
"""Bytes of a claim: person, day, level, flag and amount read, four amounts written."""
CONTESTANTS = (
    Contestant("year_ours_ready", "ours: `Bulk.settle` over prepared batches", "2", MANY),
    Contestant("year_ours_ready_one", "ours: the same", "1", MANY),
    Contestant("year_ours", "ours: plain arrays → batches → `Bulk.settle`", "2", MANY),
    Contestant("year_numba_two", "numba loop by hand for this policy", "2", MANY),
    Contestant("year_numba", "numba loop by hand for this policy", "1", MANY),
    Contestant("year_numpy", "NumPy by hand, clipped running sums", "1", MANY),
    Contestant("year_polars", "polars by hand, clipped running sums", "all", MANY),
    Contestant("year_python", "plain Python loop", "1", PLAIN),
    Contestant("copy_two", "copy", "2", MANY, judged=False),
)
NOT_EXPRESSIBLE = (
    "openfisca-core", "policyengine-core", "zen-engine", "common-expression-language", "durable_rules",
)  # fmt: skip
BARS = (("year_numba_two", 40 / 45), ("year_numba", 40 / 28), ("year_numpy", None), ("year_polars", None))


def measured() -> list[Result]:
    claims = drawn(MANY)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        kept(claims, folder)
        return held(CONTESTANTS, folder, year_python.answers(year_python.ready(claims)()))


def words(results: list[Result]) -> str:
    by = {result.contestant.module: result for result in results}
    copied = copy_two.MOVED / statistics.median(by["copy_two"].walls)
    speeds = [result for result in results if result.contestant.judged]
    return f"""## A year of claims, four amounts remembered, in memory

The policy of `benchmarks/policy_year`: a basic layer with a yearly ceiling, critical illness with a yearly threshold
and a yearly ceiling, assistance for the poor with a yearly ceiling. {MANY:,} claims of about {MANY // 4:,} people over
two years, sorted by person and day; four amounts of each claim come out.

{told.speeds(speeds)}

Not expressible as rules, since each claim needs what the earlier ones left: {", ".join(NOT_EXPRESSIBLE)}; the caller
would have to write the loop around them. The rows by hand in NumPy and polars use that amounts of this one policy
depend on each other in one direction only; a deductible that counts what another layer paid later would end that.

{told.ratios(results, "year_ours_ready", BARS)}

{told.bars(_of_bandwidth(by, copied))}

- A claim reads 22 bytes and writes 32, {TOUCHED} in all, whoever reckons; two threads copy {copied / 1e9:.1f} GB a
  second here, bytes read and bytes written both counted.
- A claim waits here for what the one before it left. Both loops go through the claims one by one; ours holds facts and
  accumulators to their bounds, too, looks words up in tables, and keeps what is missing from being counted.
- The first two ratios are the bar of 40 million claims a second, where the loop by hand makes 45 million on two threads
  and 28 million on one, as multiples of the loop measured here."""


def _of_bandwidth(by: dict[str, Result], copied: float) -> list[told.Row]:
    each = (("year_ours_ready", 10.0), ("year_ours", None), ("year_numba_two", None))
    return [
        told.bar(f"{_label(by[name])}: of the bandwidth of a copy", by[name].rate * TOUCHED / copied * 100, wanted, "%")
        for name, wanted in each
    ]


def _label(result: Result) -> str:
    one = result.contestant
    return f"{one.label}, {one.threads} threads"
