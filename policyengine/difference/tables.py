"""Tables cell by cell: what a column says for each combination of words, however the rows are cut."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any, Final

from policyengine.difference.model import Entry, Field
from policyengine.difference.sense import Names, alternatives, named, sense
from policyengine.expressions import parse_expression
from policyengine.shapes import Word

MOST_CELLS: Final = 50_000
"""Tables with more combinations of words are compared row by row."""
OTHER: Final = "any other"
Combination = tuple[str, ...]
Row = tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class _Sheet:
    keys: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    patterns: tuple[tuple[frozenset[str] | None, ...], ...]


def cells(old: Entry, new: Entry, names: Names) -> tuple[Field, ...]:
    """The cells that differ between two tables, those that differ alike together."""
    one, two = _sheet(old, names), _sheet(new, {})
    if one.keys != two.keys:
        return (Field("rows", old.said["rows"], new.said["rows"]),)
    return tuple(_differing(one, two, names))


def _sheet(entry: Entry, names: Names) -> _Sheet:
    keys = tuple(named(str(key), names) for key in entry.said["keys"])
    rows: tuple[Row, ...] = tuple(entry.said["rows"])
    patterns = tuple(tuple(alternatives(cell, names) for cell in row[: len(keys)]) for row in rows)
    return _Sheet(keys, tuple(str(column) for column in entry.said["columns"]), rows, patterns)


def _differing(one: _Sheet, two: _Sheet, names: Names) -> Iterator[Field]:
    axes = _axes(one, two)
    if prod(map(len, axes)) > MOST_CELLS:
        yield Field("rows", one.rows, two.rows)
        return
    before, after = _hits(one, axes), _hits(two, axes)
    found: dict[tuple[int | None, int | None], list[Combination]] = {}
    for at in product(*axes):
        pair = (before.get(at), after.get(at))
        if pair != (None, None):
            found.setdefault(pair, []).append(at)
    for (old, new), where in found.items():
        yield from _values(one, two, old, new, tuple(_told(one, two, old, new, where, axes)), names)


def _axes(one: _Sheet, two: _Sheet) -> list[tuple[str, ...]]:
    """For each key every word that either table names, and one for all others."""
    rows = (*one.patterns, *two.patterns)
    return [
        (*dict.fromkeys(w for row in rows if (cell := row[at]) is not None for w in sorted(cell)), OTHER)
        for at in range(len(one.keys))
    ]


def _hits(sheet: _Sheet, axes: Sequence[tuple[str, ...]]) -> Mapping[Combination, int]:
    """The row that each combination hits: the first."""
    found: dict[Combination, int] = {}
    for at, pattern in enumerate(sheet.patterns):
        cut = [axis if cell is None else sorted(cell) for cell, axis in zip(pattern, axes, strict=True)]
        for where in product(*cut):
            found.setdefault(where, at)
    return found


def _values(
    one: _Sheet, two: _Sheet, old: int | None, new: int | None, row: tuple[tuple[str, str], ...], names: Names
) -> Iterator[Field]:
    for column in dict.fromkeys((*one.columns, *two.columns)):
        before, after = _cell(one, old, column), _cell(two, new, column)
        if sense(before, names) != sense(after, {}):
            yield Field(column, before, after, row)


def _cell(sheet: _Sheet, row: int | None, column: str) -> Any:
    if row is None or column not in sheet.columns:
        return None
    cell = sheet.rows[row][len(sheet.keys) + sheet.columns.index(column)]
    return parse_expression(cell.text, cell.span)


def _told(
    one: _Sheet, two: _Sheet, old: int | None, new: int | None, where: list[Combination], axes: list[tuple[str, ...]]
) -> Iterator[tuple[str, str]]:
    """Of what the cells are, key by key: as the author wrote it where both rows are cut alike."""
    for at, key in enumerate(one.keys):
        cells = [sheet.rows[row][at].text for sheet, row in ((one, old), (two, new)) if row is not None]
        patterns = [s.patterns[row][at] for s, row in ((one, old), (two, new)) if row is not None]
        met = {combination[at] for combination in where}
        whole = all(met == (set(axes[at]) if cell is None else set(cell)) for cell in patterns)
        yield key, cells[-1] if whole else "|".join(word for word in axes[at] if word in met)
