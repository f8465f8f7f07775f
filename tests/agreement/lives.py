"""Lives under a rule set, settled: what every test of this folder starts from."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from random import Random
from typing import Any

from policyengine import Claim, ClaimError, History, Rulebook, Settlement, bundled_names, load, settle
from policyengine.generate import draw_parameters, lives

NAMES = bundled_names()
UNCOVERED = ("E545", "E560", "E563")


@cache
def book_of(name: str) -> Rulebook:
    return load(name)


def parameters_of(book: Rulebook, seed: int = 1) -> dict[str, Any]:
    """Values for what the rule file leaves to the caller, the same for every claim."""
    drawn: dict[str, Any] = {}
    for program in book.programs:
        drawn |= draw_parameters(program, Random(seed))
    return drawn


def settle_if_covered(book: Rulebook, claim: Claim, history: History | None, parameters: Any) -> Settlement | None:
    """The settlement, or ``None`` for a case that the policy does not cover or whose payments made elsewhere do
    not fit it; any other refusal is an error of the generator or of the engine."""
    try:
        return settle(book, claim, history, parameters=parameters)
    except ClaimError as error:
        if all(d.code in UNCOVERED for d in error.diagnostics):
            return None
        raise


def settled(name: str, seed: int, count: int) -> Iterator[Settlement]:
    """Settlements of ``count`` generated members, history carried on, as far as the policy covers them."""
    book = book_of(name)
    parameters = parameters_of(book, seed)
    for life in lives(book, seed, count):
        history = None
        for claim in life:
            settlement = settle_if_covered(book, claim, history, parameters)
            if settlement is not None:
                history = settlement.history
                yield settlement
