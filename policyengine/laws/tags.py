"""Exceptions to the law that a tag of the poor never makes a member worse off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policyengine import ir, terms
from policyengine.laws.exempt import WHYS, Exempt
from policyengine.laws.reading import moved_by, reads
from policyengine.laws.rounding import behind

POOR: Final = (
    "registered_poor", "subsistence", "subsistence_edge", "destitute", "low_income", "poor_by_illness", "orphan",
    "severe_disability",
)  # fmt: skip
"""Tags of people who are to be helped."""


def tags_of(program: ir.Program) -> tuple[str, ...]:
    """The tags of the poor that a program reads."""
    read = {decl.name for decl in program.inputs}
    return tuple(tag for tag in POOR if tag in read)


def withdrawn(program: ir.Program) -> Iterator[Exempt]:
    """Provisions that hold for members without a tag: what they do ends with it."""
    moved = moved_by(program, POOR)
    for step in behind(program):
        if step.kind == "flag" and step.name in moved and _is_lost(step.expr):
            yield Exempt(WHYS["withdrawn"], step, "ends", ir.Ref(step.name, "flag", step.domain))


def _is_lost(expr: ir.Expr) -> bool:
    """Whether a condition can cease with a fact that begins to hold: it says ``not``, or asks a table."""
    return any(isinstance(one, ir.Lookup) or (isinstance(one, ir.Logic) and one.op == "not") for one in ir.walk(expr))


def chosen_from_what_is_stated(program: ir.Program) -> Iterator[Exempt]:
    """Choices by a tag between a figure that the claim or the caller gives and another one."""
    moved = moved_by(program, POOR)
    stated = {decl.name for decl in program.inputs if _is_stated(decl)}
    for step in behind(program):
        for expr in ir.walk(step.expr):
            if isinstance(expr, ir.If) and reads(expr.cond, moved) and _chooses(expr, stated):
                yield Exempt(WHYS["stated"], step, "differs", expr.cond)


def _chooses(expr: ir.If, stated: set[str]) -> bool:
    return reads(expr.then, stated) or reads(expr.other, stated)


def _is_stated(decl: ir.InputDecl) -> bool:
    """A figure that only this rule file knows: a parameter, or a declared amount, rate or count."""
    return decl.kind in ("money", "rate", "count") and decl.name not in terms.FACTS and decl.domain == "claim"
