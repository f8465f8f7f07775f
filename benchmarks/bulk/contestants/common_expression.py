"""common-expression-language: one compiled program, executed for each claim; integers throughout."""

from __future__ import annotations

from collections.abc import Callable

import cel
import numpy as np

from benchmarks.bulk.claims import Array, Arrays
from benchmarks.bulk.contestants.zen_expression import contexts

PACKAGES = ("common-expression-language",)
REST = "(amount - (level == 'tertiary' ? 100000 : (level == 'secondary' ? 50000 : 20000)))"
SHARE = (
    f"({REST} <= 1000000 ? {REST} * 650 : ({REST} <= 4000000 ? 650000000 + ({REST} - 1000000) * 725"
    f" : 2825000000 + ({REST} - 4000000) * 850))"
)
FUND = f"(({SHARE} + {REST} * (poor ? 50 : 0) + 500) / 1000)"
TEXT = f"{REST} <= 0 ? 0 : ({FUND} > 6000000 ? 6000000 : {FUND})"


def ready(claims: Arrays) -> Callable[[], list[int]]:
    execute, given = cel.compile(TEXT).execute, contexts(claims)
    return lambda: [execute(context) for context in given]


def answers(result: list[int]) -> Array:
    return np.array(result, dtype=np.int64)
