"""Opening a store: the engine of SQLAlchemy, transactions that lock at once, the tables made or brought up to date."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from policyengine.cases.store.migrations import MIGRATIONS, Migration, migrate
from policyengine.cases.store.running import Result, run_in
from policyengine.errors import CaseError, Diagnostic, printable
from policyengine.loading import load
from policyengine.rulebook import Rulebook

WAITING: Final = 60
"""Seconds that a writer waits for another one."""
TRIES: Final = 250
"""How often a second a writer tries that waits on SQLite."""
RETRIES: Final = 50
"""How often a transaction is tried that PostgreSQL gave up for the sake of another one."""
AGAIN: Final = ("40001", "40P01", "23505")
"""Serialisation failure, deadlock, and a key that another one inserted in between: the next try finds it."""
JOURNALS: Final = ("delete", "wal")
LOCKING: Final = "BEGIN IMMEDIATE"
"""How SQLite begins a transaction that may write: the lock is taken before anything is read."""


Done = TypeVar("Done")
"""What a transaction comes to."""


@dataclass(frozen=True, slots=True)
class Store:
    """A store of cases. ``rules``: how rule sets are found by name."""

    engine: Engine
    rules: Callable[[str], Rulebook]
    books: dict[str, Rulebook] = field(default_factory=dict, repr=False)

    def run(self, command: Mapping[str, Any], connection: Connection | None = None) -> Result:
        """Run one command, in a transaction of its own or inside that of ``connection``.

        A command that was run before is answered with its stored result. Inside a transaction of the host the host
        commits; on SQLite it begins with ``BEGIN IMMEDIATE``, as ``writing`` does. Raises ``ClaimError`` for a command
        that cannot be read or a claim that cannot be settled, ``RuleError`` for a rule set, ``CaseError`` for a command
        that is refused or a database that fails; nothing of the command is stored then.
        """
        if connection is not None:
            return run_in(connection, command, self.book)
        return self._tried(lambda own: run_in(own, command, self.book))

    def _tried(self, act: Callable[[Connection], Done]) -> Done:
        """Do something in a transaction of its own, again where the database gave it up for others."""
        for _ in range(RETRIES):
            try:
                with self.writing() as own:
                    return act(own)
            except DBAPIError as error:
                if not _again(error):
                    raise _failed(error) from None
        raise CaseError(
            Diagnostic("E875", "the database gave the command up for others, again and again", record="store")
        )

    def book(self, name: str) -> Rulebook:
        """A rule set by name, found once."""
        found = self.books.get(name)
        if found is None:
            found = self.books[name] = self.rules(name)
        return found

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that may write; on SQLite it holds the lock from its beginning."""
        with self.engine.connect() as connection, connection.execution_options(immediate=True).begin():
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that reads one state of the store."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    def award(
        self,
        ruleset: str,
        command: str,
        on: date,
        at: str,
        window: str | None = None,
        parameters: Mapping[str, Any] | None = None,
        persons: Sequence[str] = (),
    ) -> tuple[str, ...]:
        """Settle a run over the settlements that stand, and post what it awards: a case for each member, or for each of
        ``persons``. The cases, again for a retry. Raises ``ClaimError``, ``RuleError`` and ``CaseError``; nothing is
        stored then."""
        from policyengine.cases.store.yearly import Yearly, award

        asked = Yearly(ruleset, command, on, at, window, parameters, tuple(persons))
        return self._tried(lambda own: award(own, asked, self.book))

    def take_back(
        self, run: str, command: str, on: date, at: str, reason: str, persons: Sequence[str] = ()
    ) -> tuple[str, ...]:
        """Take back what the run of an id awarded, to all or to ``persons``, so that it can be run again for them. The
        cases, again for a retry. Raises ``ClaimError`` and ``CaseError``; nothing is stored then."""
        from policyengine.cases.store.yearly import Back, award_taken_back

        asked = Back(run, command, on, at, reason, tuple(persons))
        return self._tried(lambda own: award_taken_back(own, asked, self.book))

    def erase(self, person: str, command: str, on: date, at: str) -> tuple[str, ...]:
        """Forget the id of a person; the cases that were theirs stay, under an alias. Raises ``CaseError`` for somebody
        whom the store does not know, and while something is left to pay."""
        from policyengine.cases.store.erasing import erase

        return self._tried(lambda own: erase(own, person, command, on, at))

    def verify(self) -> tuple[Diagnostic, ...]:
        """Everything that is wrong in the store; nothing for a sound one."""
        from policyengine.cases.store.verify import wrong_in

        try:
            with self.reading() as connection:
                return tuple(wrong_in(connection))
        except DBAPIError as error:
            return (replace(_failed(error).diagnostics[0], code="E872", hint=""),)

    def close(self) -> None:
        """Let the connections go."""
        self.engine.dispose()


