"""One batch on its way through the versions of a rule set: accumulators that all of them read and write."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policyengine import ir
from policyengine.backends.kernel import Group, Kernel, Moves, Shape, Status, group_of, groups_of
from policyengine.bulk.compiling import compiled
from policyengine.ir import EPOCH, NO_DAY
from policyengine.mass.openings import Openings
from policyengine.mass.prepared import Prepared, Version
from policyengine.mass.readings import Each, Reading, Same
from policyengine.mass.slots import keyed

Array = NDArray[Any]
Which = Array | range
"""Positions of claims; all of them, from 0, as a range."""
_SETTLED, _WAITING, _BAD, _ELSEWHERE, _FULL = (
    int(s) for s in (Status.SETTLED, Status.WAITING, Status.BAD, Status.ELSEWHERE, Status.FULL)
)
Readings = Mapping[tuple[str, str], Reading]
"""By domain and name of the fact."""
Roles = Mapping[str, Callable[[str], Any]]


@dataclass(slots=True)
class Run:
    """``outputs``: the names of the amounts. ``refused``: the status of claims that are known not to be settled.
    ``openings``: what members begin with. ``points``: how many rule sets are settled side by side; then there are no
    amounts of claims. ``outside``: claims that no version is in force for."""

    given: Prepared
    programs: tuple[ir.Program, ...]
    outputs: tuple[str, ...]
    refused: Array | None = None
    openings: Openings | None = None
    points: int = 0
    outside: Array | None = field(init=False)
    status: Array = field(init=False)
    waiting: Array = field(init=False)
    amounts: dict[str, Array] = field(init=False)
    state: dict[tuple[Any, ...], Array] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.status = (self.given.status if self.refused is None else self.refused).copy()
        self.outside = self._outside()
        if self.outside is not None:
            self._refuse(self.outside)
        self.waiting = np.zeros(self.given.members * self._width, dtype=np.uint8)
        if self.points:
            self.amounts = {}
            return
        make = np.empty if self._is_of_one() else np.zeros
        every = make((len(self.outputs), self.given.size), dtype=np.int64)
        self.amounts = dict(zip(self.outputs, every, strict=True))

    @property
    def _width(self) -> int:
        """Elements beside each other for every slot, claim and member."""
        return max(self.points, 1)

    def _is_of_one(self) -> bool:
        """Whether one program has all claims and gives all amounts, so that it writes each of them."""
        first, last = self.given.first_and_last
        return len(self.programs) == 1 and self.outside is None and self.given.order is None and first <= last

    def _refuse(self, bad: Array) -> None:
        """Claims that are not to be settled already stay as they are."""
        self.status[bad & (self.status == Status.SETTLED)] = Status.BAD

    def _outside(self) -> Array | None:
        """Claims that no program is in force for; ``None``: there are none."""
        first, last = self.given.first_and_last
        if any(start <= first and last < end for start, end in map(_period, self.programs)):
            return None
        found = np.ones(self.given.size, dtype=np.bool_)
        for start, end in map(_period, self.programs):
            found &= (self.given.days < start) | (self.given.days >= end)
        return found

    def positions(self, program: ir.Program) -> Which:
        """The claims that a program is in force for. Claims behind one that no version was in force for wait."""
        start, end = _period(program)
        days, order = self.given.days, self.given.order
        if self.outside is not None:
            self.waiting.reshape(-1, self._width)[self.given.who[self.outside & (days < start)]] = 1
        first, last = self.given.first_and_last
        if order is None and start <= first and last < end:
            found: Which = range(self.given.size)
        else:
            inside = (days >= start) & (days < end)
            among = np.flatnonzero(inside) if order is None else order[inside[order]]
            found = among.astype(np.int32, copy=False)
        if not program.grants or program.settle_by or program.margins:
            self._refuse_of(found, self.given.without_lines)
        return found

    def readings(self, version: Version, which: Which) -> Readings:
        """The facts that a program reads; claims of its own that do not state one that has no default are bad."""
        found: dict[tuple[str, str], Reading] = {}
        for decl in version.program.inputs:
            reading = found[decl.domain, decl.name] = self.given.reading(decl, version)
            self._refuse_of(which, self.given.missing(reading, decl.domain))
        for group in groups_of(version.program):
            self._refuse_of(which, self.given.slots_of(group, version.program).bad)
        return found

    def _refuse_of(self, which: Which, bad: Array | None) -> None:
        """Of the claims at the positions ``which``, those that are bad."""
        if bad is not None and bad.any():
            of = np.zeros(self.given.size, dtype=np.bool_)
            of[slice(None) if isinstance(which, range) else which] = True
            self._refuse(of & bad)

    def shape(
        self, readings: Readings, program: ir.Program, which: Which, counting: bool = False, moves: Moves | None = None
    ) -> Shape:
        """How the claims at the positions ``which`` come with these facts. ``moves``: for several rule sets."""
        same = frozenset(key for key, reading in readings.items() if isinstance(reading, Same))
        whole = isinstance(which, range)
        in_turn = self._in_turn(program) if whole and self.openings is None else frozenset[int]()
        return Shape(same, self.given.batch.is_single, counting, whole, moves, in_turn)

    def _in_turn(self, program: ir.Program) -> frozenset[int]:
        """The groups of accumulators of which all claims of a slot follow each other. Windows that claims open, and
        rolling ones, hold more than amounts."""
        return frozenset(
            at
            for at, group in enumerate(groups_of(program))
            if not group[0].is_opened and group[0].kind != "rolling" and self.given.begins(group, program) is not None
        )

    def run(self, kernel: Kernel, program: ir.Program, readings: Readings, which: Which) -> Array:
        """Settles the claims at the positions ``which`` by one program; what was counted as it did."""
        hits = np.zeros(max(kernel.counters, 1), dtype=np.int64)
        before = self.status.copy() if kernel.source.apart else None
        self.go(kernel, program, readings, which, {"result": lambda name: self.amounts[name], "hits": lambda _: hits})
        if before is not None and self.status.any():
            self._wait(before)
        return hits

    def go(self, kernel: Kernel, program: ir.Program, readings: Readings, which: Which, more: Roles) -> None:
        """Runs a kernel over the claims at the positions ``which``. ``more``: what it is handed in besides."""
        roles = {**self._roles(kernel, program, readings), **more}
        kernel.run(which, lambda role, name: roles[role](name))

    def _roles(self, kernel: Kernel, program: ir.Program, readings: Readings) -> Roles:
        """What a kernel asks for, by role; each is made when it is asked for."""
        given, groups = self.given, groups_of(program)
        in_turn = {groups[at] for at in kernel.source.in_turn}
        meters = {m.name: m for m in program.meters}
        words = {word: at for at, word in enumerate(kernel.source.words)}
        return {
            "status": lambda _: self.status,
            "who": lambda _: given.who,
            "waiting": lambda _: self.waiting,
            "missing": lambda _: self.waiting.any(),
            "offsets": lambda _: given.batch.offsets,
            "fact": lambda name: _values(readings[_key(name)]),
            "words": lambda name: _word_map(readings[_key(name)], words),
            "same": lambda name: _shared(readings[_key(name)], words),
            "slot": lambda number: given.slots_of(groups[int(number)], program).of,
            "begins": lambda number: given.begins(groups[int(number)], program),
            "since": lambda number: self._kept("since", groups[int(number)], "", NO_DAY, np.int32),
            "out": lambda number: self._kept("out", groups[int(number)], "", NO_DAY, np.int32),
            "meter": lambda name: self._meter(meters[name], in_turn),
            "oldest": lambda name: self._kept("oldest", group_of(meters[name]), name, -1, np.int64),
            "newest": lambda name: self._kept("newest", group_of(meters[name]), name, -1, np.int64),
            "follows": lambda name: self._beside("follows", name, -1),
            "added": lambda name: self._beside("added", name, 0),
            "bucket": lambda name: given.buckets(meters[name].window),
            "asked": lambda name: given.asked(meters[name].window),
            "day": lambda _: given.counted_on,
            "first": lambda _: given.first(),
            "last": lambda _: given.last(),
        }  # fmt: skip

    def _wait(self, before: Array) -> None:
        """Claims that were settled apart wait for those of their member that are missed."""
        wait(before, self.given.who, self.status, self.waiting)
        for amounts in self.amounts.values():
            amounts[self.status == Status.WAITING] = 0

    def _meter(self, meter: ir.Meter, in_turn: Container[Group]) -> Array:
        """What a meter holds in each slot, at first what its member begins with; of groups ``in_turn`` one place holds
        it for all slots."""
        group = group_of(meter)
        if group in in_turn:
            return _filled(self._width, 0, np.int64)
        is_new = ("meter", keyed(group), meter.name) not in self.state
        held = self._kept("meter", group, meter.name, 0, np.int64)
        if is_new and self.openings is not None:
            slots = self.given.slots[keyed(group)]
            self.openings.begin(meter, self.given.batch, slots, self.given.counted_on, held.reshape(-1, self._width))
        return held

    def _kept(self, role: str, group: Group, name: str, empty: int, kind: Any) -> Array:
        """An array over the slots of a group."""
        key = (role, keyed(group), name)
        if key not in self.state:
            self.state[key] = _filled(self.given.slots[keyed(group)].count * self._width, empty, kind)
        return self.state[key]

    def _beside(self, role: str, name: str, empty: int) -> Array:
        """An array over the claims."""
        if (role, name) not in self.state:
            self.state[role, name] = _filled(self.given.size * self._width, empty, np.int64)
        return self.state[role, name]


def _filled(count: int, value: int, kind: Any) -> Array:
    """Memory of zeros is not written to before it is used."""
    return np.full(count, value, dtype=kind) if value else np.zeros(count, dtype=kind)


@compiled
def wait(before: Array, who: Array, status: Array, waiting: Array) -> None:
    """Goes through the claims in their order. ``before``: the status of those that were not to be settled."""
    for i in range(len(status)):
        if before[i] == _SETTLED and waiting[who[i]]:
            status[i] = _WAITING
        elif status[i] == _BAD or status[i] == _ELSEWHERE or status[i] == _FULL:
            waiting[who[i]] = 1


def _key(name: str) -> tuple[str, str]:
    domain, _, fact = name.partition(" ")
    return domain, fact


def _values(reading: Reading) -> Array:
    assert isinstance(reading, Each)
    return reading.values


def _shared(reading: Reading, words: Mapping[str, int]) -> int:
    assert isinstance(reading, Same)
    return words[reading.value] if isinstance(reading.value, str) else int(reading.value)


def _word_map(reading: Reading, words: Mapping[str, int]) -> Array:
    assert isinstance(reading, Each)
    return np.array([-1 if word is None else words[word] for word in reading.words], dtype=np.int64)


def _period(program: ir.Program) -> tuple[int, int]:
    """The days, [from, to), on which a program is in force."""
    start, end = ((date.fromisoformat(iso) - EPOCH).days if iso else None for iso in program.valid)
    return NO_DAY + 1 if start is None else start, 2**31 - 1 if end is None else end
