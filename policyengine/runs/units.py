"""For whom a run settles, and what holds for them: what their last claim in the window said, or what is handed in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from policyengine import ir
from policyengine.claim import quoted
from policyengine.errors import ClaimError, Diagnostic
from policyengine.rulebook import Rulebook
from policyengine.runs.rows import RunRow, Standing
from policyengine.runs.sources import refused
from policyengine.terms import FACTS, TAGS

POPULATION = "population"
"""The one that a run for all together settles."""


def units_of(run: ir.Run, rows: Iterable[RunRow]) -> dict[str, list[RunRow]]:
    """The rows of each member or household, in the order in which they first appear. Raises ``ClaimError``."""
    found: dict[str, list[RunRow]] = {}
    wrong: list[Diagnostic] = []
    for row in rows:
        unit = {"member": row.person.id, "household": row.person.household, "population": POPULATION}[run.each]
        if unit is None:
            text = "the run is for each household, but the row states none"
            wrong += refused("E577", text, f"row {quoted(row.id)}", "person.household").diagnostics
        else:
            found.setdefault(unit, []).append(row)
    if wrong:
        raise ClaimError(wrong)
    return found


def read_of(book: Rulebook) -> tuple[ir.InputDecl, ...]:
    """The facts of the member or household that any version of the rule set reads."""
    inputs = {d.name: d for p in book.programs for d in p.inputs if d.domain == "claim" and "." not in d.name}
    return tuple(inputs.values())


def standing_of(run: ir.Run, unit: str, rows: Sequence[RunRow], read: Sequence[ir.InputDecl]) -> Standing:
    """What the last rows say of the unit. Raises ``ClaimError`` where they contradict each other."""
    wrong = list(_births(rows))
    speakers = list(_speakers(rows))
    wrong += _contradictions(run, speakers, read)
    if wrong:
        raise ClaimError(wrong)
    last = max(speakers, key=lambda row: (row.day, row.sequence))
    if run.each == "member":
        return Standing(person=last.person, facts=last.facts)
    household = unit if run.each == "household" else None
    person = last.person.model_copy(update={"id": unit, "household": household})
    return Standing(person=person, facts=last.facts)


def _speakers(rows: Sequence[RunRow]) -> Iterator[RunRow]:
    """The last rows of each person; several if they are of one day and one sequence."""
    last: dict[str, tuple[Any, int]] = {}
    for row in rows:
        at = (row.day, row.sequence)
        last[row.person.id] = max(last.get(row.person.id, at), at)
    return (row for row in rows if (row.day, row.sequence) == last[row.person.id])


def _births(rows: Sequence[RunRow]) -> Iterator[Diagnostic]:
    """A person is born once."""
    first: dict[str, RunRow] = {}
    for row in rows:
        if row.person.birth_date is None:
            continue
        known = first.setdefault(row.person.id, row)
        if known.person.birth_date != row.person.birth_date:
            text = f"the birth date is not that of {quoted(known.id)}, a row of the same person"
            yield from refused("E578", text, f"row {quoted(row.id)}", "person.birth_date").diagnostics


def _contradictions(run: ir.Run, speakers: Sequence[RunRow], read: Sequence[ir.InputDecl]) -> Iterator[Diagnostic]:
    first = speakers[0]
    for row in speakers[1:]:
        for decl in read:
            name = decl.name
            if _said(first, decl) != _said(row, decl):
                who = "two last rows of one member" if run.each == "member" else f"members of one {run.each}"
                text = f"`{name}` differs between {quoted(first.id)} and {quoted(row.id)}, {who}"
                expected = "one statement; or hand in what holds at the end of the window"
                yield from refused("E578", text, f"row {quoted(row.id)}", name, expected).diagnostics


def _said(row: RunRow, decl: ir.InputDecl) -> object:
    person, name = row.person, decl.name
    if name in FACTS and name not in TAGS:
        return getattr(person, {"age": "birth_date"}.get(name, name))
    return name in person.tags if name in TAGS or name in person.tags else row.facts.get(name)


def kept_facts(stated: Mapping[str, Any], declared: frozenset[str]) -> dict[str, Any]:
    """The facts that the run's rule file declares; what claims stated for other rule sets is left behind."""
    return {name: value for name, value in stated.items() if name in declared}
