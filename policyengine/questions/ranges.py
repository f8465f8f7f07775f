"""Between what amounts a claim lies while facts are missing: every end is attained by facts that are named.

Nothing is assumed of an unknown fact. Every combination of what the unknown facts can be is settled; where a number
makes no difference to any comparison or table of the program, one of its range stands for all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any, Final

from policyengine.chain import Chain
from policyengine.claim import Claim, History, quoted
from policyengine.encode import Counted, encoder
from policyengine.engine import Engine, Parameters, prepared
from policyengine.errors import ClaimError, Diagnostic
from policyengine.money import decimal_of
from policyengine.questions.missing import Unknown, unknowns_of, without_unknowns
from policyengine.questions.options import Option
from policyengine.questions.trial import Outcome, Place, Trial, borne, require_whole
from policyengine.rulebook import Rulebook

MOST_COMBINATIONS: Final = 20_000
"""Combinations of unknown facts that are settled; above them some must be stated."""

Facts = tuple[tuple[Place, Option], ...]
"""What the unknown facts are in one case."""

PAYABLE: Final = "payable"
"""All that others than the patient bear."""


@dataclass(frozen=True, slots=True)
class Range:
    """From ``low`` to ``high``, in whole currency units; each end with facts that lead to it."""

    low: Decimal
    high: Decimal
    at_low: Facts
    at_high: Facts


@dataclass(frozen=True, slots=True)
class Missing:
    """An unknown fact. ``narrows``: by how much the range of what is payable narrows at least, once it is known.

    ``relevant``: whether any amount of the split hangs on it. ``cases``: how many values had to be looked at.
    """

    place: Place
    cases: int
    relevant: bool
    narrows: Decimal


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where a claim lies. ``payable``: what all others than the patient bear; ``payers``: each of them, and the
    ``patient`` in cash. ``missing``: the unknown facts, the one that matters most first.

    ``combinations``: how many were settled; of ``refused`` ones the policy states nothing, as ``refusal`` says of one.
    """

    claim: Claim
    engine: Engine
    payable: Range
    payers: Mapping[str, Range]
    missing: tuple[Missing, ...]
    combinations: int
    refused: int
    refusal: Diagnostic | None

    @property
    def settled(self) -> bool:
        """Whether the split is the same whatever the unknown facts are."""
        return not self.refused and all(r.low == r.high for r in self.payers.values())


def bounds(
    ruleset: Rulebook,
    claim: Claim,
    history: History | None = None,
    *,
    parameters: Parameters = None,
    known_on: date | None = None,
    allow_draft: bool = False,
) -> Bounds:
    """Between what amounts ``claim`` lies after ``history``, whatever its unknown facts are.

    A claim without unknown facts lies at one point. Raises ``ClaimError`` as ``settle`` does, for an unknown fact whose
    cases cannot be counted, for too many combinations, and if the policy states nothing for any of them.
    """
    engine, _, counted = prepared(ruleset, claim, history, parameters, known_on, allow_draft)
    return _bounds(engine, claim, counted, parameters)


def bounds_in(chain: Chain, claim: Claim) -> Bounds:
    """The same for the next claim of a chain, which then waits for that claim to be handed in with all facts."""
    engine, counted = chain.left_open(claim)
    return _bounds(engine, claim, counted, chain.parameters)


def _bounds(engine: Engine, claim: Claim, counted: Counted, parameters: Parameters) -> Bounds:
    require_whole(engine, claim)
    named = unknowns_of(engine.program, claim)
    unknown = [one for one in named if one.options]
    _refuse_too_many(claim, unknown)
    trial = _trial(engine, claim, counted, parameters)
    cases = [(facts, trial.run({place: option.value for place, option in facts})) for facts in _combinations(unknown)]
    settled = [(facts, outcome) for facts, outcome in cases if outcome.refused is None]
    refusals = [outcome.refused for _, outcome in cases if outcome.refused is not None]
    if not settled:
        raise refusals[0]
    return Bounds(
        claim,
        engine,
        _range(engine, settled, lambda outcome: _payable(engine, outcome)),
        {payer: _range(engine, settled, lambda outcome, at=at: outcome.split[at][1])  # type: ignore[misc]
         for at, (payer, _) in enumerate(settled[0][1].split)},
        _missing(engine, unknown, cases) + tuple(_idle(engine, one) for one in named if not one.options),
        len(cases),
        len(refusals),
        refusals[0].diagnostics[0] if refusals else None,
    )  # fmt: skip


