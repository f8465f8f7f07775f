"""Lives under a rule set, settled: what every test of this folder starts from."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from random import Random
from typing import Any

from policyengine import ClaimError, Rulebook, Settlement, bundled_names, load, settle
from policyengine.generate import draw_parameters, lives

NAMES = bundled_names()


@cache
def book_of(name: str) -> Rulebook:
    return load(name)


def parameters_of(book: Rulebook, seed: int = 1) -> dict[str, Any]:
    """Values for what the rule file leaves to the caller, the same for every claim."""
    drawn: dict[str, Any] = {}
    for program in book.programs:
        drawn |= draw_parameters(program, Random(seed))
    return drawn


def settled(name: str, seed: int, count: int) -> Iterator[Settlement]:
    """Settlements of ``count`` generated members, history carried on. A case that the policy does not cover (E560)
    is left out; anything else that is refused is a failure of the generator or of the engine."""
    book = book_of(name)
    parameters = parameters_of(book, seed)
    for life in lives(book, seed, count):
        history = None
        for claim in life:
            try:
                settlement = settle(book, claim, history, parameters=parameters)
            except ClaimError as error:
                assert {d.code for d in error.diagnostics} == {"E560"}, str(error)
                continue
            history = settlement.history
            yield settlement
