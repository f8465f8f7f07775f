"""What a sweep found: for every point the totals, for every step between two points what a unit of it costs."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from policyengine.mass import Digest
from policyengine.sweep.boxes import Point
from policyengine.sweep.ranges import Axis

Group = tuple[str, ...]


@dataclass(slots=True)
class Cell:
    """Sums over claims. ``at_limit``, ``people_at_limit``: claims, and members, of whom a ceiling that the lever states
    cut something off, or a cap on own cost paid something back."""

    claims: int = 0
    settled: int = 0
    amounts: dict[str, int] = field(default_factory=dict)
    at_limit: int = 0
    people_at_limit: int = 0

    def add(self, more: Cell) -> None:
        self.claims += more.claims
        self.settled += more.settled
        self.at_limit += more.at_limit
        self.people_at_limit += more.people_at_limit
        for name, amount in more.amounts.items():
            self.amounts[name] = self.amounts.get(name, 0) + amount


@dataclass(slots=True)
class Tally:
    """The whole book of claims at one point, and its groups."""

    total: Cell = field(default_factory=Cell)
    groups: dict[Group, Cell] = field(default_factory=dict)
    digest: Digest = field(default_factory=Digest)

    def add(self, more: Tally) -> None:
        self.total.add(more.total)
        self.digest += more.digest
        for group, cell in more.groups.items():
            self.groups.setdefault(group, Cell()).add(cell)


@dataclass(frozen=True, slots=True)
class Curve:
    """The points of a sweep in their order, the last lever running fastest. ``payers``: the names of the amounts that
    funds, hospitals and others bear. ``has_limit``: a lever is the amount of a ceiling or a cap. ``people``: whether
    people could be told apart. ``passes``: how often the claims were read."""

    axes: tuple[Axis, ...]
    points: Mapping[Point, Tally]
    currency: str
    payers: tuple[str, ...]
    group_by: tuple[str, ...] = ()
    has_limit: bool = False
    people: bool = True
    passes: int = 1

    @property
    def names(self) -> tuple[str, ...]:
        """The amounts of which there is something at any point."""
        found = dict.fromkeys(name for tally in self.points.values() for name in tally.total.amounts)
        return tuple(n for n in found if any(tally.total.amounts.get(n, 0) for tally in self.points.values()))

    def moves(self, name: str) -> bool:
        """Whether an amount, of all or of a group, differs between points."""
        tallies = list(self.points.values())
        cells = [[tally.total, *(tally.groups[g] for g in sorted(tally.groups))] for tally in tallies]
        return len({tuple(cell.amounts.get(name, 0) for cell in of) for of in cells}) > 1

    def marginal(self, before: Point, point: Point, name: str) -> Fraction:
        """What an amount grows by for each unit (a yuan, a point of a rate) between two points that differ in one
        lever, in whole currency units per unit if the amounts are read as minor units of them."""
        at = next(at for at, (one, other) in enumerate(zip(before, point, strict=True)) if one != other)
        per, _ = self.axes[at].per
        return Fraction((self._of(point, name) - self._of(before, name)) * per, point[at] - before[at])

    def steps(self) -> Iterator[tuple[Point, Point]]:
        """Neighbours along the last lever."""
        return (pair for pair in itertools.pairwise(self.points) if pair[0][:-1] == pair[1][:-1])

    def _of(self, point: Point, name: str) -> int:
        return self.points[point].total.amounts.get(name, 0)
