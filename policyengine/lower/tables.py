"""A table as written becomes a finite table: keys to patterns, cells to values of one kind a column."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from policyengine import expressions as ast
from policyengine import ir
from policyengine.resolve import KIND_WORDS, fault, resolve, word
from policyengine.ruleset import TableDecl
from policyengine.shapes import Word

if TYPE_CHECKING:
    from policyengine.lower.scope import Names


Built = dict[tuple[int, tuple[ir.Expr, ...]], ir.Table]
"""Tables by the identity of their declaration and by their keys."""

PLAIN = re.compile(r"-?[\w.]+%?")
"""A cell that is one number or one word, which no date changes."""


def table_of(decl: TableDecl, keys: tuple[ir.Expr, ...], names: Names, built: Built) -> ir.Table:
    """The IR table, kept in ``built`` if its cells are plain. Raises as ``build_table``."""
    found = built.get((id(decl), keys))
    if found is None:
        found = build_table(decl, keys, names)
        if all(PLAIN.fullmatch(cell.text) for row in decl.rows for cell in row[len(keys) :]):
            built[id(decl), keys] = found
    return found


def build_table(decl: TableDecl, keys: tuple[ir.Expr, ...], names: Names) -> ir.Table:
    """The IR table. Raises ``RuleError`` for a cell that does not fit its key or its column."""
    patterns = tuple(
        tuple(_pattern(cell, key, names) for cell, key in zip(row, keys, strict=False)) for row in decl.rows
    )
    columns = []
    for index, column in enumerate(decl.columns, start=len(keys)):
        cells = [_cell(row[index], names) for row in decl.rows]
        kind = _kind(cells, [row[index] for row in decl.rows])
        columns.append(ir.Column(column.text, kind, tuple(c.value for c in cells)))
    return ir.Table(decl.id.text, tuple(k.text for k in decl.keys), patterns, tuple(columns), decl.gaps)


def _pattern(cell: Word, key: ir.Expr, names: Names) -> ir.Pattern:
    if cell.text == "any":
        return None
    if key.kind in ("code", "flag"):
        parts = ast.parse_alternatives(cell.text, cell.span)
        return None if parts is None else frozenset(_code(part, key, names) for part in parts)
    if key.kind in ("rate", "exact"):
        raise fault("E328", f"{KIND_WORDS[key.kind]} cannot choose a row", cell.span, "codes, flags, counts, money")
    return ast.parse_interval(cell.text, cell.span, names.currency if key.kind == "money" else "")


def _code(part: ast.Name, key: ir.Expr, names: Names) -> str | bool:
    if key.kind == "flag":
        if part.text not in ("yes", "no", "true", "false"):
            raise fault("E316", f"`{part.text}` is neither yes nor no", part.span, "yes or no")
        return part.text in ("yes", "true")
    lit = word(part, key, names)
    assert isinstance(lit, ir.Lit)
    return str(lit.value)


def _cell(cell: Word, names: Names) -> ir.Lit:
    node = ast.parse_expression(cell.text, cell.span)
    if isinstance(node, ast.Name) and node.text not in ("true", "false"):
        return ir.Lit(node.text, "code")
    lit = resolve(node, names)
    if not isinstance(lit, ir.Lit):
        raise fault("E329", "a cell is a plain value", cell.span, "an amount, a rate, a count, a word")
    return lit


def _kind(cells: list[ir.Lit], words: list[Word]) -> ir.Kind:
    for cell, place in zip(cells, words, strict=True):
        if cell.kind != cells[0].kind:
            message = f"{KIND_WORDS[cell.kind]} in a column of which the first cell is {KIND_WORDS[cells[0].kind]}"
            raise fault("E329", message, place.span, KIND_WORDS[cells[0].kind])
    if not cells:
        return "rate"
    assert all(isinstance(c.value, int | Fraction | str) for c in cells)
    return cells[0].kind
