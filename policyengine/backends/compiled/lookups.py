"""Table lookups as source text: a dictionary over codes, a tree of comparisons over intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import NoReturn

from policyengine.analysis import NUMERIC, Token, axis_of, edges_of, grid_of
from policyengine.analysis.facts import Analysis
from policyengine.backends.compiled.text import by_edges, held, number
from policyengine.ir import Expr, Kind, Lookup, NoRow, Table, Value


@dataclass(frozen=True, slots=True)
class Key:
    """One key: ``first`` computes it, ``again`` repeats it; ``live`` if the row depends on it (or it may fail)."""

    first: str
    again: str
    edges: tuple[int, ...] | None
    live: bool

    def token(self) -> str:
        """Text of the cell that the key is in."""
        if self.edges is None:
            return self.first
        cells = [str(cell) for cell in range(len(self.edges) + 1)]
        return by_edges(self.first, self.again, self.edges, cells) if self.edges else f"(0, {self.first})[0]"


def lookup_text(
    expr: Lookup,
    texts: Sequence[str],
    analysis: Analysis,
    constant: Callable[[object], str],
    fresh: Callable[[], str],
) -> str:
    """Text of a lookup, given the texts of its keys' numerators."""
    table = analysis.names.tables[expr.table]
    axes = [axis_of(table, at, key, analysis.names) for at, key in enumerate(expr.keys)]
    grid = grid_of(table, axes)
    cells = numerators(table, expr.column, analysis.denominator(expr))
    restore = [_restorer(key, analysis.denominator(key)) for key in expr.keys]
    if grid is None:
        return f"{constant(_searcher(table, cells, restore))}({', '.join(texts)})"
    keys = [_key(table, at, key, texts[at], analysis, fresh) for at, key in enumerate(expr.keys)]
    missing = f"{constant(_failer(table.name, restore))}({', '.join(key.again for key in keys)})"
    live = [at for at, key in enumerate(keys) if key.live]
    found = {tuple(combination[at] for at in live): cells[row] for combination, row in grid.items()}
    if not live:
        return _literal(found[()], constant) if found else missing
    if len(live) == 1 and keys[live[0]].edges:
        key = keys[live[0]]
        assert key.edges
        results = [_literal(found[cell,], constant) if (cell,) in found else missing for cell in axes[live[0]]]
        return by_edges(key.first, key.again, key.edges, results)
    tokens = ", ".join(keys[at].token() for at in live)
    by_cell = {combination[0]: value for combination, value in found.items()} if len(live) == 1 else found
    if len(found) == prod(len(axes[at]) for at in live):
        return f"{constant(by_cell)}[{tokens}]"
    result = fresh()
    search = f"{constant(by_cell.get)}({tokens if len(live) == 1 else f'({tokens})'})"
    return f"({result} if ({result} := {search}) is not None else {missing})"


def numerators(table: Table, column: str, denominator: int) -> tuple[Value, ...]:
    """The cells of a column: numbers over ``denominator``, codes and flags as they are."""
    found = table.column(column)
    if found.kind not in NUMERIC:
        return found.values
    return tuple(int(v * denominator) for v in found.values if isinstance(v, int | Fraction))


def _key(table: Table, at: int, key: Expr, text: str, analysis: Analysis, fresh: Callable[[], str]) -> Key:
    if key.kind not in NUMERIC:
        return Key(*held(text, fresh), None, live=True)
    edges = tuple(edge * analysis.denominator(key) for edge in edges_of(table, at))
    if edges or analysis.facts(key).partial:
        return Key(*held(text, fresh), edges, live=True)
    return Key(text, text, edges, live=False)


def _literal(value: Value, constant: Callable[[object], str]) -> str:
    if isinstance(value, bool):
        return str(value)
    return number(value) if isinstance(value, int) else constant(value)


def _restorer(key: Expr, denominator: int) -> tuple[Kind, int]:
    return key.kind, denominator


def _restored(numerators: Sequence[Value], restore: Sequence[tuple[Kind, int]]) -> tuple[Value, ...]:
    return tuple(
        Fraction(n, denominator) if kind in ("exact", "rate") and isinstance(n, int) else n
        for n, (kind, denominator) in zip(numerators, restore, strict=True)
    )


def _failer(table: str, restore: Sequence[tuple[Kind, int]]) -> Callable[..., NoReturn]:
    """A function of the keys' numerators that raises ``NoRow``."""

    def fail(*keys: Value) -> NoReturn:
        raise NoRow(table, _restored(keys, restore))

    return fail


def _searcher(table: Table, cells: Sequence[Value], restore: Sequence[tuple[Kind, int]]) -> Callable[..., Value]:
    """A function of the keys' numerators that searches the table row by row; raises ``NoRow``."""

    def search(*numerators: Value) -> Value:
        keys = _restored(numerators, restore)
        row = table.row_of(keys)
        if row is None:
            raise NoRow(table.name, keys)
        return cells[row]

    return search


__all__ = ["Key", "Token", "lookup_text", "numerators"]
