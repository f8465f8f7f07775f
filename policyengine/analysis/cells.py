"""Tables as grids: the keys cut into cells, and the one row that each combination of cells hits."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import product
from math import prod
from typing import Final

from policyengine.analysis.names import NUMERIC, Names, input_words
from policyengine.ir import Expr, If, Input, Interval, Lit, Lookup, Pattern, Ref, Table

MOST_CELLS: Final = 200_000
"""A table with more combinations of cells than this is searched row by row."""

Token = str | bool | int
"""A cell of a key: the code, the flag, or the number of an interval between two neighbouring edges."""


def words_of(expr: Expr, names: Names) -> frozenset[str]:
    """Every word that a code expression can yield."""
    match expr:
        case Lit(value=str(word)):
            return frozenset([word])
        case Input():
            return frozenset(input_words(names.declared(expr)))
        case Ref(step=step):
            if step not in names.words:
                names.words[step] = words_of(names.steps[step].expr, names)
            return names.words[step]
        case If(then=then, other=other):
            return words_of(then, names) | words_of(other, names)
        case Lookup(table=table, column=column):
            return frozenset(str(v) for v in names.tables[table].column(column).values)
        case _:
            raise AssertionError(f"{type(expr).__name__} is no code")


def edges_of(table: Table, at: int) -> tuple[int, ...]:
    """The finite edges of a table's intervals in key ``at``, in order. Cell i begins at edge i − 1."""
    patterns = [p for row in table.patterns if isinstance(p := row[at], Interval)]
    return tuple(sorted({e for p in patterns for e in (p.low, p.high) if e is not None}))


def axis_of(table: Table, at: int, key: Expr, names: Names) -> tuple[Token, ...]:
    """All cells of key ``at``."""
    if key.kind in NUMERIC:
        return tuple(range(len(edges_of(table, at)) + 1))
    return (False, True) if key.kind == "flag" else tuple(sorted(words_of(key, names)))


def grid_of(table: Table, axes: Sequence[Sequence[Token]]) -> Mapping[tuple[Token, ...], int] | None:
    """Row index for each combination of cells that hits a row (the first), or ``None`` if there are too many."""
    if prod(map(len, axes)) > MOST_CELLS:
        return None
    grid: dict[tuple[Token, ...], int] = {}
    edges = [edges_of(table, at) for at in range(len(axes))]
    for index, patterns in reversed(list(enumerate(table.patterns))):
        for cells in product(*map(_cells, patterns, axes, edges)):
            grid[cells] = index
    return grid


def _cells(pattern: Pattern, axis: Sequence[Token], edges: Sequence[int]) -> Sequence[Token]:
    """The cells of an axis that a pattern covers."""
    if pattern is None:
        return axis
    if isinstance(pattern, Interval):
        first = 0 if pattern.low is None else bisect_left(edges, pattern.low) + 1
        end = len(axis) if pattern.high is None else bisect_left(edges, pattern.high) + 1
        return axis[first:end]
    return [cell for cell in axis if cell in pattern]
