"""Amounts that every claim has anew: a deductible, a ceiling or a band that no meter carries on."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from policyengine import ir
from policyengine.laws.exempt import WHYS, Exempt
from policyengine.laws.reading import BILLED, moved_by, reads
from policyengine.laws.rounding import behind


def each_claim(program: ir.Program) -> Iterator[Exempt]:
    """Limits that no meter carries on; places where an amount of the bill meets a fixed one, the lesser or the greater
    of the two counting or one being taken off the other; charges by what was counted, cut to a smaller bill."""
    for limit in program.limits:
        if not limit.meter:
            condition = ir.compare(">=", ir.Ref(limit.used, "money"), ir.Ref(limit.limit, "money"))
            yield Exempt(WHYS["each_claim"], program.step(limit.limit), "acts", condition)
    yield from _meetings(program)


def _meetings(program: ir.Program) -> Iterator[Exempt]:
    billed, counted, by_number = moved_by(program, BILLED), _resting_on(program), _resting_on(program, "count")
    seen: set[ir.Expr] = set()
    for step in behind(program):
        for expr in ir.walk(step.expr):
            for one, other in _pairs(expr):
                if not reads(one, billed) or reads(other, billed) or other == ir.ZERO:
                    continue
                condition = ir.compare(">", one, other)
                if condition not in seen and (not _counts(other, counted) or _by_line(other)):
                    yield Exempt(WHYS["each_claim"], step, "acts", condition)
                if condition not in seen and _counts(other, by_number, "count"):
                    yield Exempt(WHYS["by_count"], step, "differs", condition)
                seen.add(condition)


def _pairs(expr: ir.Expr) -> Iterator[tuple[ir.Expr, ir.Expr]]:
    """Amounts that are held against each other: arguments two by two, the two sides of a difference."""
    if isinstance(expr, ir.Min | ir.Max | ir.Sub):
        yield from permutations(ir.children(expr), 2)


def _resting_on(program: ir.Program, kind: ir.Kind | None = None) -> frozenset[str]:
    """Steps that what meters held can change; ``kind``: meters of that kind only."""
    found: set[str] = set()
    for step in program.steps:
        if _counts(step.expr, found, kind):
            found.add(step.name)
    return frozenset(found)


def _by_line(expr: ir.Expr) -> bool:
    """Whether it is so much for each unit of a fee line, of which both halves of the line have as many."""
    return any(isinstance(one, ir.Input) and (one.kind, one.domain) == ("count", "row") for one in ir.walk(expr))


def _counts(expr: ir.Expr, counted: set[str] | frozenset[str], kind: ir.Kind | None = None) -> bool:
    held = (one for one in ir.walk(expr) if isinstance(one, ir.Hist))
    return reads(expr, counted) or any(kind in (None, one.kind) for one in held)
