"""Finite tables: the only way from a code, a count or an amount to a value."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from policyengine.ir.forms import Kind, Value

CodeSet = frozenset[str | bool]


@dataclass(frozen=True, slots=True)
class Interval:
    """Half-open [low, high) of counts or minor units; ``None`` is unbounded."""

    low: int | None
    high: int | None

    def __contains__(self, value: object) -> bool:
        assert isinstance(value, int | Fraction)
        return (self.low is None or value >= self.low) and (self.high is None or value < self.high)


Pattern = CodeSet | Interval | None
"""One key cell of a table row: a set of codes or flags, an interval, or ``None`` for anything."""


class NoRow(LookupError):
    """A table has no row for these keys. The caller turns it into a claim error that names the facts."""

    def __init__(self, table: str, keys: tuple[Value, ...]) -> None:
        self.table = table
        self.keys = keys
        super().__init__(table, keys)

    def __str__(self) -> str:
        return f"table {self.table} has no row for {', '.join(map(str, self.keys)) or 'any claim'}"


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: Kind
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A finite table. ``keys`` are names for people; ``patterns[i]`` is the i-th row's key cells; ``gaps`` says why
    some keys have no row."""

    name: str
    keys: tuple[str, ...]
    patterns: tuple[tuple[Pattern, ...], ...]
    columns: tuple[Column, ...]
    gaps: str = ""

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns)

    def column(self, name: str) -> Column:
        return self.columns[self.column_names.index(name)]

    def row_of(self, keys: tuple[Value, ...]) -> int | None:
        """Index of the first row that matches, or ``None``."""
        for index, patterns in enumerate(self.patterns):
            if all(p is None or k in p for p, k in zip(patterns, keys, strict=True)):
                return index
        return None
