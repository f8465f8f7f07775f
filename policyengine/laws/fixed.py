"""Amounts that every claim has anew: a deductible, a ceiling or a band that no meter carries on."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from policyengine import ir
from policyengine.laws.exempt import WHYS, Exempt
from policyengine.laws.reading import BILLED, moved_by, reads
from policyengine.laws.rounding import behind


def each_claim(program: ir.Program) -> Iterator[Exempt]:
    """Places where an amount of the bill meets a fixed one, the lesser or the greater of the two counting, or one being
    taken off the other."""
    billed, counted = moved_by(program, BILLED), _resting_on_meters(program)
    seen: set[ir.Expr] = set()
    for step in behind(program):
        for expr in ir.walk(step.expr):
            for one, other in _pairs(expr):
                met = reads(one, billed) and other != ir.ZERO and not (reads(other, billed) or _counts(other, counted))
                if met and (condition := ir.compare(">", one, other)) not in seen:
                    seen.add(condition)
                    yield Exempt(WHYS["each_claim"], step, "acts", condition)


def _pairs(expr: ir.Expr) -> Iterator[tuple[ir.Expr, ir.Expr]]:
    """Amounts that are held against each other: arguments two by two, the two sides of a difference."""
    if isinstance(expr, ir.Min | ir.Max | ir.Sub):
        yield from permutations(ir.children(expr), 2)


def _resting_on_meters(program: ir.Program) -> frozenset[str]:
    """Steps that what meters held can change."""
    found: set[str] = set()
    for step in program.steps:
        if _counts(step.expr, found):
            found.add(step.name)
    return frozenset(found)


def _counts(expr: ir.Expr, counted: set[str] | frozenset[str]) -> bool:
    return reads(expr, counted) or any(isinstance(one, ir.Hist) for one in ir.walk(expr))
