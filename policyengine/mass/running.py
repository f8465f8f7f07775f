"""One batch on its way through the versions of a rule set: accumulators that all of them read and write."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from policyengine import ir
from policyengine.backends.kernel import NO_DAY, Group, Kernel, Shape, Status, group_of, groups_of
from policyengine.bulk.batch import Batch, Days, Ids
from policyengine.mass.calendar import EPOCH, buckets_back, windows_of
from policyengine.mass.readings import Each, Reader, Reading, Same
from policyengine.mass.slots import Slots, keyed, slots_of

Array = NDArray[Any]
Readings = Mapping[tuple[str, str], Reading]
"""By domain and name of the fact."""

PASSED_OVER: Final = ("E545", "E551", "E560", "E564", "E568")
"""What is wrong with a claim that is not missing from what is counted."""


@dataclass(frozen=True, slots=True)
class Version:
    """A program with the parameters that are given. What words mean in it is remembered from batch to batch."""

    program: ir.Program
    parameters: Mapping[str, ir.Value]
    meanings: dict[tuple[str, str], str | None] = field(default_factory=dict, repr=False)


@dataclass(slots=True)
class Run:
    """``dated_by``: the day that selects the version. ``outputs``: the names of the amounts. ``outside``: claims that
    no version is in force for."""

    batch: Batch
    dated_by: str
    programs: tuple[ir.Program, ...]
    outputs: tuple[str, ...]
    days: Array = field(init=False)
    outside: Array = field(init=False)
    status: Array = field(init=False)
    who: Array = field(init=False)
    waiting: Array = field(init=False)
    amounts: dict[str, Array] = field(init=False)
    slots: dict[Group, Slots] = field(default_factory=dict)
    state: dict[tuple[Any, ...], Array] = field(default_factory=dict)

    def __post_init__(self) -> None:
        batch, size = self.batch, len(self.batch)
        self.status = np.zeros(size, dtype=np.uint8)
        for at, problem in batch.rejects.items():
            self.status[at] = Status.PASSED if problem.code in PASSED_OVER else Status.BAD
        self.days = self._days(self.dated_by)
        self.outside = np.ones(size, dtype=np.bool_)
        for program in self.programs:
            start, end = _period(program)
            self.outside &= (self.days < start) | (self.days >= end)
        self._refuse(self.outside)
        members = batch.claims.get("person_id")
        self.who = members.numbers if isinstance(members, Ids) else np.arange(size, dtype=np.int64)
        self.waiting = np.zeros(int(self.who.max(initial=0)) + 1, dtype=np.uint8)
        self.amounts = {name: np.zeros(size, dtype=np.int64) for name in self.outputs}

    def _days(self, name: str) -> Array:
        column = self.batch.claims.get(name)
        return column.values if isinstance(column, Days) else np.full(len(self.batch), NO_DAY, dtype=np.int32)

    def _refuse(self, bad: Array) -> None:
        """Claims that are not to be settled already stay as they are."""
        self.status[bad & (self.status == Status.SETTLED)] = Status.BAD

    # --- what the claims are ----------------------------------------------------------------------------------------

    def positions(self, program: ir.Program) -> Array:
        """The claims that a program is in force for. Claims behind one that no version was in force for wait."""
        start, end = _period(program)
        inside = (self.days >= start) & (self.days < end)
        self.waiting[self.who[self.outside & (self.days < start)]] = 1
        if not program.grants or program.settle_by or program.margins:
            self._refuse(inside & (np.diff(self.batch.offsets) == 0))
        return np.flatnonzero(inside).astype(np.int32)

    def readings(self, version: Version, which: Array) -> Readings:
        """The facts that a program reads; claims of its own that do not state one that has no default are bad."""
        reader = Reader(version.program, version.parameters, version.meanings)
        found: dict[tuple[str, str], Reading] = {}
        for decl in version.program.inputs:
            read = reader.claim if decl.domain == "claim" else reader.row
            reading = found[decl.domain, decl.name] = read(decl, self.batch)
            if isinstance(reading, Each) and reading.bad is not None:
                self._refuse_of(which, reading.bad if decl.domain == "claim" else self._of_lines(reading.bad))
        return found

    def _refuse_of(self, which: Array, bad: Array | None) -> None:
        """Of the claims at the positions ``which``, those that are bad."""
        if bad is not None and bad.any():
            of = np.zeros(len(self.batch), dtype=np.bool_)
            of[which] = True
            self._refuse(of & bad)

    def _of_lines(self, bad: Array) -> Array:
        """Claims of which a line is bad."""
        before = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(bad)])
        found: Array = before[self.batch.offsets[1:]] > before[self.batch.offsets[:-1]]
        return found

    def shape(self, readings: Readings) -> Shape:
        offsets = self.batch.offsets
        single = bool(offsets[-1] == len(self.batch)) and bool((np.diff(offsets) == 1).all())
        return Shape(frozenset(key for key, reading in readings.items() if isinstance(reading, Same)), single)

    # --- running ----------------------------------------------------------------------------------------------------

    def run(self, kernel: Kernel, version: Version, readings: Readings, which: Array) -> None:
        """Settles the claims at the positions ``which`` by one program."""
        program = version.program
        groups = groups_of(program)
        meters = {m.name: m for m in program.meters}
        for group in groups:
            self._refuse_of(which, self._slots(group).bad)
        words = {word: at for at, word in enumerate(kernel.source.words)}
        roles: dict[str, Callable[[str], Any]] = {
            "status": lambda _: self.status,
            "who": lambda _: self.who,
            "waiting": lambda _: self.waiting,
            "offsets": lambda _: self.batch.offsets,
            "fact": lambda name: _values(readings[_key(name)]),
            "words": lambda name: _word_map(readings[_key(name)], words),
            "same": lambda name: _shared(readings[_key(name)], words),
            "slot": lambda number: self._slots(groups[int(number)]).of,
            "since": lambda number: self._kept("since", groups[int(number)], "", NO_DAY, np.int32),
            "out": lambda number: self._kept("out", groups[int(number)], "", NO_DAY, np.int32),
            "meter": lambda name: self._kept("meter", group_of(meters[name]), name, 0, np.int64),
            "oldest": lambda name: self._kept("oldest", group_of(meters[name]), name, -1, np.int64),
            "newest": lambda name: self._kept("newest", group_of(meters[name]), name, -1, np.int64),
            "follows": lambda name: self._beside("follows", name, -1),
            "added": lambda name: self._beside("added", name, 0),
            "bucket": lambda name: windows_of(meters[name].window, self.days),
            "asked": lambda name: buckets_back(meters[name].window, self.days),
            "day": lambda _: self.days,
            "first": lambda _: self._first(),
            "last": lambda _: self._last(),
            "result": lambda name: self.amounts[name],
        }  # fmt: skip
        kernel.run(which, lambda role, name: roles[role](name))

    def _slots(self, group: Group) -> Slots:
        key = keyed(group)
        if key not in self.slots:
            self.slots[key] = slots_of(group, self.batch, self.days)
        return self.slots[key]

    def _kept(self, role: str, group: Group, name: str, empty: int, kind: Any) -> Array:
        """An array over the slots of a group."""
        key = (role, keyed(group), name)
        if key not in self.state:
            self.state[key] = np.full(self._slots(group).count, empty, dtype=kind)
        return self.state[key]

    def _beside(self, role: str, name: str, empty: int) -> Array:
        """An array over the claims."""
        if (role, name) not in self.state:
            self.state[role, name] = np.full(len(self.batch), empty, dtype=np.int64)
        return self.state[role, name]

    def _first(self) -> Array:
        """The first day in hospital: of admission, else the day that selects the rules."""
        admitted = self._days("admission_date")
        return np.where(admitted != NO_DAY, admitted, self.days)

    def _last(self) -> Array:
        left = self._days("discharge_date")
        found: Array = np.maximum(self._first(), np.where(left != NO_DAY, left, self.days))
        return found


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
