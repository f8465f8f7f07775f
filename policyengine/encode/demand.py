"""Which unstated facts a claim has to state: those that the rules read where their conditions let them.

A parameter that the caller has to give and did not give is such a fact.

A fact that a claim does not state is needed if a step reads it in a branch that stated facts do not close. Conditions
are worked out as far as stated facts decide them (comparisons, ``and``, ``or``, ``not``, ``if``, tables); what depends
on amounts or on a history is open, and both of its branches count as read. So a fact that is not needed changes no
step, whatever it is, and any value can stand in its place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from policyengine import ir

Gap = tuple[str, int | None]
"""An unstated fact by name: of the claim, or of the fee line at an index."""

Lacking = frozenset[Gap]
Known = ir.Value | Lacking | None
"""What is known of a value: the value, the unstated facts that it hangs on, or nothing (``None``)."""


@dataclass(frozen=True, slots=True)
class Demand:
    """One claim as far as it is stated; a gap stands in the place of each fact that is not."""

    program: ir.Program
    inputs: Mapping[str, Known]
    rows: Sequence[Mapping[str, Known]]
    steps: Mapping[str, ir.Step]
    done: dict[tuple[str, int | None], Known] = field(default_factory=dict)

    def step(self, name: str, row: int | None) -> Known:
        step = self.steps[name]
        key = (name, row if step.domain == "row" else None)
        if key not in self.done:
            self.done[key] = self.of(step.expr, key[1])
        return self.done[key]

    def of(self, expr: ir.Expr, row: int | None) -> Known:
        """What is known of ``expr`` for the claim, or for one row of it."""
        match expr:
            case ir.Lit(value=value):
                return value
            case ir.Input(name=name):
                return self.inputs[name] if expr.domain == "claim" else self.rows[row or 0][name]
            case ir.Ref(step=step, kind=kind):
                return None if kind in ("money", "exact") else self.step(step, row)
            case ir.If(cond=cond, then=then, other=other):
                return self._branch(self.of(cond, row), then, other, row)
            case ir.Logic(op=op, args=args):
                return _logic(op, [self.of(arg, row) for arg in args])
            case ir.Sum(of=inner):
                return _lacking([self.of(inner, at) for at in range(len(self.rows))])
            case _:
                return self._reckoned(expr, [self.of(child, row) for child in ir.children(expr)])

    def _branch(self, met: Known, then: ir.Expr, other: ir.Expr, row: int | None) -> Known:
        if isinstance(met, frozenset):
            return met
        if met is not None:
            return self.of(then if met else other, row)
        return _lacking([self.of(then, row), self.of(other, row)])

    def _reckoned(self, expr: ir.Expr, inner: list[Known]) -> Known:
        """Comparisons and tables of stated facts are decided; sums and shares are left open."""
        if any(isinstance(one, frozenset) or one is None for one in inner):
            return _lacking(inner)
        match expr, inner:
            case ir.Compare(op=op), [left, right]:
                return bool(ir.COMPARISONS[op](left, right))  # type: ignore[arg-type]  # no gap, as asked above
            case ir.Lookup(table=name, column=column), keys:
                table = self.program.table(name)
                at = table.row_of(tuple(keys))  # type: ignore[arg-type]  # no gap, as asked above
                return None if at is None else table.column(column).values[at]
            case _:
                return None


def _lacking(inner: Sequence[Known]) -> Lacking | None:
    """The gaps among what is known of the parts; nothing is known of the whole."""
    return frozenset[Gap]().union(*(one for one in inner if isinstance(one, frozenset))) or None


def _logic(op: str, inner: list[Known]) -> Known:
    """``and`` and ``or`` are decided by one argument that decides, whatever the others are."""
    decides = op == "or"
    if op != "not" and any(one is decides for one in inner):
        return decides
    if (gaps := _lacking(inner)) is not None or None in inner:
        return gaps
    return not inner[0] if op == "not" else not decides


def demanded(
    program: ir.Program, inputs: Mapping[str, Known], rows: Sequence[Mapping[str, Known]], gaps: Lacking
) -> Lacking:
    """Those of ``gaps``, which stand in ``inputs`` and ``rows`` where a fact is not stated, that a step reads."""
    claim = Demand(program, inputs, rows, {step.name: step for step in program.steps})
    names, found = {name for name, _ in gaps}, set[Gap]()
    for step in program.steps:
        if any(isinstance(e, ir.Input) and e.name in names for e in ir.walk(step.expr)):
            for row in range(len(rows)) if step.domain == "row" else (None,):
                value = claim.step(step.name, row)
                found |= value if isinstance(value, frozenset) else set()
    return frozenset(found)
