"""Compiling a program: its steps in order, row steps fused into as few loops as the meaning allows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from policyengine.analysis import analyse
from policyengine.analysis.facts import Analysis
from policyengine.backends.compiled.writer import Writer
from policyengine.ir import Domain, InputDecl, Kind, Program, Step, Sum, Value, walk
from policyengine.money import RATE_GRID

Run = Callable[[tuple[Any, ...], Sequence[tuple[Any, ...]], tuple[int, ...]], tuple[Any, ...]]
"""From claim inputs, rows and meters, by position, to the values of all steps in step order."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A program as a function. ``run(inputs, rows, used)`` gives the numerators of all steps; ``source`` is its text.

    ``inputs`` holds the claim inputs, each row the row inputs, ``used`` the meters, in the order of the program; rates
    are whole millionths. Step i is worth its numerator / ``denominators[i]``; row steps are lists. Raises ``NoRow``.
    """

    program: Program
    source: str
    denominators: tuple[int, ...]
    run: Run

    def arguments(
        self, inputs: Mapping[str, Value], rows: Sequence[Mapping[str, Value]], used: Mapping[str, int]
    ) -> tuple[tuple[Any, ...], tuple[tuple[Any, ...], ...], tuple[int, ...]]:
        """The arguments of ``run`` for a claim as ``evaluate`` takes it."""
        of_claim, of_row = _split(self.program.inputs)
        return (
            tuple(_numerator(d.kind, inputs[d.name]) for d in of_claim),
            tuple(tuple(_numerator(d.kind, row[d.name]) for d in of_row) for row in rows),
            tuple(used[meter.name] for meter in self.program.meters),
        )

    def values(self, result: tuple[Any, ...]) -> dict[str, Value | tuple[Value, ...]]:
        """What ``evaluate`` gives, out of what ``run`` gives."""
        values: dict[str, Value | tuple[Value, ...]] = {}
        for step, denominator, found in zip(self.program.steps, self.denominators, result, strict=True):
            if step.domain == "row":
                values[step.name] = tuple(_restored(step.kind, n, denominator) for n in found)
            else:
                values[step.name] = _restored(step.kind, found, denominator)
        return values


def compile_program(program: Program, analysis: Analysis | None = None) -> Compiled:
    """A specialised function for ``program``; an ``analysis`` at hand saves time. Raises as ``analyse``."""
    analysis = analysis or analyse(program)
    writer = _writer(program, analysis)
    lines = _steps(program.steps, writer, analysis)
    source = "\n".join([*writer.functions, "def run(inputs, rows, used):", *_arguments(writer), *lines, ""])
    scope: dict[str, Any] = {"__builtins__": {}, "sum": sum, "zip": zip, **writer.constants}
    exec(compile(source, "<compiled program>", "exec"), scope)  # noqa: S102 - the text is made of our names and integers
    denominators = tuple(analysis.denominator(step.expr) for step in program.steps)
    return Compiled(program, source, denominators, scope["run"])


def _split(inputs: Sequence[InputDecl]) -> tuple[list[InputDecl], list[InputDecl]]:
    return [d for d in inputs if d.domain == "claim"], [d for d in inputs if d.domain == "row"]


def _writer(program: Program, analysis: Analysis) -> Writer:
    of_claim, of_row = _split(program.inputs)
    positions: dict[tuple[Domain, str], int] = {
        (d.domain, d.name): at for group in (of_claim, of_row) for at, d in enumerate(group)
    }
    meters = {meter.name: at for at, meter in enumerate(program.meters)}
    steps = {step.name: at for at, step in enumerate(program.steps)}
    return Writer(analysis, positions, meters, steps, len(of_row))


def _arguments(writer: Writer) -> list[str]:
    """Lines that unpack the arguments."""
    claim_inputs = sum(domain == "claim" for domain, _ in writer.inputs)
    groups = (("i", claim_inputs, "inputs"), ("u", len(writer.meters), "used"))
    return [f"    {''.join(f'{prefix}{n}, ' for n in range(size))}= {name}" for prefix, size, name in groups if size]


def _steps(steps: Sequence[Step], writer: Writer, analysis: Analysis) -> list[str]:
    lines: list[str] = []
    for group in _groups(steps, analysis):
        if steps[group[0]].domain == "claim":
            lines += [f"    s{at} = {writer.text(steps[at].expr, 0)}" for at in group]
        else:
            lines += _loop(group, [writer.text(steps[at].expr, 1) for at in group], writer)
    names = (f"l{at}" if step.domain == "row" else f"s{at}" for at, step in enumerate(steps))
    return [*lines, f"    return ({', '.join(names)},)" if steps else "    return ()"]


def _groups(steps: Sequence[Step], analysis: Analysis) -> list[list[int]]:
    """Neighbouring row steps that one loop may compute.

    At most one of them can fail, so that the first failure is that of the step-by-step order; none but the first sums
    over rows, for its sum may read the others complete.
    """
    groups: list[list[int]] = []
    partial = False
    for at, step in enumerate(steps):
        can_fail = analysis.facts(step.expr).partial
        sums = any(isinstance(part, Sum) for part in walk(step.expr))
        neighbours = bool(at) and step.domain == steps[at - 1].domain == "row"
        joins = neighbours and not sums and not (partial and can_fail)
        if joins:
            groups[-1].append(at)
        else:
            groups.append([at])
        partial = can_fail or (partial and joins)
    return groups


def _loop(group: list[int], texts: list[str], writer: Writer) -> list[str]:
    target, source = writer.visit(1, *texts, without=frozenset(group))
    if len(group) == 1:
        return [f"    l{group[0]} = [{texts[0]} for {target} in {source}]"]
    lines = [f"    l{at} = []" for at in group] + [f"    for {target} in {source}:"]
    for at, text in zip(group, texts, strict=True):
        lines += [f"        v1_{at} = {text}", f"        l{at}.append(v1_{at})"]
    return lines


def _numerator(kind: Kind, value: Value) -> Value:
    """An input as ``run`` takes it: rates in millionths."""
    if kind != "rate":
        return value
    assert isinstance(value, int | Fraction)
    millionths = Fraction(value) * RATE_GRID
    assert millionths.denominator == 1, f"{value} is finer than one millionth"
    return millionths.numerator


def _restored(kind: Kind, numerator: Any, denominator: int) -> Value:
    value: Value = Fraction(numerator, denominator) if kind in ("exact", "rate") else numerator
    return value
