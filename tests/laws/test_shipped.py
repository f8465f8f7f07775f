"""Every shipped rule set keeps the laws on drawn lives; what breaks one is told as a small claim."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from policyengine import Rulebook, bundled_names, ir, load
from policyengine.laws import OF_CHANGES, OF_ONE
from policyengine.trials import Found, Tally, breaches, explained, size_for
from tests.laws.plans import PLAIN, plan

NAMES = bundled_names()
LIVES, MANY, AT_ONCE = 300, 100_000, 20_000


@cache
def book_of(name: str) -> Rulebook:
    return load(name)


def programs_of(book: Rulebook) -> tuple[ir.Program, ...]:
    """Of a rule set that settles its fee lines one after the other, the program of one line."""
    return tuple(ir.unrolled(p, 1) if p.settle_by else p for p in book.programs)


def broken(name: str, lives: int, seed: int, tally: Tally) -> Iterator[Found]:
    programs = programs_of(book_of(name))
    for program in programs:
        yield from breaches(program, size_for(program, -(-lives // len(programs))), seed, tally)


def told(book: Rulebook, found: Found) -> str:
    return f"{book.name}: {explained(book, found)}"


@pytest.mark.parametrize("name", NAMES)
def test_the_laws_hold_on_lives(name: str) -> None:
    tally = Tally()
    for found in broken(name, LIVES, 1, tally):
        pytest.fail(told(book_of(name), found))
    assert all(tally.tried[law.id] >= 10 for law in OF_ONE), "few of the drawn claims are covered"


@pytest.mark.agree
@pytest.mark.parametrize("name", NAMES)
def test_the_laws_hold_on_many_lives(name: str) -> None:
    for seed in range(2, 2 + MANY // AT_ONCE):
        for found in broken(name, AT_ONCE, seed, Tally()):
            pytest.fail(told(book_of(name), found))


def test_every_law_is_tried_and_few_pairs_are_excused() -> None:
    """Over some large rule sets: an exception bears on fewer than one pair in four, but for splitting, which most
    deductibles and ceilings of a visit bear on."""
    tally = Tally()
    for name in ("cn/shanxi/136", "cn/fujian/quanzhou", "cn/chongqing"):
        assert list(broken(name, 200, 5, tally)) == []
    for law in OF_CHANGES:
        assert tally.tried[law.id] > 500
        assert law.id == "split_stay" or tally.excused[law.id] < tally.tried[law.id] / 4


def test_what_is_found_is_made_small_and_confirmed(tmp_path: Path) -> None:
    """A share that is 10 points lower for the poor, behind a deductible and beside another clause: one line is left,
    nothing but what it takes."""
    clauses = (
        "{id: start, layer: basic, deductible: 500元}",
        "{id: share, layer: basic, fund_share: 60% if registered_poor else 70%}",
        "{id: outside, classify: class == 丙, to: own_expense}",
    )
    book = plan(tmp_path, clauses)
    found = next(iter(breaches(book.programs[0], 200, 1)))
    small = explained(book, found)
    assert [breach.law.id for breach in small.confirmed] == ["tag_of_poor"]
    assert len(small.document["lines"]) == 1
    assert small.document["person"]["tags"] == []
    assert "breaks “a tag of the poor never makes a member worse off”" in str(small)


def test_a_plain_plan_breaks_nothing(tmp_path: Path) -> None:
    assert list(breaches(plan(tmp_path, PLAIN).programs[0], 2_000, 3)) == []
