"""Every amount that a rule set names, one fen below, at and above it, and every day on which something changes."""

from __future__ import annotations

import datetime
from random import Random
from typing import Any

import pytest

from policyengine import Claim
from policyengine.backends.evaluate import evaluate
from policyengine.generate import Domain, draw_claim, edges
from policyengine.laws import broken
from policyengine.money import exponent_of, text_of
from policyengine.settlement import Settlement
from tests.agreement.lives import NAMES, book_of, parameters_of, settle_if_covered


def agrees(settlement: Settlement) -> None:
    facts = settlement.origin.facts()
    meant = evaluate(settlement.layout.program, facts.inputs, facts.rows, facts.used)
    for step, value in settlement.known().items():
        assert value == meant[step], f"{step} of claim {settlement.claim.id}"
    assert not broken(settlement)


def at_edge(data: dict[str, Any], total: int, exponent: int) -> dict[str, Any]:
    """The claim with one line, in the catalogue, of ``total`` minor units."""
    line = {**data["lines"][0], "amount": text_of(total, exponent), "catalogue_class": "a"}
    return {**data, "lines": [line], "paid_elsewhere": []}


def settled_at(book: Any, domain: Domain, rng: Random, total: int, exponent: int, parameters: Any) -> int:
    """Draws three claims of ``total``, more while the policy covers none of them; how many were settled."""
    settled = 0
    for number in range(12):
        if number >= 3 and settled:
            break
        claim = Claim.model_validate(at_edge(draw_claim(domain, rng, number), total, exponent))
        settlement = settle_if_covered(book, claim, None, parameters)
        if settlement is not None:
            agrees(settlement)
            settled += 1
    return settled


@pytest.mark.parametrize("name", NAMES)
def test_around_every_amount_that_the_rules_name(name: str) -> None:
    book, settled, named = book_of(name), 0, 0
    parameters = parameters_of(book)
    for program in book.programs:
        domain, exponent = Domain.of(program), exponent_of(program.currency)
        rng = Random(3)
        for edge in edges(program, ("money", "exact")):
            named += 1
            for total in (edge - 1, edge, edge + 1):
                settled += settled_at(book, domain, rng, total, exponent, parameters)
    assert settled >= min(3, named)


@pytest.mark.parametrize("name", NAMES)
def test_the_version_changes_on_its_first_day_and_not_before(name: str) -> None:
    book = book_of(name)
    for program in book.programs:
        start, end = (datetime.date.fromisoformat(d) if d else None for d in program.valid)
        if start is not None:
            assert book.program_on(start) is program
            assert book.program_on(start - datetime.timedelta(days=1)) is not program
        if end is not None:
            assert book.program_on(end - datetime.timedelta(days=1)) is program
            assert book.program_on(end) is not program
