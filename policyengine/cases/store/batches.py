"""Commands about many cases at once – a run, its taking back, an erasure: one id, with a part of its own in each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, func, select

from policyengine.cases.commands import Envelope
from policyengine.cases.store.chain import kept, sha
from policyengine.cases.store.tables import ALIASES, COMMANDS, EVENTS
from policyengine.claim import quoted
from policyengine.claim.opaque import read_person
from policyengine.errors import CaseError, ClaimError, Diagnostic

LONGEST: Final = 100
"""Characters of the id of such a command: what is appended for each case must fit, too."""
COLUMN: Final = 200
"""Characters of the id of a command in the store."""


def read_key(command: str, on: date, at: str) -> Envelope:
    """The id, the day and the instant of a command about many cases. Raises ``ClaimError``."""
    stated = Envelope.model_validate({"id": command, "case": "-", "kind": "-", "on": on, "at": at})
    if len(stated.id) > LONGEST:
        text, expected = f"the id of the command has {len(stated.id)} characters", f"at most {LONGEST} characters"
        hint = "it stands before a part of its own for each case, and both together are the id of one command"
        raise ClaimError(Diagnostic("E946", text, None, expected, hint, record="command", field="id"))
    return stated


def part_of(key: str, name: str) -> str:
    """The id of what such a command does in one case; a name that does not fit is hashed."""
    whole = f"{key}/{name}"
    return whole if len(whole) <= COLUMN else f"{key}/{sha(name.encode())[:24]}"


def done(connection: Connection, key: str, kind: str, payload: Callable[[str], str]) -> list[Any]:
    """The commands of an earlier try, in the order of their cases; none if there was no try.

    ``payload``: what the command of an id would have been hashed to. Who asks the same at once waits here, and finds
    what the first one did. Raises ``CaseError`` if something else was done under the id.
    """
    if connection.dialect.name == "postgresql":
        lock = int.from_bytes(bytes.fromhex(sha(key.encode())[:16]), "big", signed=True)
        connection.execute(select(func.pg_advisory_xact_lock(lock)))
    query = (
        select(COMMANDS.c.id, COMMANDS.c.case_id, COMMANDS.c.payload, EVENTS.c.kind)
        .join(EVENTS, (EVENTS.c.case_id == COMMANDS.c.case_id) & (EVENTS.c.number == COMMANDS.c.number))
        .where(COMMANDS.c.id.startswith(f"{key}/", autoescape=True))
        .order_by(COMMANDS.c.case_id)
    )
    every = [row for row in connection.execute(query) if row.id.startswith(f"{key}/")]
    mine = [row for row in every if row.kind == kind]
    if kept(connection, key) is None and bool(mine) == bool(every) and all(r.payload == payload(r.id) for r in mine):
        return mine
    raise otherwise(key, "said something else")


def otherwise(key: str, what: str) -> CaseError:
    """The refusal of a command whose id another one had."""
    text = f"the command {quoted(key)} was run before and {what}"
    hint = "a retry says the same under the same id; another command has an id of its own"
    return CaseError(Diagnostic("E863", text, None, "what it said", hint, record=f"command {quoted(key)}"))


def alias_row(person: str) -> Any:
    """The row of the alias of a person, locked."""
    return select(ALIASES.c.alias).where(ALIASES.c.name == f"p:{read_person(person)}").with_for_update()


def aliases_of(connection: Connection, persons: Sequence[str], key: str) -> dict[str, str]:
    """The ids of persons by their aliases. Raises ``CaseError`` for somebody whom the store does not know."""
    found: dict[str, str] = {}
    for at, person in enumerate(persons):
        alias = connection.execute(alias_row(person)).scalar_one_or_none()
        if alias is None:
            raise nobody(key, at, "the store knows nobody of this id")
        found[alias] = person
    return found


def nobody(key: str, at: int, text: str) -> CaseError:
    """The refusal of a person who is named in a command; ids of persons are never quoted."""
    record = f"command {quoted(key)}, persons[{at}]"
    expected = "a person to whom the run awards something"
    return CaseError(Diagnostic("E947", text, None, expected, record=record, field=f"persons[{at}]"))
