"""Rule sets that differ in numbers only, settled side by side: each claim is read once, settled under all of them and
added up at once, so that no amount of a claim is ever written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from policyengine import ir
from policyengine.backends.kernel import Kernel, Moves, Shape, Status, alike, beside, group_of, groups_of
from policyengine.mass.digest import Digest, digest_of, salt_of
from policyengine.mass.prepared import Prepared
from policyengine.mass.running import Readings, Roles, Run
from policyengine.mass.settling import Bulk, Settled
from policyengine.mass.sums import some_by, sums_by

Array = NDArray[Any]
Places = tuple[int, ...]
"""Some of the rule sets, by their places."""
LEAST: Final = 8
MOST: Final = 32
"""So many rule sets are settled in one go over a batch."""
ROOM: Final = 1 << 26
"""Bytes that the accumulators of more than the fewest may take."""


@dataclass(frozen=True, slots=True)
class Groups:
    """How claims are added up: the group of each claim, and a number for each pair of a member and a group; how many
    there are of both. ``claims``: how many a group has."""

    of: Array
    count: int
    unit: Array
    units: int
    claims: Array = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "claims", np.bincount(self.of, minlength=self.count))


@dataclass(frozen=True, slots=True)
class Summed:
    """What the claims of a batch come to under one rule set, by group. ``watched``: claims, and members, of whom an
    amount is above zero."""

    claims: Array
    settled: Array
    amounts: Mapping[str, Array]
    watched: Mapping[str, tuple[Array, Array]]
    digest: Digest


@dataclass(frozen=True, slots=True)
class Part:
    """A version that has claims, with the facts that it reads."""

    number: int
    program: ir.Program
    readings: Readings
    shape: Shape


@dataclass(frozen=True, slots=True)
class Abreast:
    """``bulks``: rule sets that are built alike, numbers aside; ``moves``: in what those differ, by version. May be
    used by several threads."""

    bulks: Sequence[Bulk]
    moves: Sequence[Moves]
    kinds: dict[tuple[int, Shape], list[int]] = field(default_factory=dict, repr=False)
    kernels: dict[tuple[int, Shape, Places], Kernel] = field(default_factory=dict, repr=False)

    def summed(self, given: Prepared, groups: Groups) -> list[Summed]:
        """What the claims come to under each. Raises as ``Bulk.settle``."""
        if len(self.bulks) == 1 or self.bulks[0].versions[0].program.settle_by:
            return [_added(bulk.settle(given), groups, self._watched) for bulk in self.bulks]
        parts, status = self._parts(given)
        most = _most(given, parts)
        found: dict[int, Summed] = {}
        for places in self._alike(parts):
            for start in range(0, len(places), most):
                some = places[start : start + most]
                found.update(zip(some, self._together(given, parts, status, groups, some), strict=True))
        return [found[at] for at in range(len(self.bulks))]

    @property
    def _watched(self) -> frozenset[str]:
        return self.moves[0].watched

    def _run(self, given: Prepared, status: Array | None, points: int) -> Run:
        first = self.bulks[0]
        return Run(given, tuple(v.program for v in first.versions), first.outputs, status, first.openings, points)

    def _parts(self, given: Prepared) -> tuple[list[Part], Array]:
        """The versions that have claims; why claims are not to be settled under any of the rule sets."""
        run, found = self._run(given, None, 1), list[Part]()
        for number, version in enumerate(self.bulks[0].versions):
            which = run.positions(version.program)
            if len(which):
                readings = run.readings(version, which)
                shape = run.shape(readings, version.program, which, moves=self.moves[number])
                found.append(Part(number, version.program, readings, shape))
        return found, run.status

    def _alike(self, parts: Sequence[Part]) -> list[Places]:
        """The rule sets that can be settled side by side: their kernels are alike in every version."""
        found: dict[tuple[int, ...], list[int]] = {}
        kinds = [self._kinds(part) for part in parts]
        for at in range(len(self.bulks)):
            found.setdefault(tuple(kind[at] for kind in kinds), []).append(at)
        return list(map(tuple, found.values()))

    def _kinds(self, part: Part) -> list[int]:
        """Of each rule set the kind of its kernel, by number."""
        key = (part.number, part.shape)
        if key not in self.kinds:
            sources = [bulk.kernel(part.number, part.shape).source for bulk in self.bulks]
            of = {at: kind for kind, places in enumerate(alike(sources)) for at in places}
            self.kinds[key] = [of[at] for at in range(len(sources))]
        return self.kinds[key]

    def _kernel(self, part: Part, some: Places) -> Kernel:
        """One kernel for some rule sets that are alike."""
        key = (part.number, part.shape, some)
        if key not in self.kernels:
            self.kernels[key] = beside([self.bulks[at].kernel(part.number, part.shape) for at in some])
        return self.kernels[key]

    def _together(
        self, given: Prepared, parts: Sequence[Part], status: Array, groups: Groups, some: Places
    ) -> list[Summed]:
        width = -(-len(some) // LEAST) * LEAST
        run, sums = self._run(given, status, width), _Sums(given, groups, width)
        for part in parts:
            which = run.positions(part.program)
            run.go(self._kernel(part, some), part.program, part.readings, which, sums.roles())
        outside = Digest()
        if run.outside is not None:
            outside = digest_of(given.batch.keys[run.outside], run.status[run.outside], {})
        return [sums.at(point, self.bulks[0].outputs, self._watched, outside) for point in range(len(some))]


def _most(given: Prepared, parts: Sequence[Part]) -> int:
    """How many rule sets are settled in one go: a multiple of the fewest."""
    groups = [(part, at, group) for part in parts for at, group in enumerate(groups_of(part.program))]
    slots = sum(
        given.slots_of(group, part.program).count * sum(group_of(meter) == group for meter in part.program.meters)
        for part, at, group in groups
        if at not in part.shape.in_turn
    )
    return max(LEAST, min(MOST, ROOM // (8 * max(slots, 1)) // LEAST * LEAST))


def _added(found: Settled, groups: Groups, watched: frozenset[str]) -> Summed:
    """What claims come to that were settled under one rule set."""
    amounts = {name: values for name, values in found.amounts.items() if name not in watched}
    sums = {name: sums_by(groups.of, values, groups.count) for name, values in amounts.items()}
    some = {
        name: some_by(groups.of, groups.unit, found.amounts[name], groups.count, groups.units)
        for name in watched & found.amounts.keys()
    }
    settled = sums_by(groups.of, (found.status == Status.SETTLED).view(np.uint8), groups.count)
    return Summed(groups.claims, settled, sums, some, digest_of(found.batch.keys, found.status, amounts))


@dataclass(slots=True)
class _Sums:
    """What is added up, an element for each rule set beside each other."""

    given: Prepared
    groups: Groups
    width: int
    known: dict[tuple[str, str], Array] = field(default_factory=dict)

    def roles(self) -> Roles:
        return {
            "key": lambda _: self.given.batch.keys,
            "group": lambda _: self.groups.of,
            "unit": lambda _: self.groups.unit,
            "salt": lambda name: salt_of(name).astype(np.int64),
            "one": lambda _: self._kept("one", "", 1),
            "other": lambda _: self._kept("other", "", 1),
            "settled": lambda _: self._kept("settled", "", self.groups.count),
            "sum": lambda name: self._kept("sum", name, self.groups.count),
            "watched": lambda name: self._kept("watched", name, self.groups.count),
            "units": lambda name: self._kept("units", name, self.groups.count),
            "mark": lambda name: self._kept("mark", name, self.groups.units, np.uint8),
        }

    def _kept(self, role: str, name: str, count: int, kind: Any = np.int64) -> Array:
        if (role, name) not in self.known:
            self.known[role, name] = np.zeros((count, self.width), dtype=kind)
        return self.known[role, name]

    def at(self, point: int, outputs: Sequence[str], watched: frozenset[str], outside: Digest) -> Summed:
        """Of one rule set."""

        def of(role: str, name: str = "") -> Array:
            return self._kept(role, name, self.groups.count)[:, point]

        one, other = (int(self._kept(half, "", 1)[0, point].astype(np.uint64)) for half in ("one", "other"))
        return Summed(
            self.groups.claims,
            of("settled"),
            {name: of("sum", name) for name in outputs if name not in watched},
            {name: (of("watched", name), of("units", name)) for name in outputs if name in watched},
            Digest(self.given.size - outside.claims, one, other) + outside,
        )
