"""NumPy by hand: int64 over whole arrays, one thread."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.bulk.claims import Array, Arrays
from benchmarks.bulk.contestants.policy import CEILING, DEDUCTIBLES, FIRST_EDGE, SECOND_EDGE, SHARES, UPLIFT

PACKAGES = ("numpy",)
OF_LEVEL = np.array(DEDUCTIBLES, dtype=np.int64)


def ready(claims: Arrays) -> Callable[[], Array]:
    return lambda: fund(claims)


def fund(claims: Arrays) -> Array:
    rest = np.maximum(claims.amount - OF_LEVEL[claims.level], 0)
    first = np.minimum(rest, FIRST_EDGE)
    third = np.maximum(rest - SECOND_EDGE, 0)
    second = rest - first - third
    thousandths = first * SHARES[0] + second * SHARES[1] + third * SHARES[2] + rest * np.where(claims.poor, UPLIFT, 0)
    return np.minimum((thousandths + 500) // 1000, CEILING)


def answers(result: Array) -> Array:
    return result
