"""A contestant in a process of its own: makes itself ready, then runs a round whenever it is told to.

    python -m benchmarks.bulk.serve CONTESTANT FOLDER COUNT

A contestant with ``FROM_FILES`` is given the folder instead of the claims. Each line of the standard input is answered
with a line of JSON: ``round`` with the seconds it took, ``answers`` with the file that holds all amounts. Needs nothing
but the standard library, NumPy and what the contestant needs.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.bulk.claims import found_in


def main(name: str, folder: Path, count: int) -> None:
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what an engine prints is no answer

    def say(**answer: Any) -> None:
        out.write(json.dumps(answer) + "\n")
        out.flush()

    start = time.perf_counter()
    contestant = importlib.import_module(f"benchmarks.bulk.contestants.{name}")
    given = folder if getattr(contestant, "FROM_FILES", False) else found_in(folder, count)
    job, warm = contestant.ready(given), time.perf_counter()
    result = job()
    say(ready=warm - start, first=time.perf_counter() - warm, versions=_versions(contestant.PACKAGES))
    for line in sys.stdin:
        if line.strip() == "round":
            del result
            wall, used = time.perf_counter(), time.process_time()
            result = job()
            say(wall=time.perf_counter() - wall, used=time.process_time() - used)
        else:
            file = folder / f"answers of {name}.npy"
            np.save(file, contestant.answers(result))
            say(file=str(file))


def _versions(packages: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "from this folder"
    return found


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
