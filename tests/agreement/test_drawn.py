"""Rule sets that nobody wrote: drawn from the grammar, settled on generated members, and all back ends say the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random

import pytest

from policyengine import Claim, ClaimError, History, Rulebook, Settlement, settle
from policyengine.assemble import book_of
from policyengine.errors import RuleError
from policyengine.generate import lives
from policyengine.parse import parse
from policyengine.printing.layout import laid_out
from policyengine.rulebook import examined
from policyengine.source import read_text
from policyengine.testing import drawn_file
from tests.agreement.agreeing import hold_together
from tests.agreement.lives import UNCOVERED, parameters_of

REFUSED = {*UNCOVERED, "E541", "E568", "E580"}
"""How a claim may be refused: not covered, no row, too much paid elsewhere, something not published yet, fee lines
settled in an order in which a window cannot be followed."""


def book_drawn(seed: int) -> Rulebook | None:
    """A drawn rule set; ``None`` if it is refused, which is right only at places."""
    drawn = parse(read_text(laid_out(drawn_file(Random(seed))), "drawn"), "drawn")
    try:
        return examined(book_of((drawn,)))
    except RuleError as error:
        found = error.diagnostics
    assert all(d.span is not None for d in found)
    return None


def settled(book: Rulebook, seed: int, members: int) -> Iterator[Settlement]:
    parameters = parameters_of(book, seed)
    for life in lives(book, seed, members):
        history = None
        for claim in life:
            result = settlement_or_refusal(book, claim, history, parameters)
            if isinstance(result, ClaimError):
                assert {d.code for d in result.diagnostics} <= REFUSED, result
                continue
            history = result.history
            yield result


def settlement_or_refusal(
    book: Rulebook, claim: Claim, history: History | None, parameters: Mapping[str, object]
) -> Settlement | ClaimError:
    try:
        return settle(book, claim, history, parameters=parameters)
    except ClaimError as error:
        return error


def compared(seeds: range, members: int) -> tuple[int, int]:
    """How many rule sets were settled by, and how many claims."""
    books = [(seed, book) for seed in seeds if (book := book_drawn(seed)) is not None]
    return len(books), sum(hold_together(settled(book, seed, members), f"drawn, seed {seed}") for seed, book in books)


def test_drawn_rule_sets_mean_the_same_everywhere() -> None:
    books, claims = compared(range(40), members=3)
    assert books >= 8
    assert claims >= 60


@pytest.mark.agree
def test_many_drawn_rule_sets_mean_the_same_everywhere() -> None:
    books, claims = compared(range(1_000, 2_500), members=8)
    assert books >= 300
    assert claims >= 4_000
