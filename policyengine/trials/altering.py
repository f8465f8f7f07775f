"""Claims by column with one thing altered in each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policyengine import ir
from policyengine.analysis import AMOUNT
from policyengine.backends.columns import Columns
from policyengine.laws import MORE
from policyengine.trials.lives import amounts_of, with_total

Array = NDArray[Any]


def enlarged(program: ir.Program, columns: Columns, rng: np.random.Generator) -> tuple[Columns, Array]:
    """One fee line of each claim larger; by how much."""
    more = rng.choice(np.array(MORE), columns.size)
    if AMOUNT in columns.rows:
        at = columns.offsets[:-1] + rng.integers(0, 1 << 30, columns.size) % np.maximum(np.diff(columns.offsets), 1)
        amounts = columns.rows[AMOUNT].copy()
        amounts[at] += more
        changed = Columns(columns.inputs, columns.offsets, {**columns.rows, AMOUNT: amounts}, columns.used)
    else:
        name = amounts_of(program)[0]
        inputs = {**columns.inputs, name: columns.inputs[name] + more}
        changed = Columns(inputs, columns.offsets, columns.rows, columns.used)
    return with_total(program, changed), more


def tagged(columns: Columns, tags: Sequence[str], rng: np.random.Generator) -> Columns:
    """One tag more for each claim."""
    chosen = rng.integers(0, len(tags), columns.size)
    more = {tag: columns.inputs[tag] | (chosen == at) for at, tag in enumerate(tags)}
    return Columns({**columns.inputs, **more}, columns.offsets, columns.rows, columns.used)


def turned(columns: Columns) -> Columns:
    """The fee lines of each claim in the opposite order."""
    starts, ends = columns.offsets[:-1], columns.offsets[1:]
    owner = np.repeat(np.arange(columns.size), np.diff(columns.offsets))
    order = starts[owner] + ends[owner] - 1 - np.arange(len(owner))
    rows = {name: values[order] for name, values in columns.rows.items()}
    return Columns(columns.inputs, columns.offsets, rows, columns.used)


def halves(program: ir.Program, columns: Columns) -> tuple[Columns, Columns]:
    """Two claims in place of each: half of every line, and the rest. What was paid elsewhere is of the first."""
    amounts = columns.rows[AMOUNT]
    paid = {n: np.zeros_like(v) for n, v in columns.inputs.items() if n.startswith("elsewhere.")}
    first = Columns(columns.inputs, columns.offsets, {**columns.rows, AMOUNT: amounts // 2}, columns.used)
    rows = {**columns.rows, AMOUNT: amounts - amounts // 2}
    rest = Columns({**columns.inputs, **paid}, columns.offsets, rows, columns.used)
    return with_total(program, first), with_total(program, rest)


def only(columns: Columns, at: int) -> Columns:
    """One claim of many."""
    rows = slice(int(columns.offsets[at]), int(columns.offsets[at + 1]))
    return Columns(
        {name: values[at : at + 1] for name, values in columns.inputs.items()},
        np.array([0, rows.stop - rows.start]),
        {name: values[rows] for name, values in columns.rows.items()},
        {name: values[at : at + 1] for name, values in columns.used.items()},
    )
