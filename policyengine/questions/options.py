"""What each fact of a program can be, as far as the program can tell: words, yes and no, ranges between its edges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from policyengine import ir

Key = tuple[ir.Domain, str]


@dataclass(frozen=True, slots=True)
class Option:
    """One value. For a number, every other one from ``value`` to ``high`` (``None``: the same value only) comes to the
    same in every comparison and table of the program."""

    value: ir.Value
    high: int | None = None

    def holds(self, value: ir.Value) -> bool:
        if self.high is None or isinstance(value, str):
            return value == self.value
        assert not isinstance(self.value, str)
        return self.value <= value <= self.high


def options_of(program: ir.Program) -> Mapping[Key, tuple[Option, ...]]:
    """The options of every fact that the program does no arithmetic with.

    Numbers that it does reckon with, and rates, are left out: they have no finite number of cases.
    """
    edges = _edges_of(program)
    found: dict[Key, tuple[Option, ...]] = {}
    for decl in program.inputs:
        key: Key = (decl.domain, decl.name)
        if decl.kind == "flag":
            found[key] = (Option(False), Option(True))
        elif decl.kind == "code":
            found[key] = tuple(Option(word) for word in dict.fromkeys(decl.values))
        elif decl.kind in ("count", "money") and (at := edges.get(key, frozenset[int]())) is not None:
            found[key] = _ranges(decl, at)
    return found


def _ranges(decl: ir.InputDecl, edges: Iterable[int]) -> tuple[Option, ...]:
    assert decl.low is not None
    assert decl.high is not None
    low, high = int(decl.low), int(decl.high)
    starts = [low, *sorted(edge for edge in edges if low < edge <= high)]
    return tuple(Option(a, b - 1) for a, b in zip(starts, [*starts[1:], high + 1], strict=True))


Edges = dict[Key, frozenset[int] | None]
"""Where the cases of a number change; ``None`` for one that is reckoned with."""


def _edges_of(program: ir.Program) -> Edges:
    found: Edges = {}
    steps = {step.name: step.expr for step in program.steps}
    tables = {table.name: table for table in program.tables}
    for step in program.steps:
        _collect(step.expr, found, steps, tables)
    return found


def _collect(expr: ir.Expr, found: Edges, steps: Mapping[str, ir.Expr], tables: Mapping[str, ir.Table]) -> None:
    """Notes the edges of every number inside ``expr``."""
    match expr:
        case ir.Compare(op=op, left=ir.Input() as fact, right=other) if fact.kind in ("count", "money"):
            _note(found, fact, _compared(op, _constants(other, steps, tables)))
            _collect(other, found, steps, tables)
        case ir.Compare(op=op, left=other, right=ir.Input() as fact) if fact.kind in ("count", "money"):
            _note(found, fact, _compared(ir.MIRRORED[op], _constants(other, steps, tables)))
            _collect(other, found, steps, tables)
        case ir.Lookup(table=name, keys=keys):
            for at, key in enumerate(keys):
                if isinstance(key, ir.Input) and key.kind in ("count", "money"):
                    cells = [row[at] for row in tables[name].patterns]
                    ends = {e for c in cells if isinstance(c, ir.Interval) for e in (c.low, c.high) if e is not None}
                    _note(found, key, frozenset(ends))
                else:
                    _collect(key, found, steps, tables)
        case ir.Input():
            _note(found, expr, None)
        case _:
            for child in ir.children(expr):
                _collect(child, found, steps, tables)


def _note(found: Edges, fact: ir.Input, edges: frozenset[int] | None) -> None:
    key: Key = (fact.domain, fact.name)
    before = found.get(key, frozenset())
    found[key] = None if before is None or edges is None else before | edges


def _compared(op: str, values: frozenset[int | Fraction] | None) -> frozenset[int] | None:
    """Where ``x op value`` changes for a whole number x."""
    if values is None:
        return None
    below = {ceil(v) for v in values if op in ("<", ">=", "==", "!=")}
    return frozenset(below | {floor(v) + 1 for v in values if op in ("<=", ">", "==", "!=")})


def _constants(
    expr: ir.Expr, steps: Mapping[str, ir.Expr], tables: Mapping[str, ir.Table]
) -> frozenset[int | Fraction] | None:
    """The values that ``expr`` can take if they are written in the rules; ``None`` if it is reckoned out of facts."""
    match expr:
        case ir.Lit(value=int() | Fraction() as value):
            return frozenset([value])
        case ir.Lookup(table=name, column=column):
            return frozenset(v for v in tables[name].column(column).values if not isinstance(v, str))
        case ir.Ref(step=step):
            return _constants(steps[step], steps, tables)
        case ir.If(then=then, other=other):
            both = _constants(then, steps, tables), _constants(other, steps, tables)
            return None if None in both else frozenset(v for side in both for v in side or ())
        case _:
            return None
