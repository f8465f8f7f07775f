"""A book of claims through a rule set and its reforms, in one pass and in bounded memory."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, Final

from policyengine.bulk import BATCH
from policyengine.bulk.batch import Batch
from policyengine.bulk.checkpoint import EVERY
from policyengine.bulk.csvfiles import PLAIN
from policyengine.bulk.mapping import ColumnMap
from policyengine.bulk.reader import columns_for
from policyengine.bulk.rejected import Rejects, is_closed
from policyengine.errors import Diagnostic
from policyengine.mass import Openings, openings_of
from policyengine.mass.passing import Passing
from policyengine.mass.refused import Explaining
from policyengine.rulebook import Rulebook
from policyengine.simulate.asking import Question, asked_of, empty, rulings_of
from policyengine.simulate.conditions import SHOWN, concluded
from policyengine.simulate.groups import facts_of, require_groups
from policyengine.simulate.keeping import keeping_of
from policyengine.simulate.model import Refused, Simulation
from policyengine.simulate.opening import open_for
from policyengine.simulate.parts import Asked, Part, part_of
from policyengine.simulate.population import Purses

FIRST: Final = 20
"""Refused claims that a simulation tells of itself; the others stand in the file of rejects."""


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
    checkpoint: Path | None = None,
    every: int = EVERY,
    openings: Any = None,
    scheme: str | None = None,
) -> Simulation:
    """What a rule set pays over a book of claims, and what each of ``reforms`` changes.

    ``claims``, ``columns``, ``lines``: as for ``bulk.open_claims``. ``rejects``: where rows go that are not settled.
    ``told``: called with the claims of each batch and how many there are in all, if that is known. ``checkpoint``: the
    file in which the run is kept, after every so many seconds (``every``) and when it is interrupted; a run that finds
    it goes on from there, and gives what an uninterrupted one would have given. ``openings``: a table of what the
    national platform holds for members before their first claims (``mass.openings_of``); ``scheme``: the insutype that
    counts. The result does not depend on
    ``threads`` or ``size``. Raises ``RuleError`` and ``ClaimError`` (E740 to E749, E840, and those of the reader).
    """
    asked = question or Question()
    columns = columns_for(claims, columns)

    def begun(one: Rulebook) -> Openings | None:
        written = PLAIN if columns is None else columns.written
        return None if openings is None else openings_of(one, openings, scheme, written)

    rulings = rulings_of((book, *reforms), parameters or {}, known_on, allow_draft, asked.exercised, begun)
    ready = asked_of(asked, rulings, columns)
    facts = dict.fromkeys((*facts_of(asked.group_by), *(n for c in ready.conditions for n in facts_of(c.facts))))
    income = ("income_annual",) if asked.of_claims else ()
    by_person = bool(reforms) or asked.of_claims
    opened = open_for([r.bulk.book for r in rulings], claims, columns, lines, (*facts, *income), by_person)
    require_groups(tuple(facts), [opened.plan.wanted.claim[name].kind for name in facts])
    explaining = [Explaining(r.bulk.book, opened.scope, parameters or {}, known_on, allow_draft) for r in rulings]
    run = _Run(ready, explaining, empty(asked, ready, opened.report.unread))
    if ready.people is not None:
        run.purses = Purses(ready.people, len(rulings))
    keeping = None
    if checkpoint is not None:
        keeping = keeping_of(checkpoint, every, opened, rulings, asked, columns, rejects, sort)
    read = (claims, lines, openings, None if asked.of_claims else asked.incomes)
    passing = Passing[Part](opened, size, sort, threads, told, keeping)
    passing.resume(run)
    with ExitStack() as stack:
        if rejects is not None and not (passing.ended and is_closed(rejects)):
            run.rejects = stack.enter_context(Rejects(rejects, run.since, read))
        passing.over(lambda one: part_of(ready, one), run)
    return run.concluded()


@dataclass(slots=True)
class _Run:
    """``since``: how far the file of rejects was written when the run was interrupted."""

    asked: Asked
    explaining: list[Explaining]
    found: Simulation
    rejects: Rejects | None = None
    purses: Purses | None = None
    since: int = 0

    def take(self, batch: Batch, part: Part) -> None:
        """Adds what a batch gave, and tells of the claims that were refused."""
        self.found.baseline.add(part.baseline)
        for mine, theirs in zip(self.found.reforms, part.reforms, strict=True):
            mine.add(theirs, SHOWN)
        if self.purses is not None and part.spent is not None:
            self.purses.take(part.spent)
        self._refuse(batch, part)

    def kept(self) -> Any:
        """All that has been added up, and how far the rejects are written."""
        found, purses = self.found, self.purses
        spent = None if purses is None else (purses.amounts, purses.opens)
        written = self.since if self.rejects is None else self.rejects.position
        return found.baseline, found.reforms, found.refused, [one.left for one in self.explaining], spent, written

    def restore(self, kept: Any) -> None:
        """Goes on with what was kept."""
        found = self.found
        found.baseline, found.reforms, found.refused, left, spent, self.since = kept
        for one, still in zip(self.explaining, left, strict=True):
            one.left = still
        if self.purses is not None:
            self.purses.amounts, self.purses.opens = spent

    def _refuse(self, batch: Batch, part: Part) -> None:
        baseline, wanted = self.explaining[0], FIRST - len(self.found.refused)
        found = baseline.reasons(batch, part.statuses[0], wanted if self.rejects is None else None)
        self.found.refused += _told(self.found.baseline.name, batch, islice(found.items(), wanted))
        if self.rejects is not None:
            self.rejects.add(replace(batch, rejects=found))
            for ruling, one, status in zip(self.asked.rulings[1:], self.explaining[1:], part.statuses[1:], strict=True):
                only = {at: why for at, why in one.reasons(batch, status).items() if at not in found}
                named = {at: replace(why, message=f"under {ruling.name}: {why.message}") for at, why in only.items()}
                self.rejects.add(replace(batch, rejects=named))

    def concluded(self) -> Simulation:
        """The simulation, once all batches are taken."""
        if self.purses is not None and self.asked.lines is not None:
            for at, outcome in enumerate(self.found.outcomes):
                outcome.burdens = self.purses.burdens(at, self.asked.lines)
        for reform in self.found.reforms:
            for one, judged in zip(self.asked.conditions, reform.judged, strict=True):
                concluded(one, judged)
        return self.found


def _told(name: str, batch: Batch, reasons: Iterable[tuple[int, Diagnostic]]) -> list[Refused]:
    """Refused claims with their rows."""
    return [Refused(batch.row(at) + 1, batch.id_of(at) or "", name, why) for at, why in reasons]
