"""The statements of a command, built once: what a command costs is what the database does, and not the building.

Those that read go through SQLAlchemy, which knows their columns; those that write are sent as texts made once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Delete, Dialect, Insert, Update, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from policyengine.cases.store.tables import ALIASES, CASES, COMMANDS, ENTRIES, EVENTS, SCOPES, USES

CASE_LOCKED: Final = select(CASES).where(CASES.c.id == bindparam("case_id")).with_for_update()
COMMAND: Final = select(COMMANDS).where(COMMANDS.c.id == bindparam("command"))
ALIAS: Final = select(ALIASES.c.alias).where(ALIASES.c.name == bindparam("key"))
EVENTS_OF: Final = select(EVENTS).where(EVENTS.c.case_id == bindparam("in_case")).order_by(EVENTS.c.number)
EVENT: Final = select(EVENTS).where(EVENTS.c.case_id == bindparam("in_case"), EVENTS.c.number == bindparam("at"))
SCOPES_LOCKED: Final = (
    select(SCOPES)
    .where(SCOPES.c.ruleset == bindparam("of"), SCOPES.c.scope.in_(bindparam("names", expanding=True)))
    .order_by(SCOPES.c.scope)
    .with_for_update()
)
DEFAULTS: Final = (
    select(EVENTS.c.case_id)
    .join(CASES, CASES.c.id == EVENTS.c.case_id)
    .where(CASES.c.person == bindparam("of"), EVENTS.c.kind == "default", EVENTS.c.case_id != bindparam("besides"))
    .order_by(EVENTS.c.case_id)
)

NEW_ALIAS: Final = ALIASES.insert()
NEW_CASE: Final = CASES.insert()
NEW_COMMAND: Final = COMMANDS.insert()
NEW_EVENT: Final = EVENTS.insert()
NEW_ENTRIES: Final = ENTRIES.insert()
NEW_USE: Final = USES.insert()
CASE_MOVED: Final = CASES.update().where(CASES.c.id == bindparam("moved")).values(
    {name: bindparam(name) for name in ("number", "hash", "stage")}
)  # fmt: skip
SCOPE_WRITTEN: Final = (
    SCOPES.update()
    .where(SCOPES.c.ruleset == bindparam("of"), SCOPES.c.scope == bindparam("name"))
    .values({name: bindparam(name) for name in ("history", "rules", "settled", "mark")})
)
USE_FORGOTTEN: Final = USES.delete().where(USES.c.case_id == bindparam("in_case"), USES.c.number == bindparam("at"))

_NEW_SCOPES: Final[dict[str, Insert]] = {
    "postgresql": postgresql.insert(SCOPES).on_conflict_do_nothing(),
    "sqlite": sqlite.insert(SCOPES).on_conflict_do_nothing(),
}


def new_scopes(dialect: str) -> Insert:
    """Scopes that another writer may have made meanwhile."""
    return _NEW_SCOPES[dialect]


def send(connection: Connection, statement: Insert | Update | Delete, rows: Mapping[str, Any] | Sequence[Any]) -> None:
    """Send a statement that writes, for one row or for several, as the text that was made of it once."""
    dialect: Any = type(connection.dialect)
    text, places = _written_out(statement, dialect)
    if not places:
        connection.exec_driver_sql(text, rows)
    elif isinstance(rows, Mapping):
        connection.exec_driver_sql(text, tuple([rows[name] for name in places]))
    else:
        connection.exec_driver_sql(text, [tuple([row[name] for name in places]) for row in rows])


@cache
def _written_out(statement: Any, dialect: type[Dialect]) -> tuple[str, Sequence[str]]:
    """The text of a statement, and the names of its values in their order if the database takes them so."""
    made = statement.compile(dialect=dialect())
    return str(made), tuple(made.positiontup or ())
