"""Kills, full disks and failing disks at every write call of a command: nothing lost, nothing doubled, and a retry
converges to exactly one. Needs a C compiler for the library that meets the calls."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("sqlalchemy")

from sqlalchemy import select

from policyengine.cases import open_store
from policyengine.cases.commands import BODIES
from policyengine.cases.store.tables import EVENTS
from tests.conftest import Told
from tests.house.files import ROOT
from tests.ledger.everything import books, course

pytestmark = [
    pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc is not installed"),
    pytest.mark.skipif(sys.platform != "linux", reason="LD_PRELOAD is of Linux"),
]
HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("faults") / "faults.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", made, HERE / "faults.c", "-ldl"], check=True)
    return made


def run(library: Path, folder: Path, *words: str) -> tuple[int, int]:
    """How many commands were tried at how many points; nothing went wrong at any."""
    environment = {**os.environ, "LD_PRELOAD": str(library), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, HERE / "faulty.py", folder, *words]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["wrong"] == []
    return found["commands"], found["points"]


@pytest.mark.parametrize(
    ("journal", "mode", "command"),
    [("delete", "kill", "compensate"), ("wal", "torn", "reverse"), ("delete", str(errno.ENOSPC), "pay")],
)
def test_a_fault_at_every_fifth_write_of_a_command(
    library: Path, in_memory: Path, journal: str, mode: str, command: str
) -> None:
    assert run(library, in_memory, journal, mode, "5", command) >= (1, 3)


def test_tables_that_a_kill_leaves_are_the_old_ones_or_the_new_ones(library: Path, in_memory: Path) -> None:
    assert run(library, in_memory, "wal", "torn", "9", "migrate") >= (3, 6)


MODES = {"kill": "killed", "torn": "killed half way", str(errno.ENOSPC): "ENOSPC", str(errno.EIO): "EIO"}


@pytest.mark.agree
@pytest.mark.parametrize("journal", ["delete", "wal"])
@pytest.mark.parametrize("mode", ["kill", "torn"])
def test_a_kill_at_every_write_of_a_migration(
    library: Path, in_memory: Path, journal: str, mode: str, told: Told
) -> None:
    _, points = run(library, in_memory, journal, mode, "1", "migrate")
    assert points >= 30
    told(f"migrations {MODES[mode]}, journal {journal}", f"{points} writes", "old or new at each")


@pytest.mark.agree
@pytest.mark.parametrize("journal", ["delete", "wal"])
@pytest.mark.parametrize("mode", MODES)
def test_a_fault_at_every_write_of_every_command(
    library: Path, in_memory: Path, journal: str, mode: str, told: Told
) -> None:
    commands, points = run(library, in_memory, journal, mode, "1")
    assert commands == len([step for step in course() if step.name])
    assert points >= 15 * commands
    told(f"{MODES[mode]}, SQLite, journal {journal}", f"{commands} commands, {points} writes", "exactly once at each")


def test_every_kind_of_command_is_among_them(tmp_path: Path) -> None:
    """And each named step does something."""
    written = books(tmp_path)
    store = open_store(tmp_path / "cases.db", rules=written.__getitem__)
    for step in course():
        assert step.did(store), step.name
    with store.reading() as connection:
        kinds = set(connection.execute(select(EVENTS.c.kind)).scalars())
    assert kinds == {*BODIES, "award", "erase", "resettle"}
    assert store.verify() == ()
    store.close()
