"""What can be known about each expression of a program before any claim is seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor, lcm
from typing import Final

from policyengine.analysis.bounds import Bounds, bounds_of
from policyengine.analysis.names import Names, every_word, names_of
from policyengine.analysis.rates import NotInvertible, quantum_of
from policyengine.errors import Diagnostic, RuleError, Span
from policyengine.ir import (
    Add,
    Compare,
    Expr,
    If,
    Interval,
    Inverse,
    Lookup,
    Max,
    Min,
    Portion,
    Program,
    Ref,
    Round,
    Scale,
    Step,
    Sub,
    Table,
    children,
    reached,
    walk,
)  # fmt: skip

WORD: Final = 2**63
"""Magnitudes below this fit in a signed 64-bit integer."""


MOST_LEVELS: Final = 100
"""How deep an expression may nest: every back end handles this many levels, and checks say so beyond."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts about one expression. Its value is always ``numerator / denominator`` with an integer numerator.

    ``least`` and ``most``: the bounds of the numerator. ``widest``: the largest magnitude of any integer that a back
    end meets while it computes this expression out of its children. ``partial``: a lookup inside may find no row.
    """

    quantum: Fraction
    bounds: Bounds
    least: int
    most: int
    widest: int
    partial: bool

    @property
    def denominator(self) -> int:
        return self.quantum.denominator

    @property
    def magnitude(self) -> int:
        """The largest magnitude of the numerator."""
        return max(-self.least, self.most)

    @property
    def result_fits(self) -> bool:
        """True if the numerator itself fits in 64 bits."""
        return self.magnitude < WORD

    @property
    def fits(self) -> bool:
        """True if computing it never leaves 64 bits."""
        return self.widest < WORD


@dataclass(frozen=True, slots=True)
class Overflow:
    """A step whose computation can leave 64 bits: the integer of the largest magnitude that it can meet.

    ``inherited``: it reads a step whose value leaves 64 bits already.
    """

    step: str
    magnitude: int
    span: Span | None
    inherited: bool


@dataclass(frozen=True, slots=True)
class Analysis:
    """The facts about every expression inside one program. ``words``: every code word, see ``every_word``."""

    program: Program
    names: Names
    by_id: Mapping[int, Facts]
    words: tuple[str, ...]

    def facts(self, expr: Expr) -> Facts:
        """The facts about an expression object of this program."""
        return self.by_id[id(expr)]

    def denominator(self, expr: Expr) -> int:
        return self.by_id[id(expr)].denominator


def analyse(program: Program, of: Iterable[str] | None = None, known: Analysis | None = None) -> Analysis:
    """Static facts about all expressions of ``program``; with ``of``, only of these steps, of what they rest on, and of
    what may be refused. ``known``: facts about some of its steps, which are not looked for again.

    Raises ``RuleError`` E490 if the inverse is taken of a rate that can be zero or takes too many values, E491 if an
    expression nests too deep.
    """
    if found := [_too_deep(step) for step in program.steps if _levels(step.expr) > MOST_LEVELS]:
        raise RuleError(found)
    names = names_of(program)
    by_id: dict[int, Facts] = {} if known is None else dict(known.by_id)
    by_step = {step.name: by_id[id(step.expr)] for step in program.steps if id(step.expr) in by_id}
    for step in program.steps if of is None else _resting(program, names, of):
        if step.name in by_step:
            continue
        try:
            by_step[step.name] = _examine(step.expr, names, by_step, by_id)
        except NotInvertible as problem:
            raise RuleError(_not_invertible(step, str(problem))) from None
    return Analysis(program, names, by_id, every_word(program))


def _resting(program: Program, names: Names, of: Iterable[str]) -> Iterator[Step]:
    """The steps of these names, those that divide, and what all of them rest on, in the order of the program."""
    asked = [*of, *(s.name for s in program.steps if any(isinstance(e, Inverse) for e in walk(s.expr)))]
    kept = {*asked, *reached((names.steps[name].expr for name in asked), names.steps)}
    return (step for step in program.steps if step.name in kept)


def overflows(program: Program, known: Analysis | None = None) -> tuple[Overflow, ...]:
    """The steps that a 64-bit back end must compute with integers of any length. Raises as ``analyse``."""
    analysis = known or analyse(program)
    found = []
    for step in program.steps:
        magnitude = _widest_inside(step.expr, analysis)
        if magnitude >= WORD:
            wide = any(isinstance(e, Ref) and not analysis.facts(e).result_fits for e in walk(step.expr))
            found.append(Overflow(step.name, magnitude, step.span, wide))
    return tuple(found)


def _widest_inside(expr: Expr, analysis: Analysis) -> int:
    return max([analysis.facts(expr).widest, *(_widest_inside(child, analysis) for child in children(expr))])


def _levels(expr: Expr) -> int:
    """How deep ``expr`` nests, counted as far as one level beyond the limit."""
    level, depth = [expr], 0
    while level and depth <= MOST_LEVELS:
        level, depth = [child for part in level for child in children(part)], depth + 1
    return depth


def _too_deep(step: Step) -> Diagnostic:
    return Diagnostic(
        "E491",
        f"`{step.name}` nests more than {MOST_LEVELS} levels deep",
        step.span,
        hint="give parts of it a name of their own with `define`",
    )


def _not_invertible(step: Step, why: str) -> Diagnostic:
    return Diagnostic(
        "E490",
        f"`{step.name}` divides by a rate that has no static inverse: {why}",
        step.span,
        "a rate out of literals and table columns, none of them 0%",
        "leave out the rows with 0%, or choose the branch by a condition outside the division",
    )


def _examine(expr: Expr, names: Names, earlier: Mapping[str, Facts], by_id: dict[int, Facts]) -> Facts:
    inner = [_examine(child, names, earlier, by_id) for child in children(expr)]
    facts = _restated(earlier[expr.step]) if isinstance(expr, Ref) else _combined(expr, inner, names)
    by_id[id(expr)] = facts
    return facts


def _restated(step: Facts) -> Facts:
    """A reference computes nothing and fails nowhere; the values are those of the step."""
    return replace(step, widest=step.magnitude, partial=False)


def _combined(expr: Expr, inner: Sequence[Facts], names: Names) -> Facts:
    quantum = quantum_of(expr, [f.quantum for f in inner], names)
    bounds = bounds_of(expr, [f.bounds for f in inner], names, [f.quantum for f in inner])
    partial = isinstance(expr, Lookup) or any(f.partial for f in inner)
    least = floor(bounds.least() * quantum.denominator)
    most = ceil(bounds.most() * quantum.denominator)
    facts = Facts(quantum, bounds, least, most, 0, partial)
    return replace(facts, widest=max(facts.magnitude, _met(expr, facts, inner, names)))


def _met(expr: Expr, facts: Facts, inner: Sequence[Facts], names: Names) -> int:
    """The largest integer on the way: operands on their common denominator, products, rounding offsets, edges."""
    match expr:
        case Add() | Sub():
            return sum(_lifted(inner))
        case Min() | Max() | Compare():
            return max(_lifted(inner))
        case If():
            return max(_lifted(inner[1:]))
        case Scale():
            return inner[0].magnitude * inner[1].magnitude
        case Round(unit=unit):
            return inner[0].magnitude + inner[0].denominator * unit
        case Portion(unit=unit):
            part, whole = _lifted(inner[1:3])
            return inner[0].magnitude * part + 2 * inner[0].denominator * whole * unit
        case Inverse():
            return max(facts.denominator * inner[0].denominator, inner[0].magnitude)
        case Lookup(table=table):
            return max(_keys(names.tables[table], inner), default=0)
        case _:
            return 0


def _lifted(inner: Sequence[Facts]) -> list[int]:
    """Magnitudes of the operands over their common denominator."""
    common = lcm(*(f.denominator for f in inner))
    return [f.magnitude * (common // f.denominator) for f in inner]


def _keys(table: Table, inner: Sequence[Facts]) -> list[int]:
    """Magnitudes of the keys and of the edges that they are compared with."""
    edges = [
        abs(edge) * inner[at].denominator
        for patterns in table.patterns
        for at, pattern in enumerate(patterns)
        if isinstance(pattern, Interval)
        for edge in (pattern.low, pattern.high)
        if edge is not None
    ]
    return edges + [f.magnitude for f in inner]
