"""What a ceiling cuts off: a step added to a program, so that the claims and the people at the ceiling are known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from policyengine import ir
from policyengine.backends.kernel import Outputs
from policyengine.levers import Lever, names_in
from policyengine.mass import standard_outputs
from policyengine.ruleset import Ruleset

CUT: Final = "at the limit"
"""The name of the amount, and of its step."""
_LIMITS: Final = ("ceiling", "own_cost_cap")


def watched_by(ruleset: Ruleset, levers: tuple[Lever, ...]) -> frozenset[str]:
    """The ceilings and caps of which a lever states the amount."""
    return frozenset(found for lever in levers for found in _limits_of(ruleset, lever))


def _limits_of(ruleset: Ruleset, lever: Lever) -> Iterator[str]:
    table = lever.address.partition("[")[0] if lever.kind == "table" else ""
    for provision in ruleset.provisions:
        if provision.mechanism not in _LIMITS:
            continue
        read = names_in(provision.values[provision.mechanism])
        is_own = lever.kind == provision.mechanism and lever.name == provision.id.text
        if is_own or (lever.kind == "parameter" and lever.name in read) or table in read:
            yield provision.id.text


def watching(program: ir.Program, limits: frozenset[str]) -> ir.Program:
    """The program with a step that holds what these ceilings cut off, and what caps on own cost have paid back."""
    by_name = {step.name: step for step in program.steps}
    cuts = [cut for limit in dict.fromkeys((x.layer, x.provision, x.kind) for x in program.limits)
            if limit[1] in limits and (cut := _cut(*limit, by_name)) is not None]  # fmt: skip
    if not cuts:
        return program
    return replace(program, steps=(*program.steps, ir.Step(CUT, ir.add(*cuts))))


def _cut(layer: str, provision: str, kind: str, by_name: dict[str, ir.Step]) -> ir.Expr | None:
    if kind == "base_ceiling":
        return _ref(by_name.get(f"{layer}.{provision}.taken"))
    if kind == "own_cost_cap":
        return _ref(by_name.get(f"{layer}.{provision}.excess"))
    after = by_name.get(f"{layer}.payable_after_{provision}")
    if kind != "ceiling" or after is None or after.domain == "row":
        return None
    match after.expr:
        case ir.If(other=before) | ir.Min(args=(before, _)):
            return ir.sub(before, ir.Ref(after.name, after.kind, after.domain))
    return None


def _ref(step: ir.Step | None) -> ir.Expr | None:
    return None if step is None or step.domain == "row" else ir.Ref(step.name, step.kind, step.domain)


def outputs_of(program: ir.Program) -> Outputs:
    """The amounts of a program, and what is cut off."""
    found = dict(standard_outputs(program))
    if any(step.name == CUT for step in program.steps):
        found[CUT] = (CUT,)
    return found
