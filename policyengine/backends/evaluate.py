"""The reference meaning of a program: what every other back end must agree with.

It is written to be read: one case per form, exact fractions, no caching, no concern for speed. Every step is
evaluated, in order; inside a step ``If`` evaluates only the branch taken, ``and`` and ``or`` stop at the first argument
that decides, everything else evaluates its arguments from left to right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from policyengine.ir import (
    COMPARISONS,
    Add,
    Compare,
    Expr,
    Hist,
    If,
    Input,
    Inverse,
    Lit,
    Logic,
    Lookup,
    Max,
    Min,
    NoRow,
    Portion,
    Program,
    Ref,
    Round,
    Scale,
    Sub,
    Sum,
    Table,
    Value,
)  # fmt: skip
from policyengine.money import round_to

Results = dict[str, Value | tuple[Value, ...]]
"""The value of each step by name; a row step has one value per row."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim, and the steps that have been evaluated for it so far."""

    tables: Mapping[str, Table]
    inputs: Mapping[str, Value]
    rows: Sequence[Mapping[str, Value]]
    used: Mapping[str, int]
    done: Results = field(default_factory=dict)


def evaluate(
    program: Program,
    inputs: Mapping[str, Value],
    rows: Sequence[Mapping[str, Value]],
    used: Mapping[str, int],
) -> Results:
    """The values of all steps for one claim: its facts, the facts of its fee lines, its meters before it.

    Money is in minor units; exact amounts and rates come out as ``Fraction``. Raises ``NoRow``.
    """
    claim = Claim({t.name: t for t in program.tables}, inputs, rows, used)
    for step in program.steps:
        if step.domain == "row":
            claim.done[step.name] = tuple(_kept(step.expr, claim, row) for row in range(len(rows)))
        else:
            claim.done[step.name] = _kept(step.expr, claim, None)
    return claim.done


def worth(expr: Expr, claim: Claim) -> Value:
    """What an expression of the whole claim comes to, once the steps that it reads are done. Raises ``NoRow``."""
    return _kept(expr, claim, None)


def _kept(expr: Expr, claim: Claim, row: int | None) -> Value:
    result = _value(expr, claim, row)
    return Fraction(result) if expr.kind in ("exact", "rate") else result


def _value(expr: Expr, claim: Claim, row: int | None) -> Value:
    """The value of ``expr`` for the claim, or for one row of it."""
    match expr:
        case Lit(value=value):
            return value
        case Input(name=name, domain="claim"):
            return claim.inputs[name]
        case Input(name=name):
            assert row is not None
            return claim.rows[row][name]
        case Ref(step=step):
            return _earlier(claim.done[step], row)
        case Hist(meter=meter):
            return claim.used[meter]
        case Compare(op=op, left=left, right=right):
            return bool(COMPARISONS[op](_value(left, claim, row), _value(right, claim, row)))
        case Logic(op="not", args=(arg,)):
            return not _value(arg, claim, row)
        case Logic(op="and", args=args):
            return all(_value(arg, claim, row) for arg in args)
        case Logic(op="or", args=args):
            return any(_value(arg, claim, row) for arg in args)
        case If(cond=cond, then=then, other=other):
            return _value(then if _value(cond, claim, row) else other, claim, row)
        case Lookup(table=table, column=column, keys=keys):
            return _cell(claim.tables[table], column, tuple(_value(key, claim, row) for key in keys))
        case _:
            return _number(expr, claim, row)


def _number(expr: Expr, claim: Claim, row: int | None) -> int | Fraction:
    """The arithmetic forms."""

    def of(part: Expr, at: int | None = row) -> int | Fraction:
        value = _value(part, claim, at)
        assert isinstance(value, int | Fraction), value
        return value

    match expr:
        case Add(args=args):
            return sum(of(arg) for arg in args)
        case Sub(left=left, right=right):
            return of(left) - of(right)
        case Min(args=args):
            return min(of(arg) for arg in args)
        case Max(args=args):
            return max(of(arg) for arg in args)
        case Scale(of=amount, by=factor):
            return of(amount) * of(factor)
        case Inverse(of=rate):
            return 1 / Fraction(of(rate))
        case Round(of=amount, mode=mode, unit=unit):
            return round_to(of(amount), mode, unit)
        case Portion(of=amount, part=part, whole=whole, other=other, mode=mode, unit=unit):
            if (by := of(whole)) <= 0:
                return of(other)
            return round_to(of(amount) * Fraction(of(part)) / by, mode, unit)
        case Sum(of=amount):
            return sum(of(amount, at) for at in range(len(claim.rows)))
        case _:
            raise AssertionError(f"unknown form {type(expr).__name__}")


def _earlier(value: Value | tuple[Value, ...], row: int | None) -> Value:
    if not isinstance(value, tuple):
        return value
    assert row is not None, "a claim step reads rows only through a sum"
    return value[row]


def _cell(table: Table, column: str, keys: tuple[Value, ...]) -> Value:
    """The value of ``column`` in the first row that matches. Raises ``NoRow``."""
    index = table.row_of(keys)
    if index is None:
        raise NoRow(table.name, keys)
    return table.column(column).values[index]
