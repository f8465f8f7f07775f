"""zen-engine: one compiled expression, evaluated for each claim; whole minor units, so that it is exact, too."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import zen

from benchmarks.bulk.claims import LEVELS, Array, Arrays

PACKAGES = ("zen-engine",)
REST = "max([amount - (level == 'tertiary' ? 100000 : level == 'secondary' ? 50000 : 20000), 0])"
UPLIFT = "(poor ? 50 : 0)"
SLICES = (
    f"min([{REST}, 1000000]) * 650 + max([min([{REST}, 4000000]) - 1000000, 0]) * 725"
    f" + max([{REST} - 4000000, 0]) * 850 + {REST} * {UPLIFT}"
)
TEXT = f"min([floor(({SLICES} + 500) / 1000), 6000000])"


def ready(claims: Arrays) -> Callable[[], list[int]]:
    evaluate, given = zen.compile_expression(TEXT).evaluate, contexts(claims)
    return lambda: [evaluate(context) for context in given]


def contexts(claims: Arrays) -> list[dict[str, object]]:
    """Claims as dictionaries, made beforehand: what these engines take is not counted against them."""
    each = zip(claims.level.tolist(), claims.poor.tolist(), claims.amount.tolist(), strict=True)
    return [{"level": LEVELS[level], "poor": poor, "amount": amount} for level, poor, amount in each]


def answers(result: list[int]) -> Array:
    return np.array(result).astype(np.int64)
