"""A village whose claims can be settled by hand at any value of its numbers; rule sets written with other values."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from policyengine import Rulebook, load
from policyengine.rulebook import locate
from policyengine.ruleset import Ruleset
from policyengine.sweep import Curve, Reading, lever_at, sweep_claims, sweep_range
from policyengine.sweep.family import ruleset_at
from tests.simulate.town import CLAIMS, COLUMNS, table

RULES = """\
ruleset: village
parts: [in_scope]
parameters:
  top_of_year:
    values:
      - {value: 800元, to: 2020-03-01}
      - {value: 1000元, from: 2020-03-01}
tables:
  base:
    keys: [tier]
    columns: [share]
    rows:
      - [县级, 60%]
      - [市级, 50%]
      - [村级|乡镇级, 90%]
meters:
  paid: {counts: basic.paid, in: calendar_year}
layers:
  - {id: basic, payer: pooled_fund, on: in_scope}
provisions:
  - {id: start, layer: basic, deductible: 100元}
  - {id: share, layer: basic, fund_share: base.share}
  - {id: top, layer: basic, ceiling: 1000元, meter: paid}
"""
DATED = RULES.replace("ceiling: 1000元", "ceiling: top_of_year")
SETTLED = tuple(row for row in CLAIMS if row[0] in "abcdf")
"""a and b: one person, county, 1,100元 each. c: city, 300元. d: county, 50元. f: another year, county, 200元."""


@cache
def written(text: str = RULES) -> tuple[Rulebook, Ruleset]:
    """A rule set as programs, and as it is written."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "village" / "ruleset.yaml"
        file.parent.mkdir()
        file.write_text(text, encoding="utf-8")
        return load(file), ruleset_at(locate(str(file)))


def reading(rows: Any = SETTLED, **said: Any) -> Reading:
    return Reading(table(rows), COLUMNS, **said)


def swept(text: str, *moves: str, rows: Any = SETTLED, **said: Any) -> Curve:
    """The curve of ``lever=low:high:step``."""
    book, ruleset = written(text)
    pairs = [move.rpartition("=") for move in moves]
    axes = [sweep_range(lever_at(ruleset, address), values) for address, _, values in pairs]
    return sweep_claims(book, ruleset, axes, reading(rows), **said)
