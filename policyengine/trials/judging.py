"""Laws held against settlements by column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policyengine import ir
from policyengine.analysis import AMOUNT, Analysis, analyse
from policyengine.backends.columns import Columns, Result, run
from policyengine.laws import OF_ONE, ChangeLaw, Exempt, Law, altered, bound, tags_of
from policyengine.laws.table import LARGER_BILL, LINE_ORDER, OF_CHANGES, RAISED_CEILING, SPLIT_STAY, TAG_OF_POOR
from policyengine.trials.altering import enlarged, halves, only, tagged, turned
from policyengine.trials.lives import Held, amounts_of, lives_of

Array = NDArray[Any]

PREFIX = "exempt."


@dataclass(frozen=True, slots=True)
class ByColumn:
    """The amounts of many settlements."""

    program: ir.Program
    values: Mapping[str, Array]
    held: Mapping[str, Array]

    def __getitem__(self, step: str) -> Any:
        return self.values[step]

    def used(self, meter: str) -> Any:
        return self.held[meter]


@dataclass(frozen=True, slots=True)
class Found:
    """A law that one claim breaks: the claim as the program reads it, alone. ``minor``: by how much."""

    law: Law | ChangeLaw
    what: str
    program: ir.Program
    claim: Columns
    minor: int


@dataclass(slots=True)
class Tally:
    """How many settlements, or pairs of them, each law was held against, how many were excused, and the largest gain
    that an exception covers, in minor units."""

    tried: Counter[str] = field(default_factory=Counter)
    excused: Counter[str] = field(default_factory=Counter)
    gained: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Trial:
    """One program and all laws, ready for columns."""

    program: ir.Program
    laws: tuple[ChangeLaw, ...] = OF_CHANGES

    @cached_property
    def exempt(self) -> Mapping[str, tuple[tuple[str, Exempt], ...]]:
        """The exceptions of each law, each with the step that counts its condition: one step for equal conditions."""
        steps: dict[ir.Expr, str] = {}
        return {
            law.id: tuple((steps.setdefault(e.watch, f"{PREFIX}{len(steps)}"), e) for e in law.exceptions(self.program))
            for law in self.laws
        }

    @cached_property
    def watched(self) -> ir.Program:
        """The program with the condition of every exception counted, after all other steps."""
        counts = {name: exempt.watch for found in self.exempt.values() for name, exempt in found}
        added = tuple(ir.Step(name, watch) for name, watch in counts.items())
        return replace(self.program, steps=(*self.program.steps, *added))

    @cached_property
    def analysis(self) -> Analysis:
        return analyse(self.watched)

    @cached_property
    def tolerance(self) -> int:
        return bound(self.program)

    def settle(self, columns: Columns, ceiling: str = "") -> tuple[Result, Array]:
        """All steps, and which claims are settled. ``ceiling``: the step of one that is raised."""
        program = altered.raised(self.watched, ceiling) if ceiling else self.watched
        result = run(program, columns, None if ceiling else self.analysis)
        settled = result.covered
        for fact, step in self.program.stated:
            settled = settled & (columns.inputs[fact] == result.values[step])
        return result, settled


def breaches(program: ir.Program, size: int, seed: int, tally: Tally | None = None) -> Iterator[Found]:
    """What breaks a law among so many drawn lives of a program, round by round."""
    tally = tally or Tally()
    trial, lives, held = Trial(program), lives_of(program, size, seed), Held(program, size)
    rng = np.random.Generator(np.random.PCG64(seed))
    for columns, living, anew in zip(lives.rounds, lives.living, lives.anew, strict=True):
        before = held.before(anew)
        claims = Columns(columns.inputs, columns.offsets, columns.rows, before)
        result, settled = trial.settle(claims)
        settled = settled & living
        yield from of_one(trial, claims, result, settled, tally)
        yield from of_changes(trial, claims, (result, settled), rng, tally)
        held.values = held.after(before, result.values, settled)


def of_one(trial: Trial, claims: Columns, result: Result, settled: Array, tally: Tally) -> Iterator[Found]:
    """The laws of one settlement."""
    amounts = ByColumn(trial.program, result.values, claims.used)
    for law in OF_ONE:
        tally.tried[law.id] += int(settled.sum())
        for measured in law.excess(amounts):
            yield from _worst(law, measured.what, trial, claims, np.where(settled, measured.minor, 0), 0)


Settled = tuple[Result, Array]


def of_changes(trial: Trial, claims: Columns, one: Settled, rng: np.random.Generator, tally: Tally) -> Iterator[Found]:
    """One thing altered in each claim, after the same claims before it."""

    def compared(law: ChangeLaw, other: Settled, grown: Any = 0, bears: Array | None = None) -> Iterator[Found]:
        yield from _compared(law, trial, claims, one, other, grown, bears, tally)

    program = trial.program
    if program.run is None and amounts_of(program):
        larger, more = enlarged(program, claims, rng)
        yield from compared(LARGER_BILL, trial.settle(larger), more)
    if program.run is None and AMOUNT in claims.rows:
        other, bears = _split(trial, claims, one)
        yield from compared(SPLIT_STAY, other, bears=bears)
    if tags := tags_of(program):
        yield from compared(TAG_OF_POOR, trial.settle(tagged(claims, tags, rng)))
    if claims.rows:
        yield from compared(LINE_ORDER, trial.settle(turned(claims)))
    ceilings = list(altered.ceilings(program))
    if ceilings:
        chosen = ceilings[int(rng.integers(0, len(ceilings)))]
        yield from compared(RAISED_CEILING, trial.settle(claims, chosen))


def _split(trial: Trial, claims: Columns, one: Settled) -> tuple[Settled, Array]:
    """Both halves together: the sums of their steps, where both are settled; where an exception bears on either."""
    first, rest = halves(trial.program, claims)
    done, settled = trial.settle(first)
    held = Held(trial.program, claims.size)
    after = held.after(claims.used, done.values, settled)
    fresh = {m.name for m in trial.program.meters if m.window.kind == "visit"}
    used = {name: np.zeros_like(values) if name in fresh else values for name, values in after.items()}
    then, also = trial.settle(Columns(rest.inputs, rest.offsets, rest.rows, used))
    bears = _bearing(trial, SPLIT_STAY, one[0], done) | _bearing(trial, SPLIT_STAY, one[0], then)
    names = [s.name for s in trial.program.steps if s.domain == "claim" and s.kind == "money"]
    values = {name: done.values[name] + then.values[name] for name in names}
    return (replace(done, values=values), settled & also), bears


def _bearing(trial: Trial, law: ChangeLaw, one: Result, other: Result) -> Array:
    found: Array = np.zeros(len(one.failed), np.bool_)
    for name, exempt in trial.exempt[law.id]:
        found |= exempt.on(one.values[name], other.values[name])
    return found


def _compared(
    law: ChangeLaw, trial: Trial, claims: Columns, one: Settled, other: Settled, grown: Any, bears: Array | None,
    tally: Tally,
) -> Iterator[Found]:  # fmt: skip
    both = one[1] & other[1]
    excused = _bearing(trial, law, one[0], other[0]) if bears is None else bears
    tally.tried[law.id] += int(both.sum())
    tally.excused[law.id] += int((both & excused).sum())
    before, after = (ByColumn(trial.program, result.values, claims.used) for result, _ in (one, other))
    tolerance = trial.tolerance * (2 if law is SPLIT_STAY else 1) if law.rounds else 0
    for measured in law.excess(before, after, grown):
        minor = np.where(both, measured.minor, 0)
        tally.gained[law.id] = max(tally.gained[law.id], int(np.where(excused, minor, 0).max(initial=0)))
        yield from _worst(law, measured.what, trial, claims, np.where(excused, 0, minor), tolerance)


def _worst(
    law: Law | ChangeLaw, what: str, trial: Trial, claims: Columns, minor: Array, tolerance: int
) -> Iterator[Found]:
    """The claim that breaks a law by most."""
    at = int(np.argmax(minor)) if len(minor) else 0
    if len(minor) and minor[at] > tolerance:
        yield Found(law, what, trial.program, only(claims, at), int(minor[at]))
