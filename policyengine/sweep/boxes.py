"""Boxes of points, and what is affine over one: known at its corners, checked inside, exact in between."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import gcd, lcm, prod

from policyengine.sweep.ranges import Axis, grain_of

Point = tuple[int, ...]
"""A value of each lever, in grains."""

INSIDE = ((2, 7), (5, 8))
"""Where between the ends of each axis the points lie that are checked."""
_GRIDS = (10_000, 1_000, 100)
"""Millionths of a rate that a kernel keeps in whole percents, in thousandths, in basis points."""


@dataclass(frozen=True, slots=True)
class Box:
    """Some values of each axis, ascending; its points are all their combinations."""

    values: tuple[Sequence[int], ...]

    @property
    def size(self) -> int:
        return prod(map(len, self.values))

    @property
    def ends(self) -> tuple[tuple[int, int], ...]:
        return tuple((values[0], values[-1]) for values in self.values)

    def corners(self) -> tuple[Point, ...]:
        return tuple(dict.fromkeys(itertools.product(*self.ends)))

    def inside(self) -> Iterator[Point]:
        """Points between the ends of the axes."""
        for part, whole in INSIDE:
            yield tuple(values[len(values) * part // whole] for values in self.values)

    def half(self, point: Point) -> Box:
        """The half, along the axis with the most values, that holds the point."""
        at = max(range(len(self.values)), key=lambda axis: len(self.values[axis]))
        values = self.values[at]
        middle = len(values) // 2
        part = values[:middle] if point[at] < values[middle] else values[middle:]
        return Box((*self.values[:at], part, *self.values[at + 1 :]))


def box_of(axes: Sequence[Axis], point: Point) -> Box:
    """The points that a program may treat as it treats this one: zero and one are written into the code, and numbers
    that lie on a coarser grid are kept in other fractions than finer ones."""
    return Box(tuple(_alike(axis, _kind(axis, value)) for axis, value in zip(axes, point, strict=True)))


@lru_cache(maxsize=256)
def _alike(axis: Axis, kind: int) -> Sequence[int]:
    if kind or axis.lever.unit in ("", "%", "pp"):
        return tuple(value for value in axis.values if _kind(axis, value) == kind)
    least = axis.first if axis.first > 1 else min(v for v in axis.values[:3] if v > 1)
    return range(least, axis.last + 1, axis.step)


def _kind(axis: Axis, value: int) -> int:
    """A rate of a provision lies on one of few grids, one of a table on the common grid of its column."""
    one = int(1 / grain_of(axis.lever.unit)) if axis.lever.unit in ("", "%", "pp") else 1
    if value in (0, one):
        return -1 if value else -2
    if one == 1:
        return 0
    if axis.lever.kind == "table":
        return lcm(one // gcd(value, one), axis.lever.beside)
    if not axis.lever.unit:
        return int(value % one != 0)
    return sum(value % grid != 0 for grid in _GRIDS)


def between(ends: Sequence[tuple[int, int]], known: Mapping[Point, int], point: Point) -> int | None:
    """The value at a point of what is affine in each lever and known at the corners; ``None`` if it is not whole."""
    total, width = 0, 1
    for low, high in ends:
        width *= high - low or 1
    for corner, value in known.items():
        weight = 1
        for (low, high), at, x in zip(ends, corner, point, strict=True):
            if low != high:
                weight *= x - low if at == high else high - x
        total += weight * value
    found, rest = divmod(total, width)
    return None if rest else found
