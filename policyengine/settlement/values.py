"""Values of steps as texts: each step has a writer, made of its kind and of what its values count in.

A settlement has hundreds of steps and few different values, so that a writer keeps the texts of the last ones.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache, lru_cache, partial
from typing import Any, Final

from policyengine import ir
from policyengine.money import rate_text, text_of

Write = Callable[[Any], str]
"""The text of one value, as the compiled program left it."""


KEPT: Final = 1024
"""Texts that a writer keeps."""


@cache
def writer(kind: ir.Kind, denominator: int, exponent: int) -> Write:
    """The writer of the values of a step: of money in minor units, of ``exact`` amounts and rates in parts of one
    ``denominator``-th of them."""
    match kind:
        case "money":
            return lru_cache(KEPT)(partial(text_of, exponent=exponent))
        case "exact":
            return lru_cache(KEPT)(lambda value: _exact_text(Fraction(value, denominator), exponent))
        case "rate":
            return lru_cache(KEPT)(lambda value: rate_text(Fraction(value, denominator)))
        case "flag":
            return lambda value: "true" if value else "false"
        case _:
            return str


def written(write: Write, value: Any) -> str | tuple[str, ...]:
    """The text of a value; of one of fee lines that of each."""
    return tuple(map(write, value)) if isinstance(value, (tuple, list)) else write(value)


def _exact_text(amount: Fraction, exponent: int) -> str:
    """An amount that is not rounded yet, in minor units: as money where it is whole, as a fraction where it is not."""
    if amount.denominator == 1:
        return text_of(amount.numerator, exponent)
    return f"{amount.numerator}/{amount.denominator * 10**exponent}"
