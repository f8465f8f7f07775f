"""What a run over columns gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from policyengine.backends.columns.batch import Array
from policyengine.ir import Expr, Program, Value


@dataclass(frozen=True, slots=True)
class Failure:
    """The first lookup of a claim that found no row."""

    claim: int
    table: str
    keys: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """All steps by column. A numeric step is worth its array / its denominator; a code is a position in ``words``.

    Row steps are flat, laid out by ``offsets``. ``first``: of each claim with a lookup that found no row, the table and
    the keys of the first; ``failed`` marks these claims, and their values are zeros.
    """

    program: Program
    values: Mapping[str, Array]
    denominators: Mapping[str, int]
    words: tuple[str, ...]
    offsets: Array
    first: Mapping[int, tuple[str, tuple[Value, ...]]]
    failed: Array

    @property
    def failures(self) -> tuple[Failure, ...]:
        """The failures in the order of the claims."""
        return tuple(Failure(claim, *self.first[claim]) for claim in sorted(self.first))

    @property
    def covered(self) -> Array:
        """Which claims the rule set covers and has a row for; what the values of the others say is of no use."""
        held = ~self.failed
        return held & self.values[self.program.covers] if self.program.covers else held

    def claim(self, at: int) -> dict[str, Value | tuple[Value, ...]]:
        """One claim's values as ``evaluate`` gives them."""
        rows = slice(int(self.offsets[at]), int(self.offsets[at + 1]))
        found: dict[str, Value | tuple[Value, ...]] = {}
        for step in self.program.steps:
            array, denominator = self.values[step.name], self.denominators[step.name]
            if step.domain == "row":
                found[step.name] = tuple(restored(step.expr, v, denominator, self.words) for v in array[rows].tolist())
            else:
                found[step.name] = restored(step.expr, array[at : at + 1].tolist()[0], denominator, self.words)
        return found


def restored(expr: Expr, found: Any, denominator: int, words: Sequence[str]) -> Value:
    """A value of ``expr`` as ``evaluate`` gives it, out of an element of its column."""
    if expr.kind in ("exact", "rate"):
        return Fraction(found, denominator)
    value: Value = words[found] if expr.kind == "code" else found
    return value
