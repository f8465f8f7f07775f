"""NumPy by hand, one thread. Within a year a running amount up to a ceiling is the change of the clipped sum so far,
and so is what is left of a threshold: no loop is needed for this policy, as its amounts depend on each other in one
direction only."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.bulk.claims import SECOND_YEAR, Array, Arrays
from benchmarks.bulk.contestants.yearly import (
    AID_CEILING,
    AID_SHARE,
    CRITICAL_CEILING,
    CRITICAL_SHARE,
    DEDUCTIBLES,
    POOL_CEILING,
    SHARES,
    THRESHOLD,
    UPLIFT,
)

PACKAGES = ("numpy",)
DEDUCTIBLE, SHARE = np.array(DEDUCTIBLES, dtype=np.int64), np.array(SHARES, dtype=np.int64)


def ready(claims: Arrays) -> Callable[[], list[Array]]:
    return lambda: settled(claims)


def settled(claims: Arrays) -> list[Array]:
    amount, poor = claims.amount, claims.poor
    key = claims.person * 2 + (claims.day >= SECOND_YEAR)
    begins = np.empty(len(claims), dtype=np.bool_)
    begins[0], begins[1:] = True, key[1:] != key[:-1]
    starts = np.flatnonzero(begins)
    lengths = np.diff(starts, append=len(claims))

    def within(ceiling: int, values: Array) -> Array:
        """Of each value what a ceiling of the year leaves room for."""
        so_far = np.cumsum(values)
        before = so_far - values
        base = np.repeat(before[starts], lengths)
        return np.minimum(so_far - base, ceiling) - np.minimum(before - base, ceiling)

    above = np.maximum(amount - DEDUCTIBLE[claims.level], 0)
    one = within(POOL_CEILING, (above * (SHARE[claims.level] + UPLIFT * poor) + 50) // 100)
    left = amount - one
    two = within(CRITICAL_CEILING, ((left - within(THRESHOLD, left)) * CRITICAL_SHARE + 50) // 100)
    left -= two
    three = within(AID_CEILING, (left * AID_SHARE + 50) // 100 * poor)
    return [one, two, three, left - three]


def answers(result: list[Array]) -> Array:
    return np.stack(result, axis=1)
