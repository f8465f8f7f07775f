"""The seventeen expression forms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from operator import eq, ge, gt, le, lt, ne
from typing import Final, Literal

Kind = Literal["money", "exact", "rate", "count", "flag", "code"]
Domain = Literal["claim", "row"]
Value = int | Fraction | bool | str
"""What an expression yields: int for money and count, Fraction (or int) for exact and rate, bool, str."""


@dataclass(frozen=True, slots=True)
class Lit:
    """A constant."""

    value: Value
    kind: Kind
    domain: Domain = "claim"


@dataclass(frozen=True, slots=True)
class Input:
    """A fact of the claim, or of the row."""

    name: str
    kind: Kind
    domain: Domain = "claim"


@dataclass(frozen=True, slots=True)
class Ref:
    """The value of an earlier step."""

    step: str
    kind: Kind
    domain: Domain = "claim"


@dataclass(frozen=True, slots=True)
class Hist:
    """The value of a meter before this claim."""

    meter: str
    kind: Kind
    domain: Domain = "claim"


@dataclass(frozen=True, slots=True)
class Add:
    """Sum of money/exact, of rates, or of counts."""

    args: tuple[Expr, ...]
    kind: Kind
    domain: Domain


@dataclass(frozen=True, slots=True)
class Sub:
    left: Expr
    right: Expr
    kind: Kind
    domain: Domain


@dataclass(frozen=True, slots=True)
class Min:
    args: tuple[Expr, ...]
    kind: Kind
    domain: Domain


@dataclass(frozen=True, slots=True)
class Max:
    args: tuple[Expr, ...]
    kind: Kind
    domain: Domain


@dataclass(frozen=True, slots=True)
class Scale:
    """Money or exact by rate: exact. Money by count: money. Rate by rate or count: rate."""

    of: Expr
    by: Expr
    kind: Kind
    domain: Domain


@dataclass(frozen=True, slots=True)
class Inverse:
    """One divided by a rate that is never zero."""

    of: Expr
    kind: Kind
    domain: Domain


@dataclass(frozen=True, slots=True)
class Round:
    """Exact to money (or count to a multiple): ``unit`` in minor units, ``mode`` one of ``money.MODES``."""

    of: Expr
    mode: str
    unit: int
    kind: Kind
    domain: Domain


@dataclass(frozen=True, slots=True)
class Portion:
    """``of`` × ``part`` ÷ ``whole``, rounded as in ``Round``; ``other`` where ``whole`` is not above zero.

    The one division of amounts by amounts. It is rounded where it stands, so its value has a denominator that does not
    depend on the claim. Only ``whole`` and what then counts are evaluated: ``of`` and ``part``, or ``other``.
    """

    of: Expr
    part: Expr
    whole: Expr
    other: Expr
    mode: str
    unit: int
    kind: Kind
    domain: Domain


COMPARISONS: Final = {"==": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
"""What each relation means."""

OPPOSITE: Final = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
"""The relation that holds where this one does not."""

MIRRORED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
"""The relation with its sides exchanged."""


@dataclass(frozen=True, slots=True)
class Compare:
    """``op`` is one of == != < <= > >=. Codes and flags know only == and !=."""

    op: str
    left: Expr
    right: Expr
    kind: Kind
    domain: Domain


@dataclass(frozen=True, slots=True)
class Logic:
    """``op`` is and, or, not."""

    op: str
    args: tuple[Expr, ...]
    kind: Kind
    domain: Domain


@dataclass(frozen=True, slots=True)
class If:
    cond: Expr
    then: Expr
    other: Expr
    kind: Kind
    domain: Domain


@dataclass(frozen=True, slots=True)
class Lookup:
    """The cell of ``table``'s ``column`` in the one row that matches ``keys``."""

    table: str
    column: str
    keys: tuple[Expr, ...]
    kind: Kind
    domain: Domain


@dataclass(frozen=True, slots=True)
class Sum:
    """Sum over the fee lines of a row expression (money, exact or count)."""

    of: Expr
    kind: Kind
    domain: Domain = "claim"


Expr = (
    Lit | Input | Ref | Hist | Add | Sub | Min | Max | Scale | Inverse | Round | Portion | Compare | Logic | If | Lookup
    | Sum
)  # fmt: skip
FORMS = (Lit, Input, Ref, Hist, Add, Sub, Min, Max, Scale, Inverse, Round, Portion, Compare, Logic, If, Lookup, Sum)


def children(expr: Expr) -> tuple[Expr, ...]:
    """The expressions directly inside ``expr``."""
    match expr:
        case Add() | Min() | Max() | Logic():
            return expr.args
        case Sub() | Compare():
            return (expr.left, expr.right)
        case Scale():
            return (expr.of, expr.by)
        case Inverse() | Round() | Sum():
            return (expr.of,)
        case Portion():
            return (expr.of, expr.part, expr.whole, expr.other)
        case If():
            return (expr.cond, expr.then, expr.other)
        case Lookup():
            return expr.keys
        case _:
            return ()


def walk(expr: Expr) -> Iterator[Expr]:
    """``expr`` and everything inside it."""
    yield expr
    for child in children(expr):
        yield from walk(child)


def rebuilt(expr: Expr, inside: tuple[Expr, ...]) -> Expr:
    """``expr`` with other expressions inside it."""
    match expr:
        case Add() | Min() | Max() | Logic():
            return replace(expr, args=inside)
        case Sub() | Compare():
            return replace(expr, left=inside[0], right=inside[1])
        case Scale():
            return replace(expr, of=inside[0], by=inside[1])
        case Inverse() | Round() | Sum():
            return replace(expr, of=inside[0])
        case Portion():
            return replace(expr, of=inside[0], part=inside[1], whole=inside[2], other=inside[3])
        case If():
            return replace(expr, cond=inside[0], then=inside[1], other=inside[2])
        case Lookup():
            return replace(expr, keys=inside)
        case _:
            return expr
