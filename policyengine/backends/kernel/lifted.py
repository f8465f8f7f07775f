"""A program with its numbers taken out, so that programs which differ in numbers only share one kernel."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final

from policyengine.ir import Expr, Input, InputDecl, Inverse, Lit, Program, children, reached, rebuilt, walk

GRIDS: Final = (100, 1_000, 10_000, 1_000_000)
"""A rate of the rule file lies on the coarsest of these grids that holds it, so that 70 % and 75 % are alike."""

KEPT: Final = (0, 1)
"""Numbers that stay where they are: they say how a rule is built, not how much it gives."""


@dataclass(slots=True)
class Lifted:
    """``program`` reads each number of the original as the input ``#0``, ``#1`` …; ``numbers`` has their numerators."""

    program: Program
    numbers: dict[str, int] = field(default_factory=dict)


def lifted(program: Program) -> Lifted:
    """Numbers under a division stay: their denominators depend on them."""
    fixed = set(_divided(program))
    taken = _Taken()
    steps = tuple(s if s.name in fixed else replace(s, expr=taken.out_of(s.expr)) for s in program.steps)
    return Lifted(replace(program, steps=steps, inputs=program.inputs + tuple(taken.inputs)), taken.numbers)


def _divided(program: Program) -> Iterable[str]:
    """Steps that an inverse is taken of, directly or through others."""
    divisors = (e.of for s in program.steps for e in walk(s.expr) if isinstance(e, Inverse))
    return reached(divisors, {s.name: s for s in program.steps})


@dataclass(slots=True)
class _Taken:
    inputs: list[InputDecl] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)

    def out_of(self, expr: Expr) -> Expr:
        match expr:
            case Inverse():
                return expr
            case Lit(value=value, kind="money" | "exact" | "count" | "rate") if value not in KEPT:
                assert isinstance(value, int | Fraction)
                return self._input(expr, Fraction(value))
            case _:
                return rebuilt(expr, tuple(map(self.out_of, children(expr))))

    def _input(self, expr: Lit, value: Fraction) -> Expr:
        if expr.kind != "rate" and value.denominator != 1:
            return expr
        grid = _grid_of(value) if expr.kind == "rate" else 1
        name = f"#{len(self.inputs)}"
        self.inputs.append(InputDecl(name, expr.kind, low=value, high=value, grid=grid))
        self.numbers[name] = int(value * grid)
        return Input(name, expr.kind)


def _grid_of(value: Fraction) -> int:
    return next((g for g in GRIDS if g % value.denominator == 0), value.denominator)
