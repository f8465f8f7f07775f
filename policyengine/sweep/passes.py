"""A pass over the claims: every batch is made ready once and settled at every point."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from policyengine import ir
from policyengine.bulk import BATCH
from policyengine.bulk.batch import Batch
from policyengine.bulk.checkpoint import EVERY, LIBRARY, RULES, SOURCE, fingerprint
from policyengine.bulk.csvfiles import PLAIN as PLAIN_CSV
from policyengine.bulk.mapping import ColumnMap
from policyengine.bulk.plain import Plain
from policyengine.bulk.reader import Claims, columns_for
from policyengine.cache import sources_digest
from policyengine.errors import ClaimError, Diagnostic
from policyengine.mass import Abreast, Digest, Groups, Openings, Summed, openings_of
from policyengine.mass.passing import Keeping, Passing
from policyengine.mass.prepared import Prepared
from policyengine.mass.sums import dense
from policyengine.rulebook import Rulebook
from policyengine.simulate.groups import Grouping, facts_of, grouping, require_groups
from policyengine.simulate.opening import open_for
from policyengine.sweep.boxes import Point
from policyengine.sweep.curve import Cell, Tally
from policyengine.sweep.family import Family, built
from policyengine.sweep.watched import CUT

Array = NDArray[Any]
Told = Callable[[int, int | None], None]
MANY: Final = 1 << 20
"""So many pairs of members and groups are numbered whether there are claims of them or not."""
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
    ``checkpoint``, ``every``: the file in which a sweep is kept, ``openings``, ``scheme``: what members begin with, as
    for ``simulate_claims``."""

    source: Any
    columns: ColumnMap | Path | str | None = None
    lines: Any = None
    sort: bool = False
    threads: int | None = None
    size: int = BATCH
    told: Told | None = None
    checkpoint: Path | None = None
    every: int = EVERY
    openings: Any = None
    scheme: str | None = None

    def begun(self, book: Rulebook) -> Openings | None:
        """What members begin with. Raises ``ClaimError`` as ``openings_of``."""
        if self.openings is None:
            return None
        columns = columns_for(self.source, self.columns)
        return openings_of(book, self.openings, self.scheme, PLAIN_CSV if columns is None else columns.written)


@dataclass(frozen=True, slots=True)
class _Alike:
    """Points at which the rule set is built alike, numbers aside."""

    points: Sequence[Point]
    abreast: Abreast


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
        alike = _alike(family, points, (*self.only, CUT) if self.only else ())
        found, read = _Tallies({point: Tally() for point in points}), self.reading
        passing = Passing[Tallies](self.opened, read.size, read.sort, read.threads, read.told, self._keeping(family))
        passing.resume(found)
        passing.over(lambda one: self._part(alike, one), found)
        return found.tallies

    def _keeping(self, family: Family) -> Keeping | None:
        read, opened = self.reading, self.opened
        if read.checkpoint is None:
            return None
        sources = [opened.source.fingerprint, *([opened.lines.fingerprint] if opened.lines is not None else [])]
        if family.openings is not None:
            sources.append(family.openings.fingerprint)
        axes = [(one.lever.address, one.first, one.last, one.step, one.lever.literals) for one in family.axes]
        run = {
            SOURCE: fingerprint(*sources, read.sort) if all(sources) else "",
            RULES: fingerprint(
                family.book.name, family.book.digest, family.parameters, family.allow_draft, read.scheme
            ),
            "with other columns": fingerprint(columns_for(read.source, read.columns)),
            "for another question": fingerprint(axes, self.group_by, self.only),
            LIBRARY: sources_digest(),
        }
        return Keeping(read.checkpoint, run, PLAIN, read.every)

    def _part(self, alike: Sequence[_Alike], batch: Batch) -> Tallies:
        given = alike[0].abreast.bulks[0].prepared(batch)
        by = grouping(self.group_by, batch, self.opened.book.dated_by)
        units, known = _units(given, by)
        groups = Groups(by.of.astype(np.int32), len(by.labels), units, known)
        return {
            point: self._tally(found, by)
            for one in alike
            for point, found in zip(one.points, one.abreast.summed(given, groups), strict=True)
        }

    def _tally(self, found: Summed, groups: Grouping) -> Tally:
        none = np.zeros(len(groups.labels), np.int64)
        limit, people = found.watched.get(CUT, (none, none))
        counts = [column.tolist() for column in (found.claims, found.settled, limit, people)]
        sums = zip(*(values.tolist() for values in found.amounts.values()), strict=True)
        cells = [
            Cell(some, settled, dict(zip(found.amounts, amounts, strict=True)), at_limit, people_at_limit)
            for some, settled, at_limit, people_at_limit, amounts in zip(*counts, sums, strict=True)
        ]
        total = Cell()
        for cell in cells:
            total.add(cell)
        return Tally(total, dict(zip(groups.labels, cells, strict=True)) if self.group_by else {}, found.digest)


def _alike(family: Family, points: Sequence[Point], only: tuple[str, ...]) -> list[_Alike]:
    """The points, those together at which the rule set is built alike."""
    bulks = {point: family.at(point, only) for point in points}
    found: list[tuple[list[ir.Program], list[Point]]] = []
    for point, bulk in bulks.items():
        programs = [built(version.program) for version in bulk.versions]
        same = next((points for known, points in found if known == programs), None)
        if same is None:
            found.append((programs, same := []))
        same.append(point)
    watched = frozenset({CUT})
    return [_Alike(same, Abreast([bulks[one] for one in same], family.moves(same, watched))) for _, same in found]


def _units(given: Prepared, groups: Grouping) -> tuple[Array, int]:
    """A number for each pair of a member and a group, and how many there are. A member whose claims fall into several
    groups is counted in each."""
    count = max(len(groups.labels), 1)
    if count == 1:
        return given.who.astype(np.int32), given.members
    pairs = given.who * count + groups.of
    if given.members * count <= MANY:
        return pairs.astype(np.int32), given.members * count
    numbers, known = dense(pairs, given.members * count)
    return numbers.astype(np.int32), len(known)


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
