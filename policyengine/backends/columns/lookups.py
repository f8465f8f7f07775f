"""Table lookups over whole columns."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from policyengine.analysis import NUMERIC, Analysis, Token, axis_of, edges_of, grid_of
from policyengine.backends.columns.batch import Array
from policyengine.ir import Interval, Lookup, Pattern, Table


def rows_of(expr: Lookup, keys: Sequence[Array], analysis: Analysis, words: Sequence[str]) -> Array:
    """The table row that each element hits, −1 for none. ``keys`` are numerators, flags, positions in ``words``."""
    table = analysis.names.tables[expr.table]
    size = len(keys[0]) if keys else 1
    axes = [axis_of(table, at, key, analysis.names) for at, key in enumerate(expr.keys)]
    grid = grid_of(table, axes)
    denominators = [analysis.denominator(key) for key in expr.keys]
    if grid is None:
        return _searched(table, keys, denominators, words, size)
    dense = np.full([len(axis) for axis in axes], -1, dtype=np.int64)
    positions = [{token: at for at, token in enumerate(axis)} for axis in axes]
    for cells, row in grid.items():
        dense[tuple(where[cell] for where, cell in zip(positions, cells, strict=True))] = row
    if not keys:
        return dense.reshape(1)
    found: Array = dense[
        tuple(
            _cells(key.kind in NUMERIC, keys[at], edges_of(table, at), denominators[at], positions[at], words)
            for at, key in enumerate(expr.keys)
        )
    ]
    return found


def _cells(
    numeric: bool, key: Array, edges: Sequence[int], denominator: int, positions: dict[Token, int], words: Sequence[str]
) -> Array:
    """The cell number of each element on one axis."""
    if numeric:
        return np.searchsorted(np.array([e * denominator for e in edges], dtype=key.dtype), key, side="right")
    if key.dtype == np.bool_:
        return key.astype(np.int64)
    by_word = np.array([positions.get(word, 0) for word in words], dtype=np.int64)
    cells: Array = by_word[key]
    return cells


def _searched(
    table: Table, keys: Sequence[Array], denominators: Sequence[int], words: Sequence[str], size: int
) -> Array:
    """Row by row, from the last to the first."""
    found = np.full(size, -1, dtype=np.int64)
    for row, patterns in reversed(list(enumerate(table.patterns))):
        hit = np.ones(size, dtype=np.bool_)
        for pattern, key, denominator in zip(patterns, keys, denominators, strict=True):
            hit &= _matches(pattern, key, denominator, words)
        found[hit] = row
    return found


def _matches(pattern: Pattern, key: Array, denominator: int, words: Sequence[str]) -> Array:
    every = np.ones(len(key), dtype=np.bool_)
    if pattern is None:
        return every
    if isinstance(pattern, Interval):
        low = every if pattern.low is None else key >= pattern.low * denominator
        return low & (every if pattern.high is None else key < pattern.high * denominator)
    if key.dtype == np.bool_:
        return np.isin(key, [p for p in pattern if isinstance(p, bool)])
    return np.isin(key, [at for at, word in enumerate(words) if word in pattern])


def column_of(expr: Lookup, analysis: Analysis, words: Sequence[str]) -> Array:
    """The cells of the looked-up column as numerators, flags or positions in ``words``; the last stands for none."""
    values = analysis.names.tables[expr.table].column(expr.column).values
    if expr.kind == "flag":
        return np.array(values or [False], dtype=np.bool_)
    if expr.kind == "code":
        return np.array([words.index(str(v)) for v in values] or [0], dtype=np.int64)
    facts = analysis.facts(expr)
    numerators = [int(v * facts.denominator) for v in values if isinstance(v, int | Fraction)]
    return np.array(numerators or [0], dtype=np.int64 if facts.result_fits else object)
