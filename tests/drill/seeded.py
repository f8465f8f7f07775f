"""A plugin of pytest: with ``POLICYENGINE_DRILL`` the module that a bug is about is compiled with the bug in it.

Nothing on the disk is changed, and no other process sees it.
"""

from __future__ import annotations

import os
from importlib.machinery import SourceFileLoader
from types import CodeType

from tests.drill.bugs import BUGS, Bug

VARIABLE = "POLICYENGINE_DRILL"
"""Names the bug."""


def with_bug(bug: Bug, source: str) -> str:
    """The source of the module with the bug in it."""
    assert source.count(bug.old) == 1, f"{bug.file} has changed: {bug.name}"
    return source.replace(bug.old, bug.new)


def plant(bug: Bug) -> None:
    """From now on the module is imported with the bug."""
    sound = SourceFileLoader.get_code

    def get_code(loader: SourceFileLoader, fullname: str) -> CodeType | None:
        path = str(loader.get_filename(fullname))
        if not fullname.startswith("policyengine") or not path.endswith(f"policyengine/{bug.file}"):
            return sound(loader, fullname)
        source = loader.get_source(fullname)
        assert source is not None
        return compile(with_bug(bug, source), path, "exec")

    SourceFileLoader.get_code = get_code  # type: ignore[method-assign,assignment]


if VARIABLE in os.environ:
    plant(next(bug for bug in BUGS if bug.name == os.environ[VARIABLE]))
