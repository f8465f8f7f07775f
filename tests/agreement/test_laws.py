"""Every shipped rule set on generated lives: the laws of settlements hold."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from policyengine import settle
from policyengine.ir import Interval
from policyengine.laws import ALL, broken
from policyengine.rulebook import locate
from tests.agreement.lives import NAMES, book_of, settled
from tests.trace_checker import recompute


def told_line_by_line(name: str) -> bool:
    """Whether the file says that lines are settled one after the other: there their order matters."""
    return "\nsettle_by: row" in Path(locate(name).file).read_text("utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_every_law_holds(name: str) -> None:
    for settlement in settled(name, seed=7, count=100):
        assert not broken(settlement), f"claim {settlement.claim.id} of seed 7"


@pytest.mark.agree
@pytest.mark.parametrize("name", NAMES)
def test_every_law_holds_on_many_lives(name: str) -> None:
    for settlement in settled(name, seed=8, count=10_000):
        assert not broken(settlement), f"claim {settlement.claim.id} of seed 8"


@pytest.mark.parametrize("name", [name for name in NAMES if not told_line_by_line(name)])
def test_the_order_of_fee_lines_does_not_matter(name: str) -> None:
    for settlement in settled(name, seed=9, count=40):
        claim = settlement.claim
        turned = claim.model_copy(update={"lines": tuple(reversed(claim.lines))})
        turned = type(claim).model_validate(turned.model_dump(mode="json"))
        again = settle(settlement.origin.book, turned, settlement.before, parameters=settlement.origin.parameters)
        assert again.split == settlement.split


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


def test_every_law_has_both_languages_and_its_own_name() -> None:
    assert len({law.id for law in ALL}) == len(ALL)
    assert all(law.zh and law.en for law in ALL)


def test_books_are_the_same_object_for_the_same_content() -> None:
    assert all(book_of(name) is book_of(name) for name in NAMES)
