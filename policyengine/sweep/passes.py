"""A pass over the claims: every batch is made ready once and settled at every point."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from policyengine.backends.kernel import Status
from policyengine.bulk import BATCH
from policyengine.bulk.batch import Batch
from policyengine.bulk.checkpoint import EVERY, LIBRARY, RULES, SOURCE, fingerprint
from policyengine.bulk.mapping import ColumnMap
from policyengine.bulk.plain import Plain
from policyengine.bulk.reader import Claims, columns_for
from policyengine.cache import sources_digest
from policyengine.errors import ClaimError, Diagnostic
from policyengine.mass import Bulk, Digest, Settled, digest_of
from policyengine.mass.passing import Keeping, Passing
from policyengine.mass.prepared import Prepared
from policyengine.rulebook import Rulebook
from policyengine.simulate.groups import Grouping, facts_of, grouping, require_groups
from policyengine.simulate.opening import open_for
from policyengine.simulate.sums import sums_by
from policyengine.sweep.boxes import Point
from policyengine.sweep.curve import Cell, Tally
from policyengine.sweep.family import Family
from policyengine.sweep.watched import CUT

Array = NDArray[Any]
Told = Callable[[int, int | None], None]
MANY: Final = 1 << 24
"""So many pairs of members and groups are marked, and not sorted."""
PEOPLE: Final = ("person_id", "household_id", "")
"""Where claims wait for each other within these, all claims of a member stand in one batch."""


Tallies = dict[Point, Tally]
PLAIN: Final = Plain((Tally, Cell, Digest))


@dataclass(slots=True)
class _Tallies:
    """The sums at each point so far."""

    tallies: Tallies

    def take(self, _batch: Batch, part: Tallies) -> None:
        for point, more in part.items():
            self.tallies[point].add(more)

    def kept(self) -> Tallies:
        return self.tallies

    def restore(self, kept: Tallies) -> None:
        self.tallies = kept


@dataclass(frozen=True, slots=True)
class Reading:
    """How claims are read. ``columns``, ``lines``, ``sort``: as for ``bulk.open_claims``; ``threads``: by default one a
    processor; ``told``: called with the claims of each batch and how many there are in all, if that is known.
    ``checkpoint``, ``every``: the file in which a sweep is kept, as for ``simulate_claims``."""

    source: Any
    columns: ColumnMap | Path | str | None = None
    lines: Any = None
    sort: bool = False
    threads: int | None = None
    size: int = BATCH
    told: Told | None = None
    checkpoint: Path | None = None
    every: int = EVERY


@dataclass(frozen=True, slots=True)
class Book:
    """A book of claims that is passed over, perhaps several times. ``only``: names of the amounts that are added up,
    all if empty."""

    reading: Reading
    opened: Claims
    group_by: tuple[str, ...] = ()
    only: tuple[str, ...] = ()

    @property
    def has_people(self) -> bool:
        return self.opened.scope in PEOPLE

    def over(self, family: Family, points: Sequence[Point]) -> Tallies:
        """The sums at each point, in one pass. Raises ``RuleError`` and ``ClaimError``."""
        bulks = {point: family.at(point, (*self.only, CUT) if self.only else ()) for point in points}
        found, read = _Tallies({point: Tally() for point in points}), self.reading
        passing = Passing[Tallies](self.opened, read.size, read.sort, read.threads, read.told, self._keeping(family))
        passing.resume(found)
        passing.over(lambda one: self._part(bulks, one), found)
        return found.tallies

    def _keeping(self, family: Family) -> Keeping | None:
        read, opened = self.reading, self.opened
        if read.checkpoint is None:
            return None
        sources = [opened.source.fingerprint, *([opened.lines.fingerprint] if opened.lines is not None else [])]
        axes = [(one.lever.address, one.first, one.last, one.step, one.lever.literals) for one in family.axes]
        run = {
            SOURCE: fingerprint(*sources, read.sort) if all(sources) else "",
            RULES: fingerprint(family.book.name, family.book.digest, family.parameters, family.allow_draft),
            "with other columns": fingerprint(columns_for(read.source, read.columns)),
            "for another question": fingerprint(axes, self.group_by, self.only),
            LIBRARY: sources_digest(),
        }
        return Keeping(read.checkpoint, run, PLAIN, read.every)

    def _part(self, bulks: Mapping[Point, Bulk], batch: Batch) -> Tallies:
        given = next(iter(bulks.values())).prepared(batch)
        groups = grouping(self.group_by, batch, self.opened.book.dated_by)
        return {point: self._tally(bulk.settle(given), given, groups) for point, bulk in bulks.items()}

    def _tally(self, found: Settled, given: Prepared, groups: Grouping) -> Tally:
        amounts = {name: values for name, values in found.amounts.items() if name != CUT}
        cells = _cells(found, amounts, given, groups)
        total = Cell()
        for cell in cells:
            total.add(cell)
        by_group = dict(zip(groups.labels, cells, strict=True)) if self.group_by else {}
        return Tally(total, by_group, digest_of(found.batch.keys, found.status, amounts))


def _cells(found: Settled, amounts: Mapping[str, Array], given: Prepared, groups: Grouping) -> list[Cell]:
    """What each group adds up to. A member whose claims fall into several groups is counted in each."""
    count, of = len(groups.labels), groups.of
    sums = {name: _sums(of, values, count) for name, values in amounts.items()}
    claims = np.bincount(of, minlength=count)
    settled = claims - np.bincount(of[found.status != Status.SETTLED], minlength=count)
    cut = np.flatnonzero(found.amounts[CUT] > 0) if CUT in found.amounts else np.zeros(0, np.int64)
    at_limit = np.bincount(of[cut], minlength=count)
    people_at_limit = _members(given, of, cut, count)
    return [
        Cell(int(claims[at]), int(settled[at]), {name: values[at] for name, values in sums.items()}, int(at_limit[at]),
             int(people_at_limit[at]))
        for at in range(count)
    ]  # fmt: skip


def _members(given: Prepared, of: Array, which: Array, count: int) -> Array:
    """By group, the members whom the claims at the positions ``which`` are of."""
    keys = given.who[which].astype(np.int64) * count + of[which]
    if given.members * count > MANY:
        return np.bincount(np.unique(keys) % max(count, 1), minlength=count)
    seen = np.zeros((given.members, count), np.bool_)
    seen.reshape(-1)[keys] = True
    found: Array = seen.sum(axis=0)
    return found


def _sums(of: Array, values: Array, count: int) -> list[int]:
    """The sum of each group; there is one where none is asked for."""
    return [int(values.sum())] if count == 1 else list(map(int, sums_by(of, values, count)))


def book_of_claims(
    book: Rulebook, reading: Reading, group_by: tuple[str, ...] = (), only: tuple[str, ...] = ()
) -> Book:
    """The claims of a source, opened for a rule set. Raises ``RuleError`` and ``ClaimError`` as ``bulk.open_claims``,
    E767 for a run, whose claims are settlements."""
    if any(program.run is not None for program in book.every_program):
        text = f"{book.name} is a run over settlements"
        raise ClaimError(Diagnostic("E767", text, None, "a rule set that settles claims", record=book.name))
    facts = facts_of(group_by)
    opened = open_for([book], reading.source, reading.columns, reading.lines, facts)
    require_groups(tuple(facts), [opened.plan.wanted.claim[name].kind for name in facts])
    return Book(reading, opened, group_by, only)
