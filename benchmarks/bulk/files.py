"""From Parquet to totals by group, beside a bare read; and 21 points of a sweep in one pass."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from benchmarks.bulk import words as told
from benchmarks.bulk.claims import LEVELS, Array, Arrays, drawn
from benchmarks.bulk.contest import Contestant, Result, held
from benchmarks.bulk.contestants import file_ours, ours_arrow, year_python

MANY = 2_000_000
ROUNDS = 5
CONTESTANTS = (
    Contestant("file_ours", "ours: Parquet → checked → settled → totals by group, digest", "2", MANY, judged=False),
    Contestant("file_read", "pyarrow: the same columns read, batch by batch", "its own", MANY, judged=False),
    Contestant("file_read_whole", "pyarrow: the same columns read, one table", "its own", MANY, judged=False),
    Contestant(
        "file_sweep",
        "ours: the same sums for 21 values of the basic ceiling, 21 × `Bulk.settle`",
        "2",
        MANY,
        judged=False,
    ),
    Contestant(
        "file_sweep_points",
        "ours: `sweep_claims`, 21 values, with people at the ceiling and digests",
        "2",
        MANY,
        judged=False,
    ),
    Contestant("file_sweep_one", "ours: `sweep_claims`, one value", "2", MANY, judged=False),
)


def measured() -> list[Result]:
    claims = drawn(MANY)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pq.write_table(ours_arrow.table(claims), folder / file_ours.FILE, row_group_size=1 << 20)
        results = held(CONTESTANTS, folder, None, ROUNDS)
    by = {result.contestant.module: result for result in results}
    expected = _totals(claims)
    by["file_ours"].wrong = int(abs(by["file_ours"].answers - expected).sum())
    at = (80_000 - 40_000) // 4_000
    for name, point in (("file_sweep", at), ("file_sweep_points", at), ("file_sweep_one", 0)):
        by[name].wrong = int(abs(by[name].answers[point] - expected).sum())
    return results


def _totals(claims: Arrays) -> Array:
    """By payer and level, by the oracle."""
    amounts = year_python.answers(year_python.ready(claims)())
    return np.stack([amounts[claims.level == number].sum(axis=0) for number in range(len(LEVELS))], axis=1)


def words(results: list[Result]) -> str:
    by = {result.contestant.module: result for result in results}
    single = by["file_ours"]
    share = [
        (f"ours as a share of: {by[name].contestant.label}", name, wanted)
        for name, wanted in (("file_read", 60.0), ("file_read_whole", 60.0))
    ]
    rows = [told.bar(label, single.times(by[name]) * 100, wanted, "%") for label, name, wanted in share]
    rows += [
        _row("`sweep_claims`, 21 values : one run", single, by["file_sweep_points"], 4.0),
        _row("`sweep_claims`, 21 values : one value", by["file_sweep_one"], by["file_sweep_points"], None),
        _row("21 × `Bulk.settle` over one reading : one run", single, by["file_sweep"], None),
    ]
    return f"""## From Parquet to totals by group

The policy and the claims of the year, {MANY:,} rows of six columns as pyarrow writes them (snappy,
groups of 2^20 rows), in the cache of the system. Medians of {ROUNDS} rounds. *Wrong fen* is here the
sum of the differences of all totals.

{told.speeds(results)}

{told.bars(rows)}

- `sweep_claims` adds up every amount of the bill at each value, makes a digest of them and counts people at the
  ceiling; one run makes four amounts and their digest. All values are settled side by side, claim by claim. The
  rule set is lowered anew at some of the values, however many claims there are."""


def _row(label: str, one: Result, other: Result, wanted: float | None) -> told.Row:
    """How many times as long the other takes."""
    told_apart = f"{label} (by processor time {one.times_of_processor(other):.2f} ×)"
    return told.bar(told_apart, one.times(other), wanted, most=True)
