"""Claims that are settled apart, without a jump, against the same claims one after the other: bundled policies, as if
nobody had a history and every claim one fee line, with facts that are out of their bounds among them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from policyengine import ir
from policyengine.analysis import input_range
from policyengine.backends.columns import Columns
from policyengine.backends.kernel import Outputs, Shape, Status, source_of
from policyengine.mass import standard_outputs
from policyengine.money import RATE_GRID
from policyengine.volume import columns_at_edges
from tests.agreement import by_kernel
from tests.agreement.lives import NAMES, book_of

APART = Shape(single=True, whole=True)


def without_history(program: ir.Program) -> ir.Program:
    """The program for members of whom nothing is remembered."""

    def of(expr: ir.Expr) -> ir.Expr:
        if isinstance(expr, ir.Hist):
            return ir.Lit(0, expr.kind)
        return ir.rebuilt(expr, tuple(map(of, ir.children(expr))))

    steps = tuple(replace(step, expr=of(step.expr)) for step in program.steps)
    return replace(program, steps=steps, meters=(), settle_by="")


def of_one_line(columns: Columns) -> Columns:
    first = columns.offsets[:-1]
    inputs = dict(columns.inputs)
    if "total_charge" in inputs and "amount" in columns.rows:
        inputs["total_charge"] = columns.rows["amount"][first]
    rows = {name: values[first] for name, values in columns.rows.items()}
    return Columns(inputs, np.arange(columns.size + 1), rows, {})


def spoilt(program: ir.Program, columns: Columns, seed: int) -> Columns:
    """Of every fact a few beyond its bounds, or not stated."""
    chance = np.random.default_rng(seed)

    def of(decl: ir.InputDecl, values: Any) -> Any:
        wrong = chance.random(len(values)) < 0.01
        if decl.kind == "flag":
            return values
        if decl.kind == "code":
            return np.where(wrong, -1, values)
        low, high = (int(bound * (RATE_GRID if decl.kind == "rate" else 1)) for bound in input_range(decl))
        return np.where(wrong, chance.choice([low - 1, high + 1, -(2**62), 2**62], len(values)), values)

    claim = {d.name: of(d, columns.inputs[d.name]) for d in program.inputs if d.domain == "claim"}
    rows = {d.name: of(d, columns.rows[d.name]) for d in program.inputs if d.domain == "row"}
    return Columns(claim, columns.offsets, rows, {})


def compared(program: ir.Program, outputs: Outputs, seed: int = 1) -> set[int]:
    """The statuses that occurred; they and all amounts are the same both ways."""
    columns = spoilt(program, of_one_line(columns_at_edges(program, 3_001, seed)), seed)
    status, amounts, _, _ = by_kernel.run(program, columns, outputs)
    status_apart, apart, _, _ = by_kernel.run(program, columns, outputs, shape=APART)
    assert (status == status_apart).all()
    for name in outputs:
        assert (np.where(status == 0, amounts[name], 0) == apart[name]).all(), name
    return set(status.tolist())


@pytest.mark.parametrize("name", NAMES[::6])
def test_both_ways(name: str) -> None:
    seen, apart = set[int](), 0
    for found in book_of(name).programs[-1:]:
        program = without_history(found)
        outputs = standard_outputs(program)
        apart += source_of(program, outputs, APART).apart
        seen |= compared(program, outputs)
    assert Status.SETTLED in seen
    assert Status.BAD in seen


def test_most_policies_are_settled_apart() -> None:
    """Otherwise nothing above was compared."""
    programs = [without_history(book_of(name).programs[-1]) for name in NAMES[::6]]
    apart = [source_of(program, standard_outputs(program), APART).apart for program in programs]
    assert sum(apart) > len(apart) // 2


@pytest.mark.agree
@pytest.mark.parametrize("name", NAMES)
def test_both_ways_for_all(name: str) -> None:
    for found in book_of(name).programs:
        program = without_history(found)
        for seed in range(3):
            compared(program, standard_outputs(program), seed)
