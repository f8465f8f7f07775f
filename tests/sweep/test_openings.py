"""Members who begin with what the national platform holds for them, at every value of a lever at once."""

from __future__ import annotations

import pyarrow as pa

from policyengine.simulate import simulate_claims
from policyengine.sweep import lever_at, seek_claims, seek_range, sweep_claims, sweep_range, target_of
from tests.simulate.test_openings import row
from tests.simulate.town import COLUMNS, table
from tests.sweep.village import RULES, SETTLED, reading, written

OPENED = RULES.replace("in: calendar_year}", "in: calendar_year, opening: [A1]}")
BEGUN = pa.Table.from_pylist([row("p1", "A1", "800.00", "202001"), row("p4", "A1", "900.00", "202001")])
"""p1 has used 800元 of the ceiling of 2020; p4 has claims of another year only."""


def test_every_point_begins_with_them() -> None:
    """Of the 600元 each that a and b earn the fund pays what 800元 leave of the ceiling; c is paid 100元 and f 60元."""
    book, ruleset = written(OPENED)
    axis = sweep_range(lever_at(ruleset, "top"), "600:2200:200")
    curve = sweep_claims(book, ruleset, [axis], reading(openings=BEGUN))
    left = [0, 0, 200, 400, 600, 800, 1000, 1200, 1200]
    assert [t.total.amounts["pooled_fund"] for t in curve.points.values()] == [(160 + one) * 100 for one in left]
    alone = simulate_claims(book, table(SETTLED), columns=COLUMNS, openings=BEGUN)
    assert curve.points[100_000,].digest == alone.baseline.digest


def test_a_seek_begins_with_them() -> None:
    book, ruleset = written(OPENED)
    axis = seek_range(lever_at(ruleset, "top"), "600:1600")
    found = seek_claims(book, ruleset, axis, target_of(book, "pooled_fund <= 500"), reading(openings=BEGUN))
    assert (found.axis.text(found.at), found.totals[found.at]) == ("1140元", 50_000), "160 + 1,140 - 800"
