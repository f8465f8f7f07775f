"""Arithmetic of kernels against that of Python: rounding, division of wide numbers, months, places between edges."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
import pytest

from policyengine.backends.kernel.arithmetic import cell, nearest, nearest_constant, plus_months
from policyengine.backends.kernel.build import compiled
from policyengine.backends.kernel.code import WIDE, Code, Value
from policyengine.encode import plus
from policyengine.money import MODES, round_to

EPOCH = date(1970, 1, 1)


def of_each(write: Callable[[Code, list[Value]], Value], *columns: Any, tab: Any = None) -> list[int]:
    """What code makes of the numbers of some columns, row by row."""
    code = Code()
    with code.each(code.number(0), code.given("count")) as at:
        values = [code.load("column", str(n), at) for n in range(len(columns))]
        code.store("found", "", at, code.narrow(write(code, values)))
    function = compiled(code.finished(), None)
    arrays = [np.array(column, dtype=np.int64) for column in columns]
    found, cells = np.zeros(len(arrays[0]), dtype=np.int64), np.array(tab or [0], dtype=np.int64)
    places = {"count": len(arrays[0]), "found": found.ctypes.data, "tab": cells.ctypes.data}
    arguments = [places.get(role) or arrays[int(name)].ctypes.data for role, name in code.arguments]
    given = np.array(arguments, dtype=np.int64)
    function(given.ctypes.data)
    return found.tolist()


def numbers(seed: int, count: int = 400) -> list[int]:
    rng = Random(seed)
    return [rng.randrange(-(10 ** rng.randrange(1, 15)), 10 ** rng.randrange(1, 15)) for _ in range(count)] + [0, 1, -1]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("divisor", [1, 2, 3, 10, 100, 999, 10_000])
def test_rounding_by_a_constant(mode: str, divisor: int) -> None:
    values = numbers(1)
    found = of_each(lambda code, v: nearest_constant(code, v[0], divisor, mode, signed=True), values)
    assert found == [round_to(Fraction(v, divisor), mode) for v in values]


@pytest.mark.parametrize("mode", MODES)
def test_rounding_by_an_amount(mode: str) -> None:
    values, rng = numbers(2), Random(3)
    divisors = [rng.choice((1, 2, 5, 7, rng.randrange(1, 10**12))) for _ in values]
    found = of_each(lambda code, v: nearest(code, v[0], v[1], mode), values, divisors)
    assert found == [round_to(Fraction(v, d), mode) for v, d in zip(values, divisors, strict=True)]


@pytest.mark.parametrize("mode", MODES)
def test_rounding_of_what_leaves_64_bits(mode: str) -> None:
    """The product of two amounts, in 256 bits, over a constant and over an amount."""
    one, other = numbers(4), [abs(n) + 1 for n in numbers(5)]
    by_constant = of_each(
        lambda code, v: nearest_constant(code, code.times(*map(code.wide, v)), 10**14 + 7, mode, signed=True),
        one,
        other,
    )
    assert by_constant == [round_to(Fraction(a * b, 10**14 + 7), mode) for a, b in zip(one, other, strict=True)]
    by_amount = of_each(
        lambda code, v: nearest(code, code.times(*map(code.wide, v)), code.times(*map(code.wide, (v[1], v[1]))), mode),
        one, other,
    )  # fmt: skip
    assert by_amount == [round_to(Fraction(a * b, b * b), mode) for a, b in zip(one, other, strict=True)]


def test_exact_division_keeps_the_sign() -> None:
    values = numbers(6)
    assert of_each(lambda code, v: code.exactly_over(code.by(v[0], 7), 7), values) == values
    assert of_each(lambda code, v: code.exactly_over(code.by(code.wide(v[0]), 10**30), 10**30), values) == values
    assert WIDE.width == 256


@pytest.mark.parametrize("months", [1, 3, 6, 12, 13, 24])
def test_months_from_a_day(months: int) -> None:
    days = [EPOCH + timedelta(days=n) for n in range(-10_000, 40_000, 13)]
    ends = [date(y, m, d) for y in (1999, 2000, 2015, 2016, 2100) for m in (1, 2, 3, 5, 12) for d in (1, 28)]
    ends += [date(2016, 2, 29), date(2016, 1, 30), date(2016, 1, 31), date(2015, 1, 29), date(2015, 12, 31)]
    every = [*days, *ends]
    found = of_each(lambda code, v: plus_months(code, v[0], code.number(months)), [(day - EPOCH).days for day in every])
    assert [EPOCH + timedelta(days=n) for n in found] == [plus(day, months, "month") for day in every]


@pytest.mark.parametrize("edges", [[], [5], [5, 5000], [-3, 0, 1, 17, 18, 10**12]])
def test_places_between_edges(edges: list[int]) -> None:
    values = sorted({n + by for n in [*edges, 0, 10**13] for by in (-1, 0, 1)})
    found = of_each(
        lambda code, v: cell(code, code.number(1), code.number(len(edges)), v[0]), values, tab=[99, *edges, 99]
    )
    assert found == [sum(edge <= value for edge in edges) for value in values]
