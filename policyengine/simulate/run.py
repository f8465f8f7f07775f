"""A book of claims through a rule set and its reforms, in one pass and in bounded memory."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from policyengine.bulk import BATCH
from policyengine.bulk.batch import Batch
from policyengine.bulk.mapping import ColumnMap
from policyengine.bulk.reader import Claims
from policyengine.bulk.rejected import Rejects
from policyengine.errors import ClaimError, Diagnostic
from policyengine.mass import Bulk, worked
from policyengine.money import NotMoney, exponent_of, minor_from
from policyengine.rulebook import Rulebook
from policyengine.simulate.conditions import SHOWN, amount_called, concluded, condition
from policyengine.simulate.groups import facts_of, require_groups
from policyengine.simulate.model import Judged, Outcome, Reform, Simulation
from policyengine.simulate.opening import open_for
from policyengine.simulate.parts import Asked, Part, Ruling, part_of
from policyengine.simulate.refused import Explaining

FIRST: Final = 20
"""Refused claims that a simulation tells of itself; the others stand in the file of rejects."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a book of claims. ``group_by``: facts, ``year``, ``month``. ``budget``: by payer, in whole
    currency units. ``fail_if``: conditions in plain words."""

    group_by: tuple[str, ...] = ()
    budget: Mapping[str, object] = field(default_factory=dict)
    fail_if: tuple[str, ...] = ()


def simulate_claims(
    book: Rulebook,
    claims: Any,
    question: Question | None = None,
    *,
    reforms: Sequence[Rulebook] = (),
    columns: ColumnMap | Path | str | None = None,
    lines: Any = None,
    parameters: Mapping[str, object] | None = None,
    known_on: datetime.date | None = None,
    allow_draft: bool = False,
    rejects: Path | None = None,
    threads: int | None = None,
    size: int = BATCH,
    sort: bool = False,
    told: Callable[[int, int | None], None] | None = None,
) -> Simulation:
    """What a rule set pays over a book of claims, and what each of ``reforms`` changes.

    ``claims``, ``columns``, ``lines``: as for ``bulk.open_claims``. ``rejects``: where rows go that are not settled.
    ``told``: called with the claims of each batch and how many there are in all, if that is known. The result does not
    depend on ``threads`` or ``size``. Raises ``RuleError`` and ``ClaimError`` (E740 to E746, and those of the reader).
    """
    asked = question or Question()
    rulings = _rulings((book, *reforms), parameters or {}, known_on, allow_draft)
    ready = _asked(asked, rulings)
    facts = dict.fromkeys((*facts_of(asked.group_by), *(n for c in ready.conditions for n in facts_of(c.facts))))
    by_person = bool(reforms) or any(one.per == "person" for one in ready.conditions)
    opened = open_for([r.bulk.book for r in rulings], claims, columns, lines, tuple(facts), by_person)
    require_groups(tuple(facts), [opened.plan.wanted.claim[name].kind for name in facts])
    explaining = [
        Explaining(r.bulk.book, r.name, opened.scope, parameters or {}, known_on, allow_draft) for r in rulings
    ]
    run = _Run(ready, opened, explaining, _empty(asked, ready, opened), told)
    with ExitStack() as stack:
        run.rejects = None if rejects is None else stack.enter_context(Rejects(rejects))
        for batch, part in worked(opened.batches(size, sort=sort), lambda one: part_of(ready, one), threads):
            run.take(batch, part)
    return run.concluded()


def _rulings(
    books: Sequence[Rulebook], parameters: Mapping[str, object], known_on: datetime.date | None, allow_draft: bool
) -> tuple[Ruling, ...]:
    names: list[str] = []
    for book in books:
        same = names.count(book.name)
        names.append(book.name if not same else f"{book.name} ({same + 1})")
    for book in books:
        if any(p.run is not None or p.settle_by for p in book.every_program):
            text = f"{book.name} is settled over settlements, or one fee line after the other"
            raise ClaimError(Diagnostic("E749", text, None, "a rule set that settles claims", record=book.name))
    return tuple(
        Ruling(name, Bulk(book, parameters, known_on, allow_draft)) for name, book in zip(names, books, strict=True)
    )


def _asked(question: Question, rulings: tuple[Ruling, ...]) -> Asked:
    program = rulings[0].bulk.book.programs[0]
    amounts = tuple(dict.fromkeys(name for r in rulings for name in r.bulk.outputs))
    conditions = tuple(condition(text, program.currency, amounts) for text in question.fail_if)
    if conditions and len(rulings) == 1:
        text = "a condition says what a reform must not do, and there is no reform"
        raise ClaimError(Diagnostic("E744", text, None, "at least one reform", record="the conditions"))
    power = int(10 ** exponent_of(program.currency))
    return Asked(rulings, program.dated_by, question.group_by, conditions, power)


def _empty(question: Question, asked: Asked, opened: Claims) -> Simulation:
    first = asked.rulings[0].bulk.book.programs[0]
    amounts = tuple(dict.fromkeys(name for r in asked.rulings for name in r.bulk.outputs))
    budget = {
        amount_called(name, amounts): _budget(name, value, first.currency) for name, value in question.budget.items()
    }
    outcomes = [Outcome(r.name, r.bulk.book.digest) for r in asked.rulings]
    reforms = [Reform(one, judged=[Judged(c.text) for c in asked.conditions]) for one in outcomes[1:]]
    return Simulation(
        first.currency, question.group_by, outcomes[0], reforms, budget=budget, unread=opened.report.unread
    )


def _budget(name: str, value: object, currency: str) -> int:
    try:
        return minor_from(value, exponent_of(currency), 10**17)
    except NotMoney as error:
        raise ClaimError(Diagnostic("E742", f"the budget of {name}: {error}", None, "an amount", record=name)) from None


@dataclass(slots=True)
class _Run:
    asked: Asked
    opened: Claims
    explaining: list[Explaining]
    found: Simulation
    told: Callable[[int, int | None], None] | None
    rejects: Rejects | None = None

    def take(self, batch: Batch, part: Part) -> None:
        """Adds what a batch gave, and tells of the claims that were refused."""
        self.found.baseline.add(part.baseline)
        for mine, theirs in zip(self.found.reforms, part.reforms, strict=True):
            mine.add(theirs, SHOWN)
        self._refuse(batch, part)
        if self.told is not None:
            self.told(len(batch), self.opened.source.rows)

    def _refuse(self, batch: Batch, part: Part) -> None:
        baseline = self.explaining[0]
        found = baseline.reasons(batch, part.statuses[0])
        self.found.refused += baseline.told(batch, found, FIRST - len(self.found.refused))
        if self.rejects is not None:
            self.rejects.add(replace(batch, rejects=found))
            for ruling, status in zip(self.explaining[1:], part.statuses[1:], strict=True):
                only = {at: why for at, why in ruling.reasons(batch, status).items() if at not in found}
                named = {at: replace(why, message=f"under {ruling.name}: {why.message}") for at, why in only.items()}
                self.rejects.add(replace(batch, rejects=named))

    def concluded(self) -> Simulation:
        for reform in self.found.reforms:
            for one, judged in zip(self.asked.conditions, reform.judged, strict=True):
                concluded(one, judged)
        return self.found
