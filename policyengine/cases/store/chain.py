"""Rows and events: what an event looks like in the table, and the chain of hashes that runs through a case."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, Row

from policyengine.cases.ledger import Posting
from policyengine.cases.state import Case, Event, apply, fold
from policyengine.cases.store import statements
from policyengine.settlement.receipts import canonical

START: Final = "0" * 64
"""What stands before the first event of a case."""


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def text_of(data: Any) -> str:
    """Plain data as the one text that is stored of it."""
    return canonical(data).decode()


def answered(command: str, payload: str, result: str) -> str:
    """The hash of the row of a command."""
    return sha(canonical([command, payload, result]))


def event_hash(case_id: str, row: Mapping[str, Any]) -> str:
    """The hash of an event and of everything before it."""
    names = ("number", "command", "kind", "day", "at", "data", "answered", "previous")
    return sha(canonical([case_id, *(row[name] for name in names)]))


def event_of(row: Row[Any]) -> Event:
    """The event that a row holds."""
    return Event(row.number, row.command, row.kind, date.fromisoformat(row.day), row.at, json.loads(row.data))


def rows_of(connection: Connection, case_id: str) -> Sequence[Row[Any]]:
    """The rows of a case's events, in order."""
    return connection.execute(statements.EVENTS_OF, {"in_case": case_id}).all()


def event_at(connection: Connection, case_id: str, number: int) -> Event:
    """One event of a case, by its number."""
    return event_of(connection.execute(statements.EVENT, {"in_case": case_id, "at": number}).one())


def case_of(connection: Connection, case_id: str) -> Case | None:
    """The case as its events tell it."""
    return fold((event_of(row) for row in rows_of(connection, case_id)), case_id)


@dataclass(frozen=True, slots=True)
class Link:
    """An event as it will be read again, its data as text, what it posts, and the case after it."""

    event: Event
    data: str
    after: Case
    posted: Posting


def linked(case: Case | None, event: Event, case_id: str) -> Link:
    """The event that comes next in a case. What it posts stands in the order in which its data is read again."""
    data = text_of(event.data)
    event = replace(event, data=json.loads(data))
    return Link(event, data, *apply(case, event, case_id))


def append(connection: Connection, link: Link, stamp: str, previous: str) -> None:
    """Write an event and what it posts, and move the row of the case."""
    event, after = link.event, link.after
    row: dict[str, Any] = {
        "number": event.number, "command": event.command, "kind": event.kind, "day": event.on.isoformat(),
        "at": event.at, "data": link.data, "answered": stamp, "previous": previous,
    }  # fmt: skip
    end = event_hash(after.id, row)
    statements.send(connection, statements.NEW_EVENT, {"case_id": after.id, "hash": end, **row})
    if link.posted:
        entries = [
            {"case_id": after.id, "number": event.number, "line": line, "party": e.party, "nature": e.nature,
             "amount": e.amount}
            for line, e in enumerate(link.posted, 1)
        ]  # fmt: skip
        statements.send(connection, statements.NEW_ENTRIES, entries)
    head = {"number": event.number, "hash": end, "stage": after.stage}
    if event.kind == "open":
        new = {"id": after.id, "person": after.person, "ruleset": after.ruleset}
        statements.send(connection, statements.NEW_CASE, new | head)
    else:
        statements.send(connection, statements.CASE_MOVED, {"moved": after.id, **head})


def kept(connection: Connection, command: str) -> Row[Any] | None:
    """The row of a command that took effect."""
    return connection.execute(statements.COMMAND, {"command": command}).one_or_none()
