"""Entitlements as forward chaining: evidence arrives in any order, what it shows becomes facts, rights follow.

A kind of evidence that meets what is asked becomes the fact that it is there, once; so the work grows with the pieces
of evidence and not with their combinations. A right whose sentences ask for an absence is derived when a fact says that
everything has arrived and all rights before it are known.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from policyengine import ir
from policyengine.cases.forward.conditions import Test, alternatives, test_of
from policyengine.cases.forward.engine import NUMBER, Fact, Rules, built, chained
from policyengine.entitlements import Piece
from policyengine.entitlements.plain import meets
from policyengine.lower.entitlements import KIND, Asked, Rights, Sentence, step_of

PIECE, THERE, RIGHT, ARRIVED = "e", "t", "g", "p"
"""The fields that tell the facts apart: a piece of evidence, that something asked for is there, a right, that all
evidence has arrived and the rights before this one are known."""
MOST_KEPT: Final = 64


@dataclass(frozen=True, slots=True)
class Chained:
    """The rules of one day. ``follows``: what each rule shows; ``outside``: conditions that are compared outside;
    ``looked_at``: what follows and some rule looks at; ``waits``: rights that need to know that everything arrived;
    ``several``: of how many pieces something follows that does not follow from one."""

    rights: Rights
    rules: Rules
    kinds: dict[str, int]
    fields: dict[str, str]
    follows: dict[str, tuple[str, int]]
    outside: tuple[tuple[str, str, ir.Expr], ...]
    looked_at: frozenset[tuple[str, int]]
    waits: tuple[int, ...]
    several: Mapping[tuple[str, int], int]


_kept: OrderedDict[int, Chained] = OrderedDict()


def forward(rights: Rights, pieces: Sequence[Piece]) -> frozenset[str]:
    """The rights that pieces of evidence give. Raises ``CaseError``, ``MissingExtra``."""
    here = _kept.get(id(rights))
    if here is None or here.rights is not rights:
        here = _kept[id(rights)] = chained_rules(rights)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    shown: set[tuple[str, int]] = set()
    met: dict[tuple[str, int], set[object]] = {}

    def fire(name: str, matched: Sequence[Fact]) -> Iterable[Fact]:
        what = here.follows[name]
        if what in here.several:
            met.setdefault(what, set()).update(fact[NUMBER] for fact in matched)
        if what not in shown and len(met.get(what, ())) >= here.several.get(what, 0):
            shown.add(what)
            if what in here.looked_at:
                yield {what[0]: what[1]}

    arrived = [_fact(here, piece) for piece in pieces if piece.kind in here.kinds]
    chained(here.rules, (arrived, *_phases(here)), fire)
    names = [name for name, _ in rights.names]
    return frozenset(names[at] for field, at in shown if field == RIGHT)


def _phases(here: Chained) -> Iterator[Sequence[Fact]]:
    for at in here.waits:
        yield [{ARRIVED: at}]


def _fact(here: Chained, piece: Piece) -> Fact:
    fact: dict[str, int | str] = {PIECE: here.kinds[piece.kind]}
    for name, field in here.fields.items():
        if name in piece.values:
            value = piece.values[name]
            assert not isinstance(value, str) or value
            fact[field] = value if isinstance(value, str) else int(value)
    for field, kind, condition in here.outside:
        if piece.kind == kind:
            fact[field] = int(meets(here.rights, condition, piece))
    return fact


def chained_rules(rights: Rights) -> Chained:
    """The sentences of one day as rules. Raises ``CaseError``, ``MissingExtra``."""
    made = _Making(rights)
    positions = {step: at for at, (_, step) in enumerate(rights.names)}
    for sentence in rights.sentences:
        made.sentence(sentence, positions)
    return Chained(rights, built(made.rules), made.kinds, made.fields, made.follows, tuple(made.outside),
                   frozenset(made.looked_at), tuple(sorted(made.waits)), made.several)  # fmt: skip


class _Making:
    """Rules as they come together."""

    def __init__(self, rights: Rights) -> None:
        kind = next((decl for decl in rights.program.inputs if decl.name == KIND), None)
        self.kinds = {name: at for at, name in enumerate(kind.values if kind is not None else ())}
        self.fields: dict[str, str] = {}
        self.rules: dict[str, Any] = {}
        self.follows: dict[str, tuple[str, int]] = {}
        self.outside: list[tuple[str, str, ir.Expr]] = []
        self.asked: dict[tuple[str, ir.Expr, int], int] = {}
        self.several: dict[tuple[str, int], int] = {}
        self.looked_at: set[tuple[str, int]] = set()
        self.waits: set[int] = set()

    def sentence(self, one: Sentence, positions: dict[str, int]) -> None:
        needs = [self._there(asked) for asked in one.needs]
        unless = [self._there(asked) for asked in one.unless]
        at = positions[step_of(one.grants)]
        for wanted in alternatives(one.when):
            there: list[Test] = [{THERE: n} for n in needs]
            there += [{RIGHT: positions[step]} for step, value in wanted.items() if value]
            absent: list[Test] = [{THERE: n} for n in unless]
            absent += [{RIGHT: positions[step]} for step, value in wanted.items() if not value]
            if absent or not there:
                self.waits.add(at)
                there.append({ARRIVED: at})
            self._rule(there, absent, (RIGHT, at))

    def _rule(self, there: Sequence[Test], absent: Sequence[Test], what: tuple[str, int]) -> None:
        parts = [{f"m_{n}": test} for n, test in enumerate(there)]
        parts += [{f"m_{n}$not": test} for n, test in enumerate(absent, start=len(there))]
        self.looked_at |= {one for test in (*there, *absent) for one in test.items() if one[0] in (THERE, RIGHT)}
        name = f"r{len(self.rules)}"
        self.rules[name] = {"all": parts}
        self.follows[name] = what

    def _there(self, asked: Asked) -> int:
        """The number of what is asked for, with the rule that shows it."""
        key = (asked.kind, asked.condition, asked.least)
        if key not in self.asked:
            self.asked[key] = len(self.asked)
            if asked.least > 1:
                self.several[THERE, self.asked[key]] = asked.least
            if asked.condition != ir.FALSE:
                self._rule([self._test(asked)], [], (THERE, self.asked[key]))
        return self.asked[key]

    def _test(self, asked: Asked) -> Test:
        conditions = list(_beside_kind(asked.condition))
        of_kind: Test = {PIECE: self.kinds[asked.kind]}
        before = dict(self.fields)
        tests = [test_of(condition, self._field) for condition in conditions]
        if any(test is None for test in tests):
            self.fields = before
            field = f"o{len(self.outside)}"
            self.outside.append((field, asked.kind, asked.condition))
            return {"$and": [of_kind, {field: 1}]}
        return {"$and": [of_kind, *tests]} if tests else of_kind

    def _field(self, name: str) -> str:
        return self.fields.setdefault(name, f"f{len(self.fields)}")


def _beside_kind(condition: ir.Expr) -> Iterator[ir.Expr]:
    """What is asked beyond the kind of evidence."""
    if isinstance(condition, ir.Logic) and condition.op == "and":
        yield from condition.args[1:]
