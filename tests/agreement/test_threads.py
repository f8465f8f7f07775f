"""Stateless: the same inputs give the same bytes from eight threads, with a cold engine and a warm one."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from policyengine import Claim, Rulebook, settle
from policyengine.generate import lives
from policyengine.settlement.receipts import canonical
from tests.agreement.lives import book_of, settle_if_covered

NAME = "cn/shanxi/136"


def life_in_bytes(book: Rulebook, life: tuple[Claim, ...]) -> bytes:
    history, out = None, []
    for claim in life:
        settlement = settle(book, claim, history)
        history = settlement.history
        trace = [(s.name, s.value, s.formula, s.applied) for s in settlement.trace]
        out.append([settlement.receipt(), {k: str(v) for k, v in settlement.national().items()}, trace])
    return canonical([out, history.model_dump(mode="json") if history else None])


def test_eight_threads_settle_alike() -> None:
    known = book_of(NAME)
    found = [
        life for life in lives(known, seed=4, count=60)
        if all(settle_if_covered(known, claim, None, None) is not None for claim in life)
    ][:12]  # fmt: skip
    assert len(found) >= 5
    expected = [life_in_bytes(known, life) for life in found]
    cold = replace(known, prepared={})
    start = threading.Barrier(8)

    def run(_: int) -> list[bytes]:
        start.wait()
        return [life_in_bytes(cold, life) for life in found]

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(run, range(8))) == [expected] * 8
