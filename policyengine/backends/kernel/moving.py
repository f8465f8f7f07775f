"""Programs side by side: which expressions differ from one to the other, and what can be computed once for all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from policyengine.backends.kernel.lifted import lifted
from policyengine.backends.kernel.shape import Moves, Source
from policyengine.ir import Expr, Hist, Input, Lit, Lookup, Program, Ref, Step, children


def moves_of(programs: Sequence[Program], watched: frozenset[str]) -> Moves:
    """What differs between programs, as far as their kernels can be run side by side."""
    numbers = [tuple(lifted(program).numbers.values()) for program in programs]
    length = max(map(len, numbers))
    known = {at for at in range(length) if len({row[at : at + 1] for row in numbers}) > 1}
    return Moves(frozenset(known), frozenset(_arrays(programs)), watched)


def _arrays(programs: Sequence[Program]) -> Iterator[tuple[str, str, str]]:
    """Columns of tables that differ in their cells, and tables in the edges between their numbers."""
    first = {table.name: table for table in programs[0].tables}
    for table in (table for program in programs[1:] for table in program.tables if table.name in first):
        before = first[table.name]
        if table.patterns != before.patterns:
            yield "edges", table.name, ""
        for column in table.columns:
            if column not in before.columns:
                yield "column", table.name, column.name


def alike(sources: Sequence[Source]) -> list[list[int]]:
    """The kernels, by place, that can be run side by side: they share their code, and differ in what may differ."""
    found: dict[tuple[object, ...], list[int]] = {}
    for at, source in enumerate(sources):
        found.setdefault(_fixed(source), []).append(at)
    return list(found.values())


def _fixed(source: Source) -> tuple[object, ...]:
    """All of a kernel that may not differ."""
    numbers, cells = list(source.numbers), list(source.cells)
    for at in source.moved:
        numbers[at] = 0
    for start, length in source.moved_cells:
        cells[start : start + length] = [0] * length
    return source.text, tuple(numbers), tuple(cells)


@dataclass(slots=True)
class Moving:
    """Tells what differs. Whatever an accumulator holds may."""

    steps: Mapping[str, Step]
    moves: Moves
    known: dict[Expr, bool] = field(default_factory=dict)

    def is_moved(self, expr: Expr) -> bool:
        """Whether the value of an expression may differ from program to program."""
        if expr not in self.known:
            self.known[expr] = self._is_moved(expr)
        return self.known[expr]

    def _is_moved(self, expr: Expr) -> bool:
        match expr:
            case Hist():
                return True
            case Input(name=name) if name.startswith("#"):
                return int(name[1:]) in self.moves.numbers
            case Ref(step=step):
                return self.is_moved(self.steps[step].expr)
            case Lookup(table=table, column=column) if self.moves.is_of(table, column):
                return True
        return any(map(self.is_moved, children(expr)))

    def still(self, exprs: Sequence[Expr]) -> Iterator[Expr]:
        """The largest parts of expressions that do not differ, what they are made of first."""
        seen: set[Expr] = set()
        for expr in exprs:
            yield from self._still(expr, seen)

    def _still(self, expr: Expr, seen: set[Expr]) -> Iterator[Expr]:
        if expr in seen or isinstance(expr, Lit | Input | Hist):
            return
        seen.add(expr)
        if not self.is_moved(expr):
            yield expr
        elif isinstance(expr, Ref):
            yield from self._still(self.steps[expr.step].expr, seen)
        else:
            for part in children(expr):
                yield from self._still(part, seen)
