"""Plain Python: a function of integers, called once a claim."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.bulk.claims import Array, Arrays
from benchmarks.bulk.contestants.policy import CEILING, DEDUCTIBLES, FIRST_EDGE, SECOND_EDGE, SHARES, UPLIFT

PACKAGES = ()


def ready(claims: Arrays) -> Callable[[], list[int]]:
    levels, poor, amounts = claims.level.tolist(), claims.poor.tolist(), claims.amount.tolist()
    return lambda: list(map(fund, levels, poor, amounts))


def fund(level: int, poor: bool, amount: int) -> int:
    rest = amount - DEDUCTIBLES[level]
    if rest <= 0:
        return 0
    first = rest if rest < FIRST_EDGE else FIRST_EDGE
    third = rest - SECOND_EDGE if rest > SECOND_EDGE else 0
    thousandths = first * SHARES[0] + (rest - first - third) * SHARES[1] + third * SHARES[2]
    if poor:
        thousandths += rest * UPLIFT
    found = (thousandths + 500) // 1000
    return found if found < CEILING else CEILING


def answers(result: list[int]) -> Array:
    return np.array(result, dtype=np.int64)
