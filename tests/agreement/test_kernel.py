"""Kernels against the columns, which are held against the evaluator: every amount of every bundled rule set."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from policyengine import ir
from policyengine.analysis import analyse
from policyengine.backends.columns import run as run_columns
from policyengine.backends.kernel import Outputs, Status
from policyengine.volume import columns_at_edges
from tests.agreement import by_kernel
from tests.agreement.lives import NAMES, book_of


def narrow_steps(program: ir.Program) -> Outputs:
    """The steps of the claim whose values are whole numbers of 64 bits."""
    analysis = analyse(program)
    return {
        s.name: (s.name,)
        for s in program.steps
        if s.domain == "claim" and (s.kind in ("flag", "code") or analysis.facts(s.expr).magnitude < 2**56)
    }


def scaled(numerators: Any, factor: int) -> Any:
    """In integers of any length where 64 bits might not do."""
    widest = max(abs(int(numerators.max(initial=0))), abs(int(numerators.min(initial=0)))) * factor
    return numerators * factor if widest < 2**62 else numerators.astype(object) * factor


def differences(program: ir.Program, size: int, seed: int, folder: Path | None) -> tuple[list[Any], int]:
    """Steps with claims for which the two differ, and how many claims were settled."""
    columns = columns_at_edges(program, size, seed)
    outputs = narrow_steps(program)
    status, results, denominators, words = by_kernel.run(program, columns, outputs, folder)
    meant = run_columns(program, columns)
    settled = status == Status.SETTLED
    assert not np.isin(status, (Status.BAD, Status.FULL)).any(), "claims were drawn beyond their bounds"
    found: list[Any] = [("no row", np.flatnonzero((status == Status.NO_ROW) != meant.failed)[:3])]
    by_word = np.array([words.index(w) for w in meant.words], dtype=np.int64) if meant.words else np.zeros(1, np.int64)
    for name in outputs:
        step = program.step(name)
        wanted = meant.values[name]
        if step.kind == "code":
            wrong = by_word[wanted] != results[name]
        else:
            wrong = scaled(results[name], meant.denominators[name]) != scaled(wanted, denominators[name])
        found.append((name, np.flatnonzero(wrong & settled)[:3]))
    return [f for f in found if len(f[1])], int(settled.sum())


def of_one_line(program: ir.Program) -> ir.Program:
    """Fee lines that are settled one after the other are held together one by one."""
    return ir.unrolled(program, 1) if program.settle_by else program


@pytest.mark.parametrize("name", NAMES)
def test_every_step_of_every_version(name: str) -> None:
    programs = [of_one_line(program) for program in book_of(name).programs]
    compared = 0
    for program in programs:
        wrong, settled = differences(program, 20_000 // len(programs) + 1, 1, None)
        assert wrong == []
        compared += settled
    assert compared > 100


@pytest.mark.agree
@pytest.mark.parametrize("name", NAMES)
def test_every_step_of_a_million_claims(name: str, tmp_path: Path) -> None:
    programs = [of_one_line(program) for program in book_of(name).programs]
    for program in programs:
        for seed in range(2, 12):
            wrong, _ = differences(program, 100_000 // len(programs) + 1, seed, tmp_path)
            assert wrong == []


def test_a_fen_of_difference_is_seen() -> None:
    """The comparison can fail: a deductible one fen higher in one of the two."""
    program = book_of("cn/shanxi/136").programs[-1]
    columns = columns_at_edges(program, 2_000, 1)
    meant = run_columns(program, columns)
    changed = replace(program, steps=tuple(a_fen_more(step) for step in program.steps))
    status, results, _, _ = by_kernel.run(changed, columns, narrow_steps(program))
    differ = [name for name in results if (results[name] != meant.values[name])[status == Status.SETTLED].any()]
    assert "patient" in differ


def a_fen_more(step: ir.Step) -> ir.Step:
    def more(expr: ir.Expr) -> ir.Expr:
        if isinstance(expr, ir.Lit) and expr.kind == "money" and expr.value:
            assert isinstance(expr.value, int)
            return replace(expr, value=expr.value + 1)
        return ir.rebuilt(expr, tuple(map(more, ir.children(expr))))

    return replace(step, expr=more(step.expr))
