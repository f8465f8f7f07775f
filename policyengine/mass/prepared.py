"""What follows from a batch alone, made once and used by every version, every reform and every point of a sweep."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policyengine import ir
from policyengine.backends.kernel import Group, Status
from policyengine.bulk.batch import Batch, Days, Ids
from policyengine.bulk.compiling import compiled
from policyengine.chain import NOT_MISSED
from policyengine.encode.parameters import PREFIX
from policyengine.ir import NO_DAY
from policyengine.mass.calendar import buckets_back, windows_of
from policyengine.mass.readings import Each, Reader, Reading, sums_of
from policyengine.mass.slots import Slots, keyed, slots_of

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Version:
    """A program with the parameters that are given. What words mean in it is remembered from batch to batch."""

    program: ir.Program
    parameters: Mapping[str, ir.Value]
    meanings: dict[tuple[str, str], str | None] = field(default_factory=dict, repr=False)


@dataclass(slots=True)
class Prepared:
    """The claims of a batch, or its lines one by one, ready to be run over.

    ``days``: that select the version. ``counted_on``: that say in which windows a claim is counted. ``who``: the number
    of the member. ``status``: why a claim is not to be settled, before anything is looked at. ``order``: of the claims,
    where it is not that in which they stand. To be used by one thread at a time.
    """

    batch: Batch
    days: Array
    counted_on: Array
    who: Array
    status: Array
    order: Array | None = None
    slots: dict[Group, Slots] = field(default_factory=dict)
    known: dict[tuple[str, str], list[tuple[ir.InputDecl, Reading]]] = field(default_factory=dict)
    made: dict[tuple[Any, ...], Array] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return len(self.batch)

    @property
    def members(self) -> int:
        return int(self._once(("members",), lambda: self.who.max(initial=-1))) + 1

    def slots_of(self, group: Group, program: ir.Program) -> Slots:
        key = keyed(group)
        if key not in self.slots:
            decls = {d.name: d for d in (*program.inputs, *program.declared) if d.domain == "claim"}
            self.slots[key] = slots_of(group, self.batch, self.counted_on, decls)
        return self.slots[key]

    def begins(self, group: Group, program: ir.Program) -> Array | None:
        """Whether a claim is the first of its slot; ``None`` unless all claims of a slot follow each other."""
        return self.slots_of(group, program).begins

    def reading(self, decl: ir.InputDecl, version: Version) -> Reading:
        """A fact as a program reads it. Raises ``ClaimError`` for one that no column states."""
        reader = Reader(version.program, version.parameters, version.meanings)
        read = reader.claim if decl.domain == "claim" else reader.row
        if decl.name.startswith(PREFIX):
            return read(decl, self.batch)
        known = self.known.setdefault((decl.domain, decl.name), [])
        for other, reading in known:
            if other == decl:
                return reading
        known.append((decl, read(decl, self.batch)))
        return known[-1][1]

    def missing(self, reading: Reading, domain: str) -> Array | None:
        """The claims that do not state a fact; ``None`` if all do."""
        if not isinstance(reading, Each) or reading.bad is None or not reading.bad.any():
            return None
        if domain == "claim":
            return reading.bad
        found: Array = sums_of(self.batch, reading.bad) > 0
        return found

    @property
    def without_lines(self) -> Array | None:
        """Claims without a fee line; ``None``: all have one."""
        if self.batch.is_single:
            return None
        return self._once(("without lines",), lambda: np.diff(self.batch.offsets) == 0)

    @property
    def first_and_last(self) -> tuple[int, int]:
        """The first and the last of the days that select the version."""
        found = self._once(
            ("days",), lambda: np.array([self.days.min(initial=2**31 - 1), self.days.max(initial=NO_DAY)])
        )
        return int(found[0]), int(found[1])

    def buckets(self, window: ir.Window) -> Array:
        return self._once(("bucket", window), lambda: windows_of(window, self.counted_on))

    def asked(self, window: ir.Window) -> Array:
        return self._once(("asked", window), lambda: buckets_back(window, self.counted_on))

    def first(self) -> Array:
        """The first day in hospital: of admission, else the day on which the claim counts."""
        return self._once(("first",), lambda: self._stated_or_counted("admission_date"))

    def last(self) -> Array:
        """The last day in hospital: of discharge, else the day on which the claim counts."""
        return self._once(("last",), lambda: np.maximum(self.first(), self._stated_or_counted("discharge_date")))

    def _stated_or_counted(self, name: str) -> Array:
        days = day_column(self.batch, name)
        return np.where(days != NO_DAY, days, self.counted_on)

    def _once(self, key: tuple[Any, ...], make: Callable[[], Array]) -> Array:
        if key not in self.made:
            self.made[key] = make()
        return self.made[key]


def prepared(batch: Batch, dated_by: str) -> Prepared:
    """The claims of a batch; ``dated_by``: the day that selects the version. Claims that state no person, which are not
    settled, are those of a member of their own; claims that state no day stand beside those of their member."""
    size = len(batch)
    status = np.zeros(size, dtype=np.uint8)
    for at, problem in batch.rejects.items():
        status[at] = Status.PASSED if problem.code in NOT_MISSED else Status.BAD
    members = batch.claims.get("person_id")
    who = members.numbers if isinstance(members, Ids) else np.arange(size, dtype=np.int64)
    if who.min(initial=0) < 0:
        who = np.where(who < 0, who.max() + 1, who)
    days = day_column(batch, dated_by)
    if days.min(initial=0) == NO_DAY:
        days = _some_day(days, who, np.full(int(who.max(initial=0)) + 1, NO_DAY, np.int32))
    return Prepared(batch, days, days, who, status)


@compiled
def _some_day(days: Array, who: Array, last: Array) -> Array:
    """Claims without a day stand on that of the claim of their member before them, else of the one behind them, so that
    what waits for them is what comes behind them. ``last``: a place for each member, empty."""
    found = days.copy()
    for turn in range(2):
        for i in range(len(found)):
            at = i if turn == 0 else len(found) - 1 - i
            if found[at] == NO_DAY:
                found[at] = last[who[at]]
            last[who[at]] = found[at]
        last[:] = NO_DAY
    for i in range(len(found)):
        if found[i] == NO_DAY:
            found[i] = 0
    return found


def day_column(batch: Batch, name: str) -> Array:
    column = batch.claims.get(name)
    return column.values if isinstance(column, Days) else np.full(len(batch), NO_DAY, dtype=np.int32)
