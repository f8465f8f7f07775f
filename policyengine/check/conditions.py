"""Conditions: two adjustments that set the same quantity at once; provisions that can never apply.

A condition reads few facts; each is tried at every word it can have, numbers at the edges that conditions compare
them with. Where that is too much to try, nothing is claimed.
"""

from __future__ import annotations

import itertools
import operator
from collections.abc import Iterator, Mapping
from math import prod
from typing import Any

from policyengine import ir
from policyengine.analysis import names_of
from policyengine.errors import Diagnostic
from policyengine.ruleset import Ruleset

Programs = tuple[ir.Program, ...]
MOST_TRIED = 20_000
Leaf = ir.Input | ir.Hist
COMPARE = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def inlined(expr: ir.Expr, steps: Mapping[str, ir.Step]) -> ir.Expr:
    """``expr`` with references replaced by what they refer to, for conditions only."""
    match expr:
        case ir.Ref():
            return inlined(steps[expr.step].expr, steps)
        case ir.Logic():
            return ir.Logic(expr.op, tuple(inlined(a, steps) for a in expr.args), expr.kind, expr.domain)
        case ir.Compare():
            left, right = inlined(expr.left, steps), inlined(expr.right, steps)
            return ir.Compare(expr.op, left, right, expr.kind, expr.domain)
        case _:
            return expr


def _leaves(exprs: tuple[ir.Expr, ...]) -> list[Leaf] | None:
    """The facts and meters that conditions read, or ``None`` if they read anything else."""
    simple = ir.Lit | ir.Logic | ir.Compare | ir.Input | ir.Hist
    found = [e for expr in exprs for e in ir.walk(expr)]
    if not all(isinstance(e, simple) for e in found):
        return None
    return list(dict.fromkeys(e for e in found if isinstance(e, ir.Input | ir.Hist)))


def _choices(leaf: Leaf, exprs: tuple[ir.Expr, ...], program: ir.Program) -> tuple[Any, ...]:
    if leaf.kind == "flag":
        return (True, False)
    if isinstance(leaf, ir.Input) and leaf.kind == "code":
        return tuple(names_of(program).declared(leaf).values)
    compared = {
        other.value
        for expr in exprs
        for e in ir.walk(expr)
        if isinstance(e, ir.Compare) and leaf in (e.left, e.right)
        for other in (e.left, e.right)
        if isinstance(other, ir.Lit) and not isinstance(other.value, str)
    }
    return tuple(sorted({v for c in compared for v in (c - 1, c, c + 1) if v >= 0} | {0}))


def witness(program: ir.Program, *conditions: ir.Expr) -> str | bool | None:
    """Facts under which all conditions hold, in words; ``None``: there are none; ``True``: too much to try."""
    steps = {s.name: s for s in program.steps}
    exprs = tuple(inlined(c, steps) for c in conditions)
    leaves = _leaves(exprs)
    if leaves is None:
        return True
    choices = [_choices(leaf, exprs, program) for leaf in leaves]
    if prod(map(len, choices)) > MOST_TRIED:
        return True
    for values in itertools.product(*choices):
        known = dict(zip(leaves, values, strict=True))
        if all(_holds(expr, known) for expr in exprs):
            return ", ".join(f"{_name(leaf)} = {value}" for leaf, value in known.items()) or "every claim"
    return None


def _name(leaf: Leaf) -> str:
    return leaf.name if isinstance(leaf, ir.Input) else f"used({leaf.meter})"


def _holds(expr: ir.Expr, known: Mapping[Leaf, Any]) -> bool:
    """Whether a condition over known leaves holds."""
    match expr:
        case ir.Logic(op="and"):
            return all(_holds(a, known) for a in expr.args)
        case ir.Logic(op="or"):
            return any(_holds(a, known) for a in expr.args)
        case ir.Logic():
            return not _holds(expr.args[0], known)
        case ir.Compare():
            return bool(COMPARE[expr.op](_value(expr.left, known), _value(expr.right, known)))
        case _:
            return bool(_value(expr, known))


def _value(expr: ir.Expr, known: Mapping[Leaf, Any]) -> Any:
    if isinstance(expr, ir.Lit):
        return expr.value
    return known[expr] if isinstance(expr, ir.Input | ir.Hist) else _holds(expr, known)


def clashing_sets(ruleset: Ruleset, programs: Programs) -> Iterator[Diagnostic]:
    """E407: two adjustments may both set one quantity, and neither says that it overrides the other."""
    sets = [p for p in ruleset.provisions if p.mechanism == "adjust" and "set" in p.values]
    for one, two in itertools.combinations(sets, 2):
        if not _same_slot(one.values["adjust"].text, two.values["adjust"].text) or _decided(one, two):
            continue
        for program in programs:
            names = {s.name for s in program.steps}
            guards = [f"{p.id}.applies" for p in (one, two)]
            held = witness(program, *(_condition(program, g) for g in guards if g in names))
            if held is not None:
                where = f" when {held}" if isinstance(held, str) else ""
                message = f"`{one.id}` and `{two.id}` may both set `{one.values['adjust']}`{where}"
                hint = f"`overrides: {one.id.text}`, or conditions that exclude each other"
                yield Diagnostic("E407", message, two.id.span, "", hint, related=(("the other one", one.id.span),))
                break


def _same_slot(one: str, two: str) -> bool:
    """Whether two targets name one quantity; what is said of a provision holds for each of its limits."""
    return one == two or one.startswith(f"{two}.") or two.startswith(f"{one}.")


def _decided(one: Any, two: Any) -> bool:
    over = {o.text for p in (one, two) for o in p.overrides}
    return one.id.text in over or two.id.text in over


def _condition(program: ir.Program, name: str) -> ir.Expr:
    return program.step(name).expr


def unreachable(ruleset: Ruleset, programs: Programs) -> Iterator[Diagnostic]:
    """W415: a provision whose condition no claim can meet, in no period."""
    for provision in ruleset.provisions:
        name = f"{provision.id}.applies"
        stated = [p for p in programs if any(s.name == name for s in p.steps)]
        if stated and all(witness(p, _condition(p, name)) is None for p in stated):
            message = f"no claim can meet the condition of `{provision.id}`"
            yield Diagnostic("W415", message, provision.id.span, severity="warning")
