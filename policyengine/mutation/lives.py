"""Lives on which a rule file and its mutant are compared: those of its cases, others at every edge, drawn ones."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from policyengine.casebook import Case
from policyengine.casebook.model import RunCase
from policyengine.casebook.runs import claims_of
from policyengine.claim import Claim, History
from policyengine.errors import ClaimError
from policyengine.generate import draw_parameters, edges, lives
from policyengine.ir import Program
from policyengine.money import MAX_MINOR, exponent_of, text_of
from policyengine.rulebook import Rulebook
from policyengine.runs import restated

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


class Maker:
    """How the claims of a rule set are made of data. Those of a run are always such as its rows can make."""

    def __init__(self, book: Rulebook) -> None:
        self.book, self.run = book, book.programs[-1].run
        amounts = [field.name for field in self.run.fields if field.kind == "money"] if self.run is not None else []
        self.amounts = tuple(amounts)

    def claim(self, data: Mapping[str, Any]) -> Claim | None:
        """The claim, if the data are one."""
        try:
            return restated(self.book, Claim.model_validate(data))
        except ClaimError:
            return None

    def charged(self, line: Mapping[str, Any], amount: str) -> Iterator[dict[str, Any]]:
        """A fee line of another amount; of a run, a row one of whose amounts is another."""
        if self.run is None:
            yield {**line, "amount": amount}
        for name in self.amounts:
            yield {**line, "facts": {**line["facts"], name: amount}}

    def of_cases(self, cases: Sequence[Case]) -> Iterator[Life]:
        """The claims of cases as they stand; of a run, one after the other, each alone."""
        for case in cases:
            claims = tuple(turn.claim for turn in case.turns if isinstance(turn.claim, Claim))
            if claims and case.known_on is None:
                yield Life(claims, case.parameters, case.history, kept=True)
            if case.run is not None and case.known_on is None:
                yield from self._of_run(case, case.run)

    def _of_run(self, case: Case, wanted: RunCase) -> Iterator[Life]:
        parameters = dict(case.parameters)
        if wanted.sought is not None:
            parameters[wanted.sought.parameter] = wanted.sought.value
        try:
            made = claims_of(self.book, wanted).claims
        except ClaimError:
            return
        for claim in made:
            yield Life((claim,), parameters, case.history, kept=True)

    def drawn(self, seed: int, count: int) -> Iterator[Life]:
        """Members drawn from what the rule set reads; the parameters that the caller must give are drawn once for
        all."""
        values = draw_parameters(self.book.programs[-1], Random(seed))
        parameters = {name: str(value) for name, value in values.items()}
        for claims in lives(self.book, seed, count):
            if self.run is None:
                yield Life(claims, parameters, kept=True)
                continue
            for claim in claims:
                yield from self._with_last(Life((claim,), parameters), _plain(claim), kept=True)

    def with_bills(self, life: Life, amounts: Sequence[int]) -> Iterator[Life]:
        """A life whose last claim has another amount on its first fee line: each of ``amounts`` in turn."""
        data, exponent = _plain(life.claims[-1]), exponent_of(self.book.programs[-1].currency)
        for bill in amounts if data.get("lines") else ():
            for line in self.charged(data["lines"][0], text_of(bill, exponent)):
                yield from self._with_last(life, {**data, "lines": [line, *data["lines"][1:]]})

    def on_days(self, life: Life, days: Sequence[datetime.date]) -> Iterator[Life]:
        """A life whose last claim is of each of ``days`` in turn."""
        stated = getattr(life.claims[-1].encounter, self.book.dated_by)
        for day in days if stated is not None else ():
            yield from self._with_last(life, _moved(_plain(life.claims[-1]), (day - stated).days))

    def beside(self, life: Life) -> Iterator[Life]:
        """A life with its last claim a day earlier and later, and one that has it twice, on the same day and a year on.
        A run settles a window once."""
        last, data = life.claims[-1], _plain(life.claims[-1])
        for days in (-1, 1, 365):
            yield from self._with_last(life, _moved(data, days))
            again = {**_moved(data, max(0, days)), "id": f"{last.id}-2", "sequence": last.sequence + 1}
            made = self.claim(again) if self.run is None else None
            if made is not None:
                yield Life((*life.claims, made), life.parameters, life.history)

    def _with_last(self, life: Life, data: Mapping[str, Any], kept: bool = False) -> Iterator[Life]:
        made = self.claim(data)
        if made is not None:
            yield replace(life, claims=(*life.claims[:-1], made), kept=kept)


def _plain(claim: Claim) -> dict[str, Any]:
    return claim.model_dump(mode="json", exclude_unset=True)


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


def _moved(data: Mapping[str, Any], days: int) -> dict[str, Any]:
    """A claim with every day of the encounter so many days later."""
    encounter = {
        name: str(datetime.date.fromisoformat(value) + datetime.timedelta(days=days))
        if isinstance(value, str) and name.endswith("_date") else value
        for name, value in data.get("encounter", {}).items()
    }  # fmt: skip
    return {**data, "encounter": encounter}
