"""Constructors of expressions. They fold constants and are the only way front ends build expressions."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from policyengine.ir.forms import (
    Add,
    Compare,
    Domain,
    Expr,
    If,
    Inverse,
    Kind,
    Lit,
    Logic,
    Lookup,
    Max,
    Min,
    Portion,
    Round,
    Scale,
    Sub,
    Sum,
)  # fmt: skip
from policyengine.ir.tables import Table


def domain_of(*exprs: Expr) -> Domain:
    return "row" if any(e.domain == "row" for e in exprs) else "claim"


def _wider(exprs: tuple[Expr, ...]) -> Kind:
    kinds = {e.kind for e in exprs}
    if kinds == {"money", "exact"}:
        return "exact"
    assert len(kinds) == 1, f"kinds do not agree: {sorted(kinds)}"
    return kinds.pop()


def money(minor: int) -> Lit:
    return Lit(minor, "money")


def rate(value: Fraction | int) -> Lit:
    return Lit(Fraction(value), "rate")


def count(value: int) -> Lit:
    return Lit(value, "count")


def flag(value: bool) -> Lit:
    return Lit(value, "flag")


def code(value: str) -> Lit:
    return Lit(value, "code")


ZERO = money(0)
TRUE = flag(True)
FALSE = flag(False)


def _is_zero(expr: Expr) -> bool:
    return isinstance(expr, Lit) and expr.value == 0 and expr.kind in ("money", "exact", "rate", "count")


def add(*args: Expr) -> Expr:
    kind = _wider(args)
    kept = tuple(b for a in args if not _is_zero(a) for b in (a.args if isinstance(a, Add) else (a,)))
    if not kept:
        return Lit(0, kind)
    if len(kept) == 1:
        return kept[0]
    return Add(kept, kind, domain_of(*kept))


def sub(left: Expr, right: Expr) -> Expr:
    kind = _wider((left, right))
    if _is_zero(right):
        return left
    return Sub(left, right, kind, domain_of(left, right))


def minimum(*args: Expr) -> Expr:
    return args[0] if len(args) == 1 else Min(args, _wider(args), domain_of(*args))


def maximum(*args: Expr) -> Expr:
    return args[0] if len(args) == 1 else Max(args, _wider(args), domain_of(*args))


def positive_part(expr: Expr) -> Expr:
    """``expr``, at least zero."""
    return maximum(expr, Lit(0, "money" if expr.kind == "exact" else expr.kind))


SCALED: Mapping[tuple[Kind, Kind], Kind] = {
    ("money", "rate"): "exact", ("exact", "rate"): "exact", ("money", "count"): "money", ("exact", "count"): "exact",
    ("rate", "rate"): "rate", ("rate", "count"): "rate", ("count", "count"): "count",
}  # fmt: skip


def scale(of: Expr, by: Expr) -> Expr:
    kind = SCALED.get((of.kind, by.kind))
    assert kind is not None, f"cannot scale {of.kind} by {by.kind}"
    if isinstance(by, Lit) and by.value == 1:
        return of
    if _is_zero(of) or _is_zero(by):
        return Lit(0, "money" if kind == "exact" else kind)
    return Scale(of, by, kind, domain_of(of, by))


def inverse(of: Expr) -> Expr:
    return Inverse(of, "rate", of.domain)


def rounded(of: Expr, mode: str, unit: int = 1) -> Expr:
    """Money stays as it is when the unit is one minor unit; everything else gets an explicit ``Round``."""
    if of.kind == "money" and unit == 1:
        return of
    if _is_zero(of):
        return Lit(0, "count" if of.kind == "count" else "money")
    kind: Kind = "count" if of.kind == "count" else "money"
    return Round(of, mode, unit, kind, of.domain)


def portion(of: Expr, part: Expr, whole: Expr, other: Expr, mode: str, unit: int = 1) -> Expr:
    """``of`` × ``part`` ÷ ``whole`` in whole ``unit``s; ``other`` where the whole is not above zero."""
    kind: Kind = "count" if of.kind == "count" else "money"
    assert other.kind == kind, f"{other.kind} stands in for a portion that is {kind}"
    return Portion(of, part, whole, other, mode, unit, kind, domain_of(of, part, whole, other))


def compare(op: str, left: Expr, right: Expr) -> Expr:
    return Compare(op, left, right, "flag", domain_of(left, right))


def both(*args: Expr) -> Expr:
    """Logical and."""
    kept = tuple(a for a in args if a != TRUE)
    if FALSE in kept:
        return FALSE
    if not kept:
        return TRUE
    return kept[0] if len(kept) == 1 else Logic("and", kept, "flag", domain_of(*kept))


def either(*args: Expr) -> Expr:
    """Logical or."""
    kept = tuple(a for a in args if a != FALSE)
    if TRUE in kept:
        return TRUE
    if not kept:
        return FALSE
    return kept[0] if len(kept) == 1 else Logic("or", kept, "flag", domain_of(*kept))


def negated(arg: Expr) -> Expr:
    if isinstance(arg, Lit):
        return flag(not arg.value)
    return Logic("not", (arg,), "flag", arg.domain)


def choose(cond: Expr, then: Expr, other: Expr) -> Expr:
    """``then`` if ``cond`` else ``other``."""
    if isinstance(cond, Lit):
        return then if cond.value else other
    if then == other:
        return then
    return If(cond, then, other, _wider((then, other)), domain_of(cond, then, other))


def lookup(table: Table, column: str, keys: tuple[Expr, ...]) -> Expr:
    kind = table.columns[table.column_names.index(column)].kind
    return Lookup(table.name, column, keys, kind, domain_of(*keys) if keys else "claim")


def total(of: Expr) -> Expr:
    """Sum over the rows."""
    if _is_zero(of):
        return Lit(0, of.kind)
    return Sum(of, of.kind)
