"""Conditions of a rule file in the words of durable_rules; what it cannot compare exactly is compared outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Any, Final

from policyengine import ir
from policyengine.backends.evaluate import Claim, worth
from policyengine.cases.forward.engine import LARGEST

Test = dict[str, Any]
"""A test of one fact, as durable_rules writes it."""
OPS: Final[Mapping[str, str]] = {"<": "$lt", "<=": "$lte", ">": "$gt", ">=": "$gte", "!=": "$neq"}


def test_of(expr: ir.Expr, field_of: Callable[[str], str]) -> Test | None:
    """A flag of a row as a test of its fact; ``None`` if the engine would not compare it exactly.

    Codes, flags and counts are compared by the engine, amounts and rates are not. ``field_of``: the field of an input.
    """
    return _test(expr, field_of, True)


def _test(expr: ir.Expr, field_of: Callable[[str], str], wanted: bool) -> Test | None:
    match expr:
        case ir.Input(kind="flag"):
            return {field_of(expr.name): int(wanted)}
        case ir.Logic(op="not", args=(arg,)):
            return _test(arg, field_of, not wanted)
        case ir.Logic(op=op, args=args):
            tests = [_test(arg, field_of, wanted) for arg in args]
            known = [test for test in tests if test is not None]
            name = "$and" if (op == "and") == wanted else "$or"
            return {name: known} if len(known) == len(tests) else None
        case ir.Compare(op=op, left=left, right=right):
            return _compared(op if wanted else ir.OPPOSITE[op], left, right, field_of)
        case _:
            return None


def _compared(op: str, left: ir.Expr, right: ir.Expr, field_of: Callable[[str], str]) -> Test | None:
    if isinstance(left, ir.Lit):
        op, left, right = ir.MIRRORED[op], right, left
    if not isinstance(left, ir.Input) or not isinstance(right, ir.Lit) or left.kind not in ("code", "flag", "count"):
        return None
    value = right.value
    if isinstance(value, bool):
        value = int(value)
    if not isinstance(value, str) and (not isinstance(value, int) or abs(value) > LARGEST):
        return None
    field = field_of(left.name)
    return {field: value} if op == "==" else {OPS[op]: {field: value}}


def alternatives(expr: ir.Expr, wanted: bool = True) -> list[dict[str, bool]]:
    """A condition on flag steps as alternatives, in each of which some steps hold and others do not."""
    match expr:
        case ir.Ref(step=step):
            return [{step: wanted}]
        case ir.Logic(op="not", args=(arg,)):
            return alternatives(arg, not wanted)
        case ir.Logic(op=op, args=args) if (op == "and") == wanted:
            found: list[dict[str, bool]] = [{}]
            for arg in args:
                found = [joined for one in found for other in alternatives(arg, wanted)
                         if (joined := _joined(one, other)) is not None]  # fmt: skip
            return found
        case ir.Logic(args=args):
            return [one for arg in args for one in alternatives(arg, wanted)]
        case _:
            return list(_tried(expr, wanted))


def _tried(expr: ir.Expr, wanted: bool) -> Iterator[dict[str, bool]]:
    """Every way in which the steps of an expression of another form can hold, with which it comes out as wanted."""
    steps = sorted({part.step for part in ir.walk(expr) if isinstance(part, ir.Ref)})
    for values in product((True, False), repeat=len(steps)):
        case = dict(zip(steps, values, strict=True))
        if bool(worth(expr, Claim({}, {}, (), {}, dict(case)))) == wanted:
            yield case


def _joined(one: dict[str, bool], other: dict[str, bool]) -> dict[str, bool] | None:
    """Both at once; ``None`` if one wants what the other does not."""
    return {**one, **other} if all(other.get(step, value) == value for step, value in one.items()) else None
