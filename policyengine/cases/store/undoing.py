"""Taking a settlement back: the accumulators of its scopes are again what they were before it."""

from __future__ import annotations

from sqlalchemy import Connection, select

from policyengine.cases.commands import Command
from policyengine.cases.course import refused
from policyengine.cases.state import Case, Event
from policyengine.cases.store import scopes
from policyengine.cases.store.chain import event_of, text_of
from policyengine.cases.store.tables import EVENTS
from policyengine.claim import quoted


def undone_by(case: Case, event: Event) -> int | None:
    """The number of the settlement that an event takes back, if it takes one back."""
    if event.kind == "reverse":
        assert case.settlement is not None
        return case.settlement.number
    if event.kind != "compensate":
        return None
    of = event.data["of"]
    if of in case.pending and case.pending[of].kind == "settle":
        return case.pending[of].number
    if case.settlement is not None and case.settlement.command == of:
        return case.settlement.number
    return None


def take_back(connection: Connection, case: Case, event: Event, command: Command) -> None:
    """Restore the scopes of a settlement. Raises ``CaseError`` if others are counted after it."""
    number = undone_by(case, event)
    assert number is not None
    query = select(EVENTS).where(EVENTS.c.case_id == case.id, EVENTS.c.number == number)
    settled = event_of(connection.execute(query).one())
    counted = settled.data["counted"]
    locked = scopes.lock(connection, case.ruleset, tuple(counted))
    use = (case.id, number)
    after = scopes.later(connection, case.ruleset, tuple(counted), use)
    if after:
        cases = ", ".join(map(quoted, after))
        text = f"later settlements are counted after this one: of {cases}"
        raise refused(case, command, "E868", text, "the last settlement; reverse the later ones first")
    before = {scope: text_of(one["before"]) if one["before"] else "" for scope, one in counted.items()}
    scopes.forget(connection, use)
    scopes.write(connection, locked, before, "", None)