def _trial(engine: Engine, claim: Claim, counted: Counted, parameters: Parameters) -> Trial:
    known = without_unknowns(engine.program, claim)
    read = encoder(engine.program, parameters, unknowns=True)(known)
    return Trial.of(engine, known, read, counted, engine.stand(known, counted), parameters)


def _combinations(unknown: Sequence[Unknown]) -> Iterator[Facts]:
    places = [one.place for one in unknown]
    for options in product(*(one.options for one in unknown)):
        yield tuple(zip(places, options, strict=True))


def _refuse_too_many(claim: Claim, unknown: Sequence[Unknown]) -> None:
    """Raises ``ClaimError`` with the facts to state, those with the most cases first."""
    count = prod(len(one.options) for one in unknown)
    if count <= MOST_COMBINATIONS:
        return
    left, state = count, []
    for one in sorted(unknown, key=lambda one: -len(one.options)):
        if left <= MOST_COMBINATIONS:
            break
        state.append(f"{one.name} ({len(one.options):,} cases)")
        left //= len(one.options)
    text = f"the unknown facts have {count:,} combinations, more than {MOST_COMBINATIONS:,}"
    raise ClaimError(Diagnostic("E595", text, None, "", f"state {', '.join(state)}", record=f"claim {quoted(claim.id)}",
                                field="unknown"))  # fmt: skip


def _payable(engine: Engine, outcome: Outcome) -> int:
    return sum(amount for _, amount in outcome.split) - borne(engine.program, outcome.split)


Cases = list[tuple[Facts, Outcome]]


def _range(engine: Engine, cases: Cases, amount: Callable[[Outcome], int]) -> Range:
    """The least and the greatest amount, each with the first case that comes to it."""
    exponent = engine.layout.exponent
    low, high = (end(cases, key=lambda case: amount(case[1])) for end in (min, max))
    return Range(decimal_of(amount(low[1]), exponent), decimal_of(amount(high[1]), exponent), low[0], high[0])


# -- what matters most -----------------------------------------------------------------------------------------------


def _missing(engine: Engine, unknown: Sequence[Unknown], cases: Cases) -> tuple[Missing, ...]:
    found = []
    for at, one in enumerate(unknown):
        relevant = _is_relevant(at, cases)
        narrows, on_average = _narrowing(engine, at, cases)
        told = Missing(one.place, len(one.options), relevant, decimal_of(narrows, engine.layout.exponent))
        found.append((not relevant, -narrows, -on_average, told))
    found.sort(key=lambda ranked: ranked[:3])
    return tuple(told for *_, told in found)


def _idle(engine: Engine, one: Unknown) -> Missing:
    """A fact that the program does not read."""
    return Missing(one.place, 0, False, decimal_of(0, engine.layout.exponent))


def _is_relevant(at: int, cases: Cases) -> bool:
    """Whether any two cases that differ in this fact alone come to another split."""
    seen: dict[Facts, Any] = {}
    for facts, outcome in cases:
        others = (*facts[:at], *facts[at + 1 :])
        if seen.setdefault(others, outcome.split) != outcome.split:
            return True
    return False


def _narrowing(engine: Engine, at: int, cases: Cases) -> tuple[int, Fraction]:
    """By how much the range of the payable narrows once the fact is known: at least, and on average."""
    by_option: dict[Option, list[int]] = {}
    for facts, outcome in cases:
        if outcome.refused is None:
            by_option.setdefault(facts[at][1], []).append(_payable(engine, outcome))
    every = [amount for amounts in by_option.values() for amount in amounts]
    whole = max(every) - min(every)
    left = [max(amounts) - min(amounts) for amounts in by_option.values()]
    return whole - max(left), whole - Fraction(sum(left), len(left))
