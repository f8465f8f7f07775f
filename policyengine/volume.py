"""Claims by column at the edges of a program: drawn by seed, thousands at once, to hold back ends against each other.

What ``generate`` draws claim by claim and shrinks, this draws by the million, without a claim document behind it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from policyengine import ir
from policyengine.analysis import AMOUNT, MAX_COUNT, input_range, input_words, is_summed
from policyengine.backends.columns import Columns
from policyengine.backends.columns.batch import sum_by_claim
from policyengine.generate import Domain
from policyengine.money import MAX_MINOR, RATE_GRID

Array = NDArray[Any]

LARGEST_LINE = 50_000_000
TOTAL = "total_charge"
"""The fact that is the sum of the amounts of the lines."""
MOST_LINES = 4
COVERED = 90
"""How many claims of a hundred are drawn with facts for which the tables have a row."""


def columns_at_edges(program: ir.Program, size: int, seed: int) -> Columns:
    """``size`` claims with facts, fee lines and meters of ``program``; the same for the same seed."""
    rng = np.random.Generator(np.random.PCG64(seed))
    domain = Domain.of(program)
    counts = rng.integers(1, MOST_LINES + 1, size)
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
    inputs = {d.name: _drawn(d, domain, rng, size) for d in program.inputs if d.domain == "claim"}
    _choose_rows(program, domain, inputs, rng, size)
    lines = int(offsets[-1])
    rows = {d.name: _drawn(d, domain, rng, lines) for d in program.inputs if d.domain == "row"}
    _choose_words(program, domain, rows, np.repeat(_some(rng, size, 70), counts), rng)
    if TOTAL in inputs and AMOUNT in rows:
        inputs[TOTAL] = sum_by_claim(rows[AMOUNT], offsets)
    used = {m.name: _meter(m, domain, rng, size) for m in program.meters}
    return Columns(inputs, offsets, rows, used)


def _some(rng: np.random.Generator, size: int, percent: int) -> Array:
    """True for about so many of a hundred."""
    return rng.integers(0, 100, size) < percent


def _drawn(decl: ir.InputDecl, domain: Domain, rng: np.random.Generator, size: int) -> Array:
    low, high = (0, 0) if decl.kind in ("flag", "code") else (int(bound) for bound in input_range(decl))
    match decl.kind:
        case "flag":
            return _some(rng, size, 50)
        case "code":
            return rng.integers(0, len(input_words(decl)), size)
        case "rate":
            least, most = input_range(decl)
            grid = rng.choice((0, 50_000, 100_000, 150_000, 300_000, 1_000_000), size)
            rates: Array = np.clip(grid, int(least * RATE_GRID), int(most * RATE_GRID))
            return rates
        case "count":
            near = rng.choice(np.array([0, 1, 2, 3, *domain.counts], dtype=np.int64), size) + rng.integers(-1, 2, size)
            return np.clip(near, max(low, int(decl.name == "quantity")), min(high, MAX_COUNT))
    bound = high if decl.domain == "claim" or not is_summed(decl) else min(high, MAX_MINOR // MOST_LINES)
    if decl.name.startswith("elsewhere."):
        return np.where(_some(rng, size, 90), 0, _amounts(domain, rng, size) % 1_000)
    return np.clip(_amounts(domain, rng, size), max(low, 0) if decl.name == AMOUNT else low, bound)


def _amounts(domain: Domain, rng: np.random.Generator, size: int) -> Array:
    """Minor units: often an edge of the rules or a coin beside it, else of any size."""
    known = np.array(domain.amounts or (0,), dtype=np.int64)
    near = rng.choice(known, size) * rng.choice((1, 1, 1, 2, 3), size) + rng.choice((-1, 0, 0, 1), size)
    of_any_size = rng.integers(0, 10 ** rng.integers(1, 9, size))
    found = np.where(_some(rng, size, 45), near, of_any_size)
    return np.clip(found, 0, LARGEST_LINE)


def _meter(meter: ir.Meter, domain: Domain, rng: np.random.Generator, size: int) -> Array:
    if meter.kind != "money":
        return rng.integers(0, 5, size)
    some = np.where(_some(rng, size, 30), 0, _amounts(domain, rng, size))
    return np.minimum(some, meter.high)


def _choose_rows(
    program: ir.Program, domain: Domain, inputs: dict[str, Array], rng: np.random.Generator, size: int
) -> None:
    """Puts, for most claims, facts together for which the tables have a row."""
    held = domain.covering.facts
    if not held:
        return
    decls = {d.name: d for d in program.inputs if d.domain == "claim"}
    chosen = np.where(_some(rng, size, COVERED), rng.integers(0, len(held), size), -1)
    for at, facts in enumerate(held):
        of = chosen == at
        for name, value in facts.items():
            decl = decls.get(name)
            if decl is None:
                continue
            inputs[name] = np.where(of, _position(decl, value), inputs[name])


def _choose_words(
    program: ir.Program, domain: Domain, rows: dict[str, Array], of: Array, rng: np.random.Generator
) -> None:
    """Puts, on the lines of most claims, such words as ``covers`` asks for."""
    decls = {d.name: d for d in program.inputs if d.domain == "row"}
    for name, words in (domain.covering.words or {}).items():
        if name in decls:
            chosen = rng.choice(np.array([_position(decls[name], word) for word in words]), len(of))
            rows[name] = np.where(of, chosen, rows[name])


def _position(decl: ir.InputDecl, value: Any) -> Any:
    words = input_words(decl)
    return words.index(str(value)) if decl.kind == "code" and str(value) in words else value
