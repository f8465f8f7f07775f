"""What a kernel is told when it runs: numbers, and the tables of its program as one array of integers."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from policyengine.analysis import NUMERIC, Analysis, edges_of
from policyengine.backends.kernel.code import Code, Value
from policyengine.backends.kernel.shape import NOTHING_MOVES, ArrayKey, Moves
from policyengine.ir import Interval, Lookup, Pattern, Table


@dataclass(frozen=True, slots=True)
class Machine:
    """One key of a table in the code: places of the classes of its tokens and of the moves, how many classes there are;
    place and count of its edges, for numbers."""

    classes: Value
    moves: Value
    width: Value
    edges: Value | None
    count: Value | None
    edges_role: str = "tab"


@dataclass(slots=True)
class Pool:
    """Numbers are arguments of the kernel; ``cells`` hold the arrays of all tables, told by their first place.

    ``hits``: tables whose rows are counted as they are hit, with the place of their first row; ``None``: none are.
    ``moves``: what differs between programs side by side; ``moved``: first cell and length of each array that may.
    """

    code: Code
    words: dict[str, int]
    numbers: list[int] = field(default_factory=list)
    cells: list[int] = field(default_factory=list)
    columns: dict[ArrayKey, Value] = field(default_factory=dict)
    machines: dict[tuple[str, tuple[tuple[str, int], ...]], tuple[Machine, ...]] = field(default_factory=dict)
    hits: Hits | None = None
    moves: Moves = NOTHING_MOVES
    moved: list[tuple[int, int]] = field(default_factory=list)

    def number(self, value: int) -> Value:
        """A number that is handed in."""
        self.numbers.append(value)
        return self.code.given("number", str(len(self.numbers) - 1))

    def array(self, key: ArrayKey, values: Sequence[int]) -> Value:
        """The place in ``cells`` where an array begins."""
        if self.is_moved(key):
            self.moved.append((len(self.cells), len(values)))
        self.cells.extend(values)
        return self.number(len(self.cells) - len(values))

    def is_moved(self, key: ArrayKey) -> bool:
        """Whether an array may differ between programs."""
        return key[:3] in self.moves.arrays

    def role_of(self, key: ArrayKey) -> str:
        """What holds an array: cells that all programs have in common, or a cell for each."""
        return "moved cell" if self.is_moved(key) else "tab"

    def cell(self, expr: Lookup, analysis: Analysis, row: Value) -> Value:
        """The cell of the column that is looked up."""
        denominator = analysis.denominator(expr) if expr.kind in NUMERIC else 1
        key = ("column", expr.table, expr.column, denominator)
        if key not in self.columns:
            self.columns[key] = self.array(key, column_of(expr, analysis, self.words))
        return self.code.load(self.role_of(key), "", self.code.add(self.columns[key], row))

    def machine(self, table: Table, kinds: tuple[tuple[str, int], ...]) -> tuple[Machine, ...]:
        """How the row of a table is found; ``kinds``: of the keys, with their denominators."""
        key = (table.name, kinds)
        if key not in self.machines:
            axes = [axis_of(table, at, *kind, tuple(self.words)) for at, kind in enumerate(kinds)]
            moves = machine_of(axes, len(table.patterns))
            named = [(table.name, "", (kinds, at)) for at in range(len(axes))]
            self.machines[key] = tuple(map(self._machine, named, axes, moves))
        return self.machines[key]

    def _machine(self, name: tuple[str, str, Hashable], axis: Axis, moves: Sequence[Sequence[int]]) -> Machine:
        edges = None if axis.edges is None else self.array(("edges", *name), axis.edges)
        count = None if axis.edges is None else self.number(len(axis.edges))
        flat = [state for line in moves for state in line]
        classes, to = self.array(("classes", *name), axis.classes), self.array(("moves", *name), flat)
        return Machine(classes, to, self.number(len(axis.masks)), edges, count, self.role_of(("edges", *name)))

    def count(self, table: Table, row: Value) -> None:
        """Counts that a row was hit, if that is asked for."""
        if self.hits is not None:
            self.hits.one(self.code, self.hits.place("table", table.name, max(len(table.patterns), 1)), row)


@dataclass(slots=True)
class Hits:
    """What is counted: rows of tables that are hit, provisions that apply. ``places``: kind, name and how many."""

    places: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    size: int = 0

    def place(self, kind: str, name: str, count: int) -> int:
        """Where the counters of a thing begin."""
        if (kind, name) not in self.places:
            self.places[kind, name] = (self.size, count)
            self.size += count
        return self.places[kind, name][0]

    def one(self, code: Code, place: int, row: Value) -> None:
        at = code.add(code.number(place), row)
        code.store("hits", "", at, code.add(code.load("hits", "", at), code.number(1)))


@dataclass(frozen=True, slots=True)
class Axis:
    """One key of a table: ``classes[token]`` is the same for tokens that hit the same rows, which ``masks`` names as
    bits. Tokens: positions of words, false and true, the cells between ``edges``."""

    classes: tuple[int, ...]
    masks: tuple[int, ...]
    edges: tuple[int, ...] | None


def axis_of(table: Table, at: int, kind: str, denominator: int, words: Sequence[str]) -> Axis:
    """Key ``at`` of a table for keys of a kind; edges over the denominator of the key."""
    column = [row[at] for row in table.patterns]
    if kind in NUMERIC:
        edges = edges_of(table, at)
        masks = [_mask(column, cell, edges) for cell in range(len(edges) + 1)]
        return _axis(masks, tuple(edge * denominator for edge in edges))
    tokens: Sequence[str | bool] = (False, True) if kind == "flag" else words
    return _axis([_mask(column, token, ()) for token in tokens], None)


def _axis(masks: Sequence[int], edges: tuple[int, ...] | None) -> Axis:
    distinct = tuple(dict.fromkeys(masks))
    return Axis(tuple(distinct.index(mask) for mask in masks), distinct, edges)


def _mask(column: Sequence[Pattern], token: str | bool | int, edges: Sequence[int]) -> int:
    """The rows, as bits, that a token hits."""
    return sum(1 << row for row, pattern in enumerate(column) if _hits(pattern, token, edges))


def _hits(pattern: Pattern, token: str | bool | int, edges: Sequence[int]) -> bool:
    if pattern is None:
        return True
    if isinstance(pattern, Interval):
        first = 0 if pattern.low is None else edges.index(pattern.low) + 1
        end = len(edges) + 1 if pattern.high is None else edges.index(pattern.high) + 1
        return first <= int(token) < end
    return token in pattern


def machine_of(axes: Sequence[Axis], rows: int) -> list[list[list[int]]]:
    """Key by key, from the rows still possible and the class of the key to the rows then possible; the last key gives
    the first row, −1 for none. States are numbered as they are met, so tables of any width stay small."""
    states, found = [(1 << rows) - 1], list[list[list[int]]]()
    for at, axis in enumerate(axes):
        following = [[state & mask for mask in axis.masks] for state in states]
        if at == len(axes) - 1:
            return [*found, [[_first(mask) for mask in line] for line in following]]
        states = list(dict.fromkeys(mask for line in following for mask in line))
        number = {state: at for at, state in enumerate(states)}
        found.append([[number[mask] for mask in line] for line in following])
    return found


def _first(mask: int) -> int:
    return (mask & -mask).bit_length() - 1


def column_of(expr: Lookup, analysis: Analysis, words: dict[str, int]) -> list[int]:
    """The cells of the column that is looked up: numerators, flags as 0 and 1, positions of words."""
    values = analysis.names.tables[expr.table].column(expr.column).values or (0,)
    if expr.kind == "code":
        return [words[str(v)] for v in values]
    if expr.kind == "flag":
        return [int(bool(v)) for v in values]
    return [int(Fraction(v) * analysis.denominator(expr)) for v in values]
