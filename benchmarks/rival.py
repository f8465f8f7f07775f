"""zen-engine, each way of calling it that is worth measuring. It gets amounts in minor units, so it is exact, too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import zen

from benchmarks.bills import Bill

DECISION = Path(__file__).parent / "policy" / "decision.json"
KEY = "policy"
TRACED: zen.DecisionEvaluateOptions = {"trace": True}
BATCH = 10_000


class Rival:
    """The decision made ready in both ways: as a decision of its own, and by name from a static loader."""

    def __init__(self) -> None:
        content = json.loads(DECISION.read_text(encoding="utf-8"))
        self.decision = zen.ZenEngine().create_decision(json.dumps(content))
        self.engine = zen.ZenEngine({"loader": {"type": "static", "content": {KEY: content}}})

    def decision_traced(self, contexts: list[dict[str, Any]]) -> None:
        evaluate = self.decision.evaluate
        for context in contexts:
            evaluate(context, TRACED)

    def engine_traced(self, contexts: list[dict[str, Any]]) -> None:
        evaluate = self.engine.evaluate
        for context in contexts:
            evaluate(KEY, context, TRACED)

    def engine_untraced(self, contexts: list[dict[str, Any]]) -> None:
        evaluate = self.engine.evaluate
        for context in contexts:
            evaluate(KEY, context)

    def batches(self, contexts: list[dict[str, Any]]) -> None:
        for start in range(0, len(contexts), BATCH):
            self.engine.evaluate_batch([{"key": KEY, "context": c} for c in contexts[start : start + BATCH]])

    def batches_traced(self, contexts: list[dict[str, Any]]) -> None:
        for start in range(0, len(contexts), BATCH):
            self.engine.evaluate_batch([{"key": KEY, "context": c} for c in contexts[start : start + BATCH]], TRACED)

    def answers(self, contexts: list[dict[str, Any]]) -> list[tuple[int, int]]:
        """What fund and patient bear of each bill."""
        results = (self.engine.evaluate(KEY, c, TRACED)["result"] for c in contexts)
        return [(r["fund"], r["patient"]) for r in results]


def context_of(bill: Bill) -> dict[str, Any]:
    return {"level": bill.level, "poor": bill.poor, "amount": bill.amount}
