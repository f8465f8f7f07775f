"""Arithmetic that a page works by hand: every line is reckoned exactly, and leads to a figure that the page shows.

70 % × (12,000 − 1,000) = 7,700
10 % × 1,972.87 ≈ 197.29            rounded half up to the second decimal
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from policyengine.money import round_to
from tools.pages import Block, blocks

NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
OPERATORS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One line: what is reckoned, ``=`` or ``≈``, and the figure it comes to."""

    text: str
    reckoned: str
    relation: str
    figure: str

    @property
    def holds(self) -> bool:
        value, figure = value_of(self.reckoned), value_of(self.figure)
        return value == figure if self.relation == "=" else Fraction(round_to(value * 100, "half_up"), 100) == figure


def line_of(text: str) -> Line:
    reckoned, relation, figure = re.fullmatch(r"(.*\S) ([=≈]) (\S+)", text).groups()  # type: ignore[union-attr]
    return Line(text, reckoned, relation, figure)


def value_of(text: str) -> Fraction:
    """What a text such as ``70 % × (12,000 − 500)`` comes to."""
    plain = NUMBER.sub(lambda m: m[0].replace(",", ""), text)
    plain = re.sub(r"([\d.]+) ?%", r"(\1/100)", plain).translate(str.maketrans("−×÷", "-*/"))
    return _value(ast.parse(plain, mode="eval").body, plain)


def _value(node: ast.expr, text: str) -> Fraction:
    match node:
        case ast.Constant():
            return Fraction(ast.get_source_segment(text, node) or "")
        case ast.BinOp(left=left, op=op, right=right):
            return OPERATORS[type(op)](_value(left, text), _value(right, text))
        case ast.Call(func=ast.Name(id="min"), args=args):
            return min(_value(arg, text) for arg in args)
    raise AssertionError(f"no arithmetic: {ast.unparse(node)}")


def figures(text: str) -> set[Fraction]:
    """Every number of a text."""
    return {Fraction(m.replace(",", "")) for m in NUMBER.findall(text)}


def by_hand(page: str) -> list[tuple[Block, str]]:
    """The blocks of arithmetic of a page, each with what commands and programs just before and after it write."""
    found = blocks(page)
    sides = [found[max(at - 1, 0) : at + 2] for at in range(len(found))]
    return [
        (block, "".join(near.text for near in side if _is_output(near)))
        for block, side in zip(found, sides, strict=True)
        if block.language == "text" and block.words == "by hand"
    ]


def _is_output(block: Block) -> bool:
    return block.language == "console" or block.words == "output"


def wrong_in(block: Block, shown: str) -> list[str]:
    """Lines that do not hold, and figures that are neither shown nor used further down."""
    lines = [line_of(text) for text in block.text.splitlines()]
    wrong = [f"{line.text}: comes to {value_of(line.reckoned)}" for line in lines if not line.holds]
    for at, line in enumerate(lines):
        later = figures(" ".join(other.reckoned for other in lines[at + 1 :]))
        if value_of(line.figure) not in figures(shown) | later:
            wrong.append(f"{line.text}: the page does not show {line.figure}")
    return wrong
