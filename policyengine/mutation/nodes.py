"""Slips inside a field: every value that differs from a typed one in one place of one of its expressions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from fractions import Fraction
from typing import Any, Final

from policyengine import expressions as ast
from policyengine import terms
from policyengine.errors import Span
from policyengine.expressions.numbers import UNIT_OF, number_text
from policyengine.money import exponent_of
from policyengine.mutation.model import Change
from policyengine.shapes import Word

Variant = tuple[Change, Any]
_BOUNDS: Final = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "=="}
_SIGNS: Final = {"+": "-", "-": "+"}
_POINT: Final = Fraction(1, 100)
_LITERAL: Final = re.compile(r"[0-9]+(?:\.[0-9]+)?(\D*)")
NODES: Final = (
    ast.Name, ast.Number, ast.Text, ast.Unary, ast.Binary, ast.In, ast.Between, ast.IfElse, ast.Call, ast.SumWhere,
)  # fmt: skip


def variants(value: Any, tags: tuple[str, ...]) -> Iterator[Variant]:
    """``value``, a field as it was read, with one slip. ``tags``: the groups of people that the rule file knows, one of
    which is taken for another."""
    if isinstance(value, NODES):
        yield from _at(value, tags)
    if isinstance(value, Word | Span):
        return
    if isinstance(value, tuple):
        for at, part in enumerate(value):
            for change, other in variants(part, tags):
                yield change, (*value[:at], other, *value[at + 1 :])
    elif isinstance(value, Mapping):
        for name, part in value.items():
            for change, other in variants(part, tags):
                yield change, {**value, name: other}
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            for change, other in variants(getattr(value, field.name), tags):
                yield change, replace(value, **{field.name: other})


def written(node: ast.Node | None) -> str:
    """A node as text; nothing for none."""
    return "" if node is None else ast.print_expression(node)


def _made(kind: str, node: ast.Node, other: ast.Node) -> Variant:
    return Change(kind, node.span, written(node), written(other)), other


def _at(node: ast.Node, tags: tuple[str, ...]) -> Iterator[Variant]:
    """The slips that can be made at a node itself."""
    match node:
        case ast.Number():
            yield from _numbers(node)
        case ast.Name(text=text) if text in terms.TAGS:
            other = _another(text, tags)
            yield _made("tag", node, replace(node, text=other))
        case ast.Unary(op="not", arg=arg):
            yield _made("negated", node, arg)
        case ast.Binary(op=op) if op in _BOUNDS:
            yield _made("bound" if op not in ("==", "!=") else "negated", node, replace(node, op=_BOUNDS[op]))
        case ast.Binary(op=op) if op in ("and", "or"):
            yield _made("logic", node, replace(node, op="or" if op == "and" else "and"))
        case ast.Binary(op=op) if op in _SIGNS:
            yield _made("arithmetic", node, replace(node, op=_SIGNS[op]))
        case ast.In():
            yield from _options(node)
        case ast.Between(low=low, high=high, inclusive=inclusive) if low is not None and high is not None:
            yield _made("bound", node, replace(node, inclusive=not inclusive))
        case ast.IfElse(then=then, other=other):
            yield _made("branches", node, replace(node, then=other, other=then))
        case ast.Call(function=name) if name in ("min", "max"):
            yield _made("arithmetic", node, replace(node, function="max" if name == "min" else "min"))


def _another(tag: str, tags: tuple[str, ...]) -> str:
    """The next group of people that the file knows, else the next of the glossary."""
    known = tags if set(tags) - {tag} else tuple(terms.TAGS)
    at = known.index(tag) if tag in known else -1
    return known[(at + 1) % len(known)]


def _options(node: ast.In) -> Iterator[Variant]:
    yield _made("negated", node, replace(node, negated=not node.negated))
    for at in range(len(node.options)) if len(node.options) > 1 else ():
        option, fewer = node.options[at], node.options[:at] + node.options[at + 1 :]
        yield Change("option", option.span, written(option)), replace(node, options=fewer)


def _numbers(node: ast.Number) -> Iterator[Variant]:
    for kind, value in beside(node.value, node.unit):
        yield _made(kind, node, replace(node, value=value))


def beside(value: Fraction, unit: str) -> Iterator[tuple[str, Fraction]]:
    """The numbers beside a number: a coin less and more, a percentage point off, one less and more."""
    if unit in ("%", "pp"):
        yield "point", value - _POINT if value > _POINT else value + _POINT
        return
    if not unit and value.denominator != 1:
        return
    step = Fraction(1, 10 ** exponent_of(unit)) if unit else Fraction(1)
    for other in (value - step, value + step):
        if other >= 0:
            yield "coin" if unit else "count", other


def shifted(text: str, span: Span) -> Iterator[tuple[str, str]]:
    """A cell of a table with the number in it, or the edge of its interval, beside what it was: kind and text."""
    parts = text.split("..")
    for at, part in enumerate(parts):
        if (number := _LITERAL.fullmatch(part)) is not None and number[1] in UNIT_OF:
            node = ast.parse_expression(part, span)
            assert isinstance(node, ast.Number), f"`{part}` is a number"
            for kind, value in beside(node.value, node.unit):
                yield kind, "..".join((*parts[:at], number_text(value, node.unit), *parts[at + 1 :]))
