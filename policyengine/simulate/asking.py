"""A question about a book of claims, made ready for batches: rule sets, conditions, budgets, incomes."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from policyengine.bulk.mapping import ColumnMap
from policyengine.errors import ClaimError, Diagnostic
from policyengine.mass import Bulk, Openings
from policyengine.money import NotMoney, exponent_of, minor_from
from policyengine.rulebook import Rulebook
from policyengine.simulate.assumed import Elasticity
from policyengine.simulate.conditions import amount_called, condition
from policyengine.simulate.hardship import Lines
from policyengine.simulate.model import Judged, Means, Outcome, Reform, Simulation
from policyengine.simulate.parts import Asked, Ruling
from policyengine.simulate.population import population
from policyengine.simulate.sampling import Sampling


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a book of claims. ``group_by``: facts, ``year``, ``month``. ``budget``: by payer, in whole
    currency units. ``fail_if``: conditions in plain words. ``exercised``: it is counted which rows of tables, and which
    provisions that have a condition, the claims exercise.

    ``incomes``: whom paying ruins is measured; ``claims``: by the income that each claim states, else a table of all
    people (``person_id``, ``household_id``, ``income_annual``). ``poverty_line`` and ``subsistence``: for one person
    and one year, in whole currency units; without them, what needs them is not measured.

    ``elasticity``: it is assumed that people answer to what a reform lets them pay. ``sampling``: the people of the
    book are taken as a sample, and totals come with intervals.
    """

    group_by: tuple[str, ...] = ()
    budget: Mapping[str, object] = field(default_factory=dict)
    fail_if: tuple[str, ...] = ()
    exercised: bool = False
    incomes: Any = None
    poverty_line: object = None
    subsistence: object = None
    elasticity: Elasticity | None = None
    sampling: Sampling | None = None

    @property
    def of_claims(self) -> bool:
        """Whether incomes are those that claims state."""
        return isinstance(self.incomes, str) and self.incomes == "claims"


_LARGEST: Final = 10**17


def rulings_of(
    books: Sequence[Rulebook],
    parameters: Mapping[str, object],
    known_on: datetime.date | None,
    allow_draft: bool,
    counting: bool,
    openings: Callable[[Rulebook], Openings | None],
) -> tuple[Ruling, ...]:
    """The rule sets that take part, each with a name of its own, and what its members begin with. Raises ``ClaimError``
    E749 for runs."""
    names: list[str] = []
    for book in books:
        same = names.count(book.name)
        names.append(book.name if not same else f"{book.name} ({same + 1})")
    for book in books:
        if any(program.run is not None for program in book.every_program):
            text = f"{book.name} is a run over settlements"
            raise ClaimError(Diagnostic("E749", text, None, "a rule set that settles claims", record=book.name))
    return tuple(
        Ruling(name, Bulk(book, parameters, known_on, allow_draft, counting=counting, openings=openings(book)))
        for name, book in zip(names, books, strict=True)
    )


def asked_of(question: Question, rulings: tuple[Ruling, ...], columns: ColumnMap | Path | str | None) -> Asked:
    """What is asked of every batch. Raises ``ClaimError`` for conditions and incomes that cannot be read."""
    program = rulings[0].bulk.book.programs[0]
    amounts = tuple(dict.fromkeys(name for r in rulings for name in r.bulk.outputs))
    conditions = tuple(condition(text, program.currency, amounts) for text in question.fail_if)
    if conditions and len(rulings) == 1:
        text = "a condition says what a reform must not do, and there is no reform"
        raise ClaimError(Diagnostic("E744", text, None, "at least one reform", record="the conditions"))
    power = int(10 ** exponent_of(program.currency))
    lines = _lines(question, program.currency)
    table = lines is not None and not question.of_claims
    people = population(question.incomes, program.currency, columns) if table else None
    if question.elasticity is not None and len(rulings) == 1:
        text = "an elasticity says what people do under a reform, and there is no reform"
        raise ClaimError(Diagnostic("E843", text, None, "at least one reform", record="the elasticity"))
    return Asked(
        rulings, program.dated_by, question.group_by, conditions, power, lines, people, question.elasticity,
        question.sampling,
    )  # fmt: skip


def _lines(question: Question, currency: str) -> Lines | None:
    """Poverty line and subsistence, if incomes are looked at. Raises ``ClaimError`` E748 for them without incomes."""
    given = {"poverty line": question.poverty_line, "subsistence": question.subsistence}
    stated = {name: _money(name, value, currency, "E748") for name, value in given.items() if value is not None}
    if question.incomes is None:
        if stated:
            text = f"the {next(iter(stated))} is held against incomes, and none are given"
            raise ClaimError(Diagnostic("E748", text, None, "`claims`, or a table of people", record="the incomes"))
        return None
    return Lines(stated.get("poverty line"), stated.get("subsistence"))


def empty(question: Question, asked: Asked, unread: tuple[str, ...]) -> Simulation:
    """The simulation before the first claim. Raises ``ClaimError`` E742 for budgets of nobody."""
    first = asked.rulings[0].bulk.book.programs[0]
    amounts = tuple(dict.fromkeys(name for r in asked.rulings for name in r.bulk.outputs))
    budget = {
        amount_called(name, amounts): _money(f"budget of {name}", value, first.currency, "E742")
        for name, value in question.budget.items()
    }
    outcomes = [Outcome(r.name, r.bulk.book.digest) for r in asked.rulings]
    reforms = [Reform(one, judged=[Judged(c.text) for c in asked.conditions]) for one in outcomes[1:]]
    means = None
    if (lines := asked.lines) is not None:
        homes = asked.people is not None
        means = Means(lines.poverty, lines.subsistence, ("year",) if homes else question.group_by, homes)
    return Simulation(
        first.currency, question.group_by, outcomes[0], reforms, budget=budget, means=means, unread=unread,
        elasticity=question.elasticity, sampling=question.sampling,
    )  # fmt: skip


def _money(name: str, value: object, currency: str, code: str) -> int:
    """A sum of money in minor units, not below zero. Raises ``ClaimError``."""
    try:
        found = minor_from(value, exponent_of(currency), _LARGEST)
    except NotMoney as error:
        raise ClaimError(Diagnostic(code, f"the {name}: {error}", None, "an amount", record="the simulation")) from None
    if found < 0:
        raise ClaimError(Diagnostic(code, f"the {name} is below zero", None, "an amount", record="the simulation"))
    return found
