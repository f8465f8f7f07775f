"""The numbers of a kernel between the points that are lowered, against lowering at those very points."""

from __future__ import annotations

import itertools
import random

import pytest

from policyengine import load
from policyengine.backends.kernel import Shape
from policyengine.backends.kernel.source import source_of
from policyengine.errors import RuleError
from policyengine.rulebook import locate
from policyengine.sweep import Axis, Lever, levers_of
from policyengine.sweep.family import Family, ruleset_at
from policyengine.sweep.ranges import grain_of
from policyengine.sweep.watched import outputs_of

QUICK = ("examples/cumulative_deductible", "examples/minimum_guarantee", "examples/primitives/adjust")
SLOW = ("examples/retiree_bands_large_expense", "examples/employee_city_2012", "cn/shanxi/136")
DRAWN = 2


def around(lever: Lever) -> Axis | None:
    """From half the present value to twice it, a rate up to 99 %, in steps of whole units; ``None`` for zero."""
    grain = grain_of(lever.unit)
    now, one = int(lever.literals[0].value / grain), 10_000 if lever.unit in ("%", "pp") else int(1 / grain)
    step = max(one, now // 40 // one * one)
    last = min(2 * now, 990_000) if lever.unit in ("%", "pp") else 2 * now
    first = max(step, now // 2 // step * step)
    return Axis(lever, first, step, (last - first) // step + 1) if now and last - first > 6 * step else None


@pytest.mark.parametrize("name", [*QUICK, *(pytest.param(name, marks=pytest.mark.agree) for name in SLOW)])
def test_every_lever(name: str) -> None:
    book, ruleset = load(name), ruleset_at(locate(name))
    axes = [axis for lever in levers_of(ruleset) if (axis := around(lever)) is not None]
    families = [family for axis in axes if is_possible(family := Family(book, ruleset, (axis,)))]
    assert families
    for family in families:
        axis = family.axes[0]
        for value in random.Random(axis.lever.address).sample(axis.values, DRAWN):
            assert same_as_lowered(family, (value,)), f"{axis.lever.address} = {axis.text(value)}"


def test_two_levers_that_meet() -> None:
    """A minimum guarantee: every two of its levers, at a point within the grid that is not lowered for it."""
    book, ruleset = load(QUICK[1]), ruleset_at(locate(QUICK[1]))
    axes = [axis for lever in levers_of(ruleset) if (axis := around(lever)) is not None]
    families = [f for pair in itertools.pairwise(axes) if is_possible(f := Family(book, ruleset, pair))]
    assert families
    for family in families:
        drawn = random.Random(1)
        assert same_as_lowered(family, tuple(drawn.choice(axis.values) for axis in family.axes))


def is_possible(family: Family) -> bool:
    """Whether the rule set may have the values at the ends."""
    try:
        family.check()
    except RuleError:
        return False
    return True


def same_as_lowered(family: Family, point: tuple[int, ...]) -> bool:
    made = family.at(point).making
    assert made is not None
    programs = family.lowered(point)
    found = [made(number, outputs_of(program), Shape()).source for number, program in enumerate(programs)]
    return found == [source_of(program, outputs_of(program), Shape()) for program in programs]
