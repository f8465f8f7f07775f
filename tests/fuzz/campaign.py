"""Tries many inputs on one surface: ``python -m tests.fuzz.campaign SURFACE --seed 1 --first 0 --count 1000``.

Prints one JSON object: what became of the inputs, and every failure with the seed, the number of the input, and the
smallest input that fails in the same way. A process of its own, so that what it forks has no threads.
"""

from __future__ import annotations

import argparse
import atexit
import importlib
import itertools
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.fuzz.drawing import drawn
from tests.fuzz.forked import Trial, tried
from tests.fuzz.shrinking import kind, shrunk
from tests.fuzz.surfaces import SURFACES, folder

NEEDS = {"columns": "tests.fuzz.tables", "table": "tests.fuzz.tables", "profile": "policyengine.synth.reading"}
PAST = Path(__file__).resolve().parent / "past"
"""Inputs that failed once, by surface: they are tried always."""
ROOT = PAST.parents[2]


@dataclass(frozen=True, slots=True)
class Found:
    """What a campaign found. ``outcomes``: how many inputs were valid or refused by which code; ``failures``: the
    seed, the number, what went wrong and the smallest input, in words."""

    inputs: int
    outcomes: dict[str, int]
    seconds: int
    failures: list[dict[str, Any]] = field(default_factory=list)


def warmed(surface: str) -> None:
    """Everything imported that the surface needs, before the first fork."""
    if surface in NEEDS:
        getattr(importlib.import_module(NEEDS[surface]), "warm", int)()
    atexit.register(shutil.rmtree, folder(), ignore_errors=True)


def campaign(surface: str, seed: int, first: int, count: int, more: Sequence[Path] = ()) -> Found:
    """Inputs ``first`` … of a seed, tried on a surface, and those in the files ``more``."""
    warmed(surface)
    trial, started = SURFACES[surface], time.monotonic()

    def input_of(number: int) -> bytes:
        return drawn(surface, seed, number) if number >= 0 else more[number].read_bytes()

    numbers = itertools.chain(range(-len(more), 0), range(first, first + count))
    tally = tried(trial, ((number, input_of(number)) for number in numbers))
    failures = []
    for number, why in tally.failures.items():
        what = repr(shrunk(input_of(number), _fails_alike(trial, why))) if number >= 0 else more[number].name
        failures.append({"seed": seed, "number": number, "surface": surface, "why": why, "input": what})
    return Found(count, dict(tally.outcomes), round(time.monotonic() - started), failures)


def _fails_alike(trial: Trial, why: str) -> Callable[[bytes], bool]:
    def fails(data: bytes) -> bool:
        failure = tried(trial, [(0, data)]).failures.get(0)
        return failure is not None and kind(failure) == kind(why)

    return fails


def run(surface: str, seed: int, first: int, count: int, more: Sequence[Path] = ()) -> Found:
    """The same in a process of its own. Raises ``CalledProcessError`` if that process fails."""
    bounds = (f"--seed={seed}", f"--first={first}", f"--count={count}", "--more", *map(str, more))
    command = [sys.executable, "-m", "tests.fuzz.campaign", surface, *bounds]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    return Found(**json.loads(done.stdout))


def past(surface: str) -> list[Path]:
    """Inputs of a surface that failed once."""
    return sorted(path for path in (PAST / surface).glob("*") if path.is_file())


def main() -> int:
    """Exit code 0 whether or not inputs fail: what failed is printed."""
    arguments = argparse.ArgumentParser(prog="python -m tests.fuzz.campaign", description=__doc__)
    arguments.add_argument("surface", choices=SURFACES)
    for name, default in (("seed", 1), ("first", 0), ("count", 1000)):
        arguments.add_argument(f"--{name}", type=int, default=default)
    arguments.add_argument("--more", nargs="*", type=Path, default=[], help="files that are inputs, too")
    given = arguments.parse_args()
    found = campaign(given.surface, given.seed, given.first, given.count, given.more)
    print(json.dumps({n: getattr(found, n) for n in Found.__slots__}, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
