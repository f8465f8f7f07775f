"""What a formula comes to for one claim: branches decided, idle terms dropped, plumbing written out.

The result is an ordinary expression that is equal in value and short enough to be said in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from policyengine import ir
from policyengine.backends.evaluate import evaluate
from policyengine.settlement import Settlement

DEEPEST = 3
"""Levels of plumbing that are written out inside one formula; below that an amount stands for itself."""


@dataclass(frozen=True, slots=True)
class Known:
    """The values of one settlement: steps (money and counts as integers, exact and rates as fractions) and facts."""

    program: ir.Program
    steps: Mapping[str, ir.Value | tuple[ir.Value, ...]]
    inputs: Mapping[str, ir.Value]
    rows: tuple[Mapping[str, ir.Value], ...]
    used: Mapping[str, int]
    by_name: Mapping[str, ir.Step] = field(default_factory=dict)

    def value(self, expr: ir.Expr) -> ir.Value:
        """What an expression of the claim comes to. Raises ``NoRow`` like the evaluator."""
        match expr:
            case ir.Lit(value=value):
                return value
            case ir.Ref(step=step):
                found = self.steps[step]
                assert not isinstance(found, tuple), step
                return found
            case ir.Input(name=name):
                return self.inputs[name]
            case ir.Hist(meter=meter):
                return self.used[meter]
        steps = [replace(s, expr=self._settled(s.expr)) for s in self._rows_of(expr)]
        program = replace(self.program, steps=(*steps, ir.Step("it", self._settled(expr))))
        found = evaluate(program, self.inputs, self.rows, self.used)["it"]
        assert not isinstance(found, tuple)
        return found

    def _rows_of(self, expr: ir.Expr) -> tuple[ir.Step, ...]:
        if not any(isinstance(e, ir.Sum) for e in ir.walk(expr)):
            return ()
        return tuple(s for s in self.program.steps if s.domain == "row")

    def _settled(self, expr: ir.Expr) -> ir.Expr:
        """``expr`` with the values of the claim's steps in the place of references to them."""
        if isinstance(expr, ir.Ref) and expr.domain == "claim":
            return ir.Lit(self.value(expr), expr.kind)
        return ir.rebuilt(expr, tuple(self._settled(child) for child in ir.children(expr)))


def simplified(expr: ir.Expr, known: Known, depth: int = 0) -> ir.Expr:
    """``expr`` as it was reckoned for this claim. Facts of fee lines stay as they are."""
    if expr.domain == "row":
        return expr
    match expr:
        case ir.If(cond=cond, then=then, other=other):
            return simplified(then if known.value(cond) else other, known, depth)
        case ir.Portion(whole=whole, other=other) if _number(known.value(whole)) <= 0:
            return simplified(other, known, depth)
        case ir.Ref(step=name):
            return _written_out(expr, known.by_name[name], known, depth)
        case ir.Lookup() | ir.Sum():
            return expr
        case ir.Logic() | ir.Compare():
            return expr
    inner = ir.rebuilt(expr, tuple(simplified(child, known, depth) for child in ir.children(expr)))
    return _without_idle(inner, known)


def _written_out(ref: ir.Ref, step: ir.Step, known: Known, depth: int) -> ir.Expr:
    """The formula of a step that nobody knows by name; known steps are named instead."""
    if step.shown or step.term or depth >= DEEPEST or isinstance(step.expr, ir.Logic | ir.Compare):
        return ref
    return simplified(step.expr, known, depth + 1)


def _without_idle(expr: ir.Expr, known: Known) -> ir.Expr:
    match expr:
        case ir.Add(args=args):
            kept = tuple(a for a in args if known.value(a) != 0) or args[:1]
            return kept[0] if len(kept) == 1 else replace(expr, args=kept)
        case ir.Sub(left=left, right=right) if known.value(right) == 0:
            return left
        case ir.Scale(of=of, by=by) if known.value(by) == 1:
            return of
        case ir.Max(args=args):
            kept = tuple(a for a in args if not (isinstance(a, ir.Lit) and a.value == 0))
            if len(kept) == 1 and len(args) > 1 and _number(known.value(kept[0])) >= 0:
                return kept[0]
        case ir.Round(of=of) if known.value(expr) == known.value(of):
            return of
    return expr


def _number(value: ir.Value) -> int | Fraction:
    assert isinstance(value, int | Fraction)
    return value


def known_of(settlement: Settlement) -> Known:
    """The values behind a settlement: its steps, and what its program read of the claim and of the history."""
    program, facts = settlement.layout.program, settlement.origin.facts()
    rows = {step.name: value for step, value in zip(program.steps, settlement.values, strict=True)
            if isinstance(value, tuple | list)}  # fmt: skip
    lines = {name: tuple(_exact(settlement, name, one) for one in value) for name, value in rows.items()}
    steps = {**settlement.known(), **lines}
    return Known(program, steps, facts.inputs, facts.rows, facts.used, {step.name: step for step in program.steps})


def _exact(settlement: Settlement, name: str, value: ir.Value) -> ir.Value:
    """One value of a step of the fee lines, exact."""
    index = settlement.layout.index[name]
    if settlement.layout.program.steps[index].kind not in ("exact", "rate"):
        return value
    return Fraction(_number(value)) / settlement.layout.denominators[index]
