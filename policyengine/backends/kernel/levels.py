"""In how few passes over the fee lines a program can be computed.

Level 0 needs no sum over the lines. The lines of a level are passed over once; what sums over them is of the next.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from policyengine.ir import Expr, Input, Program, Ref, Step, Sum, children, reached, walk


@dataclass(frozen=True, slots=True)
class Level:
    """The steps of the claim before a pass, in order; the steps of the lines and the sums that the pass makes."""

    claim: tuple[Step, ...]
    rows: tuple[Step, ...]
    sums: tuple[Sum, ...]


def levels_of(program: Program) -> tuple[Level, ...]:
    """All steps; the last level has no pass."""
    by_name = {step.name: step for step in program.steps}
    of_step: dict[str, int] = {}

    def level(expr: Expr) -> int:
        if isinstance(expr, Ref):
            return of_step[expr.step]
        deepest = max(map(level, children(expr)), default=0)
        return deepest + 1 if isinstance(expr, Sum) else deepest

    for step in program.steps:
        of_step[step.name] = level(step.expr)
    sums = dict.fromkeys(e for step in program.steps for e in walk(step.expr) if isinstance(e, Sum))
    count = max([*of_step.values(), *(level(s) for s in sums)], default=0) + 1

    def steps(domain: str, at: int) -> tuple[Step, ...]:
        return tuple(s for s in by_name.values() if s.domain == domain and of_step[s.name] == at)

    return tuple(
        Level(steps("claim", at), steps("row", at), tuple(s for s in sums if level(s) == at + 1)) for at in range(count)
    )


def row_inputs(exprs: Iterable[Expr], by_name: dict[str, Step]) -> tuple[Input, ...]:
    """The facts of the lines that expressions read, through steps of the lines as well."""
    asked = list(exprs)
    through = reached(asked, {name: step for name, step in by_name.items() if step.domain == "row"})
    parts = (e for expr in (*asked, *(step.expr for step in through.values())) for e in walk(expr))
    return tuple(dict.fromkeys(e for e in parts if isinstance(e, Input) and e.domain == "row"))
