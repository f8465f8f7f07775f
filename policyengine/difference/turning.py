"""Break points: the bills at which any comparison of a program turns, with everything else of the claim fixed.

Between two bills for which every comparison comes out alike all amounts are linear, up to rounding: the first
comparison is one of linear amounts and comes out alike in between; so what rests on it is linear, and so on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from policyengine import ir
from policyengine.analysis import NUMERIC, edges_of
from policyengine.backends.columns import run
from policyengine.difference.bench import Array, Bench, Ready, columns_of

CUTS: Final = 16
"""Into how many pieces an interval is cut in which something turns."""
MOST: Final = 20_000
"""Intervals that are cut at a time."""


def turns_of(program: ir.Program) -> tuple[ir.Step, ...]:
    """A flag for every comparison that a program makes, also in ``min``, ``max`` and tables, false where it is not
    made."""
    tables = {table.name: table for table in program.tables}
    found = dict.fromkeys(c for step in program.steps for c in _made(step.expr, (), tables))
    return tuple(ir.Step(f"turn {at}", expr) for at, expr in enumerate(found))


def _made(expr: ir.Expr, under: tuple[ir.Expr, ...], tables: dict[str, ir.Table]) -> Iterator[ir.Expr]:
    for compared in _compared(expr, tables):
        yield ir.both(*under, compared)
    match expr:
        case ir.If(cond=cond, then=then, other=other):
            yield from _made(cond, under, tables)
            yield from _made(then, (*under, cond), tables)
            yield from _made(other, (*under, ir.negated(cond)), tables)
        case ir.Logic(op=op, args=args):
            for at, arg in enumerate(args):
                before = args[:at] if op == "and" else tuple(ir.negated(a) for a in args[:at])
                yield from _made(arg, (*under, *before), tables)
        case _:
            for child in ir.children(expr):
                yield from _made(child, under, tables)


def _compared(expr: ir.Expr, tables: dict[str, ir.Table]) -> Iterator[ir.Expr]:
    match expr:
        case ir.Compare(left=left) if left.kind in NUMERIC:
            yield expr
        case ir.Min(args=args) | ir.Max(args=args):
            yield from (ir.compare("<=", a, b) for at, a in enumerate(args) for b in args[at + 1 :])
        case ir.Portion(whole=whole):
            yield ir.compare(">", whole, ir.Lit(0, whole.kind))
        case ir.Lookup(table=table, keys=keys):
            for at, key in enumerate(keys):
                if key.kind in NUMERIC:
                    yield from (ir.compare(">=", key, ir.Lit(edge, key.kind)) for edge in edges_of(tables[table], at))


@dataclass(frozen=True, slots=True)
class Turner:
    """Finds break points of both programs of a bench."""

    bench: Bench
    sides: tuple[Ready, Ready]

    @classmethod
    def of(cls, bench: Bench) -> Turner:
        """Made once and kept with the bench."""
        kept: Turner | None = bench.prepared.get(cls)
        if kept is not None:
            return kept
        ready = []
        for at, side in enumerate(bench.sides):
            flags = turns_of(side.program)
            ready.append(replace(Ready.of(side.program, bench.axes, at, side.day, flags), payers={}))
        bench.prepared[cls] = found = cls(bench, (ready[0], ready[1]))
        return found

    def points(self, facts: Array, bills: Array, most: int) -> list[Array]:
        """For each row of facts the bills up to ``most`` on both sides of everything that turns, with ``bills``."""
        kept = [np.unique(np.append(bills[bills < most], (0, most)))] * len(facts)
        who = np.repeat(np.arange(len(facts)), [len(k) for k in kept])
        at = np.concatenate(kept)
        told = self._told(facts[who], at)
        inside = np.flatnonzero((who[1:] == who[:-1]) & (at[1:] - at[:-1] > 1) & (told[1:] != told[:-1]).any(axis=1))
        who, low, high = who[inside], at[inside], at[inside + 1]
        found: list[list[Array]] = [[bills] for bills in kept]
        while 0 < len(who) <= MOST:
            who, low, high = self._cut(facts, who, low, high, found)
        return [np.unique(np.concatenate(parts)) for parts in found]

    def _cut(
        self, facts: Array, who: Array, low: Array, high: Array, found: list[list[Array]]
    ) -> tuple[Array, Array, Array]:
        """The pieces of intervals in which something still turns; their ends go into ``found``."""
        steps = np.arange(CUTS + 1)
        at = low[:, None] + (high - low)[:, None] * steps // CUTS
        told = self._told(facts[np.repeat(who, CUTS + 1)], at.reshape(-1)).reshape(*at.shape, -1)
        turned = (told[:, 1:] != told[:, :-1]).any(axis=2)
        rows, cuts = np.nonzero(turned)
        for row in np.unique(rows):
            pieces = cuts[rows == row]
            found[who[row]].append(np.concatenate([at[row, pieces], at[row, pieces + 1]]))
        wide = at[rows, cuts + 1] - at[rows, cuts] > 1
        rows, cuts = rows[wide], cuts[wide]
        return who[rows], at[rows, cuts], at[rows, cuts + 1]

    def _told(self, facts: Array, bills: Array) -> Array:
        """How every comparison comes out: a row a claim."""
        self.bench.tried[0] += len(bills)
        flags = []
        for side in self.sides:
            columns, _ = columns_of(side, self.bench.axes, facts, bills)
            result = run(side.program, columns, side.analysis)
            flags += [result.values[step.name] for step in side.program.steps if step.name.startswith("turn ")]
            flags.append(result.failed)
        return np.packbits(np.stack(flags, axis=1), axis=1)
