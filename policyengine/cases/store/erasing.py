"""Erasing a person: the id goes, the aliases and the money trail stay."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, select

from policyengine.cases.commands import Envelope
from policyengine.cases.ledger import left_open
from policyengine.cases.state import Event
from policyengine.cases.store import statements
from policyengine.cases.store.batches import alias_row, done, otherwise, part_of, read_key
from policyengine.cases.store.chain import answered, append, case_of, linked, sha, text_of
from policyengine.cases.store.tables import ALIASES, CASES
from policyengine.claim import quoted
from policyengine.errors import CaseError, Diagnostic
from policyengine.settlement.receipts import canonical


def erase(connection: Connection, person: str, command: str, on: date, at: str) -> tuple[str, ...]:
    """Forget the id of a person; an event in every case of theirs says so. The cases, again for a retry.

    Raises ``CaseError`` for somebody whom the store does not know, while something is left to pay in any case, and for
    the id of an erasure of somebody else.
    """
    stated = read_key(command, on, at)
    earlier = done(connection, stated.id, "erase", lambda key: _payload(key, stated.on))
    alias = connection.execute(alias_row(person)).scalar_one_or_none()
    if earlier and alias is not None:
        raise otherwise(stated.id, "erased somebody; who is named now is known to the store")
    if earlier:
        return tuple(row.case_id for row in earlier)
    if alias is None:
        text = "the store knows nobody of this id"
        raise CaseError(Diagnostic("E874", text, None, "the id of a person", record=f"command {quoted(stated.id)}"))
    heads = select(CASES).where(CASES.c.person == alias).order_by(CASES.c.id).with_for_update()
    found = connection.execute(heads).all()
    for head in found:
        _note(connection, head.id, head.hash, alias, stated)
    connection.execute(ALIASES.update().where(ALIASES.c.alias == alias).values(name=None, mark=None))
    return tuple(head.id for head in found)


def _payload(key: str, on: date) -> str:
    return sha(canonical([key, "erase", str(on)]))


def _note(connection: Connection, case_id: str, previous: str, alias: str, stated: Envelope) -> None:
    """The event of one case. Raises ``CaseError`` while something is left to pay."""
    case = case_of(connection, case_id)
    assert case is not None
    key = part_of(stated.id, case_id)
    if left_open(case.balances) or case.pending:
        text = "something is left to pay, so the person must still be known"
        record = f"case {quoted(case_id)}, command {quoted(stated.id)}"
        raise CaseError(Diagnostic("E874", text, None, "cases in which nothing is left to pay", record=record))
    event = Event(case.number + 1, key, "erase", stated.on, stated.at, {"aliases": [alias]})
    from policyengine.cases.store.running import answer

    link = linked(case, event, case_id)
    result = text_of(answer(link.after, link.event))
    payload = _payload(key, stated.on)
    append(connection, link, answered(key, payload, result), previous)
    row = {"id": key, "case_id": case_id, "number": event.number, "payload": payload, "result": result}
    statements.send(connection, statements.NEW_COMMAND, row)
