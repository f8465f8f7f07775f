"""What can be said of amounts by their shape alone: that one is never below zero, or never more than another."""

from __future__ import annotations

from collections.abc import Mapping

from policyengine.analysis.names import Names, fraction, input_range
from policyengine.ir import (
    Add,
    Expr,
    Hist,
    If,
    Input,
    Inverse,
    Lit,
    Lookup,
    Max,
    Min,
    Portion,
    Ref,
    Round,
    Scale,
    Step,
    Sub,
    Sum,
)  # fmt: skip


def is_share(part: Expr, whole: Expr, names: Names) -> bool:
    """True if ``part`` is by its shape one of the amounts, none below zero, that sum to ``whole``."""
    while isinstance(whole, Ref):
        whole = names.steps[whole.step].expr
    if isinstance(whole, Sum):
        return part == whole.of and never_negative(part, names)
    summed = whole.args if isinstance(whole, Add) else (whole,)
    return part in summed and all(never_negative(arg, names) for arg in summed)


def never_negative(expr: Expr, names: Names) -> bool:
    """True if a number is by its shape never below zero."""
    match expr:
        case Lit(value=value):
            return fraction(value) >= 0
        case Input():
            return input_range(names.declared(expr))[0] >= 0
        case Hist():
            return True
        case Ref(step=step):
            if step not in names.signs:
                names.signs[step] = never_negative(names.steps[step].expr, names)
            return names.signs[step]
        case Max(args=args):
            return any(never_negative(arg, names) for arg in args)
        case Add(args=args) | Min(args=args):
            return all(never_negative(arg, names) for arg in args)
        case Sub(left=left, right=right):
            return within(right, left, names.steps)
        case Scale(of=of, by=by):
            return never_negative(of, names) and never_negative(by, names)
        case If(then=then, other=other):
            return never_negative(then, names) and never_negative(other, names)
        case Lookup(table=table, column=column):
            return all(fraction(value) >= 0 for value in names.tables[table].column(column).values)
        case Portion(of=of, part=part, other=other):
            return all(never_negative(one, names) for one in (of, part, other))
        case Inverse(of=of) | Round(of=of) | Sum(of=of):
            return never_negative(of, names)
        case _:
            return False


def within(part: Expr, whole: Expr, steps: Mapping[str, Step], depth: int = 8) -> bool:
    """True if ``part`` is by its shape never more than ``whole``: the lesser of it and something else."""
    if part == whole or not depth:
        return part == whole
    match part:
        case Ref(step=step):
            return within(steps[step].expr, whole, steps, depth - 1)
        case Min(args=args):
            return any(within(arg, whole, steps, depth - 1) for arg in args)
        case Max(args=args):
            return all(within(arg, whole, steps, depth - 1) for arg in args)
        case If(then=then, other=other):
            return within(then, whole, steps, depth - 1) and within(other, whole, steps, depth - 1)
        case _:
            return False
