"""Rates and counts that take few values, and the grid on which every amount of a program lies.

The *quantum* of an expression is a rational number q such that each of its values is a whole multiple of q. Money lies
on multiples of 1, a rate input on multiples of a millionth, money times a share out of {70 %, 75 %} on multiples of
1/20. The denominator of q is a static denominator for all values of the expression.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from functools import reduce
from itertools import product, starmap
from math import ceil, floor, gcd, lcm
from operator import add, mul, sub
from typing import Final

from policyengine.analysis.names import NUMERIC, Names, fraction, input_range
from policyengine.ir import (
    Add,
    Expr,
    If,
    Input,
    Inverse,
    Lit,
    Lookup,
    Max,
    Min,
    Portion,
    Ref,
    Round,
    Scale,
    Sub,
    Sum,
    children,
)  # fmt: skip
from policyengine.money import RATE_GRID, round_to

MOST_VALUES: Final = 4_096
"""A set of possible values larger than this is given up; the grid stands in for it."""

Values = frozenset[Fraction] | None
"""Every value that a rate or a count can take, or ``None``: too many to list."""

OPERATIONS: Final[dict[type, Callable[[Fraction, Fraction], Fraction]]] = {
    Add: add, Sub: sub, Min: min, Max: max, Scale: mul,
}  # fmt: skip


class NotInvertible(ValueError):
    """An inverse is taken of a rate that can be zero, or whose values cannot be listed."""


def rate_values(expr: Expr, names: Names) -> Values:
    """Every value that a rate or a count can take, or ``None`` for too many.

    The set may be too large (it ignores that two parts of an expression can depend on each other), never too small.
    Raises ``NotInvertible``.
    """
    match expr:
        case Lit(value=value):
            return frozenset([fraction(value)])
        case Input(kind="count"):
            low, high = input_range(names.declared(expr))
            return frozenset(map(Fraction, range(ceil(low), floor(high) + 1))) if high - low < MOST_VALUES else None
        case Ref(step=step):
            if step not in names.rates:
                names.rates[step] = rate_values(names.steps[step].expr, names)
            return names.rates[step]
        case If(then=then, other=other):
            return _combined([rate_values(then, names), rate_values(other, names)], None)
        case Lookup(table=table, column=column):
            return _capped(frozenset(map(fraction, names.tables[table].column(column).values)))
        case Inverse(of=of):
            return _inverted(rate_values(of, names))
        case Round(of=of, mode=mode, unit=unit):
            known = rate_values(of, names)
            return None if known is None else frozenset(Fraction(round_to(v, mode, unit)) for v in known)
        case Add() | Sub() | Min() | Max() | Scale():
            return _combined([rate_values(child, names) for child in children(expr)], OPERATIONS[type(expr)])
        case _:
            return None


def _combined(sets: Sequence[Values], how: Callable[[Fraction, Fraction], Fraction] | None) -> Values:
    """All results of ``how`` over one value out of each set, folded from the left; the union if there is no ``how``."""
    known: Values = sets[0]
    for other in sets[1:]:
        if known is None or other is None or len(known) * len(other) > 16 * MOST_VALUES:
            return None
        known = _capped(known | other if how is None else frozenset(starmap(how, product(known, other))))
    return known


def _capped(values: frozenset[Fraction]) -> Values:
    return values if len(values) <= MOST_VALUES else None


def _inverted(values: Values) -> Values:
    if values is None:
        raise NotInvertible("the values of this rate cannot be listed, so its inverse has no common denominator")
    if not values or 0 in values:
        raise NotInvertible("this rate can be zero and has no inverse")
    return frozenset(1 / v for v in values)


def quantum_of(expr: Expr, inner: Sequence[Fraction], names: Names) -> Fraction:
    """The quantum of ``expr``, given those of its children; codes and flags count as 1. Raises ``NotInvertible``."""
    match expr:
        case Lit(value=value) if expr.kind in NUMERIC:
            return abs(fraction(value))
        case Input(kind="rate"):
            return Fraction(1, names.declared(expr).grid or RATE_GRID)
        case Add() | Sub() | Min() | Max() | Sum():
            return common(inner)
        case If():
            return common(inner[1:])
        case Scale():
            return inner[0] * inner[1]
        case Inverse():
            values = rate_values(expr, names)
            assert values is not None
            return common(map(abs, values))
        case Round(unit=unit):
            return Fraction(unit)
        case Portion(unit=unit):
            return common([Fraction(unit), inner[3]])
        case Lookup(table=table, column=column) if expr.kind in NUMERIC:
            return common(abs(fraction(v)) for v in names.tables[table].column(column).values)
        case _:
            return Fraction(1)


def common(numbers: Iterable[Fraction]) -> Fraction:
    """The largest number of which all ``numbers`` (none negative) are whole multiples; zero for none."""
    return reduce(
        lambda a, b: Fraction(gcd(a.numerator, b.numerator), lcm(a.denominator, b.denominator)), numbers, Fraction(0)
    )
