"""The policy for one claim at a time: who is measured, and the oracle over arrays."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from benchmarks.bills import Bill
from benchmarks.bulk import words as told
from benchmarks.bulk.claims import LEVELS, Array, Arrays, drawn, kept
from benchmarks.bulk.contest import Contestant, Result, held
from benchmarks.oracle import fund_pays

MANY, PLAIN = 1_000_000, 200_000
CONTESTANTS = (
    Contestant("ours", "ours: plain arrays → batches → `Bulk.settle`", "2", MANY),
    Contestant("ours_arrow", "ours: Arrow table → `open_claims`, every row checked → `Bulk.settle`", "2", MANY),
    Contestant("ours_ready", "ours: `Bulk.settle` alone, batches made beforehand", "2", MANY),
    Contestant("by_polars", "polars by hand, lazy when/then, int64", "all", MANY),
    Contestant("by_numpy", "NumPy by hand, int64, whole arrays", "1", MANY),
    Contestant("by_numpy_blocks", "NumPy by hand, int64, blocks of 16,384", "1", MANY),
    Contestant("openfisca", "openfisca-core, inputs set, one simulation", "1", MANY, "openfisca"),
    Contestant("policyengine_core", "policyengine-core, inputs set, one simulation", "1", MANY, "policyengine-core"),
    Contestant("by_python", "plain Python, one function of integers", "1", PLAIN),
    Contestant("zen_expression", "zen-engine, compiled expression", "1", 10_000, "engines"),
    Contestant("zen_batches", "zen-engine, `evaluate_batch` by 10,000", "its own", 10_000, "engines"),
    Contestant("common_expression", "common-expression-language, compiled program", "1", 10_000, "engines"),
    Contestant("durable", "durable_rules, `post_batch` by 500, money in Python", "1", 5_000, "engines"),
)
BARS = (("openfisca", 10.0), ("policyengine_core", 5.0), ("by_polars", 1.5), ("by_numpy", 3.0))


def measured() -> list[Result]:
    claims = drawn(MANY)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        kept(claims, folder)
        return held(CONTESTANTS, folder, oracle(claims))


def oracle(claims: Arrays) -> Array:
    """What the fund bears of each claim, by the oracle of the other measurement, one claim after the other."""
    each = zip(claims.level.tolist(), claims.poor.tolist(), claims.amount.tolist(), strict=True)
    found = (fund_pays(Bill(0, LEVELS[level], poor, amount)) for level, poor, amount in each)
    return np.fromiter(found, dtype=np.int64, count=len(claims))


def words(results: list[Result]) -> str:
    return f"""## One claim at a time, in memory

The policy of `benchmarks/policy`: three bands, a deductible by level, five points for the poor, a ceiling per claim.
From plain arrays (for the engines of the last rows: from dictionaries made beforehand) to the fund's amount of every
claim. Slow ones take the first of the same claims only. {told.versions(results)}.

{told.speeds(results)}

{told.ratios(results, "ours", BARS)}

- openfisca-core and policyengine-core keep money as 32-bit floating numbers of yuan; their wrong fen are the price. The
  formula is the same for both, and rounds half up as carefully as such numbers allow.
- The common-expression row and zen take whole minor units and are exact. durable_rules has no arithmetic for money:
  its rules only choose, Python reckons.
- Ours makes ids and typed columns of each batch within the round, looks up the version of the rules by day, holds every
  fact to its bounds and gives every claim a status; the rows by hand know no ids, no day and no wrong claim. The row of
  the Arrow table checks the rows as any source is checked, with order and repeated ids. The row with batches made
  beforehand shows what making them costs.
- Ours keeps the memory that a batch gives back for the next one; NumPy over whole arrays takes fresh memory from the
  system for each array, which is most of what it costs here. In blocks it does not."""
