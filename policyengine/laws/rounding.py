"""How far roundings can move an answer: the tolerance of laws that compare two settlements."""

from __future__ import annotations

from policyengine import ir

ANSWER = "patient_total"


def behind(program: ir.Program) -> tuple[ir.Step, ...]:
    """The steps that the patient's part rests on, itself included, in their order."""
    steps = {step.name: step for step in program.steps}
    found = ir.reached((steps[ANSWER].expr,), steps)
    return tuple(step for step in program.steps if step.name == ANSWER or step.name in found)


def bound(program: ir.Program) -> int:
    """The minor units by which roundings alone can part two settlements: one unit for each place that rounds."""
    places = {
        expr for step in behind(program) for expr in ir.walk(step.expr) if isinstance(expr, ir.Round | ir.Portion)
    }
    return sum(place.unit for place in places)


def slack(program: ir.Program, limit: ir.Limit) -> int:
    """By how much one claim may pass a limit since amounts are rounded: a limit off the grid by its own rounding, a cap
    on own cost by the rounding of what is paid above it."""
    steps = {step.name: step for step in program.steps}
    stated = steps[limit.limit].expr
    own = stated.unit if isinstance(stated, ir.Round) else 0
    if limit.kind != "own_cost_cap":
        return own
    found = ir.reached((steps[limit.used].expr,), steps)
    units = [e.unit for name in found for e in ir.walk(steps[name].expr) if isinstance(e, ir.Round)]
    return max(units, default=own)
