"""The algebra of adjustments: a slot is ``limits(add(scale(set(v))))``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from policyengine import expressions as ast
from policyengine import ir
from policyengine.mechanisms.adjust import CHANGES, points_meant
from policyengine.mechanisms.base import Provision
from policyengine.resolve import KIND_WORDS, fault, unknown_name
from policyengine.ruleset import Stack

if TYPE_CHECKING:
    from policyengine.lower.maker import Workbench


def slots_of(provision: Provision) -> tuple[str, ...]:
    """The quantities of a provision that states several, one a meter, a part or a band: ``deductible.person_met``."""
    stated = provision.values[provision.mechanism]
    keys = [key.text for key, _ in stated] if isinstance(stated, tuple) else []
    bands = [f"band{number + 1}" for number, _ in enumerate(getattr(stated, "bands", ()))]
    return tuple(f"{provision.id}.{key}" for key in keys + bands)


def adjusted(bench: Workbench, provision: Provision, stated: ir.Expr, name: str, target: str) -> ir.Expr:
    """The step ``name``: a quantity of the provision after every adjustment of it, or of all its quantities."""
    targets = (provision.id.text, target)
    found = [change for slot in dict.fromkeys(targets) for change in bench.changes.get(slot, [])]
    changes = sorted(found, key=bench.provisions.index) if len(found) > 1 else found
    marks: dict[str, Any] = {"term": provision.mechanism, "shown": True}
    if not changes:
        return bench.step(name, stated, provision, **marks)
    value = bench.step(f"{name}.stated", stated, provision, **marks)
    suffix = name.removeprefix(provision.id.text)
    result = apply(bench, changes, value, suffix, bench.guard(provision))
    return bench.step(name, result, provision, **marks)


def apply(bench: Workbench, changes: Sequence[Provision], value: ir.Expr, suffix: str, on: ir.Expr) -> ir.Expr:
    """``value`` after ``changes``, which act only where ``on`` holds."""
    outer, bench.layer_on = bench.layer_on, on
    try:
        for change in _in_order(changes, "set"):
            replacement = _quantity(bench, change, "set", value.kind)
            named = bench.step(_name(change, "set", suffix), replacement, change, term="set", shown=True)
            value = ir.choose(bench.guard(change), named, value)
        for change in _in_order(changes, "scale"):
            factor = ir.choose(bench.guard(change), _quantity(bench, change, "scale", "rate"), ir.rate(1))
            named = bench.step(_name(change, "scale", suffix), factor, change, term="scale", shown=True)
            value = ir.scale(value, named)
        value = _add(bench, _in_order(changes, "add"), value, suffix)
        return _limits(bench, changes, value, suffix)
    finally:
        bench.layer_on = outer


def _several(change: Provision) -> bool:
    return sum(key in change.values for key in CHANGES) > 1


def _name(change: Provision, key: str, suffix: str) -> str:
    """The step of a change: its id; one that changes a quantity in several ways has a step for each."""
    return f"{change.id}{f'.{key}' if _several(change) else ''}{suffix}"


def _in_order(changes: Sequence[Provision], key: str) -> list[Provision]:
    """In file order, but a change comes after those that it overrides."""
    found = [c for c in changes if key in c.values]
    for change in list(found):
        over = [o.text for o in change.overrides]
        later = [c for c in found if c.id.text in over and found.index(c) > found.index(change)]
        if later:
            found.remove(change)
            found.insert(found.index(later[-1]) + 1, change)
    return found


def _quantity(bench: Workbench, change: Provision, key: str, kind: ir.Kind, guarded: bool = True) -> ir.Expr:
    node = change.values[key]
    kinds: tuple[ir.Kind, ...] = ("money", "exact") if kind in ("money", "exact") else (kind,)
    if key == "scale":
        kinds = ("rate", "count")
    if key == "add":
        points_meant(node, kind)
        if kind in ("money", "exact") and isinstance(node, ast.Number) and node.unit in ("%", "pp"):
            message = f"a rate is added to {KIND_WORDS[kind]}"
            raise fault("E317", message, node.span, "an amount, or `scale:`")
    if key in ("set", "at_least", "at_most") and isinstance(node, ast.Number) and node.unit == "pp":
        raise fault("E342", "points are added, a share is set", node.span, f"`{key}` with a share such as 5%")
    value = bench.amount(node, *kinds)
    if key == "scale" or not guarded:
        return value
    return ir.choose(bench.guard(change), value, _neutral(value))


def _neutral(value: ir.Expr) -> ir.Expr:
    """What stands in the trace of an adjustment that does not apply."""
    if value.kind == "code":
        return value
    return ir.Lit(False if value.kind == "flag" else 0, "money" if value.kind == "exact" else value.kind)


def _add(bench: Workbench, changes: Sequence[Provision], value: ir.Expr, suffix: str) -> ir.Expr:
    stacks: dict[str, list[ir.Expr]] = {}
    for change in changes:
        added = _quantity(bench, change, "add", value.kind)
        amount = bench.slot(change, added, _name(change, "add", suffix).removeprefix(change.id.text).lstrip("."))
        stack = change.values.get("stack")
        if stack is not None and stack.text not in {s.id.text for s in bench.ruleset.stacks}:
            known = [s.id.text for s in bench.ruleset.stacks]
            raise unknown_name(stack.text, stack.span, known, "stack")
        stacks.setdefault(stack.text if stack is not None else "", []).append(amount)
    for amount in stacks.pop("", []):
        value = ir.add(value, amount)
    for stack_decl in bench.ruleset.stacks:
        amounts = stacks.get(stack_decl.id.text)
        if amounts:
            value = _stacked(bench, stack_decl, amounts, value)
    return value


def _stacked(bench: Workbench, stack: Stack, amounts: list[ir.Expr], value: ir.Expr) -> ir.Expr:
    together = ir.maximum(*amounts) if stack.combine == "best" else ir.add(*amounts)
    if stack.add_at_most is not None:
        together = ir.minimum(together, bench.amount(stack.add_at_most, value.kind))
    lifted = ir.add(value, together)
    if stack.up_to is not None:
        limit = bench.amount(stack.up_to, value.kind)
        lifted = ir.maximum(value, ir.minimum(lifted, limit))
    return lifted


def _limits(bench: Workbench, changes: Sequence[Provision], value: ir.Expr, suffix: str) -> ir.Expr:
    """A plain limit without a condition holds wherever the quantity does, so that its bounds can be relied on."""
    for key, limit_by in (("at_least", ir.maximum), ("at_most", ir.minimum)):
        for change in _in_order(changes, key):
            plain = change.when is None and isinstance(change.values[key], ast.Number)
            stated = _quantity(bench, change, key, value.kind, guarded=not plain)
            limit = bench.step(_name(change, key, suffix), stated, change, term=key, shown=True)
            limited = limit_by(value, limit)
            value = limited if plain else ir.choose(bench.guard(change), limited, value)
    return value
