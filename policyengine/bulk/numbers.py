"""Columns of numbers: money in minor units, rates in millionths, counts. Exact, or the row is refused."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from policyengine.bulk.batch import Numbers
from policyengine.bulk.cells import Unfit, cell
from policyengine.bulk.compiling import compiled
from policyengine.bulk.days import Bad
from policyengine.bulk.forms import is_text
from policyengine.bulk.hashing import Offsets
from policyengine.bulk.identity import texts_of, whole_numbers
from policyengine.bulk.plan import Reading
from policyengine.bulk.units import MILLIONTHS
from policyengine.claim import rate_of
from policyengine.money import RATE_GRID, NotMoney

_HUGE = 10**15
"""Above every bound, and far enough below 2**63 for one more digit."""


NOWHERE = np.zeros(0, np.bool_)
"""No row."""


class Shape(NamedTuple):
    """What a text of a number may look like: digits before the point, and behind it; a sign; a percent sign, which
    moves the point by two."""

    whole: int
    fraction: int
    signed: bool
    percent: bool


_AMOUNT = Shape(13, 4, True, False)
_COUNT = Shape(18, 0, True, False)
_RATE = Shape(7, 8, False, True)
_PERCENT = Shape(5, 6, False, False)


def numbers(reading: Reading, array: pa.Array) -> tuple[Numbers, Bad]:
    """The numbers of a column in the units that it counts, and the rows that hold none, or one out of bounds."""
    stated = None if not array.null_count else array.is_valid().to_numpy(zero_copy_only=False)
    if pa.types.is_null(array.type):
        return Numbers(np.zeros(len(array), np.int64), np.zeros(len(array), np.bool_)), None
    values, bad, any_bad = _values(reading, array, stated)
    if stated is not None:
        values = np.where(stated, values, 0)
        bad = bad & stated if any_bad else bad
        any_bad = bool(bad.any())
    return Numbers(values, stated), bad if any_bad else None


Values = tuple[NDArray[np.int64], NDArray[np.bool_], bool]


def _values(reading: Reading, array: pa.Array, stated: NDArray[np.bool_] | None) -> Values:
    fact, kind, power = reading.fact, array.type, 10**reading.decimals
    low, high = fact.low, fact.high
    if pa.types.is_integer(kind) and kind != pa.uint64():
        whole = whole_numbers(array.cast(pa.int64()))
        if power == 1 and _are_within(whole, low, high):
            return whole, NOWHERE, False
        return _of_whole(whole, power, low, high)
    if pa.types.is_floating(kind):
        doubles: NDArray[Any] = np.frombuffer(array.cast(pa.float64()).buffers()[1], "f8")[array.offset :][: len(array)]
        return _of_doubles(doubles, power, low, high)
    if pa.types.is_decimal128(kind) and kind.scale >= 0:
        pairs: NDArray[np.int64] = np.frombuffer(array.buffers()[1], np.int64)[2 * array.offset :][: 2 * len(array)]
        up, down = max(0, reading.decimals - kind.scale), max(0, kind.scale - reading.decimals)
        return _of_decimals(pairs, 10**up, down, low, high)
    if is_text(kind):
        shape = _shape(reading)
        offsets, data = texts_of(array)
        return _of_texts(
            offsets, data, reading.decimals, shape.whole, shape.fraction, shape.signed, shape.percent, low, high
        )
    return _one_by_one(reading, array, stated)


def _shape(reading: Reading) -> Shape:
    if reading.fact.kind == "rate":
        return _RATE if reading.decimals == MILLIONTHS else _PERCENT
    return _AMOUNT if reading.fact.kind == "money" else _COUNT


def _one_by_one(reading: Reading, array: pa.Array, stated: NDArray[np.bool_] | None) -> Values:
    """The same for types that are rare: decimals of other widths, unsigned numbers of 64 bits."""
    values, bad = np.zeros(len(array), np.int64), np.zeros(len(array), np.bool_)
    for row in np.arange(len(array)) if stated is None else np.flatnonzero(stated):
        found = _unit_of(reading, array[int(row)].as_py())
        right = found is not None and reading.fact.low <= found <= reading.fact.high
        bad[row], values[row] = not right, found if right and found is not None else 0
    return values, bad, bool(bad.any())


def _unit_of(reading: Reading, raw: Any) -> int | None:
    try:
        value = cell(reading, raw)
        if reading.fact.kind == "rate":
            return int(rate_of(value) * RATE_GRID)
        scaled = value * 10**reading.exponent if reading.fact.kind == "money" else value
        return int(scaled) if scaled == int(scaled) else None
    except (Unfit, NotMoney, TypeError, ValueError, OverflowError):
        return None


@compiled
def _are_within(numbers: NDArray[np.int64], low: int, high: int) -> bool:
    """Whether all lie within bounds: what nearly always holds, told without a jump."""
    outside = False
    for i in range(len(numbers)):
        outside |= (numbers[i] < low) | (numbers[i] > high)
    return not outside


@compiled
def _of_whole(numbers: NDArray[np.int64], power: int, low: int, high: int) -> Values:
    values, bad, found = np.empty(len(numbers), np.int64), np.zeros(len(numbers), np.bool_), False
    least, most = -((-low) // power), high // power
    for i in range(len(numbers)):
        wrong = numbers[i] < least or numbers[i] > most
        values[i] = 0 if wrong else numbers[i] * power
        bad[i] = wrong
        found |= wrong
    return values, bad, found


@compiled
def _of_doubles(doubles: NDArray[Any], power: int, low: int, high: int) -> Values:
    """Exact only if each is the nearest binary number to a decimal of so many places: divided again, it is the same."""
    values, bad, found = np.empty(len(doubles), np.int64), np.zeros(len(doubles), np.bool_), False
    for i in range(len(doubles)):
        units = np.rint(doubles[i] * power)
        right = units >= low and units <= high and units / power == doubles[i]
        values[i] = np.int64(units) if right else 0
        bad[i] = not right
        found |= not right
    return values, bad, found


@compiled
def _divided(low: np.int64, high: np.int64, places: int) -> tuple[np.int64, bool]:
    """A number of 128 bits divided by a power of ten; whether it is whole and fits into 64 bits."""
    negative = high < 0
    limbs = np.empty(4, np.uint64)
    mask = np.uint64(0xFFFFFFFF)
    first, second = np.uint64(low), np.uint64(high)
    if negative:
        first = ~first + np.uint64(1)
        second = ~second + (np.uint64(1) if first == np.uint64(0) else np.uint64(0))
    limbs[3], limbs[2] = first & mask, first >> np.uint64(32)
    limbs[1], limbs[0] = second & mask, second >> np.uint64(32)
    for _ in range(places):
        rest = np.uint64(0)
        for k in range(4):
            whole = (rest << np.uint64(32)) | limbs[k]
            limbs[k] = whole // np.uint64(10)
            rest = whole - limbs[k] * np.uint64(10)
        if rest != np.uint64(0):
            return np.int64(0), False
    if limbs[0] != np.uint64(0) or limbs[1] != np.uint64(0) or limbs[2] > np.uint64(0x3FFFFFFF):
        return np.int64(0), False
    found = np.int64((limbs[2] << np.uint64(32)) | limbs[3])
    return (-found if negative else found), True


@compiled
def _of_decimals(pairs: NDArray[np.int64], up: int, down: int, low: int, high: int) -> Values:
    count = len(pairs) // 2
    values, bad, found = np.empty(count, np.int64), np.zeros(count, np.bool_), False
    least, most = -((-low) // up), high // up
    for i in range(count):
        value, right = pairs[2 * i], pairs[2 * i + 1] == pairs[2 * i] >> 63
        if down > 0 or not right:
            value, right = _divided(pairs[2 * i], pairs[2 * i + 1], down)
        right = right and least <= value <= most
        values[i] = value * up if right else 0
        bad[i] = not right
        found |= not right
    return values, bad, found


@compiled
def _of_text(
    data: NDArray[np.uint8], at: int, end: int, decimals: int, most_whole: int, most_fraction: int, signed: bool,
    percent: bool,
) -> tuple[int, bool]:  # fmt: skip
    """The number that a text states in units of so many decimals, and whether it does."""
    negative = end > at and data[at] == 45 and signed
    if negative:
        at += 1
    if percent and end > at and data[end - 1] == 37:
        end, decimals, most_whole, most_fraction = end - 1, decimals - 2, 5, 6
    value, whole, fraction, point, right = 0, 0, 0, False, True
    while at < end and right:
        digit = int(data[at]) - 48
        if digit == -2 and not point and whole > 0:
            point = True
        elif digit < 0 or digit > 9:
            right = False
        elif not point:
            whole += 1
            value = value * 10 + digit
        else:
            fraction += 1
            if fraction <= decimals:
                value = value * 10 + digit
            else:
                right = digit == 0
        right = right and value < _HUGE and whole <= most_whole and fraction <= most_fraction
        at += 1
    right = right and whole > 0 and (fraction > 0) == point
    for _ in range(fraction, decimals):
        right = right and value < _HUGE
        value = value * 10 if right else 0
    return (-value if negative else value), right


@compiled
def _of_texts(
    offsets: Offsets, data: NDArray[np.uint8], decimals: int, most_whole: int, most_fraction: int, signed: bool,
    percent: bool, low: int, high: int,
) -> Values:  # fmt: skip
    count = len(offsets) - 1
    values, bad, found = np.empty(count, np.int64), np.zeros(count, np.bool_), False
    for i in range(count):
        value, right = _of_text(data, offsets[i], offsets[i + 1], decimals, most_whole, most_fraction, signed, percent)
        right = right and low <= value <= high
        values[i] = value if right else 0
        bad[i] = not right
        found |= not right
    return values, bad, found
