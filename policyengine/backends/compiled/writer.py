"""Expressions as Python source text over integer numerators.

Names in the text: ``i0`` a claim input, ``u0`` a meter, ``s0`` a claim step, ``l0`` the list of a row step, ``r1_0`` a
row input and ``v1_0`` a row step's value while rows are visited (1 is the depth; a sum inside a row step has depth 2),
``t0`` a temporary, ``K0`` a constant, ``f0`` a function. Nothing else of a program enters the text but integers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from math import lcm
from typing import Final

from policyengine.analysis import NUMERIC
from policyengine.analysis.facts import Analysis
from policyengine.backends.compiled import text as write
from policyengine.backends.compiled.lookups import lookup_text
from policyengine.ir import (
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
    Ref,
    Round,
    Scale,
    Sub,
    Sum,
)  # fmt: skip

DEEPEST: Final = 60
"""A text whose brackets nest deeper than this becomes a function: Python's parser ends at two hundred."""


@dataclass(slots=True)
class Writer:
    """What the texts of one program share. ``inputs``, ``meters`` and ``steps`` are positions by name."""

    analysis: Analysis
    inputs: dict[tuple[Domain, str], int]
    meters: dict[str, int]
    steps: dict[str, int]
    row_inputs: int
    constants: dict[str, object] = field(default_factory=dict)
    functions: list[str] = field(default_factory=list)
    temporaries: int = 0

    def fresh(self) -> str:
        self.temporaries += 1
        return f"t{self.temporaries}"

    def constant(self, value: object) -> str:
        """The name of a constant; equal texts share one."""
        if isinstance(value, str):
            for name, known in self.constants.items():
                if known == value and isinstance(known, str):
                    return name
        name = f"K{len(self.constants)}"
        self.constants[name] = value
        return name

    def text(self, expr: Expr, depth: int) -> str:
        """The numerator of ``expr`` over its static denominator; a flag or code as itself."""
        text = self._form(expr, depth)
        return self._outlined(text, depth) if text.count("(") > DEEPEST < write.nesting(text) else text

    def lifted(self, expr: Expr, denominator: int, depth: int) -> str:
        """The numerator of ``expr`` over ``denominator``."""
        return write.times(self.text(expr, depth), denominator // self.analysis.denominator(expr))

    def _form(self, expr: Expr, depth: int) -> str:
        match expr:
            case Lit(value=value):
                if expr.kind not in NUMERIC:
                    return str(value) if isinstance(value, bool) else self.constant(value)
                assert not isinstance(value, str)
                return write.number(int(value * self.analysis.denominator(expr)))
            case Input(name=name, domain=domain):
                position = self.inputs[domain, name]
                return f"i{position}" if domain == "claim" else f"r{depth}_{position}"
            case Hist(meter=meter):
                return f"u{self.meters[meter]}"
            case Ref(step=step, domain=domain):
                return f"s{self.steps[step]}" if domain == "claim" else f"v{depth}_{self.steps[step]}"
            case Compare(op=op, left=left, right=right):
                one, other = self._together((left, right), depth)
                return f"({one} {op} {other})"
            case Logic(op="not", args=(arg,)):
                return f"(not {self.text(arg, depth)})"
            case Logic(op=op, args=args):
                return f"({f' {op} '.join(self.text(arg, depth) for arg in args)})"
            case If(cond=cond, then=then, other=other):
                yes, no = self._together((then, other), depth)
                return f"({yes} if {self.text(cond, depth)} else {no})"
            case Lookup(keys=keys):
                texts = [self.text(key, depth) for key in keys]
                return lookup_text(expr, texts, self.analysis, self.constant, self.fresh)
            case _:
                return self._arithmetic(expr, depth)

    def _arithmetic(self, expr: Expr, depth: int) -> str:
        match expr:
            case Add(args=args):
                return f"({' + '.join(self._together(args, depth))})"
            case Sub(left=left, right=right):
                return f"({' - '.join(self._together((left, right), depth))})"
            case Min(args=args):
                return write.extreme(self._together(args, depth), "<=", self.fresh)
            case Max(args=args):
                return write.extreme(self._together(args, depth), ">=", self.fresh)
            case Scale(of=of, by=by):
                return self._scaled(expr, of, by, depth)
            case Inverse(of=of):
                dividend = self.analysis.denominator(expr) * self.analysis.denominator(of)
                return f"({dividend} // {self.text(of, depth)})"
            case Round(of=of, mode=mode, unit=unit):
                text = self.text(of, depth)
                return write.rounded(text, self.analysis.denominator(of), mode, unit, self.fresh)
            case Portion():
                return self._portion(expr, depth)
            case Sum(of=of):
                return self._sum(of, depth + 1)
            case _:
                raise AssertionError(f"unknown form {type(expr).__name__}")

    def _together(self, exprs: tuple[Expr, ...], depth: int) -> list[str]:
        """Texts of numerators over the common denominator."""
        common = lcm(*(self.analysis.denominator(e) for e in exprs))
        return [self.lifted(e, common, depth) for e in exprs]

    def _scaled(self, expr: Scale, of: Expr, by: Expr, depth: int) -> str:
        product = self.analysis.denominator(of) * self.analysis.denominator(by)
        one, other = self.text(of, depth), self.text(by, depth)
        text = write.times(one, int(other)) if other.isdecimal() else f"({one} * {other})"
        return write.over(text, product // self.analysis.denominator(expr))

    def _portion(self, expr: Portion, depth: int) -> str:
        part, whole = self._together((expr.part, expr.whole), depth)
        unit = self.analysis.denominator(expr)
        divide = self.constant(
            write.divider(self.analysis.denominator(expr.of) * expr.unit, expr.mode, expr.unit * unit)
        )
        other = self.lifted(expr.other, unit, depth)
        first, again = write.held(whole, self.fresh)
        return f"({divide}({self.text(expr.of, depth)}, {part}, {again}) if {first} > 0 else {other})"

    def _sum(self, of: Expr, depth: int) -> str:
        match of:
            case If(cond=cond, then=then, other=Lit(value=0)):
                text, condition = self.lifted(then, self.analysis.denominator(of), depth), self.text(cond, depth)
            case _:
                text, condition = self.text(of, depth), ""
        target, source = self.visit(depth, text, condition)
        if not condition and text == target:
            return f"sum({source})"
        return f"sum([{text} for {target} in {source}{f' if {condition}' if condition else ''}])"

    def visit(self, depth: int, *texts: str, without: frozenset[int] = frozenset()) -> tuple[str, str]:
        """Target and source of a loop over the rows that binds what ``texts`` read, save the steps in ``without``."""
        read = " ".join(texts)
        steps = {int(n) for n in re.findall(rf"\bv{depth}_(\d+)", read)} - without
        pairs = [(f"v{depth}_{n}", f"l{n}") for n in sorted(steps)]
        if re.search(rf"\br{depth}_", read) or not pairs:
            pairs.insert(0, (self._row_target(depth, read), "rows"))
        targets, sources = zip(*pairs, strict=True)
        return (targets[0], sources[0]) if len(pairs) == 1 else (", ".join(targets), f"zip({', '.join(sources)})")

    def _row_target(self, depth: int, read: str) -> str:
        """A pattern that unpacks a row; columns that nothing reads go to ``_``."""
        names = [f"r{depth}_{n}" for n in range(self.row_inputs)]
        used = [name if re.search(rf"\b{name}\b", read) else "_" for name in names]
        return f"({', '.join(used)},)" if any(name != "_" for name in used) else "_"

    def _outlined(self, text: str, depth: int) -> str:
        """A call of a new function that computes ``text``."""
        pattern = rf"\b(?:[iusl]\d+|rows|[rv]{depth}_\d+)\b"
        parameters = ", ".join(sorted(set(re.findall(pattern, text))))
        name = f"f{len(self.functions)}"
        self.functions.append(f"def {name}({parameters}):\n    return {text}\n")
        return f"{name}({parameters})"
