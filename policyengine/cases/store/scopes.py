"""Accumulators in the store: a row a scope, locked while a claim settles; histories put together and taken apart."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, select

from policyengine import ir
from policyengine.cases.store import statements
from policyengine.cases.store.chain import sha, text_of
from policyengine.cases.store.tables import USES
from policyengine.claim import Claim, History, quoted
from policyengine.encode.scopes import scope_reader
from policyengine.errors import ClaimError, Diagnostic
from policyengine.settlement.receipts import canonical

PERSON = "person_id"
LONGEST: Final = 500
"""Characters of a scope as text."""
Histories = Mapping[str, Any]
"""The history of each scope as JSON; ``None`` for nothing counted."""


@dataclass(frozen=True, slots=True)
class Locked:
    """Scopes that this transaction has locked: what they hold, and how often each was written."""

    ruleset: str
    held: Histories
    settled: Mapping[str, int]


def scopes_of(program: ir.Program, claim: Claim) -> tuple[str, ...]:
    """The scopes in which a claim is counted, the person's always among them, in the order of locking. Raises
    ``ClaimError`` for ids that are together too long to be kept."""
    found = {_text({PERSON: claim.person.id})}
    decls = {d.name: d for d in (*program.inputs, *program.declared)}
    for per in sorted({tuple(sorted(m.per)) for m in program.meters}):
        text = _text(dict(zip(per, scope_reader(per, decls)(claim), strict=True)))
        if len(text) > LONGEST:
            said = f"{', '.join(per)}, by which a meter is kept, have together {len(text)} characters"
            expected = f"at most {LONGEST} characters with their names"
            record = f"claim {quoted(claim.id)}"
            raise ClaimError(Diagnostic("E946", said, None, expected, record=record, field=per[0]))
        found.add(text)
    return tuple(sorted(found))


def _text(scope: Mapping[str, str]) -> str:
    return text_of(dict(scope))


def lock(connection: Connection, ruleset: str, scopes: Sequence[str]) -> Locked:
    """Lock scopes in their order, and read what they hold. Those that are not there yet are made."""
    asked = {"of": ruleset, "names": list(scopes)}
    found = connection.execute(statements.SCOPES_LOCKED, asked).all()
    if len(found) < len(scopes):
        rows = [marked({"ruleset": ruleset, "scope": s, "history": "", "rules": "", "settled": 0}) for s in scopes]
        connection.execute(statements.new_scopes(connection.dialect.name), rows)
        found = connection.execute(statements.SCOPES_LOCKED, asked).all()
    held = {row.scope: json.loads(row.history) if row.history else None for row in found}
    return Locked(ruleset, held, {row.scope: row.settled for row in found})


def merged(histories: Iterable[Any]) -> History | None:
    """The history that scopes hold together; ``None`` if nothing is counted."""
    found = [history for history in histories if history is not None]
    if not found:
        return None
    whole: dict[str, Any] = {"ruleset": found[0]["ruleset"], "currency": found[0]["currency"]}
    for one in found:
        for rows in ("accumulators", "periods"):
            if rows in one:
                whole.setdefault(rows, []).extend(one[rows])
        if one.get("last") is not None:
            whole |= {name: one[name] for name in ("last", "last_sequence", "last_claim")}
    return History.model_validate(whole)


def divided(history: History, person: str, scopes: Sequence[str]) -> dict[str, Any]:
    """What each scope holds of a history that was made by settling. The last claim belongs to the person."""
    head = {"ruleset": history.ruleset, "currency": history.currency}
    names: dict[Any, str] = {}
    found: dict[str, dict[str, Any]] = {}
    for part, rows in history.plain_rows().items():
        for row in rows:
            ids = tuple(row["scope"].items())
            scope = names.get(ids) or names.setdefault(ids, _text(row["scope"]))
            found.setdefault(scope, {}).setdefault(part, []).append(row)
    day = history.last.isoformat() if history.last is not None else None
    last = {"last": day, "last_sequence": history.last_sequence, "last_claim": history.last_claim}
    found.setdefault(_text({PERSON: person}), {}).update(last)
    assert set(found) <= set(scopes), "a claim is counted in no scope that was not locked"
    return {scope: {**head, **found[scope]} if scope in found else None for scope in scopes}


def write(
    connection: Connection, locked: Locked, histories: Histories, rules: str, use: tuple[str, int] | None
) -> None:
    """Write scopes; ``use``: the case and the event of the settlement that is counted."""
    next_ = {scope: locked.settled[scope] + 1 for scope in histories}
    rows = [marked({"ruleset": locked.ruleset, "scope": s, "history": text_of(held) if held is not None else "",
                    "rules": rules, "settled": next_[s]}) for s, held in histories.items()]  # fmt: skip
    moved = [{"of": row.pop("ruleset"), "name": row.pop("scope"), **row} for row in rows]
    statements.send(connection, statements.SCOPE_WRITTEN, moved)
    if use is not None:
        used = [marked({"ruleset": locked.ruleset, "scope": s, "settled": next_[s], "case_id": use[0],
                        "number": use[1]}) for s in histories]  # fmt: skip
        statements.send(connection, statements.NEW_USE, used)


def marked(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of scopes or of uses with its mark."""
    plain = {name: value for name, value in row.items() if name != "mark"}
    return {**plain, "mark": sha(canonical(plain))}


def count(connection: Connection, ruleset: str, counted: Mapping[str, Any], rules: str, use: tuple[str, int]) -> None:
    """Write the accumulators that an event leaves behind."""
    write(connection, lock(connection, ruleset, tuple(counted)), held_in(counted, "after"), rules, use)


def held_in(counted: Mapping[str, Any], side: str) -> dict[str, Any]:
    """The histories ``before`` or ``after`` what an event counts."""
    return {scope: one[side] for scope, one in counted.items()}


@dataclass(frozen=True, slots=True)
class Use:
    """An event that is counted in a scope, as the ``settled``-th one."""

    scope: str
    settled: int
    case: str
    number: int

    @property
    def key(self) -> tuple[str, int]:
        return (self.case, self.number)


def uses_of(connection: Connection, ruleset: str, key: tuple[str, int]) -> tuple[Use, ...]:
    """Where an event is counted."""
    here = (USES.c.ruleset == ruleset) & (USES.c.case_id == key[0]) & (USES.c.number == key[1])
    return _uses(connection, here)


def uses_from(connection: Connection, ruleset: str, scope: str, settled: int) -> tuple[Use, ...]:
    """What is counted in a scope from one of its numbers on, in order."""
    return _uses(connection, (USES.c.ruleset == ruleset) & (USES.c.scope == scope) & (USES.c.settled >= settled))


def _uses(connection: Connection, where: ColumnElement[bool]) -> tuple[Use, ...]:
    columns = select(USES.c.scope, USES.c.settled, USES.c.case_id, USES.c.number)
    rows = connection.execute(columns.where(where).order_by(USES.c.settled, USES.c.scope)).all()
    return tuple(Use(*row) for row in rows)


def forget(connection: Connection, use: tuple[str, int]) -> None:
    """The settlement is not counted any more."""
    statements.send(connection, statements.USE_FORGOTTEN, {"in_case": use[0], "at": use[1]})
