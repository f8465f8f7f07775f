"""Aliases: nothing but the table ``aliases`` holds the id of a person or a household; ``erase`` empties its row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Connection

from policyengine.cases.commands import Command
from policyengine.cases.store import statements
from policyengine.cases.store.chain import sha
from policyengine.claim import Claim
from policyengine.claim.opaque import telling
from policyengine.errors import ClaimError, Diagnostic
from policyengine.settlement.receipts import canonical


@dataclass(frozen=True, slots=True)
class Named:
    """A command with aliases in place of ids, and the aliases that must be written for it."""

    command: Command
    new: tuple[tuple[str, str], ...]


def named(connection: Connection, command: Command) -> Named:
    """The command with aliases; an alias is made of the command that first names somebody, so that a retry makes the
    same one."""
    match command.kind:
        case "open":
            alias, new = alias_of(connection, command.body.person, command.id, "p")
            return Named(replace(command, body=command.body.model_copy(update={"person": alias})), new)
        case "settle" | "correct":
            claim, new = aliased(connection, command.body.claim, command.id)
            return Named(replace(command, body=command.body.model_copy(update={"claim": claim})), new)
        case _:
            return Named(command, ())


def aliased(connection: Connection, claim: Claim, command: str) -> tuple[Claim, tuple[tuple[str, str], ...]]:
    """A claim whose person and household are aliases. Raises ``ClaimError`` for an id that tells who somebody is."""
    for field, found in (("person.id", claim.person.id), ("person.household", claim.person.household or "")):
        if what := telling(found):
            text = f"this looks like {what}"
            raise ClaimError(Diagnostic("E866", text, None, "an opaque id", record="claim", field=field))
    person, new = alias_of(connection, claim.person.id, command, "p")
    updated: dict[str, Any] = {"id": person}
    if claim.person.household is not None:
        updated["household"], more = alias_of(connection, claim.person.household, command, "h")
        new += more
    named = BaseModel.model_copy(claim.person, update=updated)  # an alias is sound, and so is all the rest
    return BaseModel.model_copy(claim, update={"person": named}), new


def alias_of(connection: Connection, name: str, command: str, kind: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The alias of an id, and what must be written if it has none yet."""
    key = f"{kind}:{name}"
    found = connection.execute(statements.ALIAS, {"key": key}).scalar_one_or_none()
    if found is not None:
        return str(found), ()
    alias = f"{kind}-{sha(canonical([kind, command]))[:24]}"
    return alias, ((alias, key),)


def mark_of(alias: str, name: str) -> str:
    """The hash by which a changed row is found."""
    return sha(canonical([alias, name]))


def write(connection: Connection, new: tuple[tuple[str, str], ...]) -> None:
    """Write the rows of new aliases."""
    for alias, name in new:
        statements.send(connection, statements.NEW_ALIAS, {"alias": alias, "name": name, "mark": mark_of(alias, name)})
