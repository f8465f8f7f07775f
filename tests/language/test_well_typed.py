"""Every expression that lowering makes is of a known kind, which agrees with what it is made of."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from policyengine import bundled_names, ir, load

KINDS = ("money", "exact", "rate", "count", "flag", "code")
AMOUNTS = {"money", "exact"}


def wrong(program: ir.Program) -> Iterator[str]:
    """What does not agree, by step."""
    steps = {step.name: step for step in program.steps}
    inputs, meters = {(d.domain, d.name): d.kind for d in program.inputs}, {m.name: m.kind for m in program.meters}
    for step in program.steps:
        for expr in ir.walk(step.expr):
            stated = {
                ir.Ref: lambda e: steps[e.step].kind, ir.Input: lambda e: inputs[e.domain, e.name],
                ir.Hist: lambda e: meters[e.meter],
            }.get(type(expr), lambda e: e.kind)(expr)  # fmt: skip
            if expr.kind not in KINDS or stated != expr.kind:
                yield f"{step.name}: {expr}"
            if isinstance(expr, ir.If) and not _agree(expr.kind, expr.then.kind, expr.other.kind):
                yield f"{step.name}: branches of {expr.then.kind} and {expr.other.kind}"
            if isinstance(expr, ir.Add | ir.Min | ir.Max) and not _agree(expr.kind, *(a.kind for a in expr.args)):
                yield f"{step.name}: {type(expr).__name__} of {[a.kind for a in expr.args]}"


def _agree(whole: str, *parts: str) -> bool:
    return all(part == whole or (whole == "exact" and part in AMOUNTS) for part in parts)


@pytest.mark.parametrize("name", bundled_names())
def test_a_rule_set_is_well_typed(name: str) -> None:
    for program in load(name).every_program:
        names = [step.name for step in program.steps]
        assert all(isinstance(one, str) and one for one in names)
        assert len(set(names)) == len(names)
        assert list(wrong(program)) == []
