"""Hypothesis strategies for rule sets: reforms of a written one, and whole ones that nobody wrote."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from hypothesis import reject
from hypothesis import strategies as st

from policyengine.assemble import book_of, flattened, parsed
from policyengine.errors import RuleError, Span
from policyengine.levers import Lever, levers_of, moved
from policyengine.parse import parse
from policyengine.printing.layout import laid_out
from policyengine.rulebook import Rulebook, examined, locate
from policyengine.ruleset import Ruleset
from policyengine.source import read_text
from policyengine.testing.rulefiles import drawn_file

MOST_MOVED = 2


def reforms(name: str | Path) -> st.SearchStrategy[Rulebook]:
    """The rule set of that name, or at that path, with one or two of its numbers otherwise: doubled, halved, a coin or
    a point more or less. A number that it may not have is not drawn. Raises ``RuleError`` if its file is not there."""
    ruleset = flattened(parsed(locate(name)))
    levers = levers_of(ruleset)
    return _reforms(ruleset, levers) if levers else st.nothing()


@st.composite
def _reforms(draw: st.DrawFn, ruleset: Ruleset, levers: tuple[Lever, ...]) -> Rulebook:
    chosen = draw(st.lists(st.sampled_from(levers), min_size=1, max_size=MOST_MOVED, unique_by=lambda x: x.address))
    values: dict[Span, Fraction] = {}
    for lever in chosen:
        value = draw(values_of(lever))
        values |= {literal.span: value for literal in lever.literals}
    try:
        return examined(book_of((moved(ruleset, values),)))
    except RuleError:
        return reject()


def values_of(lever: Lever) -> st.SearchStrategy[Fraction]:
    """Other values of a number, the nearest to the present one first."""
    now = lever.literals[-1].value
    if lever.unit in ("%", "pp"):
        return st.one_of(
            st.sampled_from([now + Fraction(by, 100) for by in (1, -1, 5, -5) if 0 <= now + Fraction(by, 100) <= 1]),
            st.integers(0, 100).map(lambda percent: Fraction(percent, 100)),
        )
    step = Fraction(1, 100) if lever.unit else Fraction(1)
    near = [one for one in (now + step, now - step, now * 2, now / 2, Fraction(0)) if one >= 0]
    return st.sampled_from([one for one in near if (one / step).denominator == 1])


@st.composite
def rulesets(draw: st.DrawFn) -> Rulebook:
    """Rule sets drawn from the grammar that may settle claims."""
    text = laid_out(drawn_file(draw(st.randoms(use_true_random=False))))
    try:
        return examined(book_of((parse(read_text(text, "drawn"), "drawn"),)))
    except RuleError:
        return reject()
