"""A plugin of pytest: with ``POLICYENGINE_DRILL`` the module that a bug is about is compiled with the bug in it.

Nothing on the disk is changed, and no other process sees it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType

from tests.drill.bugs import BUGS, Bug

VARIABLE = "POLICYENGINE_DRILL"
"""Names the bug."""


def with_bug(bug: Bug, source: str) -> str:
    """The source of the module with the bug in it."""
    assert source.count(bug.old) == 1, f"{bug.file} has changed: {bug.name}"
    return source.replace(bug.old, bug.new)


class Planted(SourceFileLoader):
    """Loads the module with the bug, whoever else rewrites modules as they are imported."""

    def __init__(self, fullname: str, path: str, bug: Bug) -> None:
        super().__init__(fullname, path)
        self.bug = bug

    def get_code(self, fullname: str) -> CodeType | None:
        source = self.get_source(fullname)
        assert source is not None
        return compile(with_bug(self.bug, source), self.path, "exec")


class Planter(MetaPathFinder):
    """Finds the module of a bug before anything else does."""

    def __init__(self, bug: Bug) -> None:
        self.bug = bug
        self.module = f"policyengine.{bug.file.removesuffix('.py').removesuffix('/__init__').replace('/', '.')}"
        assert self.module not in sys.modules, f"{self.module} was imported before the bug"

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        found = PathFinder.find_spec(fullname, path) if fullname == self.module else None
        if found is not None:
            assert found.origin is not None
            found.loader = Planted(fullname, found.origin, self.bug)
        return found


if VARIABLE in os.environ:
    sys.meta_path.insert(0, Planter(next(bug for bug in BUGS if bug.name == os.environ[VARIABLE])))
