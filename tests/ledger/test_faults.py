"""Kills, full disks and failing disks at every write call of a command: nothing lost, nothing doubled, and a retry
converges to exactly one. Needs a C compiler for the library that meets the calls."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.files import ROOT

pytest.importorskip("sqlalchemy")
pytestmark = [
    pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc is not installed"),
    pytest.mark.skipif(sys.platform != "linux", reason="LD_PRELOAD is of Linux"),
]
HERE = Path(__file__).parent
MEMORY = Path("/dev/shm")
"""A disk in memory, where there is one: what is tried is what a kill leaves behind, not how long a disk takes."""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("faults") / "faults.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", made, HERE / "faults.c", "-ldl"], check=True)
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    if not os.access(MEMORY, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=MEMORY) as made:
        yield Path(made)


def run(library: Path, folder: Path, *words: str) -> int:
    """How many points were tried; nothing went wrong at any."""
    environment = {**os.environ, "LD_PRELOAD": str(library), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, HERE / "faulty.py", folder, *words]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["wrong"] == []
    return int(found["points"])


@pytest.mark.parametrize(
    ("journal", "mode", "command"),
    [("delete", "kill", "compensate"), ("wal", "torn", "reverse"), ("delete", str(errno.ENOSPC), "pay")],
)
def test_a_fault_at_every_fifth_write_of_a_command(
    library: Path, folder: Path, journal: str, mode: str, command: str
) -> None:
    assert run(library, folder, journal, mode, "5", command) >= 3


@pytest.mark.parametrize(("journal", "mode"), [("delete", "kill"), ("wal", "torn")])
def test_tables_that_a_kill_leaves_are_the_old_ones_or_the_new_ones(
    library: Path, folder: Path, journal: str, mode: str
) -> None:
    assert run(library, folder, journal, mode, "3", "migrate") >= 10


@pytest.mark.agree
@pytest.mark.parametrize("journal", ["delete", "wal"])
@pytest.mark.parametrize("mode", ["kill", "torn"])
def test_a_kill_at_every_write_of_a_migration(library: Path, folder: Path, journal: str, mode: str) -> None:
    assert run(library, folder, journal, mode, "1", "migrate") >= 30


@pytest.mark.agree
@pytest.mark.parametrize("journal", ["delete", "wal"])
@pytest.mark.parametrize("mode", ["kill", "torn", str(errno.ENOSPC), str(errno.EIO)])
def test_a_fault_at_every_write_of_every_command(library: Path, folder: Path, journal: str, mode: str) -> None:
    assert run(library, folder, journal, mode, "1") >= 150
