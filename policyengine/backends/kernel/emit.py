"""Expressions as code over one claim at a time, in integers wide enough that the static bounds keep them from
wrapping: of 64 bits, or of 256 where it must be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from math import lcm
from typing import Final

from policyengine.analysis import NUMERIC, Analysis
from policyengine.backends.kernel.arithmetic import cell, nearest, nearest_constant
from policyengine.backends.kernel.code import Code, Value
from policyengine.backends.kernel.pool import Machine, Pool
from policyengine.ir import (
    Add,
    Compare,
    Expr,
    If,
    Inverse,
    Lit,
    Logic,
    Lookup,
    Max,
    Min,
    Portion,
    Ref,
    Round,
    Scale,
    Step,
    Sub,
    walk,
)  # fmt: skip

HEAVY = (Lookup, Portion, Round)
"""Forms worth a jump around them."""
FEW: Final = 4
"""So many of them are computed for both sides of a choice sooner than a jump is guessed wrong."""


@dataclass(slots=True)
class Emitter:
    """Writes the value of one expression after the other; what has been computed in a block is not computed again.

    ``failing`` writes what becomes of a claim for which a lookup finds no row; with ``soft``, a flag that is raised
    then, and the claim goes on; ``raised``: one may have been. ``path``: the condition under which it matters what is
    computed now; without one it always does. ``level``: no jumps are written at all. ``open``: what has been computed
    though a lookup of it may have had no row, such as a sum over lines, with its flag.
    """

    analysis: Analysis
    pool: Pool
    steps: dict[str, Step]
    code: Code
    known: list[dict[Expr, Value]] = field(default_factory=lambda: [{}])
    failing: Callable[[Value], None] = lambda _: None
    level: bool = False
    path: Value | None = None
    soft: Value | None = None
    raised: bool = False
    open: dict[Expr, tuple[Value, Value]] = field(default_factory=dict)

    @contextmanager
    def scope(self) -> Iterator[None]:
        """What is computed in it is not known behind it."""
        self.known.append({})
        yield
        self.known.pop()

    @contextmanager
    def softly(self, flag: Value) -> Iterator[None]:
        """A lookup without a row raises ``flag``, and what follows is computed with any cell."""
        with self.scope(), self.only_softly(flag):
            yield

    @contextmanager
    def only_softly(self, flag: Value | None) -> Iterator[None]:
        """As ``softly``; what is computed is known behind it. Without a flag the claim is left."""
        before, self.soft = self.soft, flag
        yield
        self.soft = before

    @contextmanager
    def only_where(self, condition: Value) -> Iterator[None]:
        """What is computed in it is computed for every claim, and matters for those that meet the condition."""
        before = self.path
        self.path = condition if before is None else self.code.all_of([before, condition])
        yield
        self.path = before

    def fail_if(self, condition: Value) -> None:
        """The claim has no row, or the flag is raised."""
        if self.path is not None:
            condition = self.code.all_of([self.path, condition])
        if self.soft is not None:
            self.raised = True
            self.code.put(self.soft, self.code.any_of([self.code.now(self.soft), condition]))
        else:
            self.failing(condition)

    # --- values -----------------------------------------------------------------------------------------------------

    def value(self, expr: Expr) -> Value:
        """Numerators over the static denominator, positions of words, flags."""
        if isinstance(expr, Lit):
            return self._literal(expr, self._denominator(expr))
        for known in reversed(self.known):
            if expr in known:
                return known[expr]
        found = self._now_asked(expr) if expr in self.open else self._form(expr)
        if expr.kind in NUMERIC and self.analysis.facts(expr).result_fits:
            found = self.code.narrow(found)
        self.known[-1][expr] = found
        return found

    def over(self, expr: Expr, denominator: int, wide: bool = False) -> Value:
        """The numerators of ``expr`` over another denominator; ``wide``: in 256 bits."""
        if isinstance(expr, Lit):
            found = self._literal(expr, denominator)
            return self.code.wide(found) if wide else found
        found = self.code.wide(self.value(expr)) if wide else self.value(expr)
        return self.code.by(found, denominator // self._denominator(expr))

    def _is_wide(self, expr: Expr) -> bool:
        """Whether computing it may leave 64 bits."""
        return not self.analysis.facts(expr).fits

    def _denominator(self, expr: Expr) -> int:
        return self.analysis.denominator(expr) if expr.kind in NUMERIC else 1

    def _now_asked(self, expr: Expr) -> Value:
        """What may have had no row: that matters where it is asked for."""
        found, none = self.open[expr]
        self.fail_if(none)
        return found

    def ahead(self, expr: Expr) -> None:
        """Computes something before it is known whether it is asked for."""
        if self.has(expr):
            return
        none, self.raised = self.code.variable(self.code.truth(False)), False
        with self.softly(none):
            found = self.value(expr)
        if self.raised:
            self.open[expr] = found, self.code.now(none)
        else:
            self.known[-1][expr] = found

    def has(self, expr: Expr) -> bool:
        """Whether it is computed."""
        return expr in self.open or any(expr in known for known in self.known)

    def _literal(self, expr: Lit, denominator: int) -> Value:
        match expr.value:
            case bool():
                return self.code.truth(expr.value)
            case str():
                return self.pool.number(self.pool.words[expr.value])
            case number:
                return self.code.number(int(number * denominator))

    def _together(self, expr: Expr, *parts: Expr) -> list[Value]:
        """The parts of ``expr`` over their common denominator."""
        if parts[0].kind not in NUMERIC:
            return [self.value(part) for part in parts]
        common = lcm(*(self.analysis.denominator(part) for part in parts))
        return [self.over(part, common, self._is_wide(expr)) for part in parts]

    def _form(self, expr: Expr) -> Value:
        code = self.code
        match expr:
            case Ref(step=step):
                return self.value(self.steps[step].expr)
            case Compare(op=op, left=left, right=right):
                return code.compare(op, *self._together(expr, left, right))
            case Logic():
                return self._logic(expr)
            case If():
                return self._choice(expr)
            case Lookup():
                return self._lookup(expr)
            case Add(args=args):
                first, *others = self._together(expr, *args)
                for other in others:
                    first = code.add(first, other)
                return first
            case Sub(left=left, right=right):
                return code.sub(*self._together(expr, left, right))
            case Min(args=args):
                return code.extreme("<", self._together(expr, *args))
            case Max(args=args):
                return code.extreme(">", self._together(expr, *args))
            case Scale(of=of, by=by):
                over = self._denominator(of) * self._denominator(by) // self._denominator(expr)
                product = code.times(*(self.over(p, self._denominator(p), self._is_wide(expr)) for p in (of, by)))
                return product if over == 1 else code.exactly_over(product, over)
            case Inverse(of=of):
                dividend, wide = code.number(self._denominator(expr) * self._denominator(of)), self._is_wide(expr)
                divisor = self.over(of, self._denominator(of), wide)
                return code.exactly_over(code.wide(dividend) if wide else dividend, divisor)
            case Round(of=of, mode=mode, unit=unit):
                divisor, signed = self._denominator(of) * unit, self.analysis.facts(of).least < 0
                value = self.over(of, self._denominator(of), self._is_wide(expr))
                return code.by(nearest_constant(code, value, divisor, mode, signed), unit)
            case Portion():
                return self._portion(expr)
            case _:
                raise AssertionError(f"{type(expr).__name__} is told before it is asked for")

    def _logic(self, expr: Logic) -> Value:
        """Later arguments are asked only where the earlier ones have not decided, if they may fail."""
        if expr.op == "not":
            return self.code.negated(self.value(expr.args[0]))
        if not any(self.analysis.facts(arg).partial for arg in expr.args[1:]):
            flags = [self.value(arg) for arg in expr.args]
            return self.code.all_of(flags) if expr.op == "and" else self.code.any_of(flags)
        found = self.value(expr.args[0])
        for arg in expr.args[1:]:
            if expr.op == "and":
                found = self._either(found, partial(self.value, arg), lambda: self.code.truth(False), arg)
            else:
                found = self._either(found, lambda: self.code.truth(True), partial(self.value, arg), arg)
        return found

    def _choice(self, expr: If) -> Value:
        cond, common, wide = self.value(expr.cond), self._denominator(expr), self._is_wide(expr)

        def of(part: Expr) -> Value:
            return self.over(part, common, wide) if expr.kind in NUMERIC else self.value(part)

        return self._either(cond, lambda: of(expr.then), lambda: of(expr.other), expr.then, expr.other)

    def _is_light(self, heavy: Sequence[Expr]) -> bool:
        """Whether both sides of a choice are computed sooner than one is jumped to. Not where it is counted what is
        looked up."""
        if self.pool.hits is not None or len(heavy) > FEW:
            return False
        return not any(isinstance(e, Portion) or self.is_long(e) for e in heavy)

    def is_long(self, expr: Expr) -> bool:
        """Whether it takes a search between edges, or numbers of 256 bits."""
        return self._is_wide(expr) or (isinstance(expr, Lookup) and any(key.kind in NUMERIC for key in expr.keys))

    def _either(self, cond: Value, then: Callable[[], Value], other: Callable[[], Value], *parts: Expr) -> Value:
        """One of two values, which are made of ``parts``. Where these are heavy, only the one that is taken is
        computed."""
        heavy = [e for part in parts for e in self._open(part) if isinstance(e, HEAVY)]
        if not heavy:
            return self.code.choose(cond, then(), other())
        if not (self.level or self._is_light(heavy)):
            return self._taken(cond, then, other)
        with self.only_where(cond), self.scope():
            one = then()
        with self.only_where(self.code.negated(cond)), self.scope():
            return self.code.choose(cond, one, other())

    def _taken(self, cond: Value, then: Callable[[], Value], other: Callable[[], Value]) -> Value:
        """Only the branch taken is computed."""
        code = self.code
        one, two, behind = code.new_block(), code.new_block(), code.new_block()
        code.branch(cond, one, two)
        place = None
        for block, of in ((one, then), (two, other)):
            code.go_on_in(block)
            with self.scope():
                found = of()
                place = place or code.place_of(found)
                code.put(place, found)
            code.go_to(behind)
        code.go_on_in(behind)
        return code.now(place)

    def _open(self, expr: Expr) -> Iterator[Expr]:
        """The parts of an expression that are not computed yet, through the steps that it reads."""
        if any(expr in known for known in self.known):
            return
        for part in walk(expr):
            yield part
            if isinstance(part, Ref):
                yield from self._open(self.steps[part.step].expr)

    def _portion(self, expr: Portion) -> Value:
        denominator, unit, code = self._denominator, self._denominator(expr), self.code
        common = lcm(denominator(expr.part), denominator(expr.whole))
        wide = self._is_wide(expr)
        whole = self.over(expr.whole, common, wide)

        def share() -> Value:
            of = self.over(expr.of, denominator(expr.of), wide)
            product = code.times(of, self.over(expr.part, common, wide))
            above_zero = code.choose(some, whole, code.like(whole, 1))
            divisor = code.by(above_zero, denominator(expr.of) * expr.unit)
            return code.by(nearest(code, product, divisor, expr.mode), expr.unit * unit)

        some = code.compare(">", whole, code.like(whole, 0))
        return self._either(some, share, lambda: self.over(expr.other, unit, wide), expr)

    # --- tables -----------------------------------------------------------------------------------------------------

    def _lookup(self, expr: Lookup) -> Value:
        row = self._row(expr)
        found = self.pool.cell(expr, self.analysis, row)
        return self.code.is_true(found) if expr.kind == "flag" else found

    def _row(self, expr: Lookup) -> Value:
        """The row that the keys hit; lookups of several columns share it."""
        shared = Lookup(expr.table, "", expr.keys, "count", expr.domain)
        for known in reversed(self.known):
            if shared in known:
                return known[shared]
        zero = self.code.number(0)
        row = self._searched(expr)
        none = self.code.compare("<", row, zero)
        self.fail_if(none)
        row = self.code.choose(none, zero, row)
        self.pool.count(self.analysis.names.tables[expr.table], row)
        self.known[-1][shared] = row
        return row

    def _searched(self, expr: Lookup) -> Value:
        table, code = self.analysis.names.tables[expr.table], self.code
        if not expr.keys:
            return code.number(0 if table.patterns else -1)
        state = None
        kinds = tuple((key.kind, self._denominator(key)) for key in expr.keys)
        for key, move in zip(expr.keys, self.pool.machine(table, kinds), strict=True):
            known = code.load("tab", "", code.add(move.classes, self._token(key, move)))
            at = known if state is None else code.add(code.times(state, move.width), known)
            state = code.load("tab", "", code.add(move.moves, at))
        return state

    def _token(self, key: Expr, move: Machine) -> Value:
        found = self.code.as_number(self.value(key))
        if move.edges is None or move.count is None:
            return found
        return cell(self.code, move.edges, move.count, found, move.edges_role)
