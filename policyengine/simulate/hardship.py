"""Whom paying for care ruins: catastrophic expenditure and impoverishment, for a person or a household and a year.

What is paid out of pocket in a year is what stays with the patients of their bills, less what is granted to them
outside the bills, never below zero. All comparisons are of whole numbers: 10 % of an income is exceeded if ten times
the amount exceeds the income.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from policyengine.backends.kernel import Status
from policyengine.bulk.batch import Batch, Days, Ids, Numbers
from policyengine.ir import NO_DAY
from policyengine.mass.calendar import numbers_of
from policyengine.mass.sums import dense, sums_by
from policyengine.simulate.groups import Grouping, Label
from policyengine.simulate.model import Burden

Array = NDArray[Any]
YEARS: Final = 4_096
"""Years lie below this."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Amounts for one person and one year, in minor units; ``None``: what needs it is not measured."""

    poverty: int | None = None
    subsistence: int | None = None


@dataclass(frozen=True, slots=True)
class Years:
    """Whose years a batch tells of: the readable claims ``which``, the place of the year of each, and of each year
    whose it is and which."""

    which: Array
    of: Array
    who: Array
    year: Array


def years_of(who: Array, batch: Batch, dated_by: str) -> Years:
    """The years of ``who``, numbers from 0 for each claim; −1 for claims of nobody."""
    days = batch.claims[dated_by]
    assert isinstance(days, Days), "rules are selected by a day"
    readable = (who >= 0) & (days.values != NO_DAY)
    readable[list(batch.rejects)] = False
    which = np.flatnonzero(readable)
    years = numbers_of(days.values[which]) // 10_000
    most = int(who.max(initial=0)) + 1
    of, known = dense(who[which].astype(np.int64) * YEARS + years, most * YEARS)
    return Years(which, of, known // YEARS, known % YEARS)


def of_people(
    batch: Batch, dated_by: str, groups: Grouping, status: Array, borne: Array, lines: Lines
) -> dict[Label, Burden]:
    """The years of the people of a batch, each in the group of its first claim, against the income that its last claim
    states."""
    people, incomes = batch.claims["person_id"], batch.claims["income_annual"]
    assert isinstance(people, Ids), "everybody has an id"
    assert isinstance(incomes, Numbers), "an income is an amount"
    years = years_of(people.numbers, batch, dated_by)
    count, size = len(years.who), len(groups.labels)
    stated = np.ones(len(batch), np.bool_) if incomes.stated is None else incomes.stated
    income = np.full(count, -1, np.int64)
    chosen = stated[years.which]
    income[years.of[chosen]] = incomes.values[years.which][chosen]
    group = np.zeros(count, np.int64)
    group[years.of[::-1]] = groups.of[years.which][::-1]
    spent = sums_by(years.of, borne[years.which], count)
    open_ = sums_by(years.of, (status[years.which] != Status.SETTLED).astype(np.int64), count) > 0
    marks = marked(spent, income, np.ones(count, np.int64), open_, lines)
    sums = [sums_by(group, mark, size).tolist() for mark in marks]
    rows = zip(*sums, strict=True)
    return {label: Burden(*row) for label, row in zip(groups.labels, rows, strict=True) if row[0]}


def marked(spent: Array, income: Array, people: Array, open_: Array, lines: Lines) -> list[Array]:
    """Of each year how many people count for each field of ``Burden``; ``income`` −1: it is not known."""
    known, paid = income >= 0, np.maximum(spent, 0)
    poverty = None if lines.poverty is None else lines.poverty * people
    capacity = None if lines.subsistence is None else np.maximum(income - lines.subsistence * people, 0)
    no = np.zeros(len(spent), np.bool_)
    poor = no if poverty is None else known & (income < poverty)
    below = no if poverty is None else known & (income - paid < poverty)
    found = (
        np.ones(len(spent), np.bool_), ~known, open_, known & (10 * paid > income), known & (4 * paid > income),
        no if capacity is None else known & (5 * paid > 2 * capacity), poor, below & ~poor, poor & (paid > 0),
    )  # fmt: skip
    return [np.where(mark, people, 0) for mark in found]
