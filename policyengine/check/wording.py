"""Expressions as they are written: comparisons that are decided beforehand, the same thing said twice in one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from fractions import Fraction
from typing import Any

from policyengine import expressions as ast
from policyengine import ir, terms
from policyengine.analysis import input_range
from policyengine.check.view import Views
from policyengine.errors import Diagnostic, Span
from policyengine.money import rate_text, text_of
from policyengine.resolve import number
from policyengine.ruleset import Ruleset
from policyengine.shapes import Word

NODES = ast.Node.__args__
SECTIONS = ("parameters", "formulas", "meters", "stacks", "layers", "provisions", "entitlements", "audit")
RELATIONS = ("<", "<=", ">", ">=", "==", "!=")
BY_NAME = {name: fact.id for fact in terms.FACTS.values() for name in (fact.id, fact.zh, *fact.aliases)}


def trees(value: Any) -> Iterator[ast.Node]:
    """Every expression inside an entry of a rule file."""
    if isinstance(value, NODES):
        yield value
    elif isinstance(value, tuple | list):
        for item in value:
            yield from trees(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from trees(item)
    elif is_dataclass(value) and not isinstance(value, Word | Span | ir.Citation):
        for field in fields(value):
            yield from trees(getattr(value, field.name))


def written(ruleset: Ruleset) -> Iterator[ast.Node]:
    """Every expression of a rule file."""
    for section in SECTIONS:
        yield from trees(getattr(ruleset, section))


def repeated(ruleset: Ruleset) -> Iterator[Diagnostic]:
    """W428: one condition twice under ``and`` or ``or``, one word twice in a list."""
    for tree in written(ruleset):
        for node in ast.walk(tree):
            for twice in _twice(node, tree):
                message = f"`{ast.print_expression(twice)}` stands here already"
                yield Diagnostic("W428", message, twice.span, "", "leave the second one out", severity="warning")


def _twice(node: ast.Node, tree: ast.Node) -> Iterator[ast.Node]:
    """What stands in a chain or a list a second time; of a chain only the outermost node is looked at."""
    parts: list[ast.Node] = []
    if isinstance(node, ast.In):
        parts = list(node.options)
    elif isinstance(node, ast.Binary) and node.op in ("and", "or") and not _inner(node, tree):
        parts = list(_chain(node, node.op))
    for at, part in enumerate(parts):
        if part in parts[:at]:
            yield part


def _inner(node: ast.Binary, tree: ast.Node) -> bool:
    return any(
        isinstance(outer, ast.Binary) and outer.op == node.op and any(child is node for child in ast.children(outer))
        for outer in ast.walk(tree)
    )


def _chain(node: ast.Node, op: str) -> Iterator[ast.Node]:
    if isinstance(node, ast.Binary) and node.op == op:
        yield from _chain(node.left, op)
        yield from _chain(node.right, op)
    else:
        yield node


def decided(ruleset: Ruleset, views: Views) -> Iterator[Diagnostic]:
    """W427: a comparison of a fact with a number that its values never reach, or never leave."""
    ranges = {name: (decl, input_range(decl)) for view in views for (_, name), decl in view.names.inputs.items()
              if decl.kind in ("money", "count", "rate")}  # fmt: skip
    for tree in written(ruleset):
        for node in ast.walk(tree):
            for fact, op, edge in _comparisons(node):
                known = ranges.get(BY_NAME.get(fact.text, fact.text))
                if known is None:
                    continue
                decl, (low, high) = known
                value = number(edge, ruleset.currency)
                outcome = _outcome(low, high, op, value)
                if outcome is not None and value.kind == decl.kind:
                    ends = f"{_text(decl, low)} and {_text(decl, high)}"
                    message = f"`{fact.text}` lies between {ends}: this is always {outcome}"
                    yield Diagnostic("W427", message, node.span, severity="warning")


def _comparisons(node: ast.Node) -> Iterator[tuple[ast.Name, str, ast.Number]]:
    """The comparisons of a name with a number that a node makes."""
    match node:
        case ast.Binary(op=op, left=ast.Name() as fact, right=ast.Number() as edge) if op in RELATIONS:
            yield fact, op, edge
        case ast.Binary(op=op, left=ast.Number() as edge, right=ast.Name() as fact) if op in RELATIONS:
            yield fact, ir.MIRRORED[op], edge
        case ast.Between(arg=ast.Name() as fact, low=low, high=high, inclusive=inclusive):
            if isinstance(low, ast.Number) and low.value:
                yield fact, ">=", low
            if isinstance(high, ast.Number):
                yield fact, "<=" if inclusive else "<", high
        case _:
            return


def _outcome(low: Fraction, high: Fraction, op: str, edge: ir.Expr) -> str | None:
    """“true” or “false” if every value between ``low`` and ``high`` gives the same."""
    assert isinstance(edge, ir.Lit)
    assert not isinstance(edge.value, str)
    at = Fraction(edge.value)
    if op in ("==", "!="):
        return None if low <= at <= high else str(op == "!=").lower()
    tests = {"<": (high < at, low >= at), "<=": (high <= at, low > at),
             ">": (low > at, high <= at), ">=": (low >= at, high < at)}  # fmt: skip
    sure, never = tests[op]
    return "true" if sure else "false" if never else None


def _text(decl: ir.InputDecl, value: Fraction) -> str:
    return text_of(int(value)) if decl.kind == "money" else rate_text(value) if decl.kind == "rate" else str(value)
