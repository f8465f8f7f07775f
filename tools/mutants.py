"""Mutation testing: changes of the source one by one, each of which some test must notice. ``make mutants`` runs it.

    python tools/mutants.py [--sample N] [--seed N] [TARGET ...]     default: all mutants of all targets

Works in a copy of the repository. mutmut, of the dependency group ``mutants``, writes the mutants into it; the tests
are collected once, and run for each mutant in a process of its own until the first one fails (``tools/mutated.py``).
Writes what it found for the page ``docs/reference/battery.md``, and prints what every survivor changes. A run in which
the tests fail without a mutant, or in which nothing was killed, is an error.

Of a large target all mutants take hours. ``--sample`` tries so many of them, drawn by ``--seed`` with equal chances;
the page then tells the interval that holds the share of all mutants in 95 of a hundred such draws.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from tools.battery import record  # noqa: E402

MECHANISMS: Final = (
    "tests/language/test_what_steps_say.py", "tests/language/test_workings.py", "tests/bad/test_bad_rules.py",
    "tests/language", "tests/cases/test_bundled_cases.py",
)  # fmt: skip
TARGETS: Final[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "money": (
        ("policyengine/money.py",),
        ("tests/claims/test_money.py", "tests/backends/test_rounding.py"),
    ),
    "mechanisms": (("policyengine/mechanisms/*.py",), MECHANISMS),
    "lower": (
        ("policyengine/lower/*.py",),
        (
            *MECHANISMS,
            "tests/bad/test_bad_laws.py",
            "tests/lawfiles/test_trying.py",
            "tests/entitlements/test_lowered.py",
            "tests/entitlements/test_rights.py",
            "tests/entitlements/test_audits.py",
            "tests/runs/test_rows.py",
            "tests/ledger/test_course.py",
        ),
    ),
    "loader": (
        ("policyengine/source/*.py", "policyengine/assemble.py", "policyengine/rulebook.py", "policyengine/inherit.py"),
        (
            "tests/bad",
            "tests/source",
            "tests/loading/test_inheriting.py",
            "tests/loading/test_overlays.py",
            "tests/loading/test_roots.py",
            "tests/loading/test_search_path.py",
            "tests/loading/test_cache.py",
            "tests/loading/test_lowered_again.py",
            "tests/time/test_two_clocks.py",
            "tests/language/test_status_and_cover.py",
        ),
    ),
}
"""What is mutated, and the tests that must notice it."""
COPIED: Final = (
    "policyengine", "rulesets", "tests", "tools", "docs", "demo", "benchmarks", "README.md", "CONTRIBUTING.md",
)  # fmt: skip
GENERATE: Final = """
from mutmut import __main__ as mutmut
mutmut.set_mutant_under_test("mutant_generation")
mutmut.Path("mutants").mkdir()
mutmut.copy_src_dir()
mutmut.copy_also_copy_files()
mutmut.setup_source_paths()
mutmut.create_mutants(1)
"""
"""The first step of `mutmut run`: writes every mutant, and a list of them beside each file, and tries none."""
PYTEST: Final = (
    "-m", "pytest", "-q", "-s", "-m", "not agree", "-p", "tools.mutated", "-p", "no:xdist", "-p", "no:cacheprovider",
    "--deselect", "tests/language/test_size_written_out.py",
    "--deselect", "tests/language/test_limits.py::test_ten_thousand_provisions_are_read",
)  # fmt: skip
"""A call of a function that has mutants is two calls: what nests as deeply as it may would nest too deeply. What takes
a long time for the sake of its size finds no mutant."""


@dataclass(frozen=True, slots=True)
class Found:
    """What came of the mutants that were tried, of ``every`` that there are."""

    every: int
    tried: tuple[str, ...]
    survivors: tuple[str, ...]

    @property
    def killed(self) -> int:
        return len(self.tried) - len(self.survivors)


def main(args: Sequence[str]) -> int:
    """Exit code 0 if every target was really tested, 1 otherwise."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("targets", nargs="*", metavar="TARGET")
    parser.add_argument("--sample", type=int, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    said = parser.parse_args(args)
    if strange := sorted(set(said.targets) - set(TARGETS)):
        parser.error(f"no target {strange[0]}; there are {', '.join(TARGETS)}")
    return max([run(name, said.sample, said.seed) for name in said.targets or TARGETS])


def run(name: str, sample: int | None, seed: int) -> int:
    """Mutates one target, and tries all mutants or a sample of them."""
    files, tests = TARGETS[name]
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        work = Path(folder)
        every = _made(work, files)
        random.Random(seed).shuffle(every)
        drawn = every[:sample]
        found = Found(len(every), tuple(drawn), tuple(_survivors(work, drawn, tests)))
    print(f"{name}: {found.killed} of {len(drawn)} killed, {len(found.survivors)} survived; {found.every} in all")
    if not found.killed:
        print(f"{name}: this was no test of the tests", file=sys.stderr)
        return 1
    figures = {"mutants": found.every, "tried": len(drawn), "killed": found.killed}
    record("mutants", name, {**figures, "survived": len(found.survivors), "seed": seed if sample else None})
    return 0


def _made(work: Path, files: Sequence[str]) -> list[str]:
    """The names of all mutants, in a copy of the repository that has them."""
    for part in COPIED:
        source = ROOT / part
        (shutil.copytree if source.is_dir() else shutil.copy)(source, work / part)
    (work / "pyproject.toml").write_text(_settings(files), encoding="utf-8")
    _python(work, "-c", GENERATE)
    lists = (json.loads(file.read_text(encoding="utf-8")) for file in work.rglob("*.meta"))
    return sorted(mutant for one in lists for mutant in one["exit_code_by_key"])


def _settings(files: Sequence[str]) -> str:
    """The settings of mutmut and of pytest."""
    settings: dict[str, Any] = {
        "source_paths": ["policyengine"], "only_mutate": list(files), "also_copy": [*COPIED[1:]],
        "use_git_change_detection": False, "track_dependencies": False,
    }  # fmt: skip
    lines = [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
    pytest = '[tool.pytest.ini_options]\nmarkers = ["agree: long campaigns"]\n'
    return "[tool.mutmut]\n" + "\n".join(lines) + "\n\n" + pytest


def _survivors(work: Path, mutants: Sequence[str], tests: Sequence[str]) -> list[str]:
    """Those of the mutants under which every test passes."""
    (work / "mutants" / "mutants.json").write_text(json.dumps(mutants), encoding="utf-8")
    _python(work / "mutants", *PYTEST, *tests)
    found = json.loads((work / "mutants" / "survivors.json").read_text(encoding="utf-8"))
    for mutant in found:
        _python(work, "-m", "mutmut", "show", mutant, to=None)
    return list(found)


def _python(work: Path, *command: str, to: int | None = subprocess.DEVNULL) -> None:
    """Python without a mutant; what it writes besides errors goes to ``to``."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    environment = {**kept, "POLICYENGINE_CACHE": "off", "MUTANT_UNDER_TEST": ""}
    subprocess.run([sys.executable, *command], cwd=work, env=environment, stdout=to, check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
