"""Levers: numbers of a rule file that a sweep moves, each by its address.

An address is the name of a parameter, of a provision that states one number, ``provision.field`` where it states
several, ``provision.field[2]`` where a field does, or a cell, ``table.column[keys of the row]``.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from fractions import Fraction
from math import lcm
from typing import Any

from policyengine import expressions as ast
from policyengine import ir
from policyengine.errors import Diagnostic, RuleError, Span, nearest
from policyengine.expressions.numbers import number_text
from policyengine.mechanisms.base import Provision
from policyengine.ruleset import Dated, Dates, Parameter, Ruleset, TableDecl, in_force
from policyengine.shapes import Word

SHOWN = 12
"""Levers that an error names."""
_NUMBER = re.compile(r"[0-9]")
_WORD = re.compile(r"[^\s,，|\[\]]+")


@dataclass(frozen=True, slots=True)
class Literal:
    """One number as a rule file states it, with the days on which it holds. ``value``: 85% is 85/100, amounts are in
    whole currency units."""

    value: Fraction
    unit: str
    span: Span
    valid: Dates
    published: datetime.date | None
    cites: tuple[ir.Citation, ...]

    @property
    def text(self) -> str:
        return number_text(self.value, self.unit)


@dataclass(frozen=True, slots=True)
class Lever:
    """``kind``: ``parameter``, ``table``, or the mechanism of a provision. ``name``: of that parameter, table or
    provision. ``literals``: the numbers that it moves, all of one unit: several where they hold on different days.
    ``beside``: of a cell, the common denominator of the other cells of its column."""

    address: str
    kind: str
    name: str
    literals: tuple[Literal, ...]
    beside: int = 1

    @property
    def unit(self) -> str:
        """Empty for a plain number, ``%``, ``pp``, or a currency."""
        return self.literals[0].unit


def levers_of(ruleset: Ruleset) -> tuple[Lever, ...]:
    """Every lever of a flattened rule set, parameters first."""
    found: dict[tuple[str, str, str], list[Literal]] = {}
    for address, kind, name, literal in _all(ruleset):
        found.setdefault((address, kind, name), []).append(literal)
    levers = (Lever(*key, tuple(literals), _beside(key, found)) for key, literals in found.items())
    return tuple(lever for lever in levers if len({one.unit for one in lever.literals}) == 1)


def _beside(key: tuple[str, str, str], found: Mapping[tuple[str, str, str], Sequence[Literal]]) -> int:
    address, kind, _ = key
    if kind != "table":
        return 1
    column = address.partition("[")[0] + "["
    others = (
        one for other, literals in found.items() if other != key and other[0].startswith(column) for one in literals
    )
    return lcm(*(one.value.denominator for one in others))


def _all(ruleset: Ruleset) -> Iterator[tuple[str, str, str, Literal]]:
    for parameter in ruleset.parameters:
        for address, literal in _of_parameter(parameter):
            yield address, "parameter", parameter.id.text, literal
    for table in ruleset.tables:
        for address, literal in _of_table(table):
            yield address, "table", table.id.text, literal
    for provision in ruleset.provisions:
        for address, literal in _of_provision(provision):
            yield address, provision.mechanism, provision.id.text, literal


def _of_parameter(parameter: Parameter) -> Iterator[tuple[str, Literal]]:
    for dated in parameter.values:
        for address, number in _numbered(parameter.id.text, numbers_in(dated.value)):
            cites = dated.cites or parameter.cites
            yield address, Literal(number.value, number.unit, number.span, dated.valid, dated.published, cites)


def _of_table(table: TableDecl) -> Iterator[tuple[str, Literal]]:
    keys = len(table.keys)
    for row in table.rows:
        for column, cell in zip(table.columns, row[keys:], strict=True):
            if _NUMBER.match(cell.text):
                node = ast.parse_expression(cell.text, cell.span)
                if isinstance(node, ast.Number):
                    of_row = ", ".join(key.text for key in row[:keys])
                    address = f"{table.id}.{column}[{of_row}]"
                    yield address, Literal(node.value, node.unit, cell.span, table.valid, table.published, table.cites)


def _of_provision(provision: Provision) -> Iterator[tuple[str, Literal]]:
    stated = {name: numbers_in(value) for name, value in provision.values.items()}
    is_one = sum(map(len, stated.values())) == 1
    stated["when"] = numbers_in(provision.when)
    for name, numbers in stated.items():
        base = provision.id.text if is_one and name != "when" else f"{provision.id}.{name}"
        for address, number in _numbered(base, numbers):
            valid, published = provision.valid, provision.published
            yield address, Literal(number.value, number.unit, number.span, valid, published, provision.cites)


def _numbered(base: str, numbers: Sequence[ast.Number]) -> Iterator[tuple[str, ast.Number]]:
    for at, number in enumerate(numbers, start=1):
        yield base if len(numbers) == 1 else f"{base}[{at}]", number


def numbers_in(value: Any) -> list[ast.Number]:
    """The numbers written in a field, in the order of writing; none that a minus stands before."""
    match value:
        case ast.Number():
            return [value]
        case ast.Unary(op="-"):
            return []
        case tuple():
            return [number for part in value for number in numbers_in(part)]
        case Mapping():
            return [number for part in value.values() for number in numbers_in(part)]
        case Word() | Span():
            return []
    if is_dataclass(value):
        return [number for one in fields(value) for number in numbers_in(getattr(value, one.name))]
    return []


def names_in(value: Any) -> set[str]:
    """The names that the expressions of a field read."""
    match value:
        case ast.Name():
            return {value.text}
        case tuple():
            return {name for part in value for name in names_in(part)}
        case Word() | Span():
            return set()
    if is_dataclass(value):
        return {name for one in fields(value) for name in names_in(getattr(value, one.name))}
    return set()


# --- one of them ------------------------------------------------------------------------------------------------------


def lever_at(ruleset: Ruleset, address: str, on: datetime.date | None = None, all_days: bool = False) -> Lever:
    """The lever of an address. ``on``: of several dated values, the one in force on that day; ``all_days``: all of them
    together. Raises ``RuleError`` E760 for an address that moves nothing, E761 where the day is needed."""
    levers = levers_of(ruleset)
    found = _called(levers, address)
    if found is None:
        raise _unknown(ruleset, levers, address)
    if on is None:
        if len(found.literals) > 1 and not all_days:
            raise _which_day(found)
        return found
    dated = {one.span: Dated(ast.Number(one.value, one.unit, one.span), one.valid, one.published, span=one.span)
             for one in found.literals}  # fmt: skip
    holding = {one.span for one in in_force(tuple(dated.values()), on)}
    if not holding:
        text = f"no value of `{found.address}` is in force on {on}"
        raise RuleError(Diagnostic("E761", text, None, _days_of(found), record=address))
    return replace(found, literals=tuple(one for one in found.literals if one.span in holding))


def _called(levers: Iterable[Lever], address: str) -> Lever | None:
    known = {lever.address: lever for lever in levers}
    if address in known:
        return known[address]
    base, bracket, rest = address.partition("[")
    if bracket:
        words = set(_WORD.findall(rest))
        rows = [x for x in known.values() if x.kind == "table" and x.address.startswith(f"{base}[")]
        hit = [x for x in rows if words and words <= set(_WORD.findall(x.address[len(base) :]))]
        return hit[0] if len(hit) == 1 else None
    name, _, field = address.partition(".")
    return known[name] if name in known and field in ("value", known[name].kind) else None


def _unknown(ruleset: Ruleset, levers: Sequence[Lever], address: str) -> RuleError:
    known = [lever.address for lever in levers]
    text, hint = f"`{address}` is no number of the rule set that can be moved", _reads(ruleset, levers, address)
    below = [one for one in known if one.startswith((f"{address}.", f"{address}["))]
    near = below or [one for one in known if one.startswith(address.partition("[")[0].partition(".")[0])]
    shown = near or known
    expected = "one of " + ", ".join(shown[:SHOWN]) + (", …" if len(shown) > SHOWN else "") if shown else ""
    return RuleError(
        Diagnostic("E760", text, None, expected, hint or ("" if near else nearest(address, known)), record=address)
    )


def _reads(ruleset: Ruleset, levers: Sequence[Lever], address: str) -> str:
    """That a provision takes its number from a parameter or a table."""
    names = {lever.name for lever in levers if lever.kind in ("parameter", "table")}
    for provision in ruleset.provisions:
        if provision.id.text == address:
            read = sorted(n for value in provision.values.values() for n in names_in(value) if n.split(".")[0] in names)
            if read:
                return f"`{address}` takes its number from " + ", ".join(f"`{name}`" for name in read) + ": move that"
    return ""


def _which_day(found: Lever) -> RuleError:
    text = f"`{found.address}` has {len(found.literals)} values, which hold on different days"
    hint = "say which: `--on DAY` for the one in force on that day, `--on all` to move all of them together"
    return RuleError(Diagnostic("E761", text, None, _days_of(found), hint, record=found.address))


def _days_of(found: Lever) -> str:
    return "; ".join(f"{one.text} {period_text(one.valid)}" for one in found.literals)


def period_text(valid: Dates) -> str:
    """A period, [from, to), in words; empty for always."""
    start, end = valid
    return " ".join(part for part in (f"from {start}" if start else "", f"to {end}" if end else "") if part)
