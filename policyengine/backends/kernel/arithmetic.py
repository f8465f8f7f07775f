"""Arithmetic in the code of kernels: rounding, places between edges, months from a day."""

from __future__ import annotations

from typing import Final

from policyengine.backends.kernel.code import Code, Value

SHIFT: Final = 719_468
"""Days from 0000-03-01 to 1970-01-01: with years that begin in March, the leap day is their last."""


def nearest_constant(code: Code, value: Value, divisor: int, mode: str, signed: bool) -> Value:
    """``value / divisor`` to the nearest integer; modes as in ``money.MODES``. ``signed``: it may be below zero."""
    if divisor == 1:
        return value
    negative = code.compare("<", value, code.like(value, 0))
    size = code.choose(negative, code.sub(code.like(value, 0), value), value) if signed else value
    offset = {"half_up": divisor // 2, "half_even": divisor // 2, "half_down": (divisor - 1) // 2,
              "up": divisor - 1, "down": 0}[mode]  # fmt: skip
    raised = code.add(size, code.like(value, offset))
    result = code.over(raised, divisor)
    if mode == "half_even" and divisor % 2 == 0:
        result = _to_even(code, result, code.compare("==", code.by(result, divisor), raised))
    return code.choose(negative, code.sub(code.like(value, 0), result), result) if signed else result


def _to_even(code: Code, result: Value, half: Value) -> Value:
    """One less where the value lay half way below an odd result."""
    odd = _odd(code, result)
    return code.sub(result, code.choose(half, odd, code.like(odd, 0)))


def _odd(code: Code, value: Value) -> Value:
    """1 if it is odd, else 0."""
    return code.sub(value, code.by(code.half(value), 2))


def nearest(code: Code, numerator: Value, divisor: Value, mode: str) -> Value:
    """``numerator / divisor`` (above zero) to the nearest integer; modes as in ``money.MODES``."""
    zero, one = code.like(numerator, 0), code.like(numerator, 1)
    negative = code.compare("<", numerator, zero)
    size = code.choose(negative, code.sub(zero, numerator), numerator)
    result = code.over(size, divisor)
    rest = code.sub(size, code.times(result, divisor))
    twice = code.by(rest, 2)
    odd = code.is_true(_odd(code, result))
    above = {
        "up": lambda: code.compare(">", rest, zero),
        "half_up": lambda: code.compare(">=", twice, divisor),
        "half_down": lambda: code.compare(">", twice, divisor),
        "half_even": lambda: code.any_of([
            code.compare(">", twice, divisor), code.all_of([code.compare("==", twice, divisor), odd]),
        ]),
        "down": lambda: code.truth(False),
    }[mode]()  # fmt: skip
    result = code.add(result, code.choose(above, one, zero))
    return code.choose(negative, code.sub(zero, result), result)


def cell(code: Code, at: Value, count: Value, value: Value, role: str = "tab") -> Value:
    """How many of ``count`` edges, from the place ``at`` of the tables on, are not above ``value``: they are in order,
    so it is halved until it is found. ``role``: of the tables."""
    low, high = code.variable(code.number(0)), code.variable(count)
    with code.as_long_as(lambda: code.compare("<", code.now(low), code.now(high))):
        middle = code.over(code.add(code.now(low), code.now(high)), 2)
        below = code.compare("<=", code.load(role, "", code.add(at, middle)), value)
        code.put(low, code.choose(below, code.add(middle, code.number(1)), code.now(low)))
        code.put(high, code.choose(below, code.now(high), middle))
    return code.now(low)


def plus_months(code: Code, days: Value, months: Value) -> Value:
    """The first day after the ``months`` that begin on a day, in days since 1970-01-01; where the last month has no
    such day, the 1st of the next one. Years count from March, so that every month but the last has a fixed length."""
    number = code.number
    year, month, day = _date_of(code, days)
    count = code.add(code.add(code.by(year, 12), month), months)
    first = _first_of(code, count)
    following = _first_of(code, code.add(count, number(1)))
    found = code.add(first, day)
    return code.choose(code.compare("<", found, following), found, following)


def _date_of(code: Code, days: Value) -> tuple[Value, Value, Value]:
    """Year from March, month from March, day of the month, all from 0."""
    number = code.number
    shifted = code.add(days, number(SHIFT))
    era = code.over(shifted, 146_097)
    of_era = code.sub(shifted, code.by(era, 146_097))
    leaps = code.sub(code.add(code.over(of_era, 1_460), code.over(of_era, 146_096)), code.over(of_era, 36_524))
    year = code.over(code.sub(of_era, leaps), 365)
    of_year = code.sub(of_era, _days_before(code, year))
    month = code.over(code.add(code.by(of_year, 5), number(2)), 153)
    return code.add(code.by(era, 400), year), month, code.sub(of_year, _days_of_months(code, month))


def _first_of(code: Code, count: Value) -> Value:
    """The first day of a month, counted from March of the year 0."""
    year = code.over(count, 12)
    month = code.sub(count, code.by(year, 12))
    before = code.add(_days_before(code, year), _days_of_months(code, month))
    return code.sub(before, code.number(SHIFT))


def _days_before(code: Code, year: Value) -> Value:
    """Days of all years before this one."""
    leaps = code.sub(code.add(code.over(year, 4), code.over(year, 400)), code.over(year, 100))
    return code.add(code.by(year, 365), leaps)


def _days_of_months(code: Code, month: Value) -> Value:
    """Days of the months of a year before this one."""
    return code.over(code.add(code.by(month, 153), code.number(2)), 5)
