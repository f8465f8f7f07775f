"""A plugin of pytest for ``tools/mutants.py``: the tests are collected once, and run under each mutant of a list.

``mutants.json`` names the mutants; those that no test noticed are written to ``survivors.json``. For each the process
forks, so that nothing that was loaded or lowered under one mutant is met under the next, and all memories of functions
are emptied. What killed a mutant is run first for the next ones.
"""

from __future__ import annotations

import functools
import gc
import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Final

import pytest

SLOWER, GRACE = 4, 60
"""A mutant is killed, too, if its tests take so many times as long as without one, and so many seconds more."""
ENDED: Final = -1
"""In place of the test that failed: the process ended without a word, or its time was over."""


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Mutated())


class Mutated:
    """The tests that were collected, and whether one has failed."""

    def __init__(self) -> None:
        self.items: list[pytest.Item] = []
        self.failed = False

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        self.items = items

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.failed = self.failed or report.failed

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self) -> bool:
        """In place of one run of all tests: one without a mutant, which must pass, and one under each mutant."""
        began = time.monotonic()
        if (failed := self.first_failed("", 0)) is not None:
            raise pytest.UsageError(f"without a mutant a test fails: {self.items[failed].nodeid}")
        limit = int(SLOWER * (time.monotonic() - began)) + GRACE
        mutants = json.loads(Path("mutants.json").read_text(encoding="utf-8"))
        survivors = [mutant for mutant in mutants if self.survives(mutant, limit)]
        Path("survivors.json").write_text(json.dumps(survivors), encoding="utf-8")
        return True

    def survives(self, mutant: str, limit: int) -> bool:
        failed = self.first_failed(mutant, limit)
        if failed is not None and failed != ENDED:
            self.items.insert(0, self.items.pop(failed))
        by = "the end of its process" if failed == ENDED else self.items[0].nodeid
        print(f"{mutant}: " + ("survived" if failed is None else f"killed by {by}"), file=sys.stderr, flush=True)
        return failed is None

    def first_failed(self, mutant: str, limit: int) -> int | None:
        """The place of the first test that fails under a mutant; ``None`` if all pass."""
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            os.environ |= {"MUTANT_UNDER_TEST": mutant, "POLICYENGINE_CACHE": "off"}
            signal.alarm(limit)
            os.write(writing, json.dumps(self.run()).encode())
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            told = pipe.read()
        os.waitpid(child, 0)
        return json.loads(told) if told else ENDED

    def run(self) -> int | None:
        """Runs the tests in this process until one fails."""
        for kept in gc.get_objects():
            if isinstance(kept, functools._lru_cache_wrapper):
                kept.cache_clear()
        for number, item in enumerate(self.items):
            after = self.items[number + 1] if number + 1 < len(self.items) else None
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
            if self.failed:
                return number
        return None
