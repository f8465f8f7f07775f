"""The quantities that a policy states of its layers (deductibles, shares, ceilings), and what each hangs on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final

from policyengine import ir
from policyengine.analysis import input_range
from policyengine.backends.evaluate import evaluate
from policyengine.lower.adjust import slots_of
from policyengine.mechanisms.base import Provision
from policyengine.questions.options import Option, options_of
from policyengine.render.subject import Subject

STATED: Final = ("deductible", "fund_share", "ceiling", "own_cost_cap", "set_aside", "pay", "top_up")
"""Mechanisms whose quantity a notice gives as a figure."""

USUAL: Final[Mapping[str, int]] = {"age": 40, "admission_ordinal": 1}
"""What a number is of which nobody says anything."""

DECIDED: Final = "~decided"
"""How the name of a step ends that holds the part of a condition that facts decide."""

Given = Mapping[str, ir.Value]


@dataclass(frozen=True, slots=True)
class Quantity:
    """``step`` holds it. ``key``: which one of several of the provision. ``guard``: the flag step under which it
    applies, empty for always."""

    provision: Provision
    step: str
    key: str
    kind: ir.Kind
    guard: str


@dataclass(frozen=True, slots=True)
class Leaves:
    """What steps read in the end. ``counted``: meters; ``reckoned``: they also read the bill, or a number that the
    program reckons with, so that they have no finite list of values."""

    facts: tuple[str, ...]
    counted: bool
    reckoned: bool
    parameters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """Evaluates single steps of one program for facts alone: nothing has been counted before, no bill is known."""

    program: ir.Program
    by_name: Mapping[str, ir.Step]
    options: Mapping[str, tuple[Option, ...]]
    resting: Given
    sliced: dict[str, ir.Program] = field(default_factory=dict)
    leaf: dict[tuple[str, ...], Leaves] = field(default_factory=dict)
    known: dict[tuple[object, ...], ir.Value] = field(default_factory=dict)
    read: dict[str, frozenset[str]] = field(default_factory=dict)

    def leaves(self, names: Sequence[str]) -> Leaves:
        """What the steps read, through every step that they read."""
        key = tuple(names)
        if key not in self.leaf:
            self.leaf[key] = self._leaves(names)
        return self.leaf[key]

    def _leaves(self, names: Sequence[str]) -> Leaves:
        return self._leaves_of([step.expr for step in self._needed(names)])

    def _leaves_of(self, roots: Sequence[ir.Expr]) -> Leaves:
        exprs = [e for root in roots for e in ir.walk(root)]
        inputs = dict.fromkeys(e.name for e in exprs if isinstance(e, ir.Input) and e.domain == "claim")
        given = tuple(name for name in inputs if name.startswith("parameter."))
        facts = tuple(name for name in inputs if name in self.options and name not in given)
        by_row = any(e.domain == "row" or isinstance(e, ir.Sum) for e in exprs)
        return Leaves(facts, any(isinstance(e, ir.Hist) for e in exprs),
                      by_row or len(facts) + len(given) < len(inputs), given)  # fmt: skip

    def decided(self, expr: ir.Expr) -> Iterator[ir.Expr]:
        """Those of the conditions joined in ``expr`` that hang on facts alone."""
        steps = self._needed([e.step for e in ir.walk(expr) if isinstance(e, ir.Ref)])
        if not self._leaves_of([expr, *(step.expr for step in steps)]).reckoned:
            yield expr
            return
        match expr:
            case ir.Ref(step=name):
                yield from self.decided(self.by_name[name].expr)
            case ir.Logic(op="and", args=args):
                for arg in args:
                    yield from self.decided(arg)

    def flag(self, name: str) -> str:
        """The step that says of a condition what facts alone decide."""
        return f"{name}{DECIDED}" if f"{name}{DECIDED}" in self.by_name else name

    def _needed(self, names: Sequence[str]) -> tuple[ir.Step, ...]:
        """The steps and all that they read, in the order of the program."""
        wanted: set[str] = set()
        left = list(names)
        while left:
            name = left.pop()
            if name not in wanted:
                wanted.add(name)
                left += [e.step for e in ir.walk(self.by_name[name].expr) if isinstance(e, ir.Ref)]
        return tuple(step for step in self.program.steps if step.name in wanted)

    def reads(self, name: str) -> frozenset[str]:
        """The facts of the claim that a step reads, through every step that it reads."""
        if name not in self.read:
            exprs = (e for step in self._needed((name,)) for e in ir.walk(step.expr))
            self.read[name] = frozenset(e.name for e in exprs if isinstance(e, ir.Input) and e.domain == "claim")
        return self.read[name]

    def ends(self, names: Sequence[str]) -> tuple[Given, ...]:
        """The parameters that the steps read and nobody knows: all of them at their least, and at their greatest."""
        read = self.leaves(names).parameters
        ranges = {d.name: _range(d) for d in self.program.inputs if d.name in read}
        if not ranges:
            return ({},)
        return tuple({name: ends[at] for name, ends in ranges.items()} for at in (0, 1))

    def value(self, name: str, facts: Given) -> ir.Value:
        """What a step of the claim comes to; the same is reckoned once. Raises ``NoRow``."""
        key = (name, *((fact, facts[fact]) for fact in sorted(self.reads(name)) if fact in facts))
        if key not in self.known:
            self.known[key] = self._value(name, facts)
        return self.known[key]

    def _value(self, name: str, facts: Given) -> ir.Value:
        if name not in self.sliced:
            self.sliced[name] = replace(self.program, steps=self._needed((name,)))
        return self._evaluated(self.sliced[name], name, facts)

    def worth(self, expr: ir.Expr, facts: Given) -> ir.Value | None:
        """What an expression of the claim comes to; ``None`` where a table has no row."""
        read = [e.step for e in ir.walk(expr) if isinstance(e, ir.Ref)]
        program = replace(self.program, steps=(*self._needed(read), ir.Step("it", expr)))
        try:
            return self._evaluated(program, "it", facts)
        except ir.NoRow:
            return None

    def _evaluated(self, program: ir.Program, name: str, facts: Given) -> ir.Value:
        used = {meter.name: 0 for meter in self.program.meters}
        found = evaluate(program, {**self.resting, **facts}, (), used)[name]
        assert not isinstance(found, tuple), name
        return found


def reader_of(program: ir.Program) -> Reader:
    """A reader of a program; of conditions that also hang on the bill it knows what facts decide of them."""
    plain = _reader(program)
    names = dict.fromkeys(name for step in program.steps for name in (step.guard, program.covers) if name)
    made = (ir.Step(f"{name}{DECIDED}", ir.both(*plain.decided(plain.by_name[name].expr)))
            for name in names if plain.leaves((name,)).reckoned)  # fmt: skip
    return _reader(replace(program, steps=(*program.steps, *made)))


def _reader(program: ir.Program) -> Reader:
    """``resting``: what a fact is that nobody asks about: its default, else the least that it can be."""
    options = {name: found for (domain, name), found in options_of(program).items() if domain == "claim"}
    resting = {d.name: _resting(d, options.get(d.name, ())) for d in program.inputs if d.domain == "claim"}
    return Reader(program, {step.name: step for step in program.steps}, options, resting)


def _range(decl: ir.InputDecl) -> tuple[ir.Value, ir.Value]:
    """The least and the greatest of what a parameter can be; of words the first and the last."""
    if decl.kind == "flag":
        return False, True
    if decl.kind == "code":
        return decl.values[0], decl.values[-1]
    low, high = input_range(decl)
    return (low, high) if decl.kind in ("rate", "exact") else (int(low), int(high))


def _resting(decl: ir.InputDecl, options: Sequence[Option]) -> ir.Value:
    if decl.default is not None:
        return decl.default
    if decl.name in USUAL:
        return USUAL[decl.name]
    if options:
        return options[0].value
    return Fraction(decl.low or 0) if decl.kind in ("rate", "exact") else int(decl.low or 0)


def quantities_of(subject: Subject, layer: str) -> tuple[Quantity, ...]:
    """The quantities that the clauses of a layer state, in file order."""
    found = []
    for provision in subject.provisions:
        if provision.mechanism not in STATED or layer not in [x.text for x in provision.layers]:
            continue
        for name in slots_of(provision) or (provision.id.text,):
            step = subject.plan.by_name.get(name)
            if step is not None and step.domain == "claim" and step.kind in ("money", "exact", "rate"):
                key = name.removeprefix(provision.id.text).removeprefix(".")
                found.append(Quantity(provision, name, key, step.kind, step.guard))
    return tuple(found)


def guard_of(subject: Subject, layer: str) -> str:
    """The flag step under which a layer acts, empty if it always does."""
    bases = (
        s
        for s in subject.program.steps
        if s.term == "base" and s.name.startswith((f"{layer}.base", f"{layer}.row.base"))
    )
    return next((step.guard for step in bases), "")
