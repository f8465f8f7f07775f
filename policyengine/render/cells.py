"""Facts cut into what a policy tells apart, and the figures for every combination, put together into few rows."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Final, TypeVar

from policyengine import ir
from policyengine.questions.options import Option
from policyengine.render.quantities import Given, Reader

MOST_CELLS: Final = 20_000
"""More combinations of facts than this are not spelled out."""

Value = TypeVar("Value", bound=Hashable)
Cell = tuple[int, ...]
"""Which choice of each axis."""

Box = tuple[frozenset[int], ...]
"""Which choices of each axis."""


@dataclass(frozen=True, slots=True)
class Axis:
    """A fact with its choices: each is what the steps in question treat alike. ``rest``: what it is by default."""

    fact: str
    options: tuple[Option, ...]
    choices: tuple[tuple[Option, ...], ...]
    rest: ir.Value

    def value(self, choice: int) -> ir.Value:
        """The value that stands for a choice: what the fact is by default, else the first."""
        options = self.choices[choice]
        return self.rest if any(option.holds(self.rest) for option in options) else options[0].value


def axes_of(reader: Reader, steps: Sequence[str]) -> tuple[Axis, ...]:
    """An axis for each fact of which the steps make more than one thing."""
    facts = reader.leaves(steps).facts
    marks = {fact: list(_signatures(reader, steps, fact)) for fact in facts}
    choices = {fact: _alike(reader.options[fact], marks[fact]) for fact in facts}
    axes = (Axis(fact, reader.options[fact], choices[fact], reader.resting[fact]) for fact in facts)
    return tuple(axis for axis in axes if len(axis.choices) > 1)


def _alike(options: Sequence[Option], marks: Sequence[Mapping[ir.Value, Hashable]]) -> tuple[tuple[Option, ...], ...]:
    found: dict[Hashable, list[Option]] = {}
    for option in options:
        found.setdefault(tuple(mark[option.value] for mark in marks), []).append(option)
    return tuple(tuple(group) for group in found.values())


def _signatures(reader: Reader, steps: Sequence[str], fact: str) -> Iterator[Mapping[ir.Value, Hashable]]:
    """What the largest parts of the steps that read this fact alone make of each of its values."""
    seen: set[str] = set()
    for step in steps:
        yield from _marks(reader, reader.by_name[step].expr, fact, seen)


def _marks(reader: Reader, expr: ir.Expr, fact: str, seen: set[str]) -> Iterator[Mapping[ir.Value, Hashable]]:
    read = _read(reader, expr)
    if fact not in read:
        return
    values = [option.value for option in reader.options[fact]]
    if read == {fact} and expr.kind != "code" and (found := _told(reader, expr, fact, values)) is not None:
        yield found
        return
    match expr:
        case ir.Ref(step=step):
            if step not in seen:
                seen.add(step)
                yield from _marks(reader, reader.by_name[step].expr, fact, seen)
        case ir.Lookup(table=table, keys=keys):
            for at, key in enumerate(keys):
                if key == ir.Input(fact, key.kind, "claim"):
                    cells = [row[at] for row in reader.program.table(table).patterns]
                    yield {value: tuple(cell is None or value in cell for cell in cells) for value in values}
                else:
                    yield from _marks(reader, key, fact, seen)
        case ir.Input():
            yield {value: value for value in values}
        case _:
            for child in ir.children(expr):
                yield from _marks(reader, child, fact, seen)


def _told(reader: Reader, expr: ir.Expr, fact: str, values: Sequence[ir.Value]) -> Mapping[ir.Value, Hashable] | None:
    """What ``expr``, which reads this fact alone, comes to for each value; nothing for a part of the fee lines."""
    if expr.domain == "row":
        return None
    return {value: reader.worth(expr, {fact: value}) for value in values}


def _read(reader: Reader, expr: ir.Expr) -> frozenset[str]:
    """The facts of the claim that ``expr`` reads, through every step."""
    found: set[str] = set()
    for inner in ir.walk(expr):
        if isinstance(inner, ir.Input) and inner.domain == "claim":
            found.add(inner.name)
        if isinstance(inner, ir.Ref):
            found |= set(reader.reads(inner.step))
    return frozenset(found)


def spread(axes: Sequence[Axis]) -> Iterator[tuple[Cell, Given]]:
    """Every combination of choices, with the facts that stand for it."""
    for cell in product(*(range(len(axis.choices)) for axis in axes)):
        yield cell, {axis.fact: axis.value(at) for axis, at in zip(axes, cell, strict=True)}


def too_many(axes: Sequence[Axis]) -> bool:
    return prod(len(axis.choices) for axis in axes) > MOST_CELLS


def put_together(cells: Mapping[Cell, Value], order: Iterable[int]) -> list[tuple[Box, Value]]:
    """Cells of one value put together into as few boxes as meeting side by side makes of them; the axes in ``order``
    are tried first."""
    axes = tuple(order)
    found = [(tuple(frozenset([at]) for at in cell), value) for cell, value in cells.items()]
    before = len(found) + 1
    while len(found) < before:
        before = len(found)
        for axis in axes:
            found = _joined(found, axis)
    return found


def _joined(boxes: Sequence[tuple[Box, Value]], axis: int) -> list[tuple[Box, Value]]:
    """Boxes that differ in one axis only, made one."""
    groups: dict[tuple[Box, Value], frozenset[int]] = {}
    for box, value in boxes:
        rest = (*box[:axis], frozenset[int](), *box[axis + 1 :])
        groups[rest, value] = groups.get((rest, value), frozenset()) | box[axis]
    return [((*box[:axis], at, *box[axis + 1 :]), value) for (box, value), at in groups.items()]
