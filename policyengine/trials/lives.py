"""Lives by column: every member's claims in their order, round by round, with what each round leaves on the meters.

All first claims are settled together, then all second ones. Where in time a claim lies is drawn as what it means for
the meters: whether their windows have begun anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policyengine import ir
from policyengine.analysis import AMOUNT
from policyengine.backends.columns import Columns, run
from policyengine.backends.columns.batch import sum_by_claim
from policyengine.terms import FACTS
from policyengine.volume import TOTAL, columns_at_edges

Array = NDArray[Any]

ROUNDS = 3
"""The most claims of one life."""
ANEW: Mapping[str, int] = {
    "visit": 85,
    "day": 75,
    "week": 70,
    "month": 60,
    "quarter": 50,
    "half_year": 40,
    "lifetime": 0,
}
"""Of a hundred claims, before how many a window has begun anew; of any other window, ``YEARLY``."""
YEARLY = 25
ALIKE = 60
"""Of a hundred lives, in how many a later claim is like the first in all but its bill."""
PROBED, MOST_MORE = 1_000, 25


@dataclass(frozen=True, slots=True)
class Lives:
    """``rounds``: the claims of each round, one a life; ``living``: the lives that have one. ``anew``: before each
    round the lives for which a meter begins anew."""

    program: ir.Program
    rounds: tuple[Columns, ...]
    living: tuple[Array, ...]
    anew: tuple[Mapping[str, Array], ...]


def lives_of(program: ir.Program, size: int, seed: int) -> Lives:
    """``size`` lives of up to ``ROUNDS`` claims; the same for the same seed."""
    rng = np.random.Generator(np.random.PCG64(seed))
    drawn = [columns_at_edges(program, size, seed * ROUNDS + at) for at in range(ROUNDS)]
    own = [d.name for d in program.inputs if d.domain == "claim" and is_constant(d)]
    rounds = [_repeated(columns, drawn[0], own, rng) for columns in drawn]
    living = rng.integers(1, ROUNDS + 1, size)
    anew = []
    for _ in rounds:
        chance = rng.integers(0, 100, size)
        anew.append({m.name: chance < ANEW.get(m.window.kind, YEARLY) for m in program.meters})
    return Lives(program, tuple(rounds), tuple(living > at for at in range(ROUNDS)), tuple(anew))


def _repeated(columns: Columns, first: Columns, own: Sequence[str], rng: np.random.Generator) -> Columns:
    """A later round: the member's own facts are those of the first claim; for most lives all of the claim's are."""
    alike = rng.integers(0, 100, columns.size) < ALIKE
    inputs = {
        name: first.inputs[name] if name in own else np.where(alike, first.inputs[name], values)
        for name, values in columns.inputs.items()
        if name != TOTAL
    }
    kept = {TOTAL: columns.inputs[TOTAL]} if TOTAL in columns.inputs else {}
    return Columns({**inputs, **kept}, columns.offsets, columns.rows, {})


def size_for(program: ir.Program, lives: int) -> int:
    """How many lives are drawn so that about so many have a claim that is settled: a policy may cover few cases."""
    result = run(program, columns_at_edges(program, PROBED, 1))
    return max(lives, min(lives * MOST_MORE, lives * PROBED // max(1, int(result.covered.sum()))))


def is_constant(decl: ir.InputDecl) -> bool:
    """Whether a fact is the same in all claims of a member: a parameter, or one of the person."""
    return decl.name.startswith("parameter.") or (decl.name in FACTS and FACTS[decl.name].at.startswith("person."))


@dataclass(slots=True)
class Held:
    """What the meters of each life hold, carried from round to round."""

    program: ir.Program
    size: int
    values: dict[str, Array] = field(init=False)

    def __post_init__(self) -> None:
        self.values = {m.name: np.zeros(self.size, np.int64) for m in self.program.meters}

    def before(self, anew: Mapping[str, Array]) -> dict[str, Array]:
        """What each meter holds before a round."""
        return {name: np.where(anew[name], 0, held) for name, held in self.values.items()}

    def after(self, before: Mapping[str, Array], values: Mapping[str, Array], settled: Array) -> dict[str, Array]:
        """What each meter holds after claims of which some were settled."""
        found = {}
        for meter in self.program.meters:
            held, now = before[meter.name], values[meter.step]
            match meter.keep:
                case "sum":
                    kept = held + now
                case "max":
                    kept = np.maximum(held, now)
                case _:
                    kept = now
            counts = settled & values[meter.when] if meter.when else settled
            found[meter.name] = np.clip(np.where(counts, kept, held), 0, meter.high).astype(np.int64)
        return found


def amounts_of(program: ir.Program) -> tuple[str, ...]:
    """The facts that hold the amounts of fee lines; of a program written out line by line, one a line."""
    return tuple(d.name for d in program.inputs if ir.split_name(d.name)[1] == AMOUNT)


def with_total(program: ir.Program, columns: Columns) -> Columns:
    """The columns with the sum of the amounts as the total charge, where the program reads it."""
    if TOTAL not in columns.inputs:
        return columns
    by_row = [sum_by_claim(columns.rows[AMOUNT], columns.offsets)] if AMOUNT in columns.rows else []
    lines = [columns.inputs[name] for name in amounts_of(program) if name in columns.inputs]
    total: Array = np.sum(by_row + lines, axis=0)
    return Columns({**columns.inputs, TOTAL: total}, columns.offsets, columns.rows, columns.used)
