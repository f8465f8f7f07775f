"""The interpreter: each form as one operation on whole columns.

Everything is computed for every element, also in branches that an element does not take: without floats nothing can
go wrong there but a table lookup, so only lookups need to know which elements are *active*. An expression whose
integers can leave 63 bits is computed in Python integers (``object`` arrays), slower and just as exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from math import lcm
from operator import add
from typing import Any

import numpy as np

from policyengine.analysis import NUMERIC, Analysis, analyse, input_words
from policyengine.backends.columns.arithmetic import divided, narrowed, over, rounded
from policyengine.backends.columns.batch import Array, Columns, checked, sum_by_claim
from policyengine.backends.columns.lookups import column_of, rows_of
from policyengine.backends.columns.result import Result, restored
from policyengine.ir import (
    COMPARISONS,
    Add,
    Compare,
    Domain,
    Expr,
    Hist,
    If,
    Input,
    Inverse,
    Lit,
    Logic,
    Lookup,
    Max,
    Min,
    Portion,
    Program,
    Ref,
    Round,
    Scale,
    Sub,
    Sum,
    Value,
)  # fmt: skip


def run(program: Program, columns: Columns, analysis: Analysis | None = None) -> Result:
    """All steps for all claims. Raises ``ClaimError`` (see ``batch.checked``) and ``RuleError`` (see ``analyse``).

    A claim with a lookup that finds no row is listed among the failures of the result. ``analysis`` saves time when
    one program runs over many batches.
    """
    machine = Machine(analysis or analyse(program), checked(program, columns))
    claims = Frame("claim", columns.size)
    for step in program.steps:
        if step.domain == "row":
            rows = Frame("row", len(machine.row_claim))
            machine.done[step.name] = machine.value(step.expr, rows, None)
            machine.fold(rows, claims, None)
        else:
            machine.done[step.name] = machine.value(step.expr, claims, None)
    return _result(program, machine, claims)


def _result(program: Program, machine: Machine, claims: Frame) -> Result:
    failed = np.zeros(claims.size, dtype=np.bool_)
    failed[list(claims.first)] = True
    values = dict(machine.done)
    if claims.first:
        of_row = failed[machine.row_claim]
        for step in program.steps:
            array = values[step.name]
            values[step.name] = np.where(of_row if step.domain == "row" else failed, array.dtype.type(0), array)
    return Result(
        program,
        values,
        {s.name: machine.analysis.denominator(s.expr) for s in program.steps},
        machine.words,
        machine.columns.offsets,
        claims.first,
        failed,
    )


@dataclass(slots=True)
class Frame:
    """Where an expression is evaluated: for each claim, or for each row. ``first`` is the first failure of each."""

    domain: Domain
    size: int
    first: dict[int, tuple[str, tuple[Value, ...]]] = field(default_factory=dict)


class Machine:
    """One run: the columns, and the steps done so far."""

    def __init__(self, analysis: Analysis, columns: Columns) -> None:
        self.analysis = analysis
        self.columns = columns
        self.words = analysis.words
        self.row_claim: Array = np.repeat(np.arange(columns.size), np.diff(columns.offsets))
        self.done: dict[str, Array] = {}
        self.inputs = {
            (d.domain, d.name): self._words_of(d.kind == "code", input_words(d), d.name, d.domain)
            for d in analysis.program.inputs
        }

    def _words_of(self, is_code: bool, words: Sequence[str], name: str, domain: Domain) -> Array:
        """An input column; a code as positions in the program's words."""
        array = (self.columns.inputs if domain == "claim" else self.columns.rows)[name]
        if not is_code:
            return array
        positions = np.array([self.words.index(word) for word in words], dtype=np.int64)
        found: Array = positions[array]
        return found

    # --- forms --------------------------------------------------------------------------------------------------

    def value(self, expr: Expr, frame: Frame, active: Array | None) -> Array:
        """The value of ``expr`` for each element of ``frame``: numerators over its static denominator."""
        match expr:
            case Lit():
                found: Any = self._literal(expr, self.analysis.denominator(expr))
            case Input(name=name, domain=domain):
                found = self._placed(self.inputs[domain, name], domain, frame)
            case Ref(step=step, domain=domain):
                found = self._placed(self.done[step], domain, frame)
            case Hist(meter=meter):
                found = self._placed(self.columns.used[meter], "claim", frame)
            case Compare(op=op, left=left, right=right):
                found = COMPARISONS[op](*self._together(expr, (left, right), frame, active))
            case Logic():
                found = self._logic(expr, frame, active)
            case If(cond=cond, then=then, other=other):
                found = self._choice(expr, (cond, then, other), frame, active)
            case Lookup():
                found = self._lookup(expr, frame, active)
            case Sum():
                found = self._sum(expr, frame, active)
            case _:
                found = self._arithmetic(expr, frame, active)
        return self._kept(expr, found, frame)

    def _arithmetic(self, expr: Expr, frame: Frame, active: Array | None) -> Any:
        match expr:
            case Add(args=args):
                return reduce(add, self._together(expr, args, frame, active))
            case Sub(left=left, right=right):
                one, other = self._together(expr, (left, right), frame, active)
                return one - other
            case Min(args=args):
                return reduce(np.minimum, self._together(expr, args, frame, active))
            case Max(args=args):
                return reduce(np.maximum, self._together(expr, args, frame, active))
            case Scale(of=of, by=by):
                one, other = (self._operand(expr, part, None, frame, active) for part in (of, by))
                product = self.analysis.denominator(of) * self.analysis.denominator(by)
                return over(one * other, product // self.analysis.denominator(expr))
            case Inverse(of=of):
                dividend = self.analysis.denominator(expr) * self.analysis.denominator(of)
                return dividend // self._operand(expr, of, None, frame, active)
            case Round(of=of, mode=mode, unit=unit):
                numerators = self._operand(expr, of, None, frame, active)
                signed = self.analysis.facts(of).least < 0
                return rounded(numerators, self.analysis.denominator(of) * unit, mode, signed) * unit
            case Portion():
                return self._portion(expr, frame, active)
            case _:
                raise AssertionError(f"unknown form {type(expr).__name__}")

    def _portion(self, expr: Portion, frame: Frame, active: Array | None) -> Any:
        """Where the whole is not above zero the division is by one, and its result is not taken."""
        unit, denominator = self.analysis.denominator(expr), self.analysis.denominator
        common = lcm(denominator(expr.part), denominator(expr.whole))
        whole = np.asarray(self._operand(expr, expr.whole, common, frame, active))
        above = np.broadcast_to(whole > 0, frame.size)
        of = self._operand(expr, expr.of, None, frame, narrowed(active, above))
        part = self._operand(expr, expr.part, common, frame, narrowed(active, above))
        other = self._operand(expr, expr.other, unit, frame, narrowed(active, ~above))
        divisor = np.where(above, whole, 1) * (denominator(expr.of) * expr.unit)
        return np.where(above, divided(of * part, divisor, expr.mode) * (expr.unit * unit), other)

    def _logic(self, expr: Logic, frame: Frame, active: Array | None) -> Array:
        """Later arguments are asked only where the earlier ones have not decided."""
        result = self.value(expr.args[0], frame, active)
        if expr.op == "not":
            return ~result
        for arg in expr.args[1:]:
            undecided = result if expr.op == "and" else ~result
            found = self.value(arg, frame, narrowed(active, undecided))
            result = result & found if expr.op == "and" else result | found
        return result

    def _choice(self, expr: If, parts: tuple[Expr, Expr, Expr], frame: Frame, active: Array | None) -> Array:
        cond = self.value(parts[0], frame, active)
        common = self.analysis.denominator(expr)
        then = self._operand(expr, parts[1], common, frame, narrowed(active, cond))
        other = self._operand(expr, parts[2], common, frame, narrowed(active, ~cond))
        chosen: Array = np.where(cond, then, other)
        return chosen

    def _lookup(self, expr: Lookup, frame: Frame, active: Array | None) -> Array:
        keys = [self.value(key, frame, active) for key in expr.keys]
        rows = rows_of(expr, keys, self.analysis, self.words)
        if not keys:
            rows = np.repeat(rows, frame.size)
        missing = rows < 0 if active is None else (rows < 0) & active
        if missing.any():
            places = np.flatnonzero(missing)
            told = [self._key(key, array[places]) for key, array in zip(expr.keys, keys, strict=True)]
            for number, at in enumerate(places.tolist()):
                frame.first.setdefault(at, (expr.table, tuple(column[number] for column in told)))
        found: Array = column_of(expr, self.analysis, self.words)[rows]
        return found

    def _key(self, key: Expr, array: Array) -> list[Value]:
        """The values of a key; each is restored once."""
        elements = array.tolist()
        known = {one: restored(key, one, self.analysis.denominator(key), self.words) for one in set(elements)}
        return [known[one] for one in elements]

    def _sum(self, expr: Sum, frame: Frame, active: Array | None) -> Array:
        """By claim; inside a row every row of the claim reads the same sum."""
        rows = Frame("row", len(self.row_claim))
        claims = self._active_claims(frame, active)
        found = self.value(expr.of, rows, None if claims is None else claims[self.row_claim])
        self.fold(rows, frame, active)
        if found.dtype != object and not self.analysis.facts(expr).fits:
            found = found.astype(object)
        return self._placed(sum_by_claim(found, self.columns.offsets), "claim", frame)

    # --- parts --------------------------------------------------------------------------------------------------

    def fold(self, rows: Frame, outer: Frame, active: Array | None) -> None:
        """The first failure among a claim's rows is a failure of the claim, or of each row that asked for the sum."""
        for row in sorted(rows.first):
            claim = int(self.row_claim[row])
            if outer.domain == "claim":
                outer.first.setdefault(claim, rows.first[row])
                continue
            for asking in range(int(self.columns.offsets[claim]), int(self.columns.offsets[claim + 1])):
                if active is None or active[asking]:
                    outer.first.setdefault(asking, rows.first[row])

    def _active_claims(self, frame: Frame, active: Array | None) -> Array | None:
        if active is None or frame.domain == "claim":
            return active
        claims = np.zeros(self.columns.size, dtype=np.bool_)
        claims[self.row_claim[active]] = True
        return claims

    def _placed(self, array: Array, domain: Domain, frame: Frame) -> Array:
        """A claim's value stands beside each of its rows."""
        if domain == frame.domain:
            return array
        assert domain == "claim", "a claim step reads rows only through a sum"
        placed: Array = array[self.row_claim]
        return placed

    def _together(self, expr: Expr, parts: Sequence[Expr], frame: Frame, active: Array | None) -> list[Any]:
        """Numerators over the common denominator."""
        common = lcm(*(self.analysis.denominator(part) for part in parts))
        return [self._operand(expr, part, common, frame, active) for part in parts]

    def _operand(self, expr: Expr, part: Expr, denominator: int | None, frame: Frame, active: Array | None) -> Any:
        """Numerators of ``part`` over ``denominator`` (its own by default), wide enough to compute ``expr``."""
        own = self.analysis.denominator(part)
        wide = not self.analysis.facts(expr).fits
        if isinstance(part, Lit):
            value = self._literal(part, denominator or own)
            return np.asarray(value, dtype=object) if wide and part.kind in NUMERIC else value
        array = self.value(part, frame, active)
        if wide and array.dtype == np.int64:
            array = array.astype(object)
        return array if denominator in (None, own) else array * ((denominator or own) // own)

    def _literal(self, expr: Lit, denominator: int) -> int:
        if expr.kind in NUMERIC:
            assert isinstance(expr.value, int | Fraction)
            return int(expr.value * denominator)
        return bool(expr.value) if expr.kind == "flag" else self.words.index(str(expr.value))

    def _kept(self, expr: Expr, found: Any, frame: Frame) -> Array:
        """A whole column of the type that the bounds ask for."""
        wanted = np.bool_ if expr.kind == "flag" else np.int64
        dtype = np.dtype(wanted if self.analysis.facts(expr).result_fits else object)
        if not isinstance(found, np.ndarray) or not found.ndim:
            return np.full(frame.size, found, dtype=dtype)
        assert found.dtype.kind in "bio" or found.dtype == object, f"a column of {found.dtype}"
        return found.astype(dtype, copy=False)
