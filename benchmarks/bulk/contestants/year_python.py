"""Plain Python: one loop over claims by person and day, the four amounts of the year in local variables. This is the
oracle, too."""

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

PACKAGES = ()


def ready(claims: Arrays) -> Callable[[], list[tuple[int, int, int, int]]]:
    columns = [getattr(claims, name).tolist() for name in ("person", "day", "level", "poor", "amount")]
    return lambda: settled(*columns)


def settled(
    persons: list[int], days: list[int], levels: list[int], poor: list[bool], amounts: list[int]
) -> list[tuple[int, int, int, int]]:
    found = []
    who, year = -1, -1
    pool, met, critical, aid = 0, 0, 0, 0
    for person, day, level, is_poor, amount in zip(persons, days, levels, poor, amounts, strict=True):
        of_day = int(day >= SECOND_YEAR)
        if person != who or of_day != year:
            who, year = person, of_day
            pool = met = critical = aid = 0
        above = amount - min(amount, DEDUCTIBLES[level])
        one = min((above * (SHARES[level] + UPLIFT * is_poor) + 50) // 100, POOL_CEILING - pool)
        pool += one
        left = amount - one
        kept = min(left, THRESHOLD - met)
        met += kept
        two = min(((left - kept) * CRITICAL_SHARE + 50) // 100, CRITICAL_CEILING - critical)
        critical += two
        left -= two
        three = min((left * AID_SHARE + 50) // 100, AID_CEILING - aid) if is_poor else 0
        aid += three
        found.append((one, two, three, left - three))
    return found


def answers(result: list[tuple[int, int, int, int]]) -> Array:
    return np.array(result, dtype=np.int64)
