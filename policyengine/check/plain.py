"""A first look at the quantities of clauses: which are plainly within their bounds, whatever a claim says.

Most are a number, the cell of a table, the lesser of amounts that are never negative. Only for the others is it worth
while to find out what all the expressions that they rest on can be.
"""

from __future__ import annotations

from fractions import Fraction

from policyengine import ir
from policyengine.analysis import Names


def is_share(expr: ir.Expr, names: Names) -> bool:
    """Whether a rate is plainly between 0 % and 100 %."""
    match expr:
        case ir.Lit(value=int() | Fraction() as value):
            return 0 <= value <= 1
        case ir.Ref(step=step):
            return is_share(names.steps[step].expr, names)
        case ir.If(then=then, other=other):
            return is_share(then, names) and is_share(other, names)
        case ir.Min(args=args) | ir.Max(args=args):
            return all(is_share(arg, names) for arg in args)
        case ir.Lookup(table=table, column=column):
            cells = names.tables[table].column(column).values
            return all(not isinstance(value, str) and 0 <= value <= 1 for value in cells)
        case _:
            return False


def is_never_negative(expr: ir.Expr, names: Names, known: dict[str, bool]) -> bool:
    """Whether an amount, a rate or a count is plainly not below 0. ``known``: what was found of steps."""

    def of(inner: ir.Expr) -> bool:
        return is_never_negative(inner, names, known)

    match expr:
        case ir.Lit(value=int() | Fraction() as value):
            return value >= 0
        case ir.Input():
            low = names.declared(expr).low
            return low is not None and low >= 0
        case ir.Ref(step=step):
            if step not in known:
                known[step] = of(names.steps[step].expr)
            return known[step]
        case ir.Sub(left=left, right=right):
            taken = names.steps[right.step].expr if isinstance(right, ir.Ref) else right
            return isinstance(taken, ir.Min) and left in taken.args
        case ir.Max(args=args):
            return any(map(of, args))
        case ir.Add(args=args) | ir.Min(args=args):
            return all(map(of, args))
        case ir.If(then=one, other=two) | ir.Scale(of=one, by=two):
            return of(one) and of(two)
        case ir.Round(of=inner) | ir.Sum(of=inner):
            return of(inner)
        case ir.Lookup(table=table, column=column):
            cells = names.tables[table].column(column).values
            return all(not isinstance(value, str) and value >= 0 for value in cells)
        case _:
            return False
