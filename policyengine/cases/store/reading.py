"""Reading a case: its events one by one, what each posted, where the case stood after it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from policyengine.cases.ledger import Posting
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
