"""Where two reckonings part: the first step with a provision behind it whose values differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from policyengine import expressions as ast
from policyengine import ir
from policyengine.settlement import Settlement, TraceStep


@dataclass(frozen=True, slots=True)
class Parting:
    """One step on both sides; ``None`` where a side has no such step."""

    this: TraceStep | None
    other: TraceStep | None

    @property
    def step(self) -> TraceStep:
        """The step on the side that has it."""
        found = self.this or self.other
        assert found is not None
        return found

    @property
    def cites(self) -> tuple[ir.Citation, ...]:
        """What is cited for it on either side."""
        both = (one.cites for one in (self.this, self.other) if one is not None)
        return tuple(dict.fromkeys(cite for cites in both for cite in cites))

    @property
    def differs(self) -> bool:
        """Whether the values differ; a step that one side does not have differs if it comes to something."""
        if self.this is not None and self.other is not None:
            return self.this.value != self.other.value
        return self.step.kind != "flag" and any(text.strip("0.%") for text in _texts(self.step.value))


def _texts(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class Rest:
    """A step that a condition names."""

    name: str
    step: TraceStep


def differing(this: Settlement, other: Settlement) -> tuple[Parting, ...]:
    """Every step in which two reckonings differ, in order; steps of laws aside."""
    mine, theirs = ([step for step in one.trace if not step.name.startswith("law.")] for one in (this, other))
    names = [[step.name for step in steps] for steps in (mine, theirs)]
    found: list[Parting] = []
    for what, a, b, c, d in SequenceMatcher(None, names[0], names[1], autojunk=False).get_opcodes():
        if what == "equal":
            found += [Parting(one, its) for one, its in zip(mine[a:b], theirs[c:d], strict=True)]
        else:
            found += [Parting(one, None) for one in mine[a:b]] + [Parting(None, one) for one in theirs[c:d]]
    return tuple(one for one in found if one.differs)


def parting_of(this: Settlement, other: Settlement) -> Parting | None:
    """The first step that differs and that a source or an assumption is named for; else the first that differs."""
    found = differing(this, other)
    return next((one for one in found if one.cites or one.step.assumed), found[0] if found else None)


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
