"""From a tree back to text: ``parse_expression(print_expression(tree)) == tree``."""

from __future__ import annotations

from policyengine.expressions.ast import (
    ATOM,
    COMPARISON,
    IF,
    LEVELS,
    NOT,
    OR,
    SIGN,
    SUM,
    Between,
    Binary,
    Call,
    IfElse,
    In,
    Name,
    Node,
    Number,
    SumWhere,
    Text,
    Unary,
)
from policyengine.expressions.numbers import number_text


def print_expression(node: Node) -> str:
    """``node`` in the one standard spelling, with brackets only where they are needed."""
    return _written(node)[0]


def _inside(node: Node, floor: int) -> str:
    """``node`` as an operand of something that binds as tightly as ``floor``."""
    text, level = _written(node)
    return text if level >= floor else f"({text})"


def _written(node: Node) -> tuple[str, int]:
    """The text of ``node`` and how tightly it holds together."""
    match node:
        case Name():
            return node.text, ATOM
        case Number():
            return number_text(node.value, node.unit), ATOM
        case Text():
            return _quoted(node.value), ATOM
        case Unary(op="-"):
            return f"-{_inside(node.arg, SIGN)}", SIGN
        case Unary(arg=Between() as arg):
            return _between(arg, "not "), COMPARISON
        case Unary():
            return f"not {_inside(node.arg, NOT)}", NOT
        case Binary():
            return _binary(node)
        case In():
            word = "not in" if node.negated else "in"
            return f"{_inside(node.arg, SUM)} {word} [{_listed(node.options)}]", COMPARISON
        case Between():
            return _between(node), COMPARISON
        case IfElse():
            then, cond = _inside(node.then, OR), _inside(node.cond, OR)
            return f"{then} if {cond} else {_inside(node.other, IF)}", IF
        case Call():
            return f"{node.function}({_listed(node.args)})", ATOM
        case SumWhere():
            return f"sum({_inside(node.of, IF)} where {_inside(node.where, IF)})", ATOM


def _binary(node: Binary) -> tuple[str, int]:
    """Operators of one level group from the left; comparisons do not group at all."""
    level = LEVELS[node.op]
    left = _inside(node.left, level + 1 if level == COMPARISON else level)
    return f"{left} {node.op} {_inside(node.right, level + 1)}", level


def _between(node: Between, negation: str = "") -> str:
    arg = _inside(node.arg, SUM)
    low, high = ("" if end is None else _inside(end, SUM) for end in (node.low, node.high))
    if node.inclusive:
        return f"{arg} {negation}between {low} and {high}"
    dots = ".." if _tight(node.low) and _tight(node.high) else " .. "
    return f"{arg} {negation}in {low}{dots}{high}"


def _tight(end: Node | None) -> bool:
    return end is None or isinstance(end, Name | Number)


def _listed(nodes: tuple[Node, ...]) -> str:
    return ", ".join(_inside(node, IF) for node in nodes)


def _quoted(value: str) -> str:
    mark = "'" if '"' in value else '"'
    assert mark not in value, "a text has one kind of quotes inside at most"
    return mark + value + mark
