"""Draws as tables of integers, and facts drawn by them: one lookup and one straight line a value."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction

import numpy as np

from policyengine.synth.literals import LARGEST
from policyengine.synth.model import Case, Choice, Curve, Draw, Kind, Lognormal, Poisson
from policyengine.synth.normal import CELLS, DIGITS, lognormal_factors, poisson_shares
from policyengine.synth.streams import Ints

WHOLE = 2**32
CELL_BITS = CELLS.bit_length() - 1
THOUSANDTHS = 1000
"""Counts that follow a curve are held in thousandths, and rounded when they are drawn."""

Rows = Ints | None
"""For each value the row of the tables that it is drawn by; ``None`` where there is but one."""


@dataclass(frozen=True, slots=True)
class Column:
    """Values of one fact: positions in ``words`` of a code, 0 and 1 of a flag, else numbers; below 0: not stated.

    ``empty``: what claims have that do not have the fact.
    """

    kind: Kind
    values: Ints
    words: tuple[str, ...] = ()
    empty: int = -1

    def take(self, at: Ints) -> Column:
        return replace(self, values=self.values[at])


Table = Callable[[Ints, Rows], Ints]


def _shaped(rows: Sequence[Sequence[int]]) -> Ints:
    """Rows of one length: the last number of shorter ones is repeated."""
    longest = max(len(row) for row in rows)
    return np.array([[*row, *[row[-1]] * (longest - len(row))] for row in rows], dtype=np.int64)


def _reached(shares: Sequence[Fraction]) -> list[int]:
    total, found = Fraction(0), []
    for share in shares:
        total += share
        found.append(int(total * WHOLE))
    return found


@dataclass(frozen=True, slots=True)
class Chosen:
    """One of the words of a row: the number of thresholds that the random number has reached."""

    thresholds: Ints
    codes: Ints

    @classmethod
    def of(cls, cases: Sequence[tuple[Sequence[int], Sequence[Fraction]]]) -> Chosen:
        thresholds = _shaped([[*_reached(shares)[:-1], WHOLE] for _, shares in cases])
        return cls(thresholds[:, :-1], _shaped([list(codes) for codes, _ in cases]))

    def __call__(self, random: Ints, rows: Rows) -> Ints:
        if rows is None:
            first: Ints = self.codes[0]
            return first[np.searchsorted(self.thresholds[0], random, side="right")]
        at = np.zeros(len(random), np.int64)
        for threshold in self.thresholds.T:
            at += random >= threshold[rows]
        found: Ints = self.codes[rows, at]
        return found


@dataclass(frozen=True, slots=True)
class Straight:
    """Straight lines between the points of a quantile function."""

    at: Ints
    values: Ints

    @classmethod
    def of(cls, curves: Sequence[Curve]) -> Straight:
        return cls(
            _shaped([[int(share * WHOLE) for share in c.at] for c in curves]), _shaped([c.values for c in curves])
        )

    def __call__(self, random: Ints, rows: Rows) -> Ints:
        row: Ints | int = 0 if rows is None else rows
        here = np.zeros(len(random), np.int64)
        for bound in self.at.T[1:-1]:
            here += random >= (bound[0] if rows is None else bound[rows])
        start, low = self.at[row, here], self.values[row, here]
        width, rise = self.at[row, here + 1] - start, self.values[row, here + 1] - low
        found: Ints = low + (random - start) * rise // np.maximum(width, 1)
        return found


@dataclass(frozen=True, slots=True)
class Smooth:
    """Lognormal distributions: even cells, the last one again in finer cells; straight inside each."""

    even: Ints
    fine: Ints
    unit: int

    @classmethod
    def of(cls, found: Sequence[Lognormal], kind: Kind) -> Smooth:
        unit = THOUSANDTHS if kind == "count" else 1
        rows = np.array([_quantiles(one, unit) for one in found], dtype=np.int64)
        even = np.concatenate([rows[:, :CELLS], rows[:, CELLS : CELLS + 1]], axis=1)
        return cls(even, rows[:, CELLS:], unit)

    def __call__(self, random: Ints, rows: Rows) -> Ints:
        low_bits = 32 - CELL_BITS
        cell = random >> low_bits
        found = _between(self.even, rows, cell, random & (2**low_bits - 1), low_bits)
        last = np.flatnonzero(cell == CELLS - 1)
        if len(last):
            rest = random[last] & (2**low_bits - 1)
            finer_bits = low_bits - CELL_BITS
            among = None if rows is None else rows[last]
            found[last] = _between(self.fine, among, rest >> finer_bits, rest & (2**finer_bits - 1), finer_bits)
        return found if self.unit == 1 else (found + self.unit // 2) // self.unit


def _between(table: Ints, rows: Rows, cell: Ints, rest: Ints, bits: int) -> Ints:
    at = cell if rows is None else cell + rows * table.shape[1]
    flat = table.ravel()
    low = flat[at]
    return low + ((flat[at + 1] - low) * rest >> bits)


def _quantiles(found: Lognormal, unit: int) -> list[int]:
    with localcontext(DIGITS) as exact:
        exact.rounding = ROUND_HALF_EVEN
        median = Decimal(found.median.numerator) / Decimal(found.median.denominator) * unit
        return [
            min(int((median * f).to_integral_value()), LARGEST) for f in lognormal_factors(found.mean / found.median)
        ]


# -- a draw ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sampler:
    """How one fact is drawn, in tables."""

    draw: Draw
    table: Table
    words: tuple[str, ...]

    def __call__(self, random: Ints, known: Mapping[str, Column]) -> Column:
        """One value for each random number; ``known``: what has been drawn already of the same claims or people."""
        values = self.table(random, self._rows(known))
        if self.draw.low is not None or self.draw.high is not None:
            values = np.clip(values, self.draw.low, self.draw.high)
        return Column(self.draw.kind, values.astype(np.int8) if self.words or self.draw.kind == "flag" else values,
                      self.words)  # fmt: skip

    def _rows(self, known: Mapping[str, Column]) -> Rows:
        if not self.draw.by:
            return None
        on = known[self.draw.by]
        rows = rows_of(self.draw.cases, on)
        return rows[np.minimum(on.values, len(rows) - 1)]


def sampler_of(draw: Draw) -> Sampler:
    """A draw made into tables."""
    words = draw.words if draw.kind == "code" else ()
    assert len(words) < 2**7, "words of a fact are few"
    return Sampler(draw, _table(draw), words)


def _table(draw: Draw) -> Table:
    found = [case.of for case in draw.cases]
    if all(isinstance(one, Curve) for one in found):
        return Straight.of([one for one in found if isinstance(one, Curve)])
    if all(isinstance(one, Lognormal) for one in found):
        return Smooth.of([one for one in found if isinstance(one, Lognormal)], draw.kind)
    codes = {word: number for number, word in enumerate(draw.words)}
    if draw.kind == "flag":
        codes = {"yes": 1, "no": 0}
    elif draw.kind == "count":
        codes = {word: int(word) for word in draw.words}
    return Chosen.of([_chosen(one, codes) for one in found])


def _chosen(of: object, codes: Mapping[str, int]) -> tuple[Sequence[int], Sequence[Fraction]]:
    match of:
        case Choice(words, shares):
            return [codes[word] for word in words], shares
        case Poisson(mean):
            shares = poisson_shares(mean)
            return range(len(shares)), shares
        case _:
            raise AssertionError("a draw has distributions of one kind")


def rows_of(cases: Sequence[Case], on: Column) -> Ints:
    """For each value of a fact, from 0, the number of the case that it chooses; at the end, for none, the rest."""
    rest = next((number for number, case in enumerate(cases) if case.rest), 0)
    if on.kind == "count":
        ends = [end for case in cases if case.interval for end in (case.interval.low, case.interval.high) if end]
        rows = np.full(max(ends, default=0) + 1, rest, np.int64)
        for number, case in enumerate(cases):
            if case.interval is not None:
                rows[slice(case.interval.low, case.interval.high)] = number
        return rows
    words = ("no", "yes") if on.kind == "flag" else on.words
    named = {word: number for number, case in enumerate(cases) for word in case.words}
    return np.array([*(named.get(word, rest) for word in words), rest], dtype=np.int64)
