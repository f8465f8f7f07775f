"""Two programs beside each other over columns of claims with one fee line: what each payer pays under either."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from policyengine import ir
from policyengine.analysis import Analysis, analyse, input_range, input_words
from policyengine.backends.columns import Columns, Result, run
from policyengine.difference.axes import GRADE, LEVEL, TOTAL, Axis, amount_key, axes_of, fixed
from policyengine.difference.epochs import Pair
from policyengine.money import RATE_GRID

Array = NDArray[Any]
PATIENT: Final = "patient_total"
"""All that the patient bears, accounts included."""
DEPOSIT: Final = "deposit"
"""What the patient pays at admission; it is part of what the patient bears, or comes back."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What is looked for. ``kind``: ``differs`` (any amount); ``more`` and ``less`` (``payer`` bears more, or less, by
    the second rule set); ``only_old`` and ``only_new`` (only one of them settles the claim)."""

    kind: str
    payer: str = ""


@dataclass(frozen=True, slots=True)
class Ready:
    """One program made ready: the steps that answers rest on, and for each fact its values in the program's terms.

    ``places``: by fact, from the positions in the words of its axis to those of the program; −1 for a word that it
    does not take.
    """

    program: ir.Program
    analysis: Analysis
    day: int
    places: Mapping[str, Array]
    payers: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(
        cls, program: ir.Program, axes: Sequence[Axis], at: int, day: int, flags: Sequence[ir.Step] = (),
        meters: bool = False,
    ) -> Ready:  # fmt: skip
        """``flags``: steps to be told, too; ``meters``: what meters count is told."""
        short = replace(program, steps=_needed(program, flags, meters))
        places = {a.name: _places(a, d) for a in axes if a.kind == "code" and (d := a.decls[at]) is not None}
        return cls(short, analyse(short), day, places, _payers(program))


def _needed(program: ir.Program, flags: Sequence[ir.Step], meters: bool) -> tuple[ir.Step, ...]:
    """The steps that amounts and refusals rest on, and ``flags`` behind the steps that they read."""
    steps = {step.name: step for step in program.steps}
    ends = [s for share in program.payers for s in share.steps] + [g.step for g in program.grants]
    ends += [s for t in program.timings if t.deposit for s in (t.guard, t.deposit) if s]
    ends += [step for _, step in program.stated]
    ends += [program.patient, program.bill, *([program.covers] if program.covers else [])]
    ends += [s.name for s in program.steps if any(isinstance(e, ir.Lookup) for e in ir.walk(s.expr))]
    if meters:
        ends += [name for m in program.meters for name in (m.step, m.when, m.window.reset) if name]
    kept = {*ends, *ir.reached([steps[name].expr for name in ends], steps)}
    kept |= set(ir.reached([flag.expr for flag in flags], steps))
    return (*(step for step in program.steps if step.name in kept), *flags)


def _places(axis: Axis, decl: ir.InputDecl) -> Array:
    words = input_words(decl)
    other = len(words) - 1 if decl.open else -1
    return np.array([words.index(word) if word in words else other for word in axis.words], dtype=np.int64)


def _payers(program: ir.Program) -> Mapping[str, tuple[str, ...]]:
    """The steps of what each bears: every payer, the patient with accounts, sums outside the bill."""
    own = [step for share in program.payers if share.side == "patient" for step in share.steps]
    grants: dict[str, tuple[str, ...]] = {}
    for grant in program.grants:
        name = f"grant.{grant.payer}"
        grants[name] = (*grants.get(name, ()), grant.step)
    return {**{s.payer: s.steps for s in program.payers}, PATIENT: (*own, program.patient), **grants}


@dataclass(frozen=True, slots=True)
class Found:
    """What claims come to: who settles them, and by goal which of them show it."""

    settled: tuple[Array, Array]
    shows: Array
    amounts: tuple[Mapping[str, Array], Mapping[str, Array]]


@dataclass(frozen=True, slots=True)
class Bench:
    """A pair of programs ready for columns of claims: of each a row of facts, in the order of ``axes``, and a bill."""

    pair: Pair
    axes: tuple[Axis, ...]
    sides: tuple[Ready, Ready]
    goals: tuple[Goal, ...]
    tried: list[int] = field(default_factory=lambda: [0])
    prepared: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, pair: Pair, parameters: Mapping[str, object] | None = None) -> Bench:
        """``parameters``: values that are not to be varied. Raises ``ClaimError`` for what is wrong with them."""
        axes = fixed(axes_of(pair.old, pair.new), (pair.old, pair.new), parameters or {})
        days = [ir.day_number(day) for day in pair.days]
        sides = Ready.of(pair.old, axes, 0, days[0]), Ready.of(pair.new, axes, 1, days[1])
        asked = [DEPOSIT] if any(t.deposit for p in (pair.old, pair.new) for t in p.timings) else []
        return cls(pair, axes, sides, goals_of([*sides[0].payers, *asked], sides[1].payers))

    def run(self, facts: Array, bills: Array) -> Found:
        """What these claims come to under both."""
        self.tried[0] += len(bills)
        one, two = (settled(side, self.axes, facts, bills)[1:] for side in self.sides)
        return compared(self.goals, one, two)

    def shows(self, facts: Array, bills: Array) -> Array:
        """Which claims show which goal: a row a claim, a column a goal."""
        return self.run(facts, bills).shows

    def plain(self) -> Array:
        """The facts of which nobody thinks."""
        return np.array([axis.options[0] for axis in self.axes], dtype=np.int64)


def goals_of(old: Iterable[str], new: Iterable[str]) -> tuple[Goal, ...]:
    """Everything that is looked for, the most telling first."""
    payers = [p for p in dict.fromkeys((*old, *new)) if p != PATIENT]
    patient = (Goal("more", PATIENT), Goal("less", PATIENT))
    return (Goal("differs"), *patient, *(Goal("more", p) for p in payers), Goal("only_old"), Goal("only_new"))


def columns_of(
    side: Ready, axes: Sequence[Axis], facts: Array, bills: Array, used: Mapping[str, Array] | None = None
) -> tuple[Columns, Array]:
    """Claims as columns of one program, and which of them it can read at all. ``used``: what meters hold."""
    readable = np.ones(len(bills), dtype=np.bool_)
    by_key = {axis.key: place for place, axis in enumerate(axes)}
    inputs: dict[str, Array] = {}
    rows: dict[str, Array] = {}
    for decl in side.program.inputs:
        key = (decl.domain, decl.name)
        if key in by_key:
            column, fits = _column(side, axes[by_key[key]], decl, facts[:, by_key[key]])
            readable &= fits
        elif key[1] == LEVEL:
            column = _level(axes[by_key["claim", GRADE]], decl, facts[:, by_key["claim", GRADE]])
        else:
            column = bills if key == amount_key(side.program) or decl.name == TOTAL else np.full(len(bills), side.day)
        (inputs if decl.domain == "claim" else rows)[decl.name] = column
    held = {m.name: np.zeros(len(bills), dtype=np.int64) for m in side.program.meters} | dict(used or {})
    return Columns(inputs, np.arange(len(bills) + 1), rows, held), readable


def _column(side: Ready, axis: Axis, decl: ir.InputDecl, values: Array) -> tuple[Array, Array]:
    if axis.kind == "flag":
        return values.astype(np.bool_), np.ones(len(values), dtype=np.bool_)
    if axis.kind == "code":
        column = side.places[axis.name][values]
        return np.maximum(column, 0), column >= 0
    grid = RATE_GRID if axis.kind == "rate" else 1
    low, high = (int(bound * grid) for bound in input_range(decl))
    return np.clip(values, low, high), (values >= low) & (values <= high)


def _level(axis: Axis, decl: ir.InputDecl, values: Array) -> Array:
    """The level of the hospital that follows from its grade."""
    words = input_words(decl)
    of_grade = [words.index(word.partition("_")[0]) for word in axis.words]
    found: Array = np.array(of_grade, dtype=np.int64)[values]
    return found


Paid = tuple[Array, Mapping[str, Array]]


def settled(
    side: Ready, axes: Sequence[Axis], facts: Array, bills: Array, used: Mapping[str, Array] | None = None
) -> tuple[Result, Array, Mapping[str, Array]]:
    """What claims come to under one program: all its steps, who is settled, what each bears."""
    columns, readable = columns_of(side, axes, facts, bills, used)
    result: Result = run(side.program, columns, side.analysis)
    amounts = {name: sum((result.values[s] for s in steps), np.zeros(len(bills), dtype=np.int64))
               for name, steps in side.payers.items()}  # fmt: skip
    if deposits := [t for t in side.program.timings if t.deposit]:
        held = (np.where(result.values[t.guard], result.values[t.deposit], 0) for t in deposits)
        amounts[DEPOSIT] = sum(held, np.zeros(len(bills), dtype=np.int64))
    covered = result.covered & readable
    for name, step in side.program.stated:
        covered = covered & (result.values[step] == columns.inputs[name] * result.denominators[step])
    return result, covered, amounts


def compared(goals: Sequence[Goal], one: Paid, two: Paid) -> Found:
    """What the two programs make of the same claims, held against each other."""
    (first, old), (second, new) = one, two
    none = np.zeros(len(first), dtype=np.int64)
    both = first & second
    more = {name: new.get(name, none) - old.get(name, none) for name in dict.fromkeys((*old, *new))}
    shown = []
    for goal in goals:
        match goal.kind:
            case "differs":
                shown.append(both & np.any([change != 0 for change in more.values()], axis=0))
            case "more":
                shown.append(both & (more[goal.payer] > 0))
            case "less":
                shown.append(both & (more[goal.payer] < 0))
            case "only_old":
                shown.append(first & ~second)
            case _:
                shown.append(second & ~first)
    return Found((first, second), np.stack(shown, axis=1), (old, new))
