"""Whatever a draw of many claims shows, the search shows with a claim that is no larger."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from policyengine import ir
from policyengine.backends.columns import Columns, run
from policyengine.difference import Difference, Goal, Side, compare, side_of
from policyengine.volume import columns_at_edges
from tests.difference.towns import TOWN, changed

EDITS = (
    ("deductible: 100元, cite", "deductible: {}元, cite", (0, 50, 99, 150, 1000)),
    ("[县级, 75%]", "[县级, {}%]", (60, 74, 76, 90)),
    ("[市级|省级, 50%]", "[市级|省级, {}%]", (40, 51)),
    ("top: 8000元", "top: {}元", (500, 7999, 12000)),
    ("second, fund_share: 50%", "second, fund_share: {}%", (10, 51, 100)),
)
"""Words of the town, what stands in their place, and the numbers in it."""


def reform(seed: int) -> Side:
    """The town with two of its numbers changed."""
    rng = Random(seed)
    chosen = rng.sample(EDITS, 2)
    return changed(*((old, new.format(rng.choice(of))) for old, new, of in chosen))


def smallest(old: ir.Program, new: ir.Program, seed: int) -> int | None:
    """The least bill among 4,000 drawn claims that comes out otherwise, with nothing counted before."""
    drawn = columns_at_edges(old, 4_000, seed)
    none = [{meter.name: np.zeros(drawn.size, np.int64) for meter in program.meters} for program in (old, new)]
    one, two = (
        run(program, Columns(drawn.inputs, drawn.offsets, drawn.rows, used))
        for program, used in zip((old, new), none, strict=True)
    )
    both = one.covered & two.covered
    steps = [(share.steps, other.steps) for share, other in zip(old.payers, new.payers, strict=True)]
    differs = [sum(one.values[s] for s in a) != sum(two.values[s] for s in b) for a, b in steps]
    shown = both & np.any([*differs, one.values[old.patient] != two.values[new.patient]], axis=0)
    return int(one.values[old.bill][shown].min()) if shown.any() else None


def least(found: Difference) -> int | None:
    return next((w.bill for w in found.witnesses if w.goal == Goal("differs") and w.claims == 1), None)


@pytest.mark.parametrize("seed", range(4))
def test_no_drawn_claim_is_smaller_than_the_one_that_is_found(seed: int) -> None:
    one, two = reform(seed), reform(seed + 100)
    drawn = smallest(one.book.programs[0], two.book.programs[0], seed)
    found = least(compare(one, two))
    assert drawn is not None, "reforms are drawn that differ"
    assert found is not None
    assert found <= drawn


def test_the_county_of_raohe_shows_no_smaller_one_either() -> None:
    sides = [side_of(f"cn/heilongjiang/shuangyashan{name}@2016-06-01") for name in ("", "/raohe")]
    programs = [program for side in sides if side.day and (program := side.book.program_on(side.day))]
    drawn, found = smallest(programs[0], programs[1], 1), least(compare(sides[0], sides[1]))
    assert drawn is not None
    assert found is not None
    assert found <= drawn


def test_the_town_against_itself() -> None:
    town = changed((TOWN, TOWN))
    assert smallest(town.book.programs[0], town.book.programs[0], 1) is None
    assert compare(town, town).proved_alike
