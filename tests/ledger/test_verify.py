"""Whatever is changed in a store behind its back is found."""

from __future__ import annotations

import random
import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.cli.runner import run as cli
from tests.ledger.stays import OWN, Desk, bill, desk

pytest.importorskip("sqlalchemy")

from policyengine.cases import open_store
from policyengine.errors import CaseError


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with two members, a reversal, a payment that was compensated."""
    folder = tmp_path_factory.mktemp("sound")
    with desk(folder) as run:
        _fill(run)
        assert run.store.verify() == ()
    return folder / "cases.db"


def _fill(run: Desk) -> None:
    run.stay("one", bill("c1"))
    run("one", "pay", key="card", amount=OWN)
    run("one", "compensate", of="card")
    run.pay_all("one")
    run.stay("two", bill("c2", "p-18", household="h-1"))
    run("two", "reverse", settlement="settle-two", reason="wrong bill")
    run("two", "settle", claim=bill("c2", "p-18", amount="9000.00", household="h-1"))


def cells(file: Path) -> list[tuple[str, str, int]]:
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


COUNTED_ONLY = {("scopes", "settled"), ("scopes", "rules"), ("uses", "settled")}
"""How often a scope was written, by which rules, and in which order: what else changes with them is found."""


def drawn(file: Path, most: int) -> list[tuple[str, str, int]]:
    known = [cell for cell in cells(file) if cell[:2] not in COUNTED_ONLY]
    return random.Random(5).sample(known, min(most, len(known)))


def test_any_changed_cell_is_found(sound: Path, tmp_path: Path) -> None:
    missed = []
    for cell in drawn(sound, 60):
        shutil.copyfile(sound, tmp_path / "changed.db")
        changed(tmp_path / "changed.db", *cell)
        if not found(tmp_path / "changed.db"):
            missed.append(cell)
    assert missed == []


@pytest.mark.agree
def test_every_changed_cell_is_found(sound: Path, tmp_path: Path) -> None:
    missed = []
    for cell in drawn(sound, 10**6):
        shutil.copyfile(sound, tmp_path / "changed.db")
        changed(tmp_path / "changed.db", *cell)
        if not found(tmp_path / "changed.db"):
            missed.append(cell)
    assert missed == []


def test_any_missing_row_is_found(sound: Path, tmp_path: Path) -> None:
    rows = sorted({(table, row) for table, _, row in cells(sound)})
    missed = []
    for table, row in random.Random(6).sample(rows, 40):
        shutil.copyfile(sound, tmp_path / "changed.db")
        with sqlite3.connect(tmp_path / "changed.db") as connection:
            connection.execute(f"DELETE FROM {table} WHERE rowid = ?", (row,))
        if not found(tmp_path / "changed.db"):
            missed.append((table, row))
    assert missed == []


def test_the_command_names_what_is_wrong(sound: Path, tmp_path: Path) -> None:
    assert cli("case", "verify", str(sound)).stdout == "the store is sound\n"
    shutil.copyfile(sound, tmp_path / "changed.db")
    with sqlite3.connect(tmp_path / "changed.db") as connection:
        connection.execute("UPDATE entries SET amount = amount - 1 WHERE case_id = 'one' AND number = 4 AND line = 1")
    told = cli("case", "verify", str(tmp_path / "changed.db"))
    assert (told.exit_code, told.stdout) == (1, "1 findings\n")
    assert "case one: error[E872]: the entries of event 4 are not what it posts" in told.stderr
