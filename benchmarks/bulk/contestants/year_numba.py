"""A loop by hand for exactly this policy, compiled by numba, to be thrown away with the policy: one thread."""

from __future__ import annotations

from collections.abc import Callable

import numba
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

PACKAGES = ("numba", "llvmlite")
DEDUCTIBLE, SHARE = np.array(DEDUCTIBLES, dtype=np.int64), np.array(SHARES, dtype=np.int64)


@numba.njit(nogil=True)
def settled(
    persons: Array, days: Array, levels: Array, poor: Array, amounts: Array,
    first: Array, second: Array, third: Array, patient: Array,
) -> None:  # fmt: skip
    who, year = -1, False
    pool, met, critical, aid = 0, 0, 0, 0
    for i in range(len(amounts)):
        of_day = days[i] >= SECOND_YEAR
        if persons[i] != who or of_day != year:
            who, year = persons[i], of_day
            pool, met, critical, aid = 0, 0, 0, 0
        amount, level = amounts[i], levels[i]
        above = max(amount - DEDUCTIBLE[level], 0)
        share = SHARE[level] + (UPLIFT if poor[i] else 0)
        one = min((above * share + 50) // 100, POOL_CEILING - pool)
        pool += one
        left = amount - one
        kept = min(left, THRESHOLD - met)
        met += kept
        two = min(((left - kept) * CRITICAL_SHARE + 50) // 100, CRITICAL_CEILING - critical)
        critical += two
        left -= two
        three = min((left * AID_SHARE + 50) // 100, AID_CEILING - aid) if poor[i] else 0
        aid += three
        first[i], second[i], third[i], patient[i] = one, two, three, left - three


def ready(claims: Arrays) -> Callable[[], list[Array]]:
    def job() -> list[Array]:
        found = [np.empty(len(claims), dtype=np.int64) for _ in range(4)]
        run(claims, found)
        return found

    return job


def run(claims: Arrays, found: list[Array]) -> None:
    settled(claims.person, claims.day, claims.level, claims.poor, claims.amount, *found)


def answers(result: list[Array]) -> Array:
    return np.stack(result, axis=1)
