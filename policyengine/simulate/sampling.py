"""How far totals would be elsewhere if other people had fallen ill: the people of a book drawn again and again.

In every draw a person with all claims counts 0, 1, 2 … times, by a Poisson distribution of mean 1. How often follows
from the seed, the number of the draw and the person's id alone, so that neither batches nor workers change it. Weights
are whole numbers, sums exact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from policyengine.bulk.batch import Batch, Ids
from policyengine.bulk.compiling import compiled
from policyengine.bulk.identity import keys_of
from policyengine.errors import ClaimError, Diagnostic
from policyengine.mass.sums import dense

Array = NDArray[Any]
FEWEST: Final = 40
MOST: Final = 10_000
_SLICE: Final = 1 << 20
"""Claims that are added up at once: weighted twentyfold, they stay within 64 bits."""
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_STEP = np.uint64(0x9E3779B97F4A7C15)
_THIRTY, _TWENTY_SEVEN, _THIRTY_ONE = np.uint64(30), np.uint64(27), np.uint64(31)


@dataclass(frozen=True, slots=True)
class Sampling:
    """``draws``: how often people are drawn. ``seed``: another one gives other draws."""

    draws: int
    seed: int = 1

    def __post_init__(self) -> None:
        if not FEWEST <= self.draws <= MOST or not 0 <= self.seed < 2**63:
            text = f"{self.draws:,} draws with the seed {self.seed}"
            expected = f"{FEWEST} to {MOST:,} draws, and a seed from 0"
            raise ClaimError(Diagnostic("E844", text, None, expected, record="the draws"))


@cache
def _edges() -> Array:
    """The shares of a 64-bit range up to which a person counts 0, 1, 2 … times, rounded down."""
    terms, e = Fraction(1), Fraction(1)
    for k in range(1, 30):
        terms /= k
        e += terms
    found, below, term = [], Fraction(0), Fraction(1)
    for k in range(20):
        term = term / k if k else term
        below += term / e
        found.append(min(2**64 - 1, int(below * 2**64)))
    return np.array(found, np.uint64)


@compiled
def _mixed(value: np.uint64) -> np.uint64:
    value = (value ^ (value >> _THIRTY)) * _FIRST
    value = (value ^ (value >> _TWENTY_SEVEN)) * _SECOND
    return value ^ (value >> _THIRTY_ONE)


@compiled
def _drawn(keys: Array, sums: Array, edges: Array, seed: np.uint64, draws: int) -> Array:
    """The total of each column of ``sums`` (a row a person) in every draw."""
    found = np.zeros((draws, sums.shape[1]), np.int64)
    for draw in range(draws):
        salt = _mixed(seed + _STEP * np.uint64(draw + 1))
        for i in range(len(keys)):
            chance = _mixed(keys[i] ^ salt)
            times = 0
            while times < len(edges) and chance >= edges[times]:
                times += 1
            if times:
                for j in range(sums.shape[1]):
                    found[draw, j] += times * sums[i, j]
    return found


@compiled
def _by_person(numbers: Array, minor: Array, column: int, sums: Array) -> None:
    for i in range(len(numbers)):
        sums[numbers[i], column] += minor[i]


def sampled(sampling: Sampling, batch: Batch, amounts: Mapping[str, Array]) -> dict[str, list[int]]:
    """The total of every amount over the claims of a batch, in each draw. Claims without a readable person, which are
    not settled, add nothing."""
    people = batch.claims["person_id"]
    assert isinstance(people, Ids), "everybody has an id"
    totals = {name: [0] * sampling.draws for name in amounts}
    for start in range(0, len(batch), _SLICE):
        part = slice(start, start + _SLICE)
        readable = np.flatnonzero(people.numbers[part] >= 0)
        if not len(readable):
            continue
        of = people.numbers[part][readable]
        numbers, known = dense(of, int(of.max()))
        rows = np.empty(len(known), np.int64)
        rows[numbers[::-1]] = readable[::-1] + start
        sums = np.zeros((len(known), len(amounts)), np.int64)
        for column, minor in enumerate(amounts.values()):
            _by_person(numbers, minor[part][readable], column, sums)
        keys = keys_of(people.texts.take(pa.array(rows)))
        found = _drawn(keys, sums, _edges(), np.uint64(sampling.seed), sampling.draws)
        for column, name in enumerate(amounts):
            totals[name] = [one + more for one, more in zip(totals[name], found[:, column].tolist(), strict=True)]
    return totals


def interval(values: Sequence[int]) -> tuple[int, int]:
    """From what to what 95 of 100 draws lie, as many below as above."""
    ordered = sorted(values)
    aside = len(ordered) * 25 // 1000
    return ordered[aside], ordered[-1 - aside]
