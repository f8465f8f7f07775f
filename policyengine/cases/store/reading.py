"""Reading a case: its events one by one, what each posted, where the case stood after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, select

from policyengine.cases.ledger import PATIENT, Posting
from policyengine.cases.reconcile import Line
from policyengine.cases.state import Case, Event, apply
from policyengine.cases.store.chain import event_of, rows_of
from policyengine.cases.store.tables import CASES
from policyengine.claim import quoted
from policyengine.errors import CaseError, Diagnostic, nearest


@dataclass(frozen=True, slots=True)
class Step:
    """An event, what it posted, and the case after it."""

    event: Event
    posting: Posting
    after: Case


def steps_of(connection: Connection, case_id: str) -> tuple[Step, ...]:
    """Every event of a case, folded. Raises ``CaseError`` if there is no such case."""
    found: list[Step] = []
    case: Case | None = None
    for row in rows_of(connection, case_id):
        event = event_of(row)
        case, posting = apply(case, event, case_id)
        found.append(Step(event, posting, case))
    if not found:
        hint = nearest(case_id, case_ids(connection))
        text = f"there is no case {quoted(case_id)}"
        raise CaseError(Diagnostic("E864", text, None, "a case that was opened", hint, record="store"))
    return tuple(found)


def case_ids(connection: Connection) -> tuple[str, ...]:
    """The ids of all cases."""
    return tuple(connection.execute(select(CASES.c.id).order_by(CASES.c.id)).scalars())


def lines_of(connection: Connection, party: str) -> tuple[Line, ...]:
    """What a party paid and got back, in all cases, as a statement would say it; with what was compensated, and what
    nobody knows yet."""
    found: list[Line] = []
    for case_id in case_ids(connection):
        steps = steps_of(connection, case_id)
        last = steps[-1].after
        moves = [_line(step.event, last, step.event.data) for step in steps if step.event.kind in SIGNS]
        found += [line for line in moves if line is not None and line.party == party]
    return tuple(found)


SIGNS: Final = {"admit": 1, "deposit": 1, "pay": 1, "repay": 1, "refund": -1, "reclaim": -1}
"""Kinds of events in which money changes hands, seen from the party."""


def _line(event: Event, last: Case, data: Mapping[str, Any]) -> Line | None:
    """The line of an event; none for an admission without deposit."""
    if not data["amount"]:
        return None
    state = "done"
    if event.command in last.compensated:
        state = "compensated"
    elif event.command in last.pending:
        state = "unknown"
    amount = SIGNS[event.kind] * data["amount"]
    return Line(event.command, last.id, data.get("party", PATIENT), event.on, amount, last.currency, state)
