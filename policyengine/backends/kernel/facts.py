"""Facts of claims in the code of a kernel: read once, held to their bounds, line by line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from policyengine.analysis import MAX_ROWS, input_range, is_summed
from policyengine.backends.kernel.code import Value
from policyengine.backends.kernel.emit import Emitter
from policyengine.backends.kernel.levels import row_inputs
from policyengine.backends.kernel.shape import Shape
from policyengine.ir import Expr, Input, InputDecl, Program
from policyengine.money import MAX_MINOR, RATE_GRID


def _range(decl: InputDecl) -> tuple[int, int]:
    """The least and the largest that a fact may be, as columns hold it."""
    scale = RATE_GRID if decl.kind == "rate" else 1
    low, high = (bound * scale for bound in input_range(decl))
    return int(-(-low // 1)), int(high // 1)


@dataclass(slots=True)
class Facts:
    """``claim``: the position of the one that the code is about."""

    program: Program
    shape: Shape
    emitter: Emitter
    claim: Value = None

    def wrong(self) -> list[Value]:
        """The facts of the claim; conditions that refuse it: one that is out of its bounds, on a fee line as well."""
        code, wrong = self.emitter.code, list[Value]()
        for decl in self._stated("claim"):
            value = self._loaded(decl, "claim", self.claim)
            wrong += self._wrong(decl, "claim", value)
            self.emitter.known[-1][Input(decl.name, decl.kind)] = self._within(decl, "claim", value)
        rows = [d for d in self._stated("row") if ("row", d.name) not in self.shape.uniform and d.kind != "flag"]
        if not self.shape.single:
            wrong.append(code.compare(">", code.sub(*reversed(self._lines())), code.number(MAX_ROWS)))
        if rows:
            wrong += self._wrong_rows(rows)
        return wrong

    def _wrong_rows(self, rows: Sequence[InputDecl]) -> list[Value]:
        code = self.emitter.code
        any_wrong = code.variable(code.truth(False))
        totals = {d.name: code.variable(code.number(0)) for d in rows if is_summed(d)}
        with self.every_line() as line:
            for decl in rows:
                value = self._loaded(decl, "row", line)
                code.put(any_wrong, code.any_of([code.now(any_wrong), *self._wrong(decl, "row", value)]))
                if decl.name in totals:
                    code.put(totals[decl.name], code.add(code.now(totals[decl.name]), value))
        over = [code.compare(">", code.now(total), code.number(MAX_MINOR)) for total in totals.values()]
        return [code.now(any_wrong), *over]

    def _stated(self, domain: str) -> Iterator[InputDecl]:
        return (d for d in self.program.inputs if d.domain == domain and not d.name.startswith("#"))

    def _wrong(self, decl: InputDecl, domain: str, value: Value) -> list[Value]:
        """Conditions that a fact must not meet; none for one that all claims share, which was looked at before."""
        code = self.emitter.code
        if (domain, decl.name) in self.shape.uniform or decl.kind == "flag":
            return []
        if decl.kind == "code":
            return [code.compare("<", value, code.number(0))]
        low, high = _range(decl)
        return [code.compare("<", value, code.number(low)), code.compare(">", value, code.number(high))]

    def _within(self, decl: InputDecl, domain: str, value: Value) -> Value:
        """The fact; of a claim that is not left by a jump, any that is within its bounds where this one is not."""
        wrong = self._wrong(decl, domain, value) if self.emitter.level else []
        if not wrong:
            return value
        low = 0 if decl.kind == "code" else _range(decl)[0]
        return self.emitter.code.choose(self.emitter.code.any_of(wrong), self.emitter.code.number(low), value)

    def _loaded(self, decl: InputDecl, domain: str, at: Value) -> Value:
        code, name = self.emitter.code, f"{domain} {decl.name}"
        if (domain, decl.name) in self.shape.uniform:
            shared = code.given("same", name)
            return code.is_true(shared) if decl.kind == "flag" else shared
        if decl.kind == "code":
            position = code.load("fact", name, at, "code")
            return code.load("words", name, code.add(position, code.number(1)))
        return code.load("fact", name, at, "flag" if decl.kind == "flag" else "")

    def _lines(self) -> tuple[Value, Value]:
        """The first fee line of the claim, and the one behind its last."""
        after = self.emitter.code.add(self.claim, self.emitter.code.number(1))
        return self.emitter.code.load("offsets", "", self.claim), self.emitter.code.load("offsets", "", after)

    @contextmanager
    def every_line(self) -> Iterator[Value]:
        """A pass over the fee lines of the claim."""
        with self.emitter.scope():
            if self.shape.single:
                yield self.claim
            else:
                with self.emitter.code.each(*self._lines()) as line:
                    yield line

    def of_line(self, exprs: Sequence[Expr], line: Value) -> None:
        """The facts of the line that expressions read."""
        decls = {d.name: d for d in self._stated("row")}
        for fact in row_inputs(exprs, self.emitter.steps):
            decl = decls[fact.name]
            self.emitter.known[-1][fact] = self._within(decl, "row", self._loaded(decl, "row", line))
