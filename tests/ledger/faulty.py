"""Every command, killed or failing at every write call; run by ``test_faults`` under ``LD_PRELOAD``.

    python faulty.py FOLDER JOURNAL MODE STRIDE COMMAND...

``STRIDE``: every so many write calls are tried, 1 for all. ``MODE``: kill, torn (half of a write, then the end), or the
number of an error. For every named step of the course, and every write call of it, a child is forked that meets the
fault there; the store must then be sound and hold the command or not, and the command sent again must take effect
exactly once. Writes one line of JSON: how many commands and points, and what went wrong.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import signal
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from policyengine.cases import Store, open_store
from policyengine.cases.store.migrations import MIGRATIONS
from policyengine.cases.store.tables import METADATA, VERSIONS
from policyengine.errors import CaseError
from policyengine.rulebook import Rulebook
from tests.ledger.aged import MARKED, aged
from tests.ledger.everything import Step, books, course

KILL, FAIL = 1, 2
LIB = ctypes.CDLL(None)
BOOKS: dict[str, Rulebook] = {}
ROWS = [name for name in METADATA.tables if name != VERSIONS.name]
Rows = dict[str, list[tuple[Any, ...]]]


def opened(file: Path, journal: str) -> Store:
    return open_store(file, rules=BOOKS.__getitem__, journal=journal)


def copied(source: Path, target: Path) -> None:
    """Of a file that is not there the target is not there, either."""
    for suffix in ("", "-journal", "-wal", "-shm"):
        Path(f"{target}{suffix}").unlink(missing_ok=True)
        if Path(f"{source}{suffix}").exists():
            shutil.copyfile(f"{source}{suffix}", f"{target}{suffix}")


def ready(store: Store, before: Path) -> None:
    """The store as it was before, and a connection to it. Its engine knows the statements of earlier points."""
    store.close()
    copied(before, Path(store.engine.url.database or ""))
    with store.reading():
        pass


def points(step: Step, before: Path, store: Store) -> int:
    """How many write calls the step makes."""
    ready(store, before)
    LIB.faults_arm(0, 0, 0)
    step.ask(store)
    LIB.faults_seen.restype = ctypes.c_long
    return int(LIB.faults_seen())


def met(step: Step, before: Path, store: Store, mode: str, at: int) -> str:
    """What became of a child that met the fault: ``done``, ``failed``, ``killed``, or something that must not be."""
    store.close()
    child = os.fork()
    if child == 0:
        code = 9
        try:
            ready(store, before)
            how = (KILL, at, mode == "torn") if mode in ("kill", "torn") else (FAIL, at, int(mode))
            LIB.faults_arm(*how)
            try:
                step.ask(store)
                code = 0
            except CaseError as error:
                code = 1 if error.diagnostics[0].code == "E875" else 8
            LIB.faults_arm(0, 0, 0)
            if code == 1:  # the same process goes on
                step.ask(store)
        except BaseException as error:
            print(repr(error)[:300], file=sys.stderr)
            code = 9
        os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return "killed" if os.WTERMSIG(status) == signal.SIGKILL else f"signal {os.WTERMSIG(status)}"
    return {0: "done", 1: "failed"}.get(os.WEXITSTATUS(status), f"exit {os.WEXITSTATUS(status)}")


def checked(step: Step, store: Store, became: str, goal: str, sides: tuple[Rows, Rows]) -> str:
    """Empty if the file is whole and holds what it held before the step or all that it holds after it, and asking again
    leads there and does nothing once it was done."""
    expected = ("killed", "done") if goal in ("kill", "torn") else ("failed", "done")
    if became not in expected:
        return became
    file, (before, after) = Path(store.engine.url.database or ""), sides
    found = contents(file)
    if found not in ((after,) if became in ("done", "failed") else sides):
        return "between, or acknowledged and lost"
    if step.did(store) is not (found == before):
        return "done twice, or not at all"
    return "" if contents(file) == after else "another end"


def contents(file: Path) -> Rows:
    """Every row of every table of a file, which is whole."""
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return {name: connection.execute(f"SELECT * FROM {name} ORDER BY 1, 2, 3").fetchall() for name in ROWS}


NEWEST = (len(MIGRATIONS), True, True)


def tables(file: Path) -> tuple[int, bool, bool]:
    """The version that a file states, 0 for none; whether the index of the second one is there, and the columns of the
    third."""
    connection = sqlite3.connect(file)
    try:
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        found = connection.execute("SELECT version FROM schema_version").fetchall() if "schema_version" in names else []
        assert len(names & set(METADATA.tables)) in (0, len(METADATA.tables)), names
        marks = ["mark" in _columns(connection, table) for table in MARKED]
        assert len(set(marks)) == 1, marks
        return (found[0][0] if found else 0), "cases_by_person" in names, marks[0]
    finally:
        connection.close()


def _columns(connection: sqlite3.Connection, table: str) -> set[str]:
    return {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}


def migrated(folder: Path, journal: str, mode: str, stride: int) -> tuple[int, list[str]]:
    """A kill at every write of making the tables, and of bringing those of each earlier version up to date."""
    BOOKS.update(books(folder))
    count, wrong = 0, []
    for first in range(len(MIGRATIONS)):
        before, work = folder / f"version{first}.db", folder / "work.db"
        if first:
            _filled(before, journal, first)
        old = tables(before) if first else (0, False, False)
        at, became = 1, ""
        while became != "done":
            copied(before, work)
            became = opening(work, journal, mode, at)
            version = tables(work) if work.exists() else (0, False, False)
            if became not in ("killed", "done") or version not in (old, NEWEST):
                wrong.append(f"version {first} at write {at}: {became}, {version}")
            store = opened(work, journal)
            found = store.verify()
            store.close()
            if tables(work) != NEWEST or found:
                wrong.append(f"version {first} at write {at}: not brought up to date afterwards {found[:1]}")
            at, count = at + stride, count + 1
    return count, wrong


def _filled(file: Path, journal: str, version: int) -> None:
    """A store of an earlier version in which something was settled."""
    store = opened(file, journal)
    for step in course():
        step.ask(store)
        if step.name == "settle":
            break
    store.close()
    aged(file, version)


def opening(work: Path, journal: str, mode: str, at: int) -> str:
    """What became of a child that opened a store and met a kill."""
    child = os.fork()
    if child == 0:
        LIB.faults_arm(KILL, at, mode == "torn")
        opened(work, journal)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return "killed" if os.WIFSIGNALED(status) else f"exit {status}" if status else "done"


def main(folder: Path, journal: str, mode: str, stride: int, only: list[str]) -> None:
    before, work = folder / "before.db", folder / "work.db"
    if only == ["migrate"]:
        count, wrong = migrated(folder, journal, mode, stride)
        print(json.dumps({"points": count, "commands": len(MIGRATIONS), "wrong": wrong}))
        return
    BOOKS.update(books(folder))
    opened(before, journal).close()
    store, true = opened(work, journal), opened(before, journal)
    count, tried, wrong = 0, 0, []
    for step in course():
        if step.name and (not only or step.name in only):
            tried += 1
            last = points(step, before, store)
            sides = contents(before), contents(work)
            assert store.verify() == ()
            for at in range(1, last + 1, stride):
                count += 1
                if found := checked(step, store, met(step, before, store, mode, at), mode, sides):
                    wrong.append(f"{step.name} at write {at}: {found}")
        if only and tried == len(only):
            break
        step.ask(true)
        true.close()
    print(json.dumps({"points": count, "commands": tried, "wrong": wrong}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5:])
