"""Entitlements on one day as a program: every sentence a flag over the evidence of one person, whose rows it is.

A piece of evidence is a row: ``KIND`` says of what kind it is, ``<kind>.<field>`` what it states. That a kind is
there is a sum over the rows; a right is the ``or`` of its sentences. So every back end reads entitlements as it reads
any program.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace

from policyengine import expressions as ast
from policyengine import ir
from policyengine.errors import Span
from policyengine.lower.scope import Names, NoValueYet
from policyengine.money import MAX_MINOR
from policyengine.persons import Entitlement, EvidenceField, EvidenceKind, Wanted
from policyengine.resolve import fault, resolve, unknown_name
from policyengine.ruleset import NEVER, Ruleset, in_force
from policyengine.shapes import Faults, Word

KIND = "evidence.kind"
"""The row input that says of what kind a piece of evidence is."""
BOUNDS: Mapping[str, tuple[int, int]] = {"money": (0, MAX_MINOR), "count": (0, 1_000_000), "rate": (0, 1)}
"""What numbers of evidence lie between, in minor units, units, and one."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A kind of evidence that a sentence asks for, or that stands in its way. ``condition``: a flag of the row, which
    says that a piece is of that kind and meets what is asked; ``node``: the condition as written; ``step``: that there
    are ``least`` of them."""

    kind: str
    condition: ir.Expr
    step: str
    node: ast.Node | None = None
    least: int = 1


@dataclass(frozen=True, slots=True)
class Sentence:
    """An entitlement that is in force. ``when``: over the steps of rights; ``step``: that it holds."""

    id: str
    grants: str
    needs: tuple[Asked, ...]
    unless: tuple[Asked, ...]
    when: ir.Expr
    step: str
    node: ast.Node | None = None
    label: Mapping[str, str] = field(default_factory=dict)
    cites: tuple[ir.Citation, ...] = ()
    assumed: tuple[ir.Assumption, ...] = ()


@dataclass(frozen=True, slots=True)
class Rights:
    """The entitlements of one day. ``sentences`` stand behind those whose rights they rest on; ``names``: every right
    that the file can grant, in that order, with its step."""

    program: ir.Program
    sentences: tuple[Sentence, ...]
    names: tuple[tuple[str, str], ...]


def input_of(kind: str, stated: EvidenceField) -> ir.InputDecl:
    """The row input that a field of a kind of evidence is."""
    low, high = BOUNDS.get(stated.type, (None, None))
    aliases = tuple((str(zh), word.text) for word, zh in stated.values if str(zh) != word.text)
    return ir.InputDecl(
        f"{kind}.{stated.id}", stated.type, "row", tuple(word.text for word, _ in stated.values),
        low=low, high=high, span=stated.id.span, aliases=aliases, label=stated.label,
    )  # fmt: skip


def step_of(right: str) -> str:
    """The step that says whether a right is given."""
    return f"right.{right}"


def lower_entitlements(ruleset: Ruleset, day: datetime.date | None) -> Rights:
    """The entitlements of a flattened rule file on ``day``. Raises ``RuleError`` with all faults found."""
    faults, kinds = Faults(), {kind.id.text: kind for kind in ruleset.evidence}
    rights = _ordered(ruleset.entitlements)
    made = _Maker(Names(ruleset, day, lambda _name, _span: None), kinds, rights)
    here = in_force(ruleset.entitlements, day)
    steps: list[ir.Step] = []
    sentences: list[Sentence] = []
    for right in rights:
        granting = [faults.attempt(made.sentence, one) for one in here if one.grants.text == right]
        held = [one for one in granting if one is not None]
        sentences += held
        steps += [step for one in held for step in _steps(one)]
        steps.append(ir.Step(step_of(right), ir.either(*(ir.Ref(one.step, "flag") for one in held))))
    faults.done()
    program = ir.Program(
        ruleset.name, ("", ""), ruleset.currency, ruleset.dated_by, tuple(made.inputs.values()),
        tuple(made.names.tables.values()), tuple(steps), (), (), (), (), (), patient="",
    )  # fmt: skip
    return Rights(program, tuple(sentences), tuple((right, step_of(right)) for right in rights))


def _steps(sentence: Sentence) -> Iterator[ir.Step]:
    for asked in (*sentence.needs, *sentence.unless):
        found = ir.total(ir.choose(asked.condition, ir.count(1), ir.count(0)))
        yield ir.Step(asked.step, ir.compare(">=", found, ir.count(asked.least)))
    shown = [ir.Ref(asked.step, "flag") for asked in sentence.needs]
    absent = [ir.negated(ir.Ref(asked.step, "flag")) for asked in sentence.unless]
    whole = ir.both(*shown, *absent, sentence.when)
    yield ir.Step(
        sentence.step, whole, label=sentence.label, cites=sentence.cites, assumed=sentence.assumed, shown=True
    )


@dataclass(slots=True)
class _Maker:
    names: Names
    kinds: Mapping[str, EvidenceKind]
    rights: tuple[str, ...]
    inputs: dict[str, ir.InputDecl] = field(default_factory=dict)

    def sentence(self, one: Entitlement) -> Sentence:
        faults = Faults()
        needs = faults.attempt(self._asked, one, one.needs, "needs") or ()
        unless = faults.attempt(self._asked, one, one.unless, "unless") or ()
        when = faults.attempt(self._when, one)
        faults.done()
        assert when is not None
        label = one.label
        return Sentence(one.id.text, one.grants.text, needs, unless, when, f"sentence.{one.id}", one.when, label,
                        one.cites, one.assumed)  # fmt: skip

    def _asked(self, one: Entitlement, wanted: Wanted, how: str) -> tuple[Asked, ...]:
        faults = Faults()
        found = [faults.attempt(self._kind, one, kind, node, how) for kind, node in wanted]
        faults.done()
        least = {kind.text: number for kind, number in one.at_least} if how == "needs" else {}
        return tuple(replace(asked, least=least.get(asked.kind, 1)) for asked in found if asked is not None)

    def _kind(self, one: Entitlement, kind: Word, node: ast.Node | None, how: str) -> Asked:
        if kind.text not in self.kinds:
            raise unknown_name(kind.text, kind.span, self.kinds, "kind of evidence")
        this = self._input(ir.InputDecl(KIND, "code", "row", tuple(self.kinds)))
        inputs = {f.id.text: input_of(kind.text, f) for f in self.kinds[kind.text].fields}
        words = {decl.name: {**{w: w for w in decl.values}, **dict(decl.aliases)} for decl in inputs.values()}
        scope = self._scope(lambda name: self._input(inputs[name]) if name in inputs else None, words, inputs)
        condition = ir.TRUE if node is None else scope.flag(node)
        of_kind = ir.compare("==", this, ir.code(kind.text))
        return Asked(kind.text, ir.both(of_kind, condition), f"{one.id}.{how}.{kind}", node)

    def _when(self, one: Entitlement) -> ir.Expr:
        if one.when is None:
            return ir.TRUE
        rights = self.rights
        scope = self._scope(lambda name: ir.Ref(step_of(name), "flag") if name in rights else None, {}, rights)
        return scope.flag(one.when)

    def _scope(
        self, own: Callable[[str], ir.Expr | None], words: Mapping[str, Mapping[str, str]], listed: Collection[str]
    ) -> _Scope:
        return _Scope(self.names, own, words, listed, self.names.currency, self.names.rounding)

    def _input(self, decl: ir.InputDecl) -> ir.Expr:
        self.inputs.setdefault(decl.name, decl)
        return ir.Input(decl.name, decl.kind, decl.domain)


@dataclass(slots=True)
class _Scope:
    """What names mean in a condition: what is looked at, and the parameters, tables and formulas of the file."""

    names: Names
    own: Callable[[str], ir.Expr | None]
    spoken: Mapping[str, Mapping[str, str]]
    listed: Collection[str]
    currency: str
    rounding: tuple[str, int]

    def find(self, name: str, span: Span) -> ir.Expr | None:
        found = self.own(name)
        if found is not None:
            return found
        found = self.names.find(name, span)
        if found is not None and any(isinstance(part, ir.Input) for part in ir.walk(found)):
            message = f"`{name}` is what a claim states, and evidence is looked at without a claim"
            expected = "one of " + ", ".join(self.listed) if self.listed else ""
            raise fault("E901", message, span, expected, "make it a field of the evidence")
        return found

    def call(self, node: ast.Call) -> ir.Expr | None:
        return self.names.call(node)

    def rows(self) -> AbstractContextManager[None]:
        return nullcontext()

    def words(self, expr: ir.Expr) -> Mapping[str, str] | None:
        return self.spoken.get(expr.name) if isinstance(expr, ir.Input) else None

    def known(self) -> Iterable[str]:
        return [*self.listed, *self.names.parameters]

    def flag(self, node: ast.Node) -> ir.Expr:
        try:
            return resolve(node, self, "flag")
        except NoValueYet as missing:
            message = f"`{missing.name}` has no value where the entitlement holds"
            raise fault("E343", message, missing.span, hint="add a dated value, or limit `valid:`") from None


def _ordered(entitlements: Iterable[Entitlement]) -> tuple[str, ...]:
    """Every right, behind those that its sentences rest on. Raises ``RuleError`` for a right that rests on itself."""
    granting: dict[str, list[Entitlement]] = {}
    for one in entitlements:
        granting.setdefault(one.grants.text, []).append(one)
    out: dict[str, None] = {}

    def visit(right: str, above: tuple[str, ...], at: Entitlement) -> None:
        if right in out:
            return
        if right in above:
            chain = " → ".join((*above[above.index(right) :], right))
            raise fault("E902", f"the right `{right}` rests on itself: {chain}", at.id.span)
        for one in granting[right]:
            for name in _names(one.when):
                if name in granting:
                    visit(name, (*above, right), one)
        out[right] = None

    for right, found in granting.items():
        visit(right, (), found[0])
    return tuple(out)


def _names(node: ast.Node | None) -> Iterator[str]:
    if node is not None:
        yield from (part.text for part in ast.walk(node) if isinstance(part, ast.Name))


def cut_days(ruleset: Ruleset) -> tuple[datetime.date, ...]:
    """The days on which other entitlements, or other figures in them, begin to hold, rising."""
    own = {day for one in ruleset.entitlements if one.valid != NEVER for day in one.valid if day is not None}
    return tuple(sorted({*ruleset.cut_points(), *own}))
