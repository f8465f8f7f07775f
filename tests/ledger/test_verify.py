"""Whatever is changed in a store behind its back is found."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.runner import run as cli
from tests.ledger.stays import OWN, Desk, bill, desk

pytest.importorskip("sqlalchemy")

from policyengine.cases import open_store
from policyengine.cases.store.tables import METADATA
from policyengine.errors import CaseError
from tests.conftest import Told
from tests.ledger.everything import books, course

Cell = tuple[str, str, int]
"""A table, a column, a row."""


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with three members, reversals, a payment that was compensated."""
    folder = tmp_path_factory.mktemp("sound")
    with desk(folder) as run:
        _fill(run)
        assert run.store.verify() == ()
    return folder / "cases.db"


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in which every kind of event stands."""
    folder = tmp_path_factory.mktemp("full")
    store = open_store(folder / "cases.db", rules=books(folder).__getitem__)
    for step in course():
        step.ask(store)
    assert store.verify() == ()
    store.close()
    return folder / "cases.db"


def _fill(run: Desk) -> None:
    run.stay("one", bill("c1"))
    run("one", "pay", key="card", amount=OWN)
    run("one", "compensate", of="card")
    run.pay_all("one")
    run.stay("two", bill("c2", "p-18", household="h-1"))
    run("two", "reverse", settlement="settle-two", reason="wrong bill")
    run("two", "settle", claim=bill("c2", "p-18", amount="9000.00", household="h-1"))
    run.stay("three", bill("c3", "p-19"))
    run("three", "reverse", settlement="settle-three", reason="never took place")


def cells(file: Path) -> list[Cell]:
    """Every column of every row: table, column, row."""
    with sqlite3.connect(file) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return [
            (table, column[1], row)
            for table in tables
            for column in connection.execute(f"PRAGMA table_info({table})").fetchall()
            for (row,) in connection.execute(f"SELECT rowid FROM {table}").fetchall()
        ]


def changed(file: Path, table: str, column: str, row: int) -> None:
    """One character more, or a thousand more: what stood in the cell is another."""
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        (value,) = connection.execute(f"SELECT {column} FROM {table} WHERE rowid = ?", (row,)).fetchone()
        new = value + 1000 if isinstance(value, int) else (value or "") + " "
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (new, row))


def found(file: Path) -> bool:
    """Whether ``verify`` finds something; a store whose version is wrong is not even opened."""
    try:
        store = open_store(file)
    except CaseError:
        return True
    try:
        return bool(store.verify())
    finally:
        store.close()


def missed(sound: Path, work: Path, cells: Iterable[Cell]) -> list[Cell]:
    """Cells that can be changed without being found."""
    left = []
    for cell in cells:
        shutil.copyfile(sound, work)
        changed(work, *cell)
        if not found(work):
            left.append(cell)
    return left


def test_any_changed_cell_is_found(sound: Path, tmp_path: Path) -> None:
    every = cells(sound)
    counted = [cell for cell in every if cell[0] in ("scopes", "uses")]
    some = [*random.Random(5).sample(every, 40), *counted]
    assert missed(sound, tmp_path / "changed.db", some) == []


@pytest.mark.agree
def test_every_changed_cell_is_found(full: Path, in_memory: Path, told: Told) -> None:
    every = cells(full)
    assert {table for table, _, _ in every} == {*METADATA.tables}
    assert missed(full, in_memory / "changed.db", every) == []
    told("changed cells", f"{len(every):,} cells, every column of every row", "verify finds each")


@pytest.mark.agree
def test_every_missing_row_is_found(full: Path, in_memory: Path, told: Told) -> None:
    rows = sorted({(table, row) for table, _, row in cells(full)})
    assert [row for row in rows if not found(_without(full, in_memory / "changed.db", *row))] == []
    told("missing rows", f"{len(rows):,} rows of every table", "verify finds each")


@pytest.mark.agree
def test_any_flipped_byte_is_found_or_changes_nothing(full: Path, in_memory: Path, told: Told) -> None:
    """One bit of one byte of the file: what verify does not find is in no row, such as free space."""
    data, due = full.read_bytes(), contents(full)
    work, drawn, silent = in_memory / "changed.db", random.Random(8), 0
    for at in drawn.sample(range(len(data)), 2_000):
        work.write_bytes(data[:at] + bytes([data[at] ^ (1 << drawn.randrange(8))]) + data[at + 1 :])
        if not found(work):
            silent += 1
            assert contents(work) == due, at
    told(
        "flipped bytes", f"2,000 of the {len(data):,} bytes of a file", f"found, but for {silent:,} that are in no row"
    )


def contents(file: Path) -> dict[str, list[Any]]:
    """Every row of every table."""
    with sqlite3.connect(file) as connection:
        return {name: connection.execute(f"SELECT * FROM {name} ORDER BY rowid").fetchall() for name in METADATA.tables}


def _without(sound: Path, work: Path, table: str, row: int) -> Path:
    shutil.copyfile(sound, work)
    with sqlite3.connect(work) as connection:
        connection.execute(f"DELETE FROM {table} WHERE rowid = ?", (row,))
    return work


def test_any_missing_row_is_found(sound: Path, tmp_path: Path) -> None:
    every = sorted({(table, row) for table, _, row in cells(sound)})
    rows = [*random.Random(6).sample(every, 30), *(row for row in every if row[0] in ("scopes", "uses"))]
    assert [row for row in rows if not found(_without(sound, tmp_path / "changed.db", *row))] == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            "UPDATE events SET data = CAST(data AS BLOB) WHERE case_id = 'one' AND number = 2",
            "table events: error[E872]: 1 of the cells of `data` hold something of another kind",
        ),
        ("UPDATE entries SET amount = amount + 0.5 WHERE line = 1", "table entries: error[E872]"),
        ("UPDATE commands SET result = x'00' WHERE number = 1", "table commands: error[E872]"),
    ],
)
def test_a_cell_of_another_kind_is_told_before_anything_is_read(
    sound: Path, tmp_path: Path, change: str, told: str
) -> None:
    """SQLite lets any cell hold anything: one damaged byte can turn a text into bytes."""
    shutil.copyfile(sound, tmp_path / "changed.db")
    with sqlite3.connect(tmp_path / "changed.db") as connection:
        connection.execute(change)
    result = cli("case", "verify", str(tmp_path / "changed.db"))
    assert result.exit_code == 1
    assert told in result.stderr


def test_the_command_names_what_is_wrong(sound: Path, tmp_path: Path) -> None:
    assert cli("case", "verify", str(sound)).stdout == "the store is sound\n"
    shutil.copyfile(sound, tmp_path / "changed.db")
    with sqlite3.connect(tmp_path / "changed.db") as connection:
        connection.execute("UPDATE entries SET amount = amount - 1 WHERE case_id = 'one' AND number = 4 AND line = 1")
    told = cli("case", "verify", str(tmp_path / "changed.db"))
    assert (told.exit_code, told.stdout) == (1, "1 finding\n")
    assert "case one: error[E872]: the entries of event 4 are not what it posts" in told.stderr
