"""The declarations of a program by name, and the ranges of its inputs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

from policyengine.ir import Input, InputDecl, Lit, Meter, Program, Step, Table, walk
from policyengine.money import MAX_MINOR

NUMERIC: Final = ("money", "exact", "rate", "count")

MAX_ROWS: Final = 10_000
"""The most fee lines of one claim."""

MAX_COUNT: Final = 1_000_000
"""The largest count of a claim, unless its declaration says otherwise."""

OTHER: Final = "other"
"""What an open code reads words as that it does not list."""

AMOUNT: Final = "amount"
"""The row fact whose sum over a claim is at most ``MAX_MINOR``."""


@dataclass(frozen=True, slots=True)
class Names:
    """The declarations of a program by name; inputs by domain and name.

    ``rates``, ``signs``, ``words`` and ``outcomes`` remember what steps can be, so that each is looked into once.
    """

    inputs: Mapping[tuple[str, str], InputDecl]
    meters: Mapping[str, Meter]
    tables: Mapping[str, Table]
    steps: Mapping[str, Step]
    rates: dict[str, frozenset[Fraction] | None] = field(default_factory=dict, compare=False)
    signs: dict[str, bool] = field(default_factory=dict, compare=False)
    words: dict[str, frozenset[str]] = field(default_factory=dict, compare=False)
    outcomes: dict[tuple[str, int], Any] = field(default_factory=dict, compare=False)

    def declared(self, expr: Input) -> InputDecl:
        return self.inputs[expr.domain, expr.name]


def names_of(program: Program) -> Names:
    return Names(
        {(d.domain, d.name): d for d in program.inputs},
        {m.name: m for m in program.meters},
        {t.name: t for t in program.tables},
        {s.name: s for s in program.steps},
    )


def input_words(decl: InputDecl) -> tuple[str, ...]:
    """The words of a code input; the last of an open one is ``other``."""
    return (*decl.values, OTHER) if decl.open and OTHER not in decl.values else decl.values


def every_word(program: Program) -> tuple[str, ...]:
    """Every code word of a program, in order: what positions of codes mean in the back ends that count them."""
    words = {word for decl in program.inputs if decl.kind == "code" for word in input_words(decl)}
    words |= {str(v) for t in program.tables for c in t.columns if c.kind == "code" for v in c.values}
    parts = (part for step in program.steps for part in walk(step.expr))
    words |= {str(part.value) for part in parts if isinstance(part, Lit) and part.kind == "code"}
    return tuple(sorted(words))


def is_summed(decl: InputDecl) -> bool:
    """Whether the sum of a row fact over a claim is at most ``MAX_MINOR``: the amount, and amounts of a run's rows."""
    return decl.domain == "row" and (decl.name == AMOUNT or decl.summed) and input_range(decl)[0] >= 0


def input_range(decl: InputDecl) -> tuple[Fraction, Fraction]:
    """The bounds of an input, inclusive: as declared, else money and counts from zero to their limit, rates 0 to 1."""
    default = {"money": MAX_MINOR, "count": MAX_COUNT, "rate": 1}
    low = 0 if decl.low is None else decl.low
    high = default[decl.kind] if decl.high is None else decl.high
    return Fraction(low), Fraction(high)


def fraction(value: object) -> Fraction:
    """A numeric value of the IR as a fraction."""
    assert isinstance(value, int | Fraction), value
    return Fraction(value)
