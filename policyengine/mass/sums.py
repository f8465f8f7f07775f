"""Sums and counts by group over arrays: whole numbers, exact. Amounts of a claim are below 10¹¹ minor units and arrays
are cut before 2²⁵ rows, so that no sum leaves 64 bits."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from policyengine.bulk.compiling import compiled

Array = NDArray[Any]
ROWS: Final = 2**25
"""As many amounts can be added at once."""


@compiled
def sums_by(groups: Array, values: Array, count: int) -> Array:
    """The sum of the values of each group."""
    found, odd = np.zeros(count, np.int64), np.zeros(count, np.int64)
    for i in range(0, len(groups) - 1, 2):  # neighbours are often of one group, and would wait for each other
        found[groups[i]] += values[i]
        odd[groups[i + 1]] += values[i + 1]
    if len(groups) % 2:
        found[groups[-1]] += values[len(groups) - 1]
    return found + odd


@compiled
def some_by(groups: Array, units: Array, values: Array, count: int, known: int) -> tuple[Array, Array]:
    """How many values of each group are above zero, and of how many units; each of the ``known`` units is of one
    group."""
    found, distinct, seen = np.zeros(count, np.int64), np.zeros(count, np.int64), np.zeros(known, np.int64)
    for i in range(len(groups)):  # without a jump
        some = np.int64(values[i] > 0)
        found[groups[i]] += some
        distinct[groups[i]] += some & ~seen[units[i]]
        seen[units[i]] |= some
    return found, distinct


@compiled
def counts_by(groups: Array, kinds: Array, count: int, width: int) -> Array:
    """How many of each kind there are in each group; kinds below zero are not counted."""
    found = np.zeros((count, width), np.int64)
    for i in range(len(groups)):
        if kinds[i] >= 0:
            found[groups[i], kinds[i]] += 1
    return found


@compiled
def tenths(borne: Array, bills: Array, settled: Array) -> Array:
    """The bracket of each share: 0 nothing is borne, 1 to 10 up to so many tenths of the bill, 11 more than the bill or
    of no bill; −1 a claim that is not settled."""
    found = np.empty(len(borne), np.int8)
    for i in range(len(borne)):
        if not settled[i]:
            found[i] = -1
        elif borne[i] <= 0:
            found[i] = 0
        elif borne[i] > bills[i]:
            found[i] = 11
        else:
            found[i] = (10 * borne[i] + bills[i] - 1) // bills[i]
    return found


@compiled
def sides_by(groups: Array, changes: Array, counted: Array, count: int) -> Array:
    """By group: of the changes below zero how many there are, their sum and the largest, then the same above zero, and
    how many there are in all; amounts without sign."""
    found = np.zeros((count, 7), np.int64)
    for i in range(len(groups)):
        if not counted[i]:
            continue
        at = 0 if changes[i] < 0 else 3
        found[groups[i], 6] += 1
        if changes[i] != 0:
            size = abs(changes[i])
            found[groups[i], at] += 1
            found[groups[i], at + 1] += size
            found[groups[i], at + 2] = max(found[groups[i], at + 2], size)
    return found


def dense(keys: Array, most: int) -> tuple[Array, Array]:
    """Numbers from 0 for the different keys, which lie from 0 to ``most``, in ascending order; the keys themselves."""
    if most > 2**22:
        known, places = np.unique(keys, return_inverse=True)
        return places.astype(np.int64), known
    seen = np.zeros(most + 1, np.int64)
    seen[keys] = 1
    known = np.flatnonzero(seen)
    seen[known] = np.arange(len(known))
    numbers: Array = seen[keys]
    return numbers, known
