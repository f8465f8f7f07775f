"""The normal form of a program: two programs with the same form settle every claim alike, whatever their steps are
called, in whatever order sums are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from fractions import Fraction
from typing import Any

from policyengine import ir
from policyengine.analysis import Names, NotInvertible, names_of, quantum_of
from policyengine.encode.windows import calendar_key
from policyengine.mutation.masked import unmoved
from policyengine.rulebook import Rulebook

Form = tuple[Any, ...]
_UNORDERED = (ir.Add, ir.Min, ir.Max, ir.Logic)
_IDEMPOTENT = (ir.Min, ir.Max, ir.Logic)
"""What is the same said twice."""


class Forms:
    """Numbers for expressions: the same number, the same value for every claim. Kept from program to program."""

    def __init__(self) -> None:
        self.numbers: dict[Form, int] = {}
        self.quanta: dict[int, Fraction | None] = {}
        """On the multiples of what the values of each lie, as far as it is known."""

    def of_book(self, book: Rulebook, like: Rulebook | None = None) -> Form:
        """What decides every settlement of a rule set; neighbouring periods that are alike are one. ``like``: another
        rule set; steps that are proved to come to the same as there have the form that they have there."""
        before = {(p.known, p.valid): p for p in like.every_program} if like is not None else {}
        editions = []
        for edition in (book.latest, *book.earlier):
            periods: list[tuple[str, str, Form]] = []
            for program in edition.programs:
                old = before.get((program.known, program.valid), program)
                form, (start, end) = self.of(program, self._same(old, program)), _settled_in(program)
                if start and start == end:
                    continue
                if periods and periods[-1][1] == start and periods[-1][2] == form:
                    periods[-1] = (periods[-1][0], end, form)
                else:
                    periods.append((start, end, form))
            editions.append((edition.known, tuple(periods), tuple(gap.valid for gap in edition.gaps)))
        return tuple(editions)

    def of(self, program: ir.Program, known: Mapping[str, int]) -> Form:
        """What decides every settlement by one program: its facts, and the number of each step that something is read
        off. ``known``: the numbers of some steps."""
        seen = self._seen(program, known)
        return (program.currency, program.dated_by, program.settle_by, *_declared(program), *_read_off(program, seen))

    def _seen(self, program: ir.Program, known: Mapping[str, int]) -> dict[str, int]:
        """The number of each step."""
        seen: dict[str, int] = {}
        names = names_of(program)
        for step in program.steps:
            number = known.get(step.name)
            seen[step.name] = self._number(step.expr, seen, names) if number is None else number
        return seen

    def _same(self, before: ir.Program, after: ir.Program) -> dict[str, int]:
        """The numbers of the steps that come to the same in both, as they are in the first."""
        if before is after:
            return {}
        same, seen = unmoved(before, after), self._seen(before, {})
        return {name: number for name, number in seen.items() if name in same}

    def _number(self, expr: ir.Expr, seen: Mapping[str, int], names: Names) -> int:
        if isinstance(expr, ir.Ref):
            return seen[expr.step]
        inside = [self._number(child, seen, names) for child in ir.children(expr)]
        if isinstance(expr, _UNORDERED):
            inside.sort()
        if isinstance(expr, _IDEMPOTENT):
            inside = sorted(set(inside))
            if len(inside) == 1 and getattr(expr, "op", "") != "not":
                return inside[0]
        if isinstance(expr, ir.Round) and self._in_whole(expr.unit, inside[0]):
            return inside[0]
        number = self.numbers.setdefault((_head(expr, names), tuple(inside)), len(self.numbers))
        if number not in self.quanta:
            self.quanta[number] = self._quantum(expr, inside, names)
        return number

    def _in_whole(self, unit: int, number: int) -> bool:
        """Whether all values are whole units as they are: every way of rounding leaves them."""
        quantum = self.quanta[number]
        return quantum is not None and quantum % unit == 0

    def _quantum(self, expr: ir.Expr, inside: Sequence[int], names: Names) -> Fraction | None:
        known = [quantum for number in inside if (quantum := self.quanta[number]) is not None]
        try:
            return quantum_of(expr, known, names) if len(known) == len(inside) else None
        except NotInvertible:
            return None


def _settled_in(program: ir.Program) -> tuple[str, str]:
    """From when to before when a program settles: days; of a run, which is settled on the last day of its window, the
    windows whose last day lies in them."""
    start, end = program.valid
    if program.run is None:
        return start, end
    window = program.run.window
    first, after = (day and calendar_key(window, date.fromisoformat(day)) for day in (start, end))
    return first, after


def _head(expr: ir.Expr, names: Names) -> Form:
    """An expression without what is inside it."""
    nested = {"args", "left", "right", "of", "by", "part", "whole", "other", "cond", "then", "keys"}
    own = tuple((f.name, getattr(expr, f.name)) for f in fields(expr) if f.name not in nested)
    if isinstance(expr, ir.Lookup):
        table = names.tables[expr.table]
        return ("Lookup", table.patterns, table.column(expr.column).values, expr.kind, expr.domain)
    if isinstance(expr, ir.Input):
        return ("Input", *own, names.declared(expr).grid)
    return (type(expr).__name__, *own)


def _declared(program: ir.Program) -> Iterator[Any]:
    """What a claim must, may and must not state."""
    yield tuple(replace(d, label={}, reason="", span=None) for d in (*program.inputs, *program.declared))
    yield tuple((day.name, day.domain) for day in program.days)
    yield None if program.run is None else replace(program.run, step="")


def _read_off(program: ir.Program, seen: dict[str, int]) -> Iterator[Any]:
    """The numbers of the steps that a settlement shows, pays by, or carries on."""

    def at(names: Any) -> tuple[int | None, ...]:
        return tuple(seen.get(name) for name in names)

    yield at((program.bill, program.patient, program.covers, *(step for _, step in program.margins)))
    yield tuple((p.payer, p.side, p.national, at(p.steps), at(p.rows)) for p in program.payers)
    yield tuple((p.name, p.category, at((p.gross, p.unpaid, p.held, p.row, p.row_unpaid))) for p in program.parts)
    yield tuple((r.reason, seen[r.step]) for r in program.reasons)
    yield tuple((g.payer, seen[g.step]) for g in program.grants)
    yield tuple((at((t.guard, t.deposit)), t.settle, t.at_discharge) for t in program.timings)
    yield tuple((name, seen.get(step)) for name, step in sorted(program.national.items()))
    yield tuple((name, seen[step]) for name, step in program.stated)
    yield tuple((part, seen[step]) for part, step in program.first_shares)
    yield tuple(
        (at(s for _, s in d.parts), at(s for _, s in d.payers), at(m[2] for m in d.moves)) for d in program.draws
    )
    yield tuple(sorted(_meter(meter, seen) for meter in program.meters))


def _meter(meter: ir.Meter, seen: dict[str, int]) -> Form:
    window = replace(meter.window, name="", reset="")
    reset = seen.get(meter.window.reset, -1)
    own = (meter.name, meter.kind, meter.per, meter.keep, meter.high, meter.opening)
    return (*own, seen[meter.step], seen.get(meter.when, -1), reset, repr(window))
