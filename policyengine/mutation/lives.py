"""Lives on which a rule file and its mutant are compared: those of its cases, others at every edge, drawn ones."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from policyengine.casebook import Case
from policyengine.claim import Claim, History
from policyengine.errors import ClaimError
from policyengine.generate import draw_parameters, edges, lives
from policyengine.ir import Program
from policyengine.money import MAX_MINOR, exponent_of, text_of
from policyengine.rulebook import Rulebook

ORDINARY = (1, 99, 10_000, 123_457, 1_000_003, 7_777_777, 30_000_001, 90_000_000)
"""Bills in minor units that no rule needs to name."""
AROUND = (-1, 0, 1, 2, 3, 7)
MOST_EDGES = 8


@dataclass(frozen=True, slots=True)
class Life:
    """Claims in the order of their settlement, with the parameters and the history that they are settled with.
    ``kept``: it is compared for every mutant, so that it pays to remember what comes of it."""

    claims: tuple[Claim, ...]
    parameters: Mapping[str, str]
    history: History | None = None
    kept: bool = False


def of_cases(cases: Sequence[Case]) -> Iterator[Life]:
    """The claims of cases as they stand."""
    for case in cases:
        claims = tuple(turn.claim for turn in case.turns if isinstance(turn.claim, Claim))
        if claims and case.known_on is None:
            yield Life(claims, case.parameters, case.history, kept=True)


def bills(before: Sequence[Program], after: Sequence[Program]) -> tuple[int, ...]:
    """Bills at every amount that only one of the two names, and some coins around it: alone, twice, on top of every
    other amount; and ordinary ones, on which a share shows."""
    one, two = _named(before), _named(after)
    others = sorted(one & two)[:MOST_EDGES]
    base = {e + over for e in one ^ two for over in (0, e, *others)}
    near = {edge + by for edge in base for by in AROUND}
    return tuple(sorted(x for x in {*near, *ORDINARY} if 0 < x <= MAX_MINOR // 100))


def _named(programs: Sequence[Program]) -> set[int]:
    return {edge for program in programs for edge in edges(program, ("money", "exact"))}


def with_bills(life: Life, amounts: Sequence[int], currency: str) -> Iterator[Life]:
    """A life whose last claim has another amount on its first fee line: each of ``amounts`` in turn."""
    *earlier, last = life.claims
    data = last.model_dump(mode="json", exclude_unset=True)
    for bill in amounts if data.get("lines") else ():
        lines = [{**data["lines"][0], "amount": text_of(bill, exponent_of(currency))}, *data["lines"][1:]]
        changed = claim_or_none({**data, "lines": lines})
        if changed is not None:
            yield Life((*earlier, changed), life.parameters, life.history)


def on_days(life: Life, days: Sequence[datetime.date], dated_by: str) -> Iterator[Life]:
    """A life whose last claim is of each of ``days`` in turn."""
    *earlier, last = life.claims
    stated = getattr(last.encounter, dated_by)
    data = last.model_dump(mode="json", exclude_unset=True)
    for day in days if stated is not None else ():
        moved = claim_or_none(_moved(data, (day - stated).days))
        if moved is not None:
            yield Life((*earlier, moved), life.parameters, life.history)


def beside(life: Life) -> Iterator[Life]:
    """A life with its last claim a day earlier and later, and one that has it twice, on the same day and a year on."""
    *earlier, last = life.claims
    data = last.model_dump(mode="json", exclude_unset=True)
    for days in (-1, 1, 365):
        moved = claim_or_none(_moved(data, days))
        if moved is not None:
            yield Life((*earlier, moved), life.parameters, life.history)
        again = claim_or_none({**_moved(data, max(0, days)), "id": f"{last.id}-2", "sequence": last.sequence + 1})
        if again is not None:
            yield Life((*life.claims, again), life.parameters, life.history)


def _moved(data: Mapping[str, Any], days: int) -> dict[str, Any]:
    """A claim with every day of the encounter so many days later."""
    encounter = {
        name: str(datetime.date.fromisoformat(value) + datetime.timedelta(days=days))
        if isinstance(value, str) and name.endswith("_date") else value
        for name, value in data.get("encounter", {}).items()
    }  # fmt: skip
    return {**data, "encounter": encounter}


def claim_or_none(data: Mapping[str, Any]) -> Claim | None:
    """The claim, if the data are one."""
    try:
        return Claim.model_validate(data)
    except ClaimError:
        return None


def drawn(book: Rulebook, seed: int, count: int) -> Iterator[Life]:
    """Members drawn from what the rule set reads; the parameters that the caller must give are drawn once for all."""
    if book.programs[-1].run is not None:
        return
    values = draw_parameters(book.programs[-1], Random(seed))
    parameters = {name: str(value) for name, value in values.items()}
    for claims in lives(book, seed, count):
        yield Life(claims, parameters, kept=True)
