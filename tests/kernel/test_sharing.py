"""Numbers are arguments: programs that differ in numbers share machine code, which is kept on disk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from policyengine import ir
from policyengine.backends.kernel import Kernel, Shape, kernel_of, source_of
from policyengine.mass import standard_outputs
from tests.agreement.lives import book_of

NAME = "cn/shanxi/136"


def program() -> ir.Program:
    return book_of(NAME).programs[-1]


def with_amount(changed: ir.Program, old: int, new: int) -> ir.Program:
    def other(expr: ir.Expr) -> ir.Expr:
        if isinstance(expr, ir.Lit) and expr.kind == "money" and expr.value == old:
            return replace(expr, value=new)
        return ir.rebuilt(expr, tuple(map(other, ir.children(expr))))

    return replace(changed, steps=tuple(replace(s, expr=other(s.expr)) for s in changed.steps))


@pytest.mark.parametrize("ceiling", [6_999_999, 8_000_000, 7, 99_999_999])
def test_another_ceiling_is_another_argument(ceiling: int) -> None:
    one = source_of(program(), standard_outputs(program()))
    other = source_of(with_amount(program(), 7_000_000, ceiling), standard_outputs(program()))
    assert one.text == other.text
    differing = [(a, b) for a, b in zip(one.numbers, other.numbers, strict=True) if a != b]
    assert set(differing) == {(7_000_000, ceiling)}


def test_another_rule_is_another_code() -> None:
    one = source_of(program(), standard_outputs(program()))
    other = source_of(replace(program(), covers=""), standard_outputs(program()))
    assert one.text != other.text


def test_facts_in_common_are_no_columns() -> None:
    shape = Shape(frozenset({("claim", "scheme"), ("row", "catalogue_class")}), single=True)
    whole, part = (source_of(program(), standard_outputs(program()), s) for s in (Shape(), shape))
    assert ("fact", "claim scheme") in whole.arguments
    assert ("same", "claim scheme") in part.arguments
    assert ("offsets", "") not in part.arguments


def test_machine_code_is_kept(tmp_path: Path) -> None:
    kernel_of(program(), standard_outputs(program()), folder=tmp_path)
    (file,) = (tmp_path / "kernels").glob("*.o")
    content = file.read_bytes()
    file.write_bytes(content[:-10] + b"0123456789")
    from policyengine.backends.kernel.build import compiled

    compiled.cache_clear()
    again = kernel_of(program(), standard_outputs(program()), folder=tmp_path)
    assert isinstance(again, Kernel)
    assert file.read_bytes() == content, "damaged code was not made again"
    assert np.array_equal(again.cells, kernel_of(program(), standard_outputs(program())).cells)
