"""Integer arithmetic on columns (or on single integers)."""

from __future__ import annotations

from typing import Any

import numpy as np

from policyengine.backends.columns.batch import Array


def narrowed(active: Array | None, also: Array) -> Array:
    return also if active is None else active & also


def over(numerators: Any, divisor: int) -> Any:
    return numerators if divisor == 1 else numerators // divisor


def rounded(numerators: Any, divisor: int, mode: str, signed: bool) -> Any:
    """``numerators / divisor`` to the nearest integer; modes as in ``money.MODES``."""
    if divisor == 1:
        return numerators
    size = abs(numerators) if signed else numerators
    offset = {"half_up": divisor // 2, "half_even": divisor // 2, "half_down": (divisor - 1) // 2,
              "up": divisor - 1, "down": 0}[mode]  # fmt: skip
    result = (size + offset) // divisor
    if mode == "half_even" and divisor % 2 == 0:
        result = result - ((size % divisor == divisor // 2) & (result % 2 == 1))
    return np.where(numerators < 0, -result, result) if signed else result


def divided(numerators: Any, divisors: Any, mode: str) -> Any:
    """``numerators / divisors`` (above zero) to the nearest integer, each by its own; modes as in ``money.MODES``."""
    size = abs(numerators)
    result = size // divisors
    rest = size - result * divisors
    twice = rest * 2
    above = {"half_up": twice >= divisors, "half_down": twice > divisors, "up": rest > 0, "down": rest < 0,
             "half_even": (twice > divisors) | ((twice == divisors) & (result % 2 == 1))}[mode]  # fmt: skip
    result = result + np.where(above, 1, 0)
    return np.where(numerators < 0, -result, result)
