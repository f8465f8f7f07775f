"""Mutation testing: changes of the source one by one, each of which some test must notice. ``make mutants`` runs it.

    python tools/mutants.py [TARGET ...]     default: all targets

Works in a copy of the repository, with mutmut of the dependency group ``mutants``. Writes what it found for the page
``docs/reference/battery.md``, and prints what survived. A run that killed nothing, or left mutants out, is an error.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any, Final

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from tools.battery import record  # noqa: E402

MECHANISMS: Final = ("tests/language", "tests/cases/test_bundled_cases.py", "tests/bad/test_bad_rules.py")
TARGETS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "money": (
        ("policyengine/money.py",),
        ("tests/claims/test_money.py", "tests/backends/test_rounding.py"),
    ),
    "deductible": (("policyengine/mechanisms/deductible.py", "policyengine/mechanisms/rooms.py"), MECHANISMS),
    "ceiling": (("policyengine/mechanisms/ceiling.py",), MECHANISMS),
    "mechanisms": (("policyengine/mechanisms/*.py",), MECHANISMS),
    "lower": (("policyengine/lower/*.py",), MECHANISMS),
    "loader": (
        ("policyengine/source/*.py", "policyengine/assemble.py", "policyengine/rulebook.py", "policyengine/inherit.py"),
        ("tests/source", "tests/bad", "tests/loading"),
    ),
}
"""What is mutated, and the tests that must notice it."""
KILLED: Final = {1, 3, -24, 24, 36, 152, 255}
"""Exit codes of pytest, or of mutmut, for a mutant that a test failed on, or that took far too long."""
SURVIVED: Final = 0
EXECUTED: Final = 99
"""Per cent of the mutants that must have met a test."""
COPIED: Final = (
    "policyengine", "rulesets", "tests", "tools", "docs", "demo", "benchmarks", "README.md", "CONTRIBUTING.md",
)  # fmt: skip


def main(names: list[str]) -> int:
    """Exit code 0 if every target was really tested, 1 otherwise."""
    ends = [run(name) for name in names or TARGETS]
    return max(ends)


def run(name: str) -> int:
    """Mutates one target."""
    files, tests = TARGETS[name]
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        work = Path(folder)
        for part in COPIED:
            source = ROOT / part
            (shutil.copytree if source.is_dir() else shutil.copy)(source, work / part)
        (work / "pyproject.toml").write_text(_settings(files, tests), encoding="utf-8")
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | {"POLICYENGINE_CACHE": "off"}
        command = [sys.executable, "-m", "mutmut", "run"]
        done = subprocess.run(command, cwd=work, env=environment, capture_output=True, text=True, check=False)
        print(done.stderr[-3000:], file=sys.stderr)
        ends = _ends(work / "mutants")
    return _told(name, ends)


def _settings(files: tuple[str, ...], tests: tuple[str, ...]) -> str:
    """The settings of mutmut and of pytest for one target."""
    settings: dict[str, Any] = {
        "source_paths": ["policyengine"], "only_mutate": list(files), "also_copy": [*COPIED[1:]],
        "pytest_add_cli_args_test_selection": list(tests), "pytest_add_cli_args": ["-m", "not agree", "-p", "no:xdist"],
        "use_git_change_detection": False, "debug": True, "track_dependencies": False,
    }  # fmt: skip
    lines = [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
    pytest = '[tool.pytest.ini_options]\nmarkers = ["agree: long campaigns"]\n'
    return "[tool.mutmut]\n" + "\n".join(lines) + "\n\n" + pytest


def _ends(folder: Path) -> dict[str, int | None]:
    """The exit code of every mutant; ``None`` for one that met no test."""
    found: dict[str, int | None] = {}
    for file in sorted(folder.rglob("*.meta")):
        found |= json.loads(file.read_text(encoding="utf-8"))["exit_code_by_key"]
    return found


def _told(name: str, ends: dict[str, int | None]) -> int:
    survivors = sorted(mutant for mutant, code in ends.items() if code == SURVIVED)
    killed = sum(code in KILLED for code in ends.values())
    executed = killed + len(survivors)
    print(f"{name}: {killed} of {len(ends)} killed, {len(survivors)} survived, {len(ends) - executed} not tested")
    print("\n".join(survivors))
    print(Counter(ends.values()))
    if not killed or executed * 100 < EXECUTED * len(ends):
        print(f"{name}: this was no test of the tests", file=sys.stderr)
        return 1
    record("mutants", name, {"mutants": len(ends), "killed": killed, "survived": len(survivors)})
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
