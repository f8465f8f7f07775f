"""Versions that the day of a fee line chooses among (``dated_by: row.service_date``), made into one table.

The rules of a claim are those of one day; a price list may still change in the middle of a stay. Such a table becomes
an ordinary one whose first key is the day of the line, such a parameter a table of its name with that key alone. So
nothing behind this room knows of it, and no epoch begins where a version does.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from policyengine import expressions as ast
from policyengine.errors import Diagnostic, RuleError
from policyengine.ir import LINE_DAY, day_number
from policyengine.resolve import fault
from policyengine.ruleset import NEVER, Dated, Dates, Parameter, Ruleset, TableDecl, in_force
from policyengine.shapes import Faults, Word

VALUE = "value"
"""The column of the table that a parameter becomes."""


def by_line_date(ruleset: Ruleset) -> Ruleset:
    """The rule set with one table for all versions that the day of a fee line chooses among; the very same rule set if
    there are none, or they are one table already. Raises ``RuleError``."""
    tables = versions_by_line(ruleset.tables)
    parameters = {p.id.text: p for p in ruleset.parameters if p.dated_by and p.values}
    if not tables and not parameters:
        return ruleset
    faults = Faults()
    made = [faults.attempt(_one_table, versions) for versions in tables.values()]
    made += [_one_table(_as_tables(p)) for p in parameters.values()]
    for name in (*(t.id for versions in tables.values() for t in versions), *(p.id for p in parameters.values())):
        if ruleset.run is not None:
            message = "a run has no days of fee lines: its rows are settlements, each of another stay"
            faults.add(fault("E373", message, name.span, "values that the day of the run chooses"))
    faults.done()
    return replace(
        ruleset,
        tables=tuple(t for t in ruleset.tables if t.id.text not in tables) + tuple(t for t in made if t is not None),
        parameters=tuple(_read_off(p) if p.id.text in parameters else p for p in ruleset.parameters),
    )


def versions_by_line(tables: Iterable[TableDecl]) -> dict[str, tuple[TableDecl, ...]]:
    """The tables of which the day of a fee line chooses the version, by name."""
    tables = tuple(tables)
    names = dict.fromkeys(t.id.text for t in tables if t.dated_by and LINE_DAY not in _texts(t.keys))
    return {name: tuple(t for t in tables if t.id.text == name) for name in names}


def all_versions(ruleset: Ruleset) -> Iterator[Sequence[TableDecl]]:
    """The versions of each table, and the values of each parameter, among which the day of a fee line chooses."""
    yield from versions_by_line(ruleset.tables).values()
    yield from (_as_tables(p) for p in ruleset.parameters if p.dated_by and p.values)


def periods(versions: Sequence[TableDecl]) -> tuple[tuple[Dates, TableDecl | None], ...]:
    """Each period from the first day to the last with the version that holds in it, if any; of several versions for one
    day that which was published last."""
    days = sorted({day for t in versions if t.valid != NEVER for day in t.valid if day is not None})
    found = [((start, end), next(iter(in_force(versions, start)), None))
             for start, end in itertools.pairwise((None, *days, None))]  # fmt: skip
    joined: list[tuple[Dates, TableDecl | None]] = []
    for (start, end), version in found:
        goes_on = joined and joined[-1][1] is version
        joined.append(((joined.pop()[0][0] if goes_on else start, end), version))
    return tuple(joined)


def holes_between(ruleset: Ruleset) -> Iterator[Diagnostic]:
    """E378: days between two versions on which none holds, unless the table says why."""
    for versions in all_versions(ruleset):
        yield from _holes(versions)


def _holes(versions: Sequence[TableDecl]) -> Iterator[Diagnostic]:
    if any(t.gaps for t in versions):
        return
    for ((start, end), version), (_, later) in itertools.pairwise(periods(versions)):
        if version is None and start is not None and later is not None:
            message = f"`{later.id}` has no version for fee lines from {start} to {end}"
            hint = "let one period end on the day on which the next begins"
            hint += "; or say why nothing holds: `gaps: …`" if later.keys else ""
            yield Diagnostic("E378", message, later.id.span, "periods that follow each other", hint)


def _one_table(versions: Sequence[TableDecl]) -> TableDecl:
    """All versions as one table, the day of the line its first key. Raises ``RuleError`` if they differ in form."""
    last = versions[-1]
    for version in versions[:-1]:
        _check_alike(version, last)
    day = Word(LINE_DAY, last.id.span)
    rows = tuple(
        (Word(_interval(dates), version.id.span), *row)
        for dates, version in periods(versions) if version is not None
        for row in version.rows
    )  # fmt: skip
    return replace(
        last,
        keys=(day, *last.keys),
        rows=rows,
        gaps=next((t.gaps for t in versions if t.gaps), ""),
        valid=(None, None) if rows else NEVER,
        cites=tuple(dict.fromkeys(cite for t in versions for cite in t.cites)),
        assumed=tuple(dict.fromkeys(why for t in versions for why in t.assumed)),
        published=None,
    )


def _check_alike(one: TableDecl, other: TableDecl) -> None:
    for what, first, second in (("keys", one.keys, other.keys), ("columns", one.columns, other.columns)):
        if _texts(first) != _texts(second):
            raise _differ(what, one, (*first, *one.columns)[0], (*second, *other.columns)[0])
    if one.dated_by != other.dated_by:
        raise _differ("`dated_by`", one, one.columns[0], other.columns[0])


def _differ(what: str, version: TableDecl, first: Word, second: Word) -> RuleError:
    message = f"two versions of `{version.id}`, among which the day of a fee line chooses, differ in their {what}"
    related = (("the other version is here", first.span),)
    return RuleError(Diagnostic("E377", message, second.span, f"the same {what}", related=related))


def _texts(words: Iterable[Word]) -> list[str]:
    return [word.text for word in words]


def _interval(dates: Dates) -> str:
    if dates == (None, None):
        return "any"
    return "..".join("" if day is None else str(day_number(day)) for day in dates)


def _as_tables(parameter: Parameter) -> list[TableDecl]:
    """The values of a parameter as versions of a table without keys."""
    return [
        TableDecl(
            Word(parameter.id.text, value.span or parameter.id.span), (), (Word(VALUE, parameter.id.span),),
            ((Word(ast.print_expression(value.value), value.value.span),),), valid=value.valid, cites=value.cites,
            assumed=value.assumed, dated_by=parameter.dated_by, published=value.published,
        )
        for value in parameter.values
    ]  # fmt: skip


def _read_off(parameter: Parameter) -> Parameter:
    """The parameter as what its table says on the day of the line."""
    cell = ast.Name(f"{parameter.id}.{VALUE}", parameter.id.span)
    return replace(parameter, dated_by="", values=(Dated(cell, span=parameter.id.span),))
