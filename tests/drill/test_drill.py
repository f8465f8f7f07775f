"""The fast tests notice every mistake of the drill. Each is planted in a process of its own, under ``make agree``."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.drill.bugs import BUGS, Bug
from tests.drill.seeded import VARIABLE, with_bug
from tests.house.files import ROOT
from tools.battery import record

TEST_FAILED = 1
"""The exit code of pytest where a test failed; it ends otherwise if it could not run them."""


def run_tests(path: str, bug: Bug | None) -> int:
    """The exit code of pytest on the fast tests of a file, with a bug in the library or without. What a bug makes of
    rule files is kept for nobody."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tests.drill.seeded",
        "-p",
        "no:cacheprovider",
        "-q",
        "-x",
        "-n",
        "0",
    ]
    command += ["-m", "not agree", path]
    planted = {"POLICYENGINE_CACHE": "off", **({VARIABLE: bug.name} if bug else {})}
    done = subprocess.run(command, cwd=ROOT, env=os.environ | planted, capture_output=True, text=True, check=False)
    assert "changed" not in done.stdout, done.stdout
    return done.returncode


def test_there_are_bugs_of_every_kind() -> None:
    assert len({bug.name for bug in BUGS}) == len(BUGS) >= 30


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_bug_can_be_planted(bug: Bug) -> None:
    source = (ROOT / "policyengine" / bug.file).read_text(encoding="utf-8")
    compile(with_bug(bug, source), bug.file, "exec")
    assert (ROOT / bug.noticed_by).is_file()


def test_a_planted_bug_reaches_the_library() -> None:
    assert run_tests(BUGS[0].noticed_by, BUGS[0]) == TEST_FAILED


@pytest.mark.agree
@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_the_bug_is_noticed(bug: Bug) -> None:
    end = run_tests(bug.noticed_by, bug)
    record("drill", bug.name, {"noticed": int(end == TEST_FAILED)})
    assert end == TEST_FAILED


@pytest.mark.agree
@pytest.mark.parametrize("path", sorted({bug.noticed_by for bug in BUGS}))
def test_without_a_bug_all_is_well(path: str) -> None:
    assert run_tests(path, None) == 0
