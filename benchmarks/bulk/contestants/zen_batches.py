"""zen-engine: the decision of the other measurement, through ``evaluate_batch`` in batches of 10,000, trace off."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import zen

from benchmarks.bulk.claims import Array, Arrays
from benchmarks.bulk.contestants.zen_expression import PACKAGES, contexts

__all__ = ["PACKAGES", "answers", "ready"]
DECISION = Path(__file__).parents[2] / "policy" / "decision.json"
KEY, BATCH = "policy", 10_000


def ready(claims: Arrays) -> Callable[[], list[Any]]:
    content = json.loads(DECISION.read_text(encoding="utf-8"))
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {KEY: content}}})
    given = [{"key": KEY, "context": context} for context in contexts(claims)]

    def job() -> list[Any]:
        found: list[Any] = []
        for start in range(0, len(given), BATCH):
            found += engine.evaluate_batch(given[start : start + BATCH])
        return found

    return job


def answers(result: list[Any]) -> Array:
    return np.array([one["result"]["fund"] for one in map(_whole, result)]).astype(np.int64)


def _whole(one: Any) -> Any:
    return one.get("data", one)
