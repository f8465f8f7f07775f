"""The benefit list (待遇清单): what each layer's deductible, share and ceilings are, by institution and kind of member.

The figures are found by evaluating the program for every combination of the facts that they hang on, so that every
uplift and overlay is already in them. Facts that make no difference have no column, figures that agree one row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from policyengine import ir, terms
from policyengine.render.cells import Axis, Box, Cell, axes_of, put_together, spread, too_many
from policyengine.render.figures import joined, option_words, value_words
from policyengine.render.page import Grid
from policyengine.render.quantities import Given, Quantity, Reader, guard_of, quantities_of
from policyengine.render.subject import Subject
from policyengine.render.titles import quantities_title
from policyengine.render.voice import Voice
from policyengine.report.names import fact_name

MOST_KINDS: Final = 4
"""More kinds of members than this are told in the rows, not in columns."""

Figure = tuple[ir.Value, ...] | None
"""A figure, or the least and the greatest that a value which is not known yet makes of it; none where the quantity
does not apply."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A layer's figures: for each combination of facts one figure for each quantity. ``first``: they are those of the
    first claim, before anything has been counted."""

    layer: str
    axes: tuple[Axis, ...]
    quantities: tuple[Quantity, ...]
    cells: Mapping[Cell, tuple[Figure, ...]]
    first: bool
    left_out: tuple[Quantity, ...]


def listed(subject: Subject, reader: Reader, layer: str) -> Listed:
    """The figures of a layer wherever it acts and the rule set covers the case."""
    found = quantities_of(subject, layer)
    reckoned = {q.step: reader.leaves((q.step,)).reckoned for q in found}
    shown = tuple(q for q in found if not reckoned[q.step])
    left_out = tuple(q for q in found if reckoned[q.step])
    guard, covers = guard_of(subject, layer), subject.program.covers
    flags = [reader.flag(name) for name in (covers, guard) if name]
    steps = [*flags, *(q.step for q in shown), *(reader.flag(q.guard) for q in shown if q.guard)]
    axes = axes_of(reader, list(dict.fromkeys(steps)))
    if too_many(axes):
        return Listed(layer, axes, (), {}, False, found)
    cells = {}
    for cell, facts in spread(axes):
        figures = _figures(reader, shown, facts) if _holds(reader, flags, facts) else ()
        if any(figures):
            cells[cell] = figures
    first = any(reader.leaves((q.step,)).counted for q in shown)
    return Listed(layer, axes, shown, cells, first, left_out)


def _holds(reader: Reader, flags: Sequence[str], facts: Given) -> bool:
    try:
        return all(reader.value(flag, facts) for flag in flags)
    except ir.NoRow:
        return False


def _figures(reader: Reader, quantities: Sequence[Quantity], facts: Given) -> tuple[Figure, ...]:
    """One figure for each quantity; nothing where the policy states nothing for these facts."""
    try:
        return tuple(_figure(reader, quantity, facts) for quantity in quantities)
    except ir.NoRow:
        return ()


def _figure(reader: Reader, quantity: Quantity, facts: Given) -> Figure:
    if quantity.guard and not reader.value(reader.flag(quantity.guard), facts):
        return None
    found = [reader.value(quantity.step, {**facts, **given}) for given in reader.ends((quantity.step,))]
    return tuple(dict.fromkeys(found))


# -- as a table ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Column:
    """A quantity for one kind of members: their choices of the axes that are about persons. ``title``: of the kind,
    empty if it is all. ``quantities``: all that come to the same for these members, the first of them shown."""

    quantities: tuple[int, ...]
    members: frozenset[Cell]
    title: str


def benefit_grid(subject: Subject, found: Listed, voice: Voice) -> Grid | None:
    """The figures of a layer as a table; nothing if there is no figure in it."""
    of_person = tuple(at for at, axis in enumerate(found.axes) if _is_of_person(axis.fact))
    columns = _columns(subject, found, of_person, voice)
    if columns is None:
        of_person = ()
        columns = tuple(Column((q,), frozenset([()]), "") for q in range(len(found.quantities)))
    of_case = tuple(at for at in range(len(found.axes)) if at not in of_person)
    cases: dict[Cell, dict[Cell, tuple[Figure, ...]]] = {}
    for cell, figures in found.cells.items():
        cases.setdefault(_part_of(cell, of_case), {})[_part_of(cell, of_person)] = figures
    rows = {key: tuple(_in_column(members, column) for column in columns) for key, members in cases.items()}
    kept = _without_repeats(found, columns, rows)
    rows = {key: tuple(figures[at] for at in kept) for key, figures in rows.items()}
    return _grid(subject, found, of_case, rows, list(kept.values()), voice) if kept else None


def _without_repeats(
    found: Listed, columns: Sequence[Column], rows: Mapping[Cell, tuple[Figure, ...]]
) -> dict[int, Column]:
    """The columns in which there is any figure; those of one provision that hold the same figures are one."""
    alike: dict[tuple[object, ...], int] = {}
    kept: dict[int, Column] = {}
    for at, column in enumerate(columns):
        figures = tuple(row[at] for row in rows.values())
        provision = found.quantities[column.quantities[0]].provision
        first = alike.setdefault((provision.id.text, column.members, figures), at)
        if first in kept:
            kept[first] = replace(kept[first], quantities=(*kept[first].quantities, *column.quantities))
        elif any(figures):
            kept[at] = column
    return kept


def _is_of_person(fact: str) -> bool:
    known = terms.FACTS.get(fact)
    return known is not None and known.at.startswith("person.")


def _part_of(cell: Cell, axes: Sequence[int]) -> Cell:
    return tuple(cell[at] for at in axes)


def _in_column(members: Mapping[Cell, tuple[Figure, ...]], column: Column) -> Figure:
    """The figure for a case, given by kind of member, which is one for all members of the column."""
    return next((figures[column.quantities[0]] for kind, figures in members.items() if kind in column.members), None)


def _columns(subject: Subject, found: Listed, of_person: Sequence[int], voice: Voice) -> tuple[Column, ...] | None:
    """For each quantity one column for each kind of members that it treats alike; nothing if there are too many."""
    of_case = tuple(at for at in range(len(found.axes)) if at not in of_person)
    kinds = {_part_of(cell, of_person) for cell in found.cells}
    columns: list[Column] = []
    for q, _ in enumerate(found.quantities):
        alike: dict[Cell, dict[Cell, Figure]] = {}
        for cell, figures in found.cells.items():
            alike.setdefault(_part_of(cell, of_person), {})[_part_of(cell, of_case)] = figures[q]
        groups: dict[tuple[tuple[Cell, Figure], ...], list[Cell]] = {}
        for kind, figures_of in alike.items():
            groups.setdefault(tuple(figures_of.items()), []).append(kind)
        if len(groups) > MOST_KINDS:
            return None
        for members in groups.values():
            title = _members(subject, found, of_person, members, kinds, voice) if len(groups) > 1 else ""
            columns.append(Column((q,), frozenset(members), title))
    return tuple(columns)


def _members(
    subject: Subject, found: Listed, of_person: Sequence[int], members: Sequence[Cell], kinds: set[Cell],
    voice: Voice,
) -> str:  # fmt: skip
    """A kind of members in words."""
    axes = [found.axes[at] for at in of_person]
    boxes = [box for box, _ in put_together(dict.fromkeys(members, True), range(len(axes)))]
    whole = [frozenset(kind[at] for kind in kinds) for at in range(len(axes))]
    said = (_box_words(subject, axes, box, whole, voice) for box in boxes)
    return voice.say(" 或 ", " or ").join(said)


def _box_words(subject: Subject, axes: Sequence[Axis], box: Box, whole: Sequence[frozenset[int]], voice: Voice) -> str:
    """Members who hold these facts; whoever holds none of the flags is one of the others."""
    told: list[str] = []
    refused: list[str] = []
    for axis, chosen, every in zip(axes, box, whole, strict=True):
        if chosen != every:
            words = choice_words(subject, axis, chosen, voice)
            is_refused = axis.value(min(chosen)) is False
            (refused if is_refused else told).append(words)
    if told:
        return voice.listed(told) + (
            voice.say(f"（{'、'.join(refused)}）", f" ({', '.join(refused)})") if refused else ""
        )
    return voice.say("其他人员", "other members")


def choice_words(subject: Subject, axis: Axis, chosen: frozenset[int], voice: Voice) -> str:
    """The choices of a fact in words; numbers that follow one another as one range."""
    options = [option for option in axis.options if any(option in axis.choices[at] for at in chosen)]
    return voice.listed([option_words(subject.program, axis.fact, o, voice.lang) for o in joined(options)])


def _grid(
    subject: Subject, found: Listed, of_case: Sequence[int], rows: Mapping[Cell, tuple[Figure, ...]],
    columns: Sequence[Column], voice: Voice,
) -> Grid:  # fmt: skip
    axes = [found.axes[at] for at in of_case]
    whole = [frozenset(key[at] for key in rows) for at in range(len(axes))]
    boxes = put_together(rows, reversed(range(len(axes))))
    told = [at for at in _by_importance(axes) if any(box[at] != whole[at] for box, _ in boxes)]
    boxes.sort(key=lambda one: tuple(sorted(one[0][at]) for at in told))
    head = [fact_name(subject.program, axes[at].fact, voice.lang) for at in told]
    head += [_head(subject, found, column, voice) for column in columns]
    cells = []
    for box, figures in boxes:
        facts = [_case_words(subject, axes[at], box[at], whole[at], voice) for at in told]
        kinds = [found.quantities[c.quantities[0]].kind for c in columns]
        cells.append((*facts, *(figure_words(f, k, subject, voice) for f, k in zip(figures, kinds, strict=True))))
    return Grid(tuple(head), tuple(cells), len(columns))


def _by_importance(axes: Sequence[Axis]) -> list[int]:
    """The columns in the order of the glossary, facts that the rule file declares last."""
    known = list(terms.FACTS)
    return sorted(range(len(axes)), key=lambda at: known.index(f) if (f := axes[at].fact) in known else len(known))


def _head(subject: Subject, found: Listed, column: Column, voice: Voice) -> str:
    """What a column holds: one quantity of a provision, several, or all that it states."""
    shown = [found.quantities[at] for at in column.quantities]
    stated = [q for q in found.quantities if q.provision.id == shown[0].provision.id]
    title = quantities_title(subject, () if len(shown) == len(stated) > 1 else shown, shown[0].provision, voice)
    return f"{title} · {column.title}" if column.title else title


def _case_words(subject: Subject, axis: Axis, chosen: frozenset[int], whole: frozenset[int], voice: Voice) -> str:
    if chosen == whole:
        return voice.say("不限", "any")
    if isinstance(axis.value(min(chosen)), bool):
        return voice.say("是", "yes") if axis.value(min(chosen)) else voice.say("否", "no")
    return choice_words(subject, axis, chosen, voice)


def figure_words(figure: Figure, kind: ir.Kind, subject: Subject, voice: Voice) -> str:
    """A figure; two where the value is not known yet; a dash where there is none."""
    if figure is None:
        return "—"
    return "–".join(value_words(value, kind, subject.currency, voice.lang) for value in figure)
