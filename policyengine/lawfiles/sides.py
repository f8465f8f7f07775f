"""The condition of a comparison taken apart: what speaks of one side only is asked of that side's program."""

from __future__ import annotations

from dataclasses import replace

from policyengine import expressions as ast
from policyengine.expressions import print_expression
from policyengine.lawfiles.model import Law, Operand
from policyengine.money import MODES
from policyengine.resolve import fault
from policyengine.shapes import Faults

PLAIN = frozenset({"true", "false", *MODES})
"""Words that speak of no side."""
ADDED_UP = ("min", "max", "positive", "round")
"""Functions of amounts that were added up."""


def taken_apart(law: Law) -> tuple[ast.Node, tuple[Operand, ...]]:
    """``holds`` with a name in the place of every operand, and the operands. Raises ``RuleError``."""
    assert law.compare is not None
    cut = _Cut(law.compare.sides, law.each == "life")
    _right_sides(law.holds, law.compare.sides)
    relation = cut.of(law.holds)
    if len({one.side for one in cut.operands}) < 2:
        missing = law.compare.sides[1]
        raise fault("E794", "a comparison that looks at one side only", law.holds.span,
                    f"both sides: `{law.compare.sides[0]}.patient_total`, `{missing}.patient_total`")  # fmt: skip
    return relation, tuple(cut.operands)


def without_sides(law: Law) -> None:
    """Raises ``RuleError`` where a law, or whom it is for, speaks of sides that are not there."""
    faults = Faults()
    for node in (law.holds,) if law.compare is None else ():
        faults.attempt(_no_side, node, "there is nothing that the claim is held against: `compare:`")
    if law.for_all is not None:
        faults.attempt(_no_side, law.for_all, "`for_all` is about the claim as it stands")
    faults.done()


def _no_side(node: ast.Node, hint: str) -> None:
    for one in ast.walk(node):
        if isinstance(one, ast.Name) and one.text.partition(".")[0] in ("new", "old", "this", "other"):
            raise fault("E794", f"`{one.text}` speaks of a side", one.span, "a name without a side", hint)


def _right_sides(node: ast.Node, sides: tuple[str, str]) -> None:
    strange = {"new", "old", "this", "other"} - set(sides)
    for one in ast.walk(node):
        if isinstance(one, ast.Name) and one.text.partition(".")[0] in strange and "." in one.text:
            message = f"`{one.text}` speaks of a side that the comparison does not have"
            hint = "rules are `new` and `old`, claims `this` and `other`"
            raise fault("E794", message, one.span, " and ".join(f"`{side}.…`" for side in sides), hint)


class _Cut:
    """Takes a condition apart. ``finely``: every name by itself, since what is added up are plain amounts."""

    def __init__(self, sides: tuple[str, str], finely: bool) -> None:
        self.sides, self.finely = sides, finely
        self.operands: list[Operand] = []

    def of(self, node: ast.Node) -> ast.Node:
        """``node`` with names in the place of its operands."""
        spoken = self._spoken(node)
        if not spoken:
            return node
        if len(spoken) == 1 and not (self.finely and self._divisible(node)):
            return self._operand(node, spoken.pop())
        return rebuilt(node, tuple(self.of(child) for child in ast.children(node)))

    def _divisible(self, node: ast.Node) -> bool:
        if isinstance(node, ast.Call):
            return node.function in ADDED_UP
        return not isinstance(node, ast.Name | ast.SumWhere)

    def _spoken(self, node: ast.Node) -> set[int]:
        """The sides that a part speaks of; a name without a side is about the claim as it stands."""
        names = [n.text for n in ast.walk(node) if isinstance(n, ast.Name) and n.text not in PLAIN]
        return {1 if name.partition(".")[0] == self.sides[1] and "." in name else 0 for name in names}

    def _operand(self, node: ast.Node, side: int) -> ast.Name:
        plain = self._stripped(node)
        for known in self.operands:
            if known.side == side and known.of == plain:
                return ast.Name(known.name, node.span)
        text = print_expression(plain)
        name = f"{self.sides[side]}.{text}" if isinstance(plain, ast.Name) else f"{self.sides[side]}: {text}"
        self.operands.append(Operand(side, plain, name))
        return ast.Name(name, node.span)

    def _stripped(self, node: ast.Node) -> ast.Node:
        if isinstance(node, ast.Name):
            head, _, tail = node.text.partition(".")
            return replace(node, text=tail) if head in self.sides and tail else node
        return rebuilt(node, tuple(map(self._stripped, ast.children(node))))


def rebuilt(node: ast.Node, inside: tuple[ast.Node, ...]) -> ast.Node:
    """``node`` with other nodes inside it."""
    match node:
        case ast.Unary():
            return replace(node, arg=inside[0])
        case ast.Binary():
            return replace(node, left=inside[0], right=inside[1])
        case ast.In():
            return replace(node, arg=inside[0], options=inside[1:])
        case ast.Between():
            rest = iter(inside[1:])
            low = None if node.low is None else next(rest)
            return replace(node, arg=inside[0], low=low, high=None if node.high is None else next(rest))
        case ast.IfElse():
            return replace(node, then=inside[0], cond=inside[1], other=inside[2])
        case ast.Call():
            return replace(node, args=inside)
        case ast.SumWhere():
            return replace(node, of=inside[0], where=inside[1])
        case _:
            return node
