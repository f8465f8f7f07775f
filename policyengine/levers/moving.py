"""A rule set with other numbers in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from fractions import Fraction
from typing import Any

from policyengine import expressions as ast
from policyengine.errors import Span
from policyengine.expressions.numbers import number_text
from policyengine.ruleset import Ruleset, TableDecl
from policyengine.shapes import Word


def moved(ruleset: Ruleset, values: Mapping[Span, Fraction]) -> Ruleset:
    """The rule set with other numbers at these places."""
    return replace(
        ruleset,
        parameters=tuple(_moved(p, values) for p in ruleset.parameters),
        tables=tuple(_moved_cells(t, values) for t in ruleset.tables),
        provisions=tuple(_moved(p, values) for p in ruleset.provisions),
    )


def _moved(value: Any, values: Mapping[Span, Fraction]) -> Any:
    """The very same value if nothing in it moves."""
    match value:
        case ast.Number():
            return ast.Number(values[value.span], value.unit, value.span) if value.span in values else value
        case tuple():
            parts = tuple(_moved(part, values) for part in value)
            return value if all(new is old for new, old in zip(parts, value, strict=True)) else parts
        case Mapping():
            return {key: _moved(part, values) for key, part in value.items()}
        case Word() | Span():
            return value
    if not is_dataclass(value) or isinstance(value, type):
        return value
    inner = {one.name: getattr(value, one.name) for one in fields(value)}
    found = {name: _moved(part, values) for name, part in inner.items()}
    changed = {name: part for name, part in found.items() if part is not inner[name]}
    return replace(value, **changed) if changed else value


def _moved_cells(table: TableDecl, values: Mapping[Span, Fraction]) -> TableDecl:
    keys = len(table.keys)

    def cell(at: int, old: Word) -> Word:
        if at < keys or old.span not in values:
            return old
        node = ast.parse_expression(old.text, old.span)
        assert isinstance(node, ast.Number), "a lever is a number"
        return Word(number_text(values[old.span], node.unit), old.span)

    rows = tuple(tuple(cell(at, old) for at, old in enumerate(row)) for row in table.rows)
    return table if rows == table.rows else replace(table, rows=rows)
