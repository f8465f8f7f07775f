"""Every shipped rule set on generated lives, claim by claim: the laws hold. By column: ``tests/laws/``."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pytest

from policyengine.generate import lives
from policyengine.ir import Interval
from policyengine.laws import broken, tried
from tests.agreement.lives import NAMES, book_of, parameters_of, settled
from tests.trace_checker import recompute


@pytest.mark.parametrize("name", NAMES)
def test_every_law_of_a_settlement_holds(name: str) -> None:
    for settlement in settled(name, seed=7, count=30):
        assert not broken(settlement), f"claim {settlement.claim.id} of seed 7"


@pytest.mark.agree
@pytest.mark.parametrize("name", NAMES)
def test_every_law_of_a_settlement_holds_on_many_lives(name: str) -> None:
    for settlement in settled(name, seed=8, count=5_000):
        assert not broken(settlement), f"claim {settlement.claim.id} of seed 8"


@pytest.mark.parametrize("name", NAMES)
def test_nothing_that_is_tried_breaks_a_law(name: str) -> None:
    """One thing altered in each claim, each claim taken back and handed in again, every back end."""
    assert list(broken_of(name, seed=5, count=2)) == []


@pytest.mark.agree
@pytest.mark.parametrize("name", NAMES)
def test_nothing_that_is_tried_on_many_lives_breaks_a_law(name: str) -> None:
    assert list(broken_of(name, seed=6, count=200)) == []


def broken_of(name: str, seed: int, count: int) -> Iterator[str]:
    book = book_of(name)
    parameters = parameters_of(book, seed)
    for life in lives(book, seed, count):
        for breach in tried(book, life, parameters):
            yield f"claim {breach.claims[0].id} of seed {seed} {breach.en}"


@pytest.mark.parametrize("name", NAMES)
def test_the_trace_can_be_computed_again_without_the_engine(name: str) -> None:
    """An independent reader of the printed formulas arrives at every printed value."""
    for settlement in settled(name, seed=11, count=12):
        replay(settlement)


def replay(settlement) -> None:
    program, facts = settlement.layout.program, settlement.origin.facts()
    tables = {t.name: plain(t) for t in program.tables}
    known, rows = dict(facts.inputs), [dict(row) for row in facts.rows]
    exact = settlement.known()
    for step, at in zip(settlement.trace, range(len(program.steps)), strict=True):
        value = settlement.values[at]
        if isinstance(value, list | tuple):
            for row, of_row in zip(rows, value, strict=True):
                found = recompute(step.formula, known | row, tables, rows, facts.used, settlement.layout.exponent)
                expected = recorded(of_row, settlement.layout.denominators[at], step.kind)
                assert found == expected, f"{step.name}: {step.formula}"
                row[step.name] = expected
        else:
            found = recompute(step.formula, known, tables, rows, facts.used, settlement.layout.exponent)
            assert found == exact[step.name], f"{step.name}: {step.formula}"
            known[step.name] = exact[step.name]


def plain(table):
    """A table as the independent checker takes it."""
    patterns = [[(p.low, p.high) if isinstance(p, Interval) else p for p in row] for row in table.patterns]
    return patterns, {c.name: c.values for c in table.columns}


def recorded(value, denominator, kind):
    return Fraction(value, denominator) if kind in ("exact", "rate") else value


def test_books_are_the_same_object_for_the_same_content() -> None:
    assert all(book_of(name) is book_of(name) for name in NAMES)
