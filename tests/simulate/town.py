"""A rule set of a few lines, reforms of it, and a handful of claims that can be settled by hand."""

from __future__ import annotations

import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa

from policyengine import Rulebook, load
from policyengine.bulk import ColumnMap, Stated

RULES = """\
ruleset: town
parts: [in_scope]
tables:
  base:
    keys: [tier]
    columns: [share]
    rows:
      - [县级, 60%]
      - [市级, 50%]
    gaps: made up for this example
meters:
  paid: {counts: basic.paid, in: calendar_year}
layers:
  - {id: basic, payer: pooled_fund, on: in_scope}
provisions:
  - {id: start, layer: basic, deductible: 100元}
  - {id: share, layer: basic, fund_share: base.share}
  - {id: top, layer: basic, ceiling: 1000元, meter: paid}
"""
REFORMS = {
    "higher_ceiling": "{id: top, replaces: top, layer: basic, ceiling: 1500元, meter: paid}",
    "higher_deductible": "{id: start, replaces: start, layer: basic, deductible: 200元}",
    "no_effect": "{id: top, replaces: top, layer: basic, ceiling: 1000元, meter: paid, when: 1元 > 0元}",
}
CLAIMS = (
    # id, person, tier, amount in fen, poor, day
    ("a", "p1", "county", 110_000, True, "2020-02-01"),
    ("b", "p1", "county", 110_000, True, "2020-03-01"),
    ("c", "p2", "city", 30_000, False, "2020-02-01"),
    ("d", "p3", "county", 5_000, True, "2020-02-01"),
    ("e", "p4", "village", 50_000, False, "2020-02-01"),
    ("f", "p4", "county", 20_000, False, "2021-03-01"),
    ("g", "p5", "county", -500, False, "2020-02-01"),
    ("h", "p5", "county", 20_000, False, "2020-02-02"),
)
"""``e`` has no row in the table, the amount of ``g`` is below zero, ``h`` waits for ``g``."""
LINE = {"category": Stated(constant="western_drug"), "amount": Stated("amount", unit="分")}
COLUMNS = ColumnMap("town", {"care_type": Stated(constant="inpatient")}, templates=(LINE,))


def files(folder: Path) -> dict[str, Path]:
    """The rule files, written below a folder."""
    found = {"town": folder / "town" / "ruleset.yaml"}
    found |= {name: folder / name / "ruleset.yaml" for name in REFORMS}
    for name, file in found.items():
        file.parent.mkdir()
        said = RULES if name == "town" else f"ruleset: {name}\nextends: town\nprovisions:\n  - {REFORMS[name]}\n"
        file.write_text(said, encoding="utf-8")
    return found


@cache
def book(name: str = "town") -> Rulebook:
    with TemporaryDirectory() as folder:
        return load(files(Path(folder))[name])


def table(rows: Any = CLAIMS) -> pa.Table:
    """The claims in order; a person's income is 1,000元 for each digit of the number in the id."""
    names = ("id", "person_id", "tier", "amount", "registered_poor", "discharge_date")
    made = [dict(zip(names, row, strict=True)) for row in rows]
    for row in made:
        row["discharge_date"] = datetime.date.fromisoformat(row["discharge_date"])
    return pa.Table.from_pylist(made)
