"""The tables come up to date whole or not at all; a store of a later release is refused, and so is what is none."""

from __future__ import annotations

import multiprocessing
import sqlite3
from pathlib import Path

import pytest

pytest.importorskip("sqlalchemy")

from sqlalchemy import Connection

from policyengine.cases import open_store
from policyengine.cases.store.migrations import MIGRATIONS
from policyengine.errors import CaseError
from tests.ledger.aged import aged
from tests.ledger.stays import bill, desk


def a_column_more(connection: Connection) -> None:
    connection.exec_driver_sql("ALTER TABLE cases ADD COLUMN remark TEXT")


def breaks_half_way(connection: Connection) -> None:
    a_column_more(connection)
    raise KeyboardInterrupt


def columns(file: Path) -> set[str]:
    with sqlite3.connect(file) as connection:
        return {row[1] for row in connection.execute("PRAGMA table_info(cases)")}


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
def test_a_store_of_an_earlier_release_is_brought_up_to_date(tmp_path: Path, version: int) -> None:
    with desk(tmp_path) as run:
        run.stay("s", bill("c1"))
    aged(tmp_path / "cases.db", version)
    with desk(tmp_path) as run:
        assert run.store.verify() == ()
        run("s", "reverse", key="back", settlement="settle-s", reason="wrong bill")
        assert run.store.verify() == ()


def test_a_step_that_breaks_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    with desk(tmp_path) as run:
        run.stay("s", bill("c1"))
    file = tmp_path / "cases.db"
    with pytest.raises(KeyboardInterrupt):
        open_store(file, migrations=(*MIGRATIONS, breaks_half_way))
    assert "remark" not in columns(file)
    store = open_store(file)
    assert store.verify() == ()
    store.close()
    open_store(file, migrations=(*MIGRATIONS, a_column_more)).close()
    assert "remark" in columns(file)


def test_a_first_start_that_breaks_leaves_an_empty_file(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        open_store(tmp_path / "cases.db", migrations=(*MIGRATIONS, breaks_half_way))
    assert columns(tmp_path / "cases.db") == set()
    open_store(tmp_path / "cases.db").close()


def test_a_store_of_a_later_release_is_refused(tmp_path: Path) -> None:
    open_store(tmp_path / "cases.db", migrations=(*MIGRATIONS, a_column_more)).close()
    with pytest.raises(CaseError, match="tables of version 4, this library knows 3"):
        open_store(tmp_path / "cases.db")


@pytest.mark.parametrize("made", ["CREATE TABLE events (x)", "CREATE TABLE schema_version (version INTEGER)"])
def test_another_database_is_not_written_to(tmp_path: Path, made: str) -> None:
    with sqlite3.connect(tmp_path / "cases.db") as connection:
        connection.execute(made)
    before = (tmp_path / "cases.db").read_bytes()
    with pytest.raises(CaseError, match="E871"):
        open_store(tmp_path / "cases.db")
    assert (tmp_path / "cases.db").read_bytes() == before


def test_what_is_no_store(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("no database, but a text that is long enough for one " * 30, encoding="utf-8")
    for place in (tmp_path / "text.db", tmp_path / "nowhere" / "cases.db", "nosuch://x", "sqlite+nosuch:///x"):
        with pytest.raises(CaseError):
            open_store(place)
    with pytest.raises(CaseError, match="there is no store"):
        open_store(tmp_path / "other.db", create=False)


def _start(place: str) -> None:
    open_store(place).close()


def test_programs_that_start_at_once_make_the_tables_once(tmp_path: Path) -> None:
    fork = multiprocessing.get_context("fork")
    started = [fork.Process(target=_start, args=(str(tmp_path / "cases.db"),)) for _ in range(8)]
    for process in started:
        process.start()
    for process in started:
        process.join()
    assert [process.exitcode for process in started] == [0] * 8
    store = open_store(tmp_path / "cases.db")
    assert store.verify() == ()
    store.close()
