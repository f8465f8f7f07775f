"""What steps of a program rest on."""

from __future__ import annotations

from collections.abc import Iterable

from policyengine import ir

BILLED = ("amount", "total_charge")
"""Facts that are another one with another bill."""


def moved_by(program: ir.Program, facts: Iterable[str]) -> frozenset[str]:
    """Names of the inputs and of the steps that other values of ``facts`` can change."""
    moved = {decl.name for decl in program.inputs if ir.split_name(decl.name)[1] in facts}
    for step in program.steps:
        if reads(step.expr, moved):
            moved.add(step.name)
    return frozenset(moved)


def moved_by_steps(program: ir.Program, first: Iterable[str], stop: Iterable[str] = ()) -> frozenset[str]:
    """Names of the steps that other values of the steps ``first`` can change, other than through ``stop``."""
    moved, ends = set(first), frozenset(stop)
    for step in program.steps:
        if step.name not in ends and reads(step.expr, moved):
            moved.add(step.name)
    return frozenset(moved)


def reads(expr: ir.Expr, names: set[str] | frozenset[str]) -> bool:
    """Whether an expression itself reads one of these inputs or steps."""
    waiting = [expr]
    while waiting:
        one = waiting.pop()
        if name_of(one) in names:
            return True
        waiting += ir.children(one)
    return False


def name_of(expr: ir.Expr) -> str:
    """The name of an input or of a step; empty for any other expression."""
    match expr:
        case ir.Ref(step=step):
            return step
        case ir.Input(name=name):
            return name
    return ""
