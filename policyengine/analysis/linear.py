"""Values as conditions see them: a constant, a code, or a sum of facts with factors, each under conditions.

``outcomes`` cuts an expression into cases. In each case it is one such value; the cases cover every claim for which the
expression has a value at all. Where an expression is of another shape, or has too many cases, there are none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import prod
from typing import Final

from policyengine import ir
from policyengine.analysis.names import NUMERIC, Names, fraction
from policyengine.money import round_to

Leaf = ir.Input | ir.Hist
MOST_OUTCOMES: Final = 256


@dataclass(frozen=True, slots=True)
class Linear:
    """The sum of ``terms`` (fact, factor) and ``fixed``."""

    terms: tuple[tuple[Leaf, Fraction], ...]
    fixed: Fraction

    def plus(self, other: Linear, factor: Fraction = Fraction(1)) -> Linear:
        terms = dict(self.terms)
        for leaf, by in other.terms:
            terms[leaf] = terms.get(leaf, Fraction(0)) + by * factor
        kept = tuple((leaf, by) for leaf, by in terms.items() if by)
        return Linear(kept, self.fixed + other.fixed * factor)

    def times(self, factor: Fraction) -> Linear:
        return Linear((), Fraction(0)).plus(self, factor)


@dataclass(frozen=True, slots=True)
class Sign:
    """The condition that ``form`` ``op`` 0 holds; ``op`` is one of < <= > >= == !=."""

    form: Linear
    op: str


Goal = tuple[ir.Expr, bool] | Sign
"""A flag expression and what it must be, or a sum of facts and its sign."""

Value = Linear | str | Leaf
"""A number; a code that is known; a fact that is a code."""

Outcome = tuple[tuple[Goal, ...], Value]
Branch = tuple[tuple[Goal, ...], ir.Expr]


def constant(value: int | Fraction) -> Linear:
    return Linear((), Fraction(value))


def row_goal(table: ir.Table, lookup: ir.Lookup, row: int) -> Goal:
    """The condition that a row of a table matches the keys of ``lookup``."""
    parts: list[ir.Expr] = []
    for pattern, key in zip(table.patterns[row], lookup.keys, strict=True):
        if isinstance(pattern, ir.Interval):
            edges = ((">=", pattern.low), ("<", pattern.high))
            parts += [ir.compare(op, key, ir.Lit(edge, key.kind)) for op, edge in edges if edge is not None]
        elif pattern is not None and key.kind == "flag":
            parts += [] if len(pattern) == 2 else [key if True in pattern else ir.negated(key)]
        elif pattern is not None:
            words = [ir.compare("==", key, ir.Lit(word, key.kind)) for word in sorted(pattern, key=str)]
            parts.append(ir.either(*words))
    return (ir.both(*parts), True)


def outcomes(expr: ir.Expr, names: Names, most: int = MOST_OUTCOMES) -> tuple[Outcome, ...] | None:
    """The cases of a number or a code, or ``None``."""
    match expr:
        case ir.Lit(value=str(word)):
            return (((), word),)
        case ir.Lit(value=value) if expr.kind in NUMERIC:
            return (((), constant(fraction(value))),)
        case ir.Input() | ir.Hist() if expr.kind == "code":
            return (((), expr),)
        case ir.Input() | ir.Hist():
            return (((), Linear(((expr, Fraction(1)),), Fraction(0))),)
        case ir.Ref(step=step):
            return _remembered(step, names, most)
        case ir.If(cond=cond, then=then, other=other):
            return _joined([(((cond, True),), then), (((cond, False),), other)], names, most)
        case ir.Lookup(table=table, column=column):
            declared = names.tables[table]
            values = declared.column(column).values
            if len(values) > most:
                return None
            return tuple(((row_goal(declared, expr, row),), _plain(value)) for row, value in enumerate(values))
        case ir.Add() | ir.Sub() | ir.Min() | ir.Max() | ir.Scale() | ir.Round() | ir.Inverse():
            return _combined(expr, names, most)
        case _:
            return None


def _remembered(step: str, names: Names, most: int) -> tuple[Outcome, ...] | None:
    if (step, most) not in names.outcomes:
        names.outcomes[step, most] = outcomes(names.steps[step].expr, names, most)
    found: tuple[Outcome, ...] | None = names.outcomes[step, most]
    return found


def _plain(value: ir.Value) -> Value:
    return value if isinstance(value, str) else constant(fraction(value))


def _joined(
    branches: Sequence[tuple[tuple[Goal, ...], ir.Expr]], names: Names, most: int
) -> tuple[Outcome, ...] | None:
    found: list[Outcome] = []
    for goals, branch in branches:
        inner = outcomes(branch, names, most)
        if inner is None or len(found) + len(inner) > most:
            return None
        found += [((*goals, *more), value) for more, value in inner]
    return tuple(found)


def _combined(expr: ir.Expr, names: Names, most: int) -> tuple[Outcome, ...] | None:
    """The cases of arithmetic: every combination of the cases of its arguments."""
    inner = [outcomes(child, names, most) for child in ir.children(expr)]
    known = [one for one in inner if one is not None]
    if len(known) < len(inner) or prod(map(len, known)) > most:
        return None
    found: list[Outcome] = []
    for picked in product(*known):
        goals = tuple(goal for more, _ in picked for goal in more)
        forms = [value for _, value in picked if isinstance(value, Linear)]
        made = list(_made(expr, forms))
        if not made:
            return None
        found += [((*goals, *more), form) for more, form in made]
    return tuple(found) if len(found) <= most else None


def _made(expr: ir.Expr, forms: Sequence[Linear]) -> Iterator[tuple[tuple[Goal, ...], Linear]]:
    """The cases of one operation on known values; none if it leaves the shape of a sum of facts."""
    plain = all(not form.terms for form in forms)
    match expr:
        case ir.Add():
            yield (), _sum(forms)
        case ir.Sub():
            yield (), forms[0].plus(forms[1], Fraction(-1))
        case ir.Scale() if not forms[0].terms or not forms[1].terms:
            of, by = forms if not forms[1].terms else (forms[1], forms[0])
            yield (), of.times(by.fixed)
        case ir.Round(mode=mode, unit=unit) if plain:
            yield (), constant(round_to(forms[0].fixed, mode, unit))
        case ir.Inverse() if plain and forms[0].fixed:
            yield (), constant(1 / forms[0].fixed)
        case ir.Min() | ir.Max():
            yield from _extreme(forms, "<" if isinstance(expr, ir.Min) else ">")
        case _:
            return


def _sum(forms: Sequence[Linear]) -> Linear:
    total = constant(0)
    for form in forms:
        total = total.plus(form)
    return total


def _extreme(forms: Sequence[Linear], op: str) -> Iterator[tuple[tuple[Goal, ...], Linear]]:
    """Each value in turn where it is the least (or greatest); the first of equal ones."""
    if all(not form.terms for form in forms):
        pick = min if op == "<" else max
        yield (), constant(pick(form.fixed for form in forms))
        return
    for at, form in enumerate(forms):
        others = [
            Sign(form.plus(other, Fraction(-1)), op if place < at else f"{op}=")
            for place, other in enumerate(forms)
            if place != at
        ]
        yield tuple(others), form
