"""Contestants in processes of their own, in turn within each round, on the same claims."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.bulk.claims import Array
from benchmarks.bulk.venvs import OWN, ROOT, python_of

ROUNDS = 7


@dataclass(frozen=True, slots=True)
class Contestant:
    """``module``: below ``contestants``. ``threads``: as the reader is told. ``count``: claims of a round, the first of
    all. ``venv``: of ``venvs``. ``judged``: whether its answers are amounts."""

    module: str
    label: str
    threads: str
    count: int
    venv: str = OWN
    judged: bool = True


@dataclass(slots=True)
class Result:
    """Seconds by round; ``first``: from the start of the first round to its end, compilation with it. ``wrong``: claims
    of which an amount differs from the oracle, −1 if that is not asked."""

    contestant: Contestant
    ready: float
    first: float
    versions: dict[str, str]
    walls: list[float] = field(default_factory=list)
    used: list[float] = field(default_factory=list)
    wrong: int = -1
    answers: Array = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    @property
    def rates(self) -> list[float]:
        """Claims a second of each round."""
        return [self.contestant.count / wall for wall in self.walls]

    @property
    def rate(self) -> float:
        return statistics.median(self.rates)

    @property
    def of_processor(self) -> float:
        """Nanoseconds of processor time a claim, of all threads."""
        return statistics.median(self.used) / self.contestant.count * 1e9

    def times(self, other: Result) -> float:
        """How many times as fast as another: median of the ratios within a round."""
        return statistics.median(a / b for a, b in zip(self.rates, other.rates, strict=True))

    def times_of_processor(self, other: Result) -> float:
        """How many times as much processor time another takes for a claim, which other work hardly changes."""
        return other.of_processor / self.of_processor


def held(contestants: Sequence[Contestant], folder: Path, expected: Array | None, rounds: int = ROUNDS) -> list[Result]:
    """Every contestant that can be set up here, ``rounds`` times after a first round that is told apart. ``expected``:
    by the oracle, claims in the first dimension; ``None``: answers are not compared here."""
    with ExitStack() as stack:
        servers = [server for one in contestants if (server := _server(one, folder, stack)) is not None]
        for _ in range(rounds):
            for server in servers:
                server.round()
        for server in servers:
            server.judge(expected)
    return [server.result for server in servers]


@dataclass(slots=True)
class _Server:
    process: subprocess.Popen[str]
    result: Result

    def ask(self, word: str) -> dict[str, Any]:
        assert self.process.stdin is not None
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()
        return _answer(self.process)

    def round(self) -> None:
        answer = self.ask("round")
        self.result.walls.append(answer["wall"])
        self.result.used.append(answer["used"])

    def judge(self, expected: Array | None) -> None:
        answers = self.result.answers = np.load(self.ask("answers")["file"])
        if expected is None or not self.result.contestant.judged:
            return
        wanted = expected[: len(answers)]
        assert len(answers) == self.result.contestant.count, f"{self.result.contestant.label} left claims out"
        differs = answers != wanted
        self.result.wrong = int((differs.any(axis=1) if differs.ndim > 1 else differs).sum())


def _server(one: Contestant, folder: Path, stack: ExitStack) -> _Server | None:
    python = python_of(one.venv)
    if python is None:
        return None
    command = [str(python), "-m", "benchmarks.bulk.serve", one.module, str(folder), str(one.count)]
    process = stack.enter_context(
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
    )  # fmt: skip
    answer = _answer(process)
    return _Server(process, Result(one, answer["ready"], answer["first"], answer["versions"]))


def _answer(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise RuntimeError(f"{process.args} ended with {process.wait()}")
    found: dict[str, Any] = json.loads(line)
    return found
