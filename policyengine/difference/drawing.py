"""Claims to try: every combination of facts where they are few, else many of them, drawn where the law differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from typing import Final

import numpy as np

from policyengine import ir
from policyengine.analysis import Goal as Wanted
from policyengine.analysis import Solver, row_goal
from policyengine.analysis.covering import chosen_fact, covering
from policyengine.difference.axes import Axis
from policyengine.difference.bench import Array, Bench
from policyengine.difference.meaning import fresh, meanings
from policyengine.generate import Domain

EVERY: Final = 4_000
"""Combinations of facts of which every one is tried; of more, so many are drawn."""
MOST_ASKED: Final = 60
"""Conditions of the law that differs for which facts are sought."""
BILLS: Final = 8
"""Bills that each combination is first tried with."""
MOST_FIRST: Final = 40_000
"""Claims up to which every combination is first tried with every bill of the grid."""
LARGEST: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Drawn:
    """Claims to try: facts and bills. ``combinations``: how many there are of the facts that can make a difference,
    ``of``: how many of them were taken; ``complete``: whether that is all."""

    facts: Array
    combinations: int
    taken: int

    @property
    def complete(self) -> bool:
        return self.taken == self.combinations


def combinations(bench: Bench, seed: int, most: int = EVERY) -> Drawn:
    """Combinations of facts to try. The same for the same seed."""
    finite = [axis for axis in bench.axes if axis.finite]
    count = prod(len(axis.options) for axis in finite)
    rng = np.random.Generator(np.random.PCG64(seed))
    if count <= most:
        every = _product(bench, count)
        open_ = [at for at, axis in enumerate(bench.axes) if not axis.finite]
        if open_ and count:
            times = max(1, most // count)
            every = np.concatenate([every, *([every] * (times - 1))])
            for at in open_:
                some = rng.choice(np.array(bench.axes[at].options), len(every))
                every[:, at] = np.where((np.arange(len(every)) < count) | (rng.integers(0, 100, len(every)) < 40),
                                        every[:, at], some)  # fmt: skip
        return Drawn(every, count, count)
    return Drawn(_drawn(bench, rng, most), count, min(count, most))


def _product(bench: Bench, count: int) -> Array:
    found = np.tile(bench.plain(), (count, 1))
    times = 1
    for at, axis in enumerate(bench.axes):
        if axis.finite:
            options = np.array(axis.options)
            found[:, at] = options[(np.arange(count) // times) % len(options)]
            times *= len(options)
    return found


def _drawn(bench: Bench, rng: np.random.Generator, size: int) -> Array:
    """Plain facts, of which some or all are drawn, with facts for which what differs applies."""
    found = np.tile(bench.plain(), (size, 1))
    density = rng.choice(np.array([0, 15, 50, 100]), size)
    for at, axis in enumerate(bench.axes):
        some = rng.integers(0, 100, size) < density
        found[:, at] = np.where(some, rng.choice(np.array(axis.options), size), found[:, at])
    place = {axis.name: at for at, axis in enumerate(bench.axes)}
    for seeds in (_rows(bench), _covered(bench), _asked(bench)):
        known = [s for s in (_placed(seed, bench.axes, place) for seed in seeds) if s]
        if known:
            chosen = rng.integers(0, len(known) + 1, size)
            for number, seed in enumerate(known):
                for at, option in seed.items():
                    found[chosen == number, at] = option
    return found


def _placed(seed: Mapping[str, ir.Value], axes: tuple[Axis, ...], place: Mapping[str, int]) -> dict[int, int]:
    """Facts as positions and values of axes."""
    found = {}
    for name, value in seed.items():
        if (at := place.get(name)) is None:
            continue
        axis = axes[at]
        if axis.kind == "code" and str(value) in axis.words:
            found[at] = axis.words.index(str(value))
        elif axis.kind in ("flag", "count", "money") and isinstance(value, int):
            found[at] = int(value)
    return found


def _programs(bench: Bench) -> tuple[ir.Program, ir.Program]:
    return bench.pair.old, bench.pair.new


def _covered(bench: Bench) -> list[Mapping[str, ir.Value]]:
    """Facts under which the conditions of ``covers`` hold."""
    return [facts for program in _programs(bench) for facts in covering(program).facts]


def _rows(bench: Bench) -> list[Mapping[str, ir.Value]]:
    """Facts for which tables have a row, one word of each cell."""
    found: list[Mapping[str, ir.Value]] = []
    for program in _programs(bench):
        for names, table in Domain.of(program).tables:
            for row in table.patterns:
                cells = zip(names, row, strict=True)
                found.append({n: min(c, key=str) for n, c in cells if n and isinstance(c, frozenset) and c})
    return [facts for facts in found if facts]


def _asked(bench: Bench) -> list[Mapping[str, ir.Value]]:
    """Facts under which conditions hold that only one of the two programs knows, and the claim is covered."""
    one, two = meanings(bench.pair.old, bench.pair.new)
    found: list[Mapping[str, ir.Value]] = []
    for program, mine, other in ((bench.pair.old, one, two), (bench.pair.new, two, one)):
        solver, own = Solver(program), set(fresh(mine, other))
        covers: list[Wanted] = [(program.step(program.covers).expr, True)] if program.covers else []
        for wanted in list(_conditions(program, own))[:MOST_ASKED]:
            answer = solver.together(*covers, wanted)
            if answer is not None:
                found.append({leaf.name: value for leaf, value in answer.values.items() if isinstance(leaf, ir.Input)})
    return found


def _conditions(program: ir.Program, own: set[str]) -> Iterator[Wanted]:
    """Conditions in steps that the other program has no like of, and rows of the tables that they look up."""
    guards = dict.fromkeys(step.guard for step in program.steps if step.name in own and step.guard)
    steps = {step.name: step for step in program.steps}
    yield from ((steps[guard].expr, True) for guard in guards if guard in steps)
    names = {table.name: table for table in program.tables}
    for step in program.steps:
        if step.name in own:
            for expr in ir.walk(step.expr):
                if isinstance(expr, ir.If):
                    yield (expr.cond, True)
                elif isinstance(expr, ir.Lookup) and all(map(chosen_fact, expr.keys)):
                    table = names[expr.table]
                    yield from (row_goal(table, expr, row) for row in range(len(table.patterns)))


def grid_of(bench: Bench) -> Array:
    """Bills worth trying: every amount that either program names and a coin beside it, and round ones of any size."""
    if grid_of in bench.prepared:
        kept: Array = bench.prepared[grid_of]
        return kept
    near = {edge + by for p in _programs(bench) for edge in Domain.of(p).amounts for by in (-1, 0, 1)}
    round_ = {digit * 10**power for power in range(9) for digit in (1, 2, 5)}
    found = bench.prepared[grid_of] = np.array(sorted(b for b in near | round_ if 0 < b <= LARGEST), dtype=np.int64)
    return found


def first_bills(grid: Array, size: int, seed: int) -> Array:
    """The bills that each of ``size`` combinations is first tried with: the whole grid where they are few, else
    ``BILLS``, two large ones and others of the grid."""
    large = np.array([10_000_000, 200_000_000])
    if size * len(grid) <= MOST_FIRST:
        return np.tile(np.append(grid, large), (size, 1))
    rng = np.random.Generator(np.random.PCG64([seed, 1]))
    some = rng.choice(grid, (size, BILLS - len(large)))
    return np.concatenate([some, np.tile(large, (size, 1))], axis=1)