def open_store(
    place: str | Path,
    *,
    rules: Callable[[str], Rulebook] = load,
    journal: str = "delete",
    create: bool = True,
    migrations: tuple[Migration, ...] = MIGRATIONS,
) -> Store:
    """Open the store at ``place``: the path of a SQLite file, or the URL of a database.

    ``journal``: of SQLite, ``delete`` or ``wal``; write-ahead logs of SQLite before 3.51.3 can be damaged by several
    writers, so that the default is the safe one. ``create``: a file that is not there is made. Raises ``CaseError``.
    """
    assert journal in JOURNALS, journal
    url = _url(place)
    if url.get_backend_name() == "sqlite" and not create and not Path(url.database or "").is_file():
        raise _unusable(f"there is no store {printable(str(url.database))}", "a file that `policyengine case` has made")
    try:
        engine = create_engine(url, **_options(url))
    except (SQLAlchemyError, ImportError) as error:
        raise _unusable(_first_line(error), "sqlite:///FILE or postgresql+psycopg://…") from None
    if url.get_backend_name() == "sqlite":
        _prepare_sqlite(engine, journal)
    store = Store(engine, rules)
    try:
        with store.writing() as connection:
            migrate(connection, migrations)
    except DBAPIError as error:
        engine.dispose()
        raise _failed(error) from None
    return store


def _url(place: str | Path) -> URL:
    text = str(place)
    if "://" not in text:
        return URL.create("sqlite", database=text)
    try:
        return make_url(text)
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise _unusable(
            _first_line(error), "the path of a file, or sqlite:///FILE, or postgresql+psycopg://…"
        ) from None


def _options(url: URL) -> dict[str, Any]:
    if url.get_backend_name() == "sqlite":
        return {"connect_args": {"timeout": WAITING}, "hide_parameters": True}
    return {"isolation_level": "READ COMMITTED", "hide_parameters": True, "pool_size": 16, "max_overflow": 64}


def _prepare_sqlite(engine: Engine, journal: str) -> None:
    """Transactions are begun by us and not by the driver; writers lock at once; every commit reaches the disk."""

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in ("foreign_keys=ON", "secure_delete=ON", "synchronous=FULL", f"journal_mode={journal}"):
            connection.execute(f"PRAGMA {pragma}").fetchall()

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        if connection.get_execution_options().get("immediate"):
            _begin_writing(connection)
        else:
            connection.exec_driver_sql("BEGIN")


def _begin_writing(connection: Connection) -> None:
    """Begin a transaction that holds the lock of SQLite. All who wait for it try equally often: SQLite's own waiting
    tries the less often the longer it lasts, so that one among many writers can be passed over until it gives up."""
    bare = connection.connection.cursor()
    bare.execute("PRAGMA busy_timeout=0")
    try:
        if not _begun(bare):
            connection.exec_driver_sql(LOCKING)  # raises as every statement does that fails
    finally:
        bare.execute(f"PRAGMA busy_timeout={1000 * WAITING}")
        bare.close()


def _begun(bare: Any) -> bool:
    """Whether the transaction was begun, after as many tries as it takes while others hold the lock."""
    for _ in range(TRIES * WAITING):
        try:
            bare.execute(LOCKING)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                return False
            time.sleep(1 / TRIES)
        else:
            return True
    return False


def _again(error: DBAPIError) -> bool:
    """Whether the same transaction may succeed when it is tried again."""
    if isinstance(error.orig, sqlite3.IntegrityError):
        return True
    return getattr(error.orig, "sqlstate", None) in AGAIN


def _failed(error: DBAPIError) -> CaseError:
    """The error of a database that failed; what its message quotes of the statement is left out."""
    said = _first_line(error.orig or error)
    hint = "nothing of the command was stored, unless it is found when it is sent again under its id"
    return CaseError(Diagnostic("E875", f"the database failed: {said}", None, "", hint, record="store"))


def _unusable(text: str, expected: str) -> CaseError:
    return CaseError(Diagnostic("E871", text, None, expected, record="store"))


def _first_line(error: BaseException) -> str:
    return printable(str(error).partition("\n")[0])[:200]
