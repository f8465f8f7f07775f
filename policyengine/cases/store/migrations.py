"""The tables of a store, version by version; all that is missing is done in one transaction, or nothing is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection, and_, inspect, select, text

from policyengine.cases.store.scopes import marked
from policyengine.cases.store.tables import METADATA, SCOPES, USES, VERSIONS
from policyengine.errors import CaseError, Diagnostic

Migration = Callable[[Connection], None]

LOCK: Final = 7_309_151_214
"""The advisory lock under which PostgreSQL migrates, so that two programs that start at once do it one by one."""


def first_tables(connection: Connection) -> None:
    """Version 1."""
    METADATA.create_all(connection)


def cases_by_person(connection: Connection) -> None:
    """Version 2: the cases of a person are found without reading all."""
    connection.execute(text("CREATE INDEX cases_by_person ON cases (person)"))


def marks(connection: Connection) -> None:
    """Version 3: rows of scopes and uses carry a hash of themselves; those that stand get theirs."""
    for table in (SCOPES, USES):
        if "mark" not in {column["name"] for column in inspect(connection).get_columns(table.name)}:
            connection.execute(text(f"ALTER TABLE {table.name} ADD COLUMN mark VARCHAR(64)"))
        keys = list(table.primary_key.columns)
        for row in connection.execute(select(table)).all():
            here = and_(*(key == getattr(row, key.name) for key in keys))
            connection.execute(table.update().where(here).values(mark=marked(row._asdict())["mark"]))


MIGRATIONS: Final[tuple[Migration, ...]] = (first_tables, cases_by_person, marks)
"""The steps from each version to the next; a step that was released is never changed."""


def migrate(connection: Connection, migrations: tuple[Migration, ...] = MIGRATIONS) -> None:
    """Bring the tables up to date inside a transaction. Raises ``CaseError`` for a store of a later version."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    version = version_of(connection)
    if version > len(migrations):
        message = f"the store has tables of version {version}, this library knows {len(migrations)}"
        raise CaseError(Diagnostic("E871", message, None, "a later release of the library", record="store"))
    for step in migrations[version:]:
        step(connection)
    if version < len(migrations):
        connection.execute(VERSIONS.delete())
        connection.execute(VERSIONS.insert().values(version=len(migrations)))


def version_of(connection: Connection) -> int:
    """The version of the tables, 0 for none. Raises ``CaseError`` for a database that holds something else."""
    names = inspect(connection).get_table_names()
    if VERSIONS.name not in names:
        if "events" in names or "cases" in names:
            text_ = "the database holds tables of something else"
            raise CaseError(Diagnostic("E871", text_, None, "a database of its own", record="store"))
        return 0
    found = connection.execute(select(VERSIONS.c.version)).scalars().all()
    if len(found) != 1:
        raise CaseError(Diagnostic("E871", "the store does not say its version", None, "one version", record="store"))
    return int(found[0])
