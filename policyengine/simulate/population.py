"""A table of all people, those without claims among them: who lives together, and on what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from policyengine.backends.kernel import Status
from policyengine.bulk.batch import Batch, Column, Ids, Numbers
from policyengine.bulk.columns import column
from policyengine.bulk.csvfiles import PLAIN
from policyengine.bulk.facts import GLOSSARY, Wanted
from policyengine.bulk.identity import keys_of, numbered
from policyengine.bulk.mapping import ColumnMap, load_columns
from policyengine.bulk.order import combined
from policyengine.bulk.plan import plan
from policyengine.bulk.sources import Wish, open_source
from policyengine.claim import quoted
from policyengine.errors import ClaimError, Diagnostic
from policyengine.mass.sums import sums_by
from policyengine.simulate.groups import Label
from policyengine.simulate.hardship import Lines, marked, years_of
from policyengine.simulate.model import Burden

Array = NDArray[Any]
FACTS: Final = ("person_id", "household_id", "income_annual")
_ROWS: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Population:
    """``keys``: of the ids of people, ascending; ``homes``: the number of the household of each. Of each household how
    many live there, and their incomes together, −1 where one of them states none."""

    keys: Array
    homes: Array
    sizes: Array
    incomes: Array

    def homes_of(self, batch: Batch) -> Array:
        """The household of each claim; −1 for claims whose data are bad. Raises ``ClaimError`` E747 for a person who is
        not in the table."""
        people = batch.claims["person_id"]
        assert isinstance(people, Ids), "everybody has an id"
        numbers = people.numbers.copy()
        numbers[list(batch.rejects)] = -1
        readable = np.flatnonzero(numbers >= 0)
        who, rows = np.unique(numbers[readable], return_index=True)
        wanted = keys_of(people.texts.take(pa.array(readable[rows])))
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        strangers = np.flatnonzero(self.keys[at] != wanted)
        if len(strangers):
            claim = batch.ids[int(readable[rows[strangers[0]]])].as_py()
            text = f"the person of the claim {quoted(str(claim))} is not in the table of people"
            raise ClaimError(Diagnostic("E747", text, None, "everybody who has a claim", record="the table of people"))
        by_number = np.full(int(numbers.max(initial=-1)) + 2, -1, np.int64)
        by_number[who] = self.homes[at]
        found: Array = by_number[numbers]
        return found


def population(source: Any, currency: str, mapping: ColumnMap | Path | str | None = None) -> Population:
    """The people of a table with the columns of ``FACTS``, where the mapping names no others. Raises ``ClaimError`` and
    ``RuleError`` as ``bulk.open_claims``, E747 for somebody who cannot be read or stands there twice."""
    columns = load_columns(mapping) if isinstance(mapping, str | Path) else mapping
    own = None if columns is None else ColumnMap(columns.name, columns.facts)
    facts = {name: GLOSSARY[name] for name in FACTS}
    of = Wanted(
        facts, {}, frozenset(FACTS), "", "", currency, frozenset(), frozenset(GLOSSARY) | _declared(own), False, False
    )
    opened = open_source(source, PLAIN if columns is None else columns.written)
    made = plan(of, opened.schema, own, name=opened.name)
    parts = list(opened.stream(Wish(made.columns, (), (), _ROWS)))
    if not sum(map(len, parts)):
        raise ClaimError(Diagnostic("E747", "nobody is in the table of people", None, record=opened.name))
    table = combined(parts)
    found: dict[str, Column] = {}
    for reading in made.claim:
        found[reading.fact.name], bad = column(reading, table.column(reading.column))
        if bad is not None and bad.any():
            raise _unread(int(np.flatnonzero(bad)[0]), reading.column)
    return _gathered(found)


def _declared(mapping: ColumnMap | None) -> frozenset[str]:
    """Facts that only the rule file of the claims knows; the same mapping may serve both tables."""
    return frozenset() if mapping is None else frozenset(mapping.facts)


def _unread(row: int, name: str) -> ClaimError:
    text = f"row {row + 1:,}: the column `{name}` cannot be read"
    return ClaimError(Diagnostic("E747", text, None, "ids, and amounts from 0", record="the table of people"))


def _gathered(found: Mapping[str, Column]) -> Population:
    people, homes, incomes = (found[name] for name in FACTS)
    assert isinstance(people, Ids), "people have ids"
    assert isinstance(homes, Ids), "households have ids"
    assert isinstance(incomes, Numbers), "an income is an amount"
    keys = keys_of(people.texts)
    order = np.argsort(keys, kind="stable")
    twice = np.flatnonzero(keys[order][1:] == keys[order][:-1])
    missing = np.flatnonzero((people.numbers < 0) | (homes.numbers < 0))
    if len(missing):
        raise _unread(int(missing[0]), "person_id or household_id")
    if len(twice):
        text = f"row {int(order[twice[0] + 1]) + 1:,}: this person stands there twice"
        raise ClaimError(Diagnostic("E747", text, None, "everybody once", record="the table of people"))
    of = numbered(homes.texts)
    count = int(of.max()) + 1
    stated = np.ones(len(keys), np.bool_) if incomes.stated is None else incomes.stated
    sums = sums_by(of, np.where(stated, incomes.values, 0), count)
    sums[of[~stated]] = -1
    return Population(keys[order], of[order], sums_by(of, np.ones(len(keys), np.int64), count), sums)


@dataclass(frozen=True, slots=True)
class Spent:
    """Of the years of households that a batch tells of: whose and which, what each rule set leaves to be paid, and
    whether a claim is not settled under it."""

    homes: Array
    years: Array
    amounts: tuple[Array, ...]
    opens: tuple[Array, ...]


def spent(
    people: Population, batch: Batch, dated_by: str, statuses: tuple[Array, ...], borne: tuple[Array, ...]
) -> Spent:
    """What the households of a batch pay under each rule set, by year."""
    years = years_of(people.homes_of(batch), batch, dated_by)
    count, which = len(years.who), years.which
    amounts = tuple(sums_by(years.of, one[which], count) for one in borne)
    opens = tuple(sums_by(years.of, (one[which] != Status.SETTLED).astype(np.int64), count) > 0 for one in statuses)
    return Spent(years.who, years.year, amounts, opens)


@dataclass(slots=True)
class Purses:
    """What every household has paid so far, by year and rule set. Memory: nine bytes a household, year and rule set."""

    people: Population
    rulings: int
    amounts: dict[int, list[Array]] = field(default_factory=dict)
    opens: dict[int, list[Array]] = field(default_factory=dict)

    def take(self, more: Spent) -> None:
        """Adds what a batch tells; a household may stand in several."""
        size = len(self.people.sizes)
        for year in np.unique(more.years).tolist():
            if year not in self.amounts:
                self.amounts[year] = [np.zeros(size, np.int64) for _ in range(self.rulings)]
                self.opens[year] = [np.zeros(size, np.bool_) for _ in range(self.rulings)]
            at = more.years == year
            for mine, theirs in zip(self.amounts[year], more.amounts, strict=True):
                mine[more.homes[at]] += theirs[at]
            for mine, theirs in zip(self.opens[year], more.opens, strict=True):
                mine[more.homes[at]] |= theirs[at]

    def burdens(self, ruling: int, lines: Lines) -> dict[Label, Burden]:
        """Of every year in which anybody has a claim: all people of the table, each household for its members."""
        people = self.people
        found: dict[Label, Burden] = {}
        for year in sorted(self.amounts):
            amounts, opens = self.amounts[year][ruling], self.opens[year][ruling]
            marks = marked(amounts, people.incomes, people.sizes, opens, lines)
            found[str(year),] = Burden(*(int(mark.sum()) for mark in marks))
        return found
