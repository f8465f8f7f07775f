"""The tree of an expression. Two trees are equal if they say the same, wherever they stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from policyengine.errors import Span

IF: Final = 1
OR: Final = 2
AND: Final = 3
NOT: Final = 4
COMPARISON: Final = 5
SUM: Final = 6
PRODUCT: Final = 7
SIGN: Final = 8
ATOM: Final = 9

LEVELS: Final[dict[str, int]] = {
    "if": IF, "or": OR, "and": AND,
    "==": COMPARISON, "!=": COMPARISON, "<": COMPARISON, "<=": COMPARISON, ">": COMPARISON, ">=": COMPARISON,
    "in": COMPARISON, "not": COMPARISON, "between": COMPARISON,
    "+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "of": PRODUCT,
}  # fmt: skip
"""How tightly a word or sign between two operands binds. ``not`` between operands begins ``not in``."""

MAX_DEPTH: Final = 64
"""Levels of a tree, and brackets open at the same time."""

MAX_NODES: Final = 2_000
"""Nodes of one expression."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name, perhaps dotted: ``base.deductible``, ``三级甲等``; in Unicode normal form C."""

    text: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Number:
    """A literal, never negative.

    ``unit`` is empty for a plain number, ``%`` or ``pp`` (``value`` of 85% is 85/100), or the ISO code of a currency
    (``value`` in whole currency units, on the currency's grid).
    """

    value: Fraction
    unit: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Text:
    """A quoted text."""

    value: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Unary:
    """``op`` is - or not."""

    op: str
    arg: Node
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Binary:
    """``op`` is one of + - * / of and or == != < <= > >=."""

    op: str
    left: Node
    right: Node
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class In:
    """``arg in [a, b]``, or ``arg not in [a, b]`` if ``negated``. There is at least one option."""

    arg: Node
    options: tuple[Node, ...]
    negated: bool
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Between:
    """``arg between low and high`` (``inclusive``: both ends count), or ``arg in low..high``, where ``high`` is out.

    Only the second form may leave an end out (``None``), never both.
    """

    arg: Node
    low: Node | None
    high: Node | None
    inclusive: bool
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class IfElse:
    """``then if cond else other``."""

    then: Node
    cond: Node
    other: Node
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Call:
    """``function(args)``. The grammar knows no function; what a name means is settled where the names are known."""

    function: str
    args: tuple[Node, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class SumWhere:
    """``sum(of where where)``: over the rows for which the condition holds."""

    of: Node
    where: Node
    span: Span = field(compare=False, repr=False)


Node = Name | Number | Text | Unary | Binary | In | Between | IfElse | Call | SumWhere


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly inside ``node``, in the order of the fields."""
    match node:
        case Unary():
            return (node.arg,)
        case Binary():
            return (node.left, node.right)
        case In():
            return (node.arg, *node.options)
        case Between():
            return tuple(n for n in (node.arg, node.low, node.high) if n is not None)
        case IfElse():
            return (node.then, node.cond, node.other)
        case Call():
            return node.args
        case SumWhere():
            return (node.of, node.where)
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """``node`` and everything inside it, outermost first."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(children(node)))
