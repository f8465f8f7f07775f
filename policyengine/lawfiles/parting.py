"""Where two reckonings part: the first step with a provision behind it whose values differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from policyengine import expressions as ast
from policyengine.settlement import Settlement, TraceStep


@dataclass(frozen=True, slots=True)
class Parting:
    """One step on both sides."""

    this: TraceStep
    other: TraceStep


@dataclass(frozen=True, slots=True)
class Rest:
    """A step that a condition names."""

    name: str
    step: TraceStep


def differing(this: Settlement, other: Settlement) -> tuple[Parting, ...]:
    """Every step that both reckonings have, with another value, in order; steps of laws aside."""
    theirs = {step.name: step for step in other.trace}
    found = ((step, theirs.get(step.name)) for step in this.trace if not step.name.startswith("law."))
    return tuple(Parting(mine, its) for mine, its in found if its is not None and mine.value != its.value)


def parting_of(this: Settlement, other: Settlement) -> Parting | None:
    """The first step that differs and that a source or an assumption is named for; else the first that differs."""
    found = differing(this, other)
    grounded = (one for one in found if one.this.cites or one.other.cites or one.this.assumed)
    return next(grounded, found[0] if found else None)


def rests_of(settlement: Settlement, node: ast.Node) -> Iterator[Rest]:
    """The steps that a condition names, in its order."""
    trace = {step.name: step for step in settlement.trace}
    meters = {meter.name: meter.step for meter in settlement.layout.program.meters}
    seen: set[str] = set()
    for one in ast.walk(node):
        name = one.text if isinstance(one, ast.Name) else ""
        step = trace.get(name) or trace.get(meters.get(name, ""))
        if step is not None and name not in seen:
            seen.add(name)
            yield Rest(name, step)
