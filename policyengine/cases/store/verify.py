"""Verifying a store: every hash, every sum, every row that follows from the events is computed again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Integer, Row, cast, func, select

from policyengine.cases.ledger import Posting
from policyengine.cases.state import Case, Event, apply
from policyengine.cases.store import people
from policyengine.cases.store.chain import START, answered, event_hash, event_of, rows_of, text_of
from policyengine.cases.store.migrations import version_of
from policyengine.cases.store.running import answer
from policyengine.cases.store.scopes import marked
from policyengine.cases.store.tables import ALIASES, CASES, COMMANDS, ENTRIES, EVENTS, METADATA, SCOPES, USES
from policyengine.cases.store.undoing import undone_by
from policyengine.claim import quoted
from policyengine.errors import Diagnostic

Uses = dict[tuple[str, int], dict[str, Any]]
"""What the settlements that stand say of their scopes, by case and event."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the events of all cases say: what stands counted, which aliases they name, which of those were erased, and
    every scope in which anything was ever counted."""

    standing: Uses = field(default_factory=dict)
    named: set[str] = field(default_factory=set)
    erased: set[str] = field(default_factory=set)
    scopes: set[tuple[str, str]] = field(default_factory=set)


def wrong_in(connection: Connection) -> Iterator[Diagnostic]:
    """Everything that is wrong in a store, nothing for a sound one; of a damaged file only that. Raises ``CaseError``
    for no store at all."""
    version_of(connection)
    damaged = [*_pages(connection), *_kinds(connection)]
    yield from damaged
    if damaged:
        return
    told = Said()
    heads = {row.id: row for row in connection.execute(select(CASES))}
    known = set(connection.execute(select(EVENTS.c.case_id).distinct()).scalars())
    for case_id in sorted(known | set(heads)):
        yield from _case(connection, case_id, heads.get(case_id), told)
    yield from _strays(connection, known)
    yield from _people(connection, told.named, told.erased)
    yield from _scopes(connection, told)


def _pages(connection: Connection) -> Iterator[Diagnostic]:
    """What SQLite itself says of its file."""
    if connection.dialect.name == "sqlite":
        for (said,) in connection.exec_driver_sql("PRAGMA integrity_check").all():
            if said != "ok":
                yield _wrong("the file", str(said).replace("\n", " "))


def _kinds(connection: Connection) -> Iterator[Diagnostic]:
    """Cells of SQLite, where any cell can hold anything, that hold no text or no whole number."""
    if connection.dialect.name != "sqlite":
        return
    for table in METADATA.sorted_tables:
        columns = [func.sum(_of_another_kind(column)).label(column.name) for column in table.columns]
        for name, count in connection.execute(select(*columns)).one()._mapping.items():
            if count:
                yield _wrong(f"table {table.name}", f"{count} of the cells of `{name}` hold something of another kind")


def _of_another_kind(column: Column[Any]) -> ColumnElement[int]:
    kinds = ["integer" if isinstance(column.type, Integer) else "text", *(["null"] if column.nullable else [])]
    return cast(func.typeof(column).not_in(kinds), Integer)


def _wrong(record: str, text: str) -> Diagnostic:
    return Diagnostic("E872", text, record=record)


def _case(connection: Connection, case_id: str, head: Row[Any] | None, told: Said) -> Iterator[Diagnostic]:
    """One case: the chain, the answers, the entries, the row of the case."""
    record = f"case {quoted(case_id)}"
    entries = _entries(connection, case_id)
    commands = {row.number: row for row in connection.execute(select(COMMANDS).where(COMMANDS.c.case_id == case_id))}
    case: Case | None = None
    previous, count = START, 0
    for count, row in enumerate(rows_of(connection, case_id), 1):
        if row.number != count or row.previous != previous or row.hash != event_hash(case_id, dict(row._mapping)):
            yield _wrong(record, f"event {row.number} was changed, or does not follow the one before it")
            return
        previous = row.hash
        event = event_of(row)
        _note(case, event, case_id, told.standing)
        case, posting = apply(case, event, case_id)
        told.named.update(_named(event))
        told.erased.update(event.data["aliases"] if event.kind == "erase" else ())
        told.scopes.update((case.ruleset, scope) for scope in event.data.get("counted", ()))
        yield from _command(record, case, event, row, commands.pop(count, None))
        yield from _posted(record, count, posting, entries.pop(count, ()))
    for number in (*commands, *entries):
        yield _wrong(record, f"rows of an event {number} that is not there")
    said = (case.number, previous, case.stage, case.person, case.ruleset) if case is not None else ()
    if head is None or tuple(head[i] for i in (3, 4, 5, 1, 2)) != said:
        yield _wrong(record, "the row of the case does not say what its events say")


def _note(case: Case | None, event: Event, case_id: str, standing: Uses) -> None:
    """Keep what is counted: settlements that stand, and reversals by subtraction with what they are of."""
    number = case.settlement.number if case is not None and case.settlement is not None else None
    if case is not None and event.kind != "resettle":
        number = undone_by(case, event)
    if number is not None and event.kind != "settle" and not event.data.get("subtracted"):
        standing.pop((case_id, number), None)
    if "counted" in event.data:
        standing[case_id, event.number] = event.data["counted"]


def _named(event: Event) -> Iterator[str]:
    """The aliases that an event holds."""
    if event.kind == "open":
        yield event.data["person"]
    elif "claim" in event.data:
        yield event.data["claim"]["person"]["id"]
        yield from filter(None, [event.data["claim"]["person"].get("household")])


def _command(record: str, case: Case, event: Event, row: Row[Any], command: Row[Any] | None) -> Iterator[Diagnostic]:
    if event.kind == "resettle":
        return
    if command is None or command.id != event.command:
        yield _wrong(record, f"the command of event {event.number} is missing")
    elif row.answered != answered(command.id, command.payload, command.result):
        yield _wrong(record, f"the command of event {event.number} was changed")
    elif command.result != text_of(answer(case, event)):
        yield _wrong(record, f"the answer of event {event.number} does not follow from it")


def _entries(connection: Connection, case_id: str) -> dict[int, list[tuple[int, str, str, int]]]:
    query = select(ENTRIES).where(ENTRIES.c.case_id == case_id).order_by(ENTRIES.c.number, ENTRIES.c.line)
    found: dict[int, list[tuple[int, str, str, int]]] = {}
    for row in connection.execute(query):
        found.setdefault(row.number, []).append((row.line, row.party, row.nature, row.amount))
    return found


def _posted(record: str, number: int, posting: Posting, rows: Any) -> Iterator[Diagnostic]:
    due = [(line, e.party, e.nature, e.amount) for line, e in enumerate(posting, 1)]
    if list(rows) != due:
        yield _wrong(record, f"the entries of event {number} are not what it posts")


def _strays(connection: Connection, known: set[str]) -> Iterator[Diagnostic]:
    """Rows of cases that are not there."""
    for table in (COMMANDS, ENTRIES, USES):
        for case_id in connection.execute(select(table.c.case_id).distinct()).scalars():
            if case_id not in known:
                yield _wrong(f"case {quoted(case_id)}", f"rows in `{table.name}` of a case without events")


def _people(connection: Connection, named: set[str], erased: set[str]) -> Iterator[Diagnostic]:
    """Every alias stands in its table, with a name unless it was erased."""
    found = {row.alias: row for row in connection.execute(select(ALIASES))}
    for alias in sorted(named - set(found)):
        yield _wrong(f"alias {alias}", "the alias of a person is missing")
    for alias, row in found.items():
        if alias in erased:
            if row.name is not None or row.mark is not None:
                yield _wrong(f"alias {alias}", "the person was erased and is still named")
        elif row.name is None or row.mark != people.mark_of(alias, row.name):
            yield _wrong(f"alias {alias}", "who is meant was changed")


def _scopes(connection: Connection, told: Said) -> Iterator[Diagnostic]:
    """Every scope holds what the last settlement that stands left there; nothing, where all were taken back."""
    uses = connection.execute(select(USES).order_by(USES.c.ruleset, USES.c.scope, USES.c.settled)).all()
    held: dict[tuple[str, str], list[Row[Any]]] = {}
    rows = connection.execute(select(SCOPES)).all()
    for row in (*rows, *uses):
        if row.mark != marked(row._asdict())["mark"]:
            yield _wrong(f"scope {quoted(row.scope)}", "a row of it was changed")
    for use in uses:
        held.setdefault((use.ruleset, use.scope), []).append(use)
    counted = Counter((use.case_id, use.number) for use in uses)
    for (case_id, number), scopes in told.standing.items():
        if counted.pop((case_id, number), 0) != len(scopes):
            yield _wrong(f"case {quoted(case_id)}", f"the settlement of event {number} is not counted as it says")
    for case_id, number in counted:
        yield _wrong(f"case {quoted(case_id)}", f"event {number} is counted and does not stand")
    for row in rows:
        mine = held.get((row.ruleset, row.scope), [])
        yield from _scope(row, mine, told.standing)
    for ruleset, scope in sorted((told.scopes | set(held)) - {(row.ruleset, row.scope) for row in rows}):
        yield _wrong(f"scope {quoted(scope)}", f"a scope of {quoted(ruleset)} is missing")


def _scope(row: Row[Any], uses: list[Row[Any]], standing: Uses) -> Iterator[Diagnostic]:
    """A scope holds what its last use left, and each use began with what the one before it left."""
    record = f"scope {quoted(row.scope)}"
    if uses and uses[-1].settled > row.settled:
        yield _wrong(record, "it was written less often than it is used")
    before: Any = None
    for use in uses:
        said = standing.get((use.case_id, use.number), {}).get(row.scope)
        if said is None or said["before"] != before:
            yield _wrong(record, f"the accumulators before the settlement of case {quoted(use.case_id)} differ")
            return
        before = said["after"]
    if row.history != (text_of(before) if before else ""):
        yield _wrong(record, "the accumulators are not what the settlements left behind")
