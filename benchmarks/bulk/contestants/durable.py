"""durable_rules: a rule for each level says the deductible and the shares, posted in batches of 500 messages; it has no
arithmetic for money, so the amounts are reckoned in plain Python where its rule fires."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import count
from typing import Any

import durable.lang as rules
import numpy as np

from benchmarks.bulk.claims import LEVELS, Array, Arrays
from benchmarks.bulk.contestants.by_python import fund

PACKAGES = ("durable-rules",)
BATCH = 500
PATIENCE = 3.0
WORDS = ("no", "yes")
_numbers = count()
_found: dict[int, int] = {}


def _rule(level: int, poor: bool) -> None:
    @rules.when_all((rules.m.level == LEVELS[level]) & (rules.m.poor == WORDS[poor]))
    def fires(given: Any) -> None:
        _found[given.m.number] = fund(level, poor, given.m.amount)


with rules.ruleset("bench_policy"):
    for _level in range(len(LEVELS)):
        for _poor in (False, True):
            _rule(_level, _poor)


def ready(claims: Arrays) -> Callable[[], list[int]]:
    each = list(zip(claims.level.tolist(), claims.poor.tolist(), claims.amount.tolist(), strict=True))

    def job() -> list[int]:
        _found.clear()
        first = next(_numbers) * len(each)
        messages = [
            {"id": first + at, "number": at, "level": LEVELS[level], "poor": WORDS[poor], "amount": amount}
            for at, (level, poor, amount) in enumerate(each)
        ]
        for start in range(0, len(messages), BATCH):
            rules.post_batch("bench_policy", messages[start : start + BATCH])
        until = time.monotonic() + PATIENCE
        while len(_found) < len(each) and time.monotonic() < until:
            time.sleep(0.001)  # its own thread may still fire rules; what never comes is lost
        return [_found.get(at, -1) for at in range(len(each))]

    return job


def answers(result: list[int]) -> Array:
    """−1 for a message that no rule fired for."""
    return np.array(result, dtype=np.int64)
