"""What a condition still needs of a claim: the fewest facts that would have to be otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from policyengine import ir
from policyengine.backends.evaluate import Claim as Evaluated
from policyengine.backends.evaluate import worth
from policyengine.questions.options import Key, Option

MOST_WAYS = 24
"""Ways that are followed: the shortest ones."""


@dataclass(frozen=True, slots=True)
class Need:
    """A condition that does not hold and would have to. ``facts``: what it reads of the claim; ``amounts``: whether it
    reads accumulators or amounts that are reckoned."""

    condition: ir.Expr
    facts: tuple[str, ...]
    amounts: bool

    @property
    def line(self) -> bool:
        """Whether it is about fee lines."""
        return self.condition.domain == "row"


Way = tuple[Need, ...]
"""Needs that together make a condition hold."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """The steps of a program with their values for one claim."""

    steps: Mapping[str, ir.Step]
    claim: Evaluated
    options: Mapping[Key, tuple[Option, ...]]

    def ways(self, expr: ir.Expr, wanted: bool = True) -> tuple[Way, ...]:
        """How ``expr`` could come to ``wanted``, the shortest ways first; none if no facts can do it."""
        found = [way for way in self._ways(expr, wanted) if not self._contradicts(way)]
        return tuple(sorted(dict.fromkeys(found), key=len))

    def _ways(self, expr: ir.Expr, wanted: bool) -> list[Way]:
        if isinstance(expr, ir.Lit):
            return [()] if expr.value == wanted else []
        if expr.domain == "claim" and self._worth(expr) == wanted:
            return [()]
        if isinstance(expr, ir.Ref):
            return self._ways(self.steps[expr.step].expr, wanted)
        if self._is_one_fact(expr):
            return [(self._need(expr, wanted),)] if self._possible(expr, wanted) else []
        match expr:
            case ir.Logic(op="not", args=(arg,)):
                return self._ways(arg, not wanted)
            case ir.Logic(op=op, args=args):
                return self._all(args, wanted) if (op == "and") == wanted else self._any(args, wanted)
            case ir.If(cond=cond, then=then, other=other):
                met, unmet = [(self._ways(cond, c), self._ways(b, wanted)) for c, b in ((True, then), (False, other))]
                return _shortest(a + b for left, right in (met, unmet) for a in left for b in right)
            case _:
                return [(self._need(expr, wanted),)]

    def _all(self, args: tuple[ir.Expr, ...], wanted: bool) -> list[Way]:
        ways: list[Way] = [()]
        for arg in args:
            ways = _shortest(a + b for a in ways for b in self._ways(arg, wanted))
        return ways

    def _any(self, args: tuple[ir.Expr, ...], wanted: bool) -> list[Way]:
        return _shortest(way for arg in args for way in self._ways(arg, wanted))

    def _is_one_fact(self, expr: ir.Expr) -> bool:
        """Whether ``expr`` is about one fact and nothing else, so that it is said best as it stands."""
        facts, amounts = self.reads(expr)
        return len(facts) == 1 and not amounts

    def _possible(self, expr: ir.Expr, wanted: bool) -> bool:
        """Whether any value of its one fact brings ``expr`` to ``wanted``; unknown for what leads through steps."""
        fact = next((e for e in ir.walk(expr) if isinstance(e, ir.Input)), None)
        if fact is None or any(isinstance(e, ir.Ref) for e in ir.walk(expr)) or fact.domain == "row":
            return True
        options = self.options.get((fact.domain, fact.name))
        return options is None or any(self._worth(expr, {fact.name: option.value}) == wanted for option in options)

    def _worth(self, expr: ir.Expr, fact: Mapping[str, ir.Value] = MappingProxyType({})) -> ir.Value | None:
        """What an expression of the claim comes to, with a fact changed; ``None`` where a table has no row for it: the
        claim was settled without asking for that part of a condition."""
        try:
            return worth(expr, replace(self.claim, inputs={**self.claim.inputs, **fact}))
        except ir.NoRow:
            return None

    def _need(self, expr: ir.Expr, wanted: bool) -> Need:
        facts, amounts = self.reads(expr)
        return Need(expr if wanted else _opposite(expr), facts, amounts)

    def reads(self, expr: ir.Expr) -> tuple[tuple[str, ...], bool]:
        """The facts that ``expr`` reads, through steps, too; and whether it reads accumulators or amounts."""
        facts: dict[str, None] = {}
        amounts = False
        for inner in ir.walk(expr):
            match inner:
                case ir.Input(name=name):
                    facts[name] = None
                case ir.Hist() | ir.Sum():
                    amounts = True
                case ir.Ref(step=step, kind=kind):
                    more, deeper = self.reads(self.steps[step].expr)
                    facts |= dict.fromkeys(more)
                    amounts = amounts or deeper or kind in ("money", "exact")
        return tuple(facts), amounts

    def _contradicts(self, way: Way) -> bool:
        """Whether a way asks one code to be two words, or something to be and not to be."""
        words: dict[str, set[object]] = {}
        for need in way:
            match need.condition:
                case ir.Compare(op="==", left=ir.Input(kind="code", name=name), right=ir.Lit(value=word)):
                    words.setdefault(name, set()).add(word)
        asked = {need.condition for need in way}
        return any(len(several) > 1 for several in words.values()) or any(_opposite(c) in asked for c in asked)


def _shortest(ways: Iterator[Way]) -> list[Way]:
    return sorted((tuple(dict.fromkeys(way)) for way in ways), key=len)[:MOST_WAYS]


def _opposite(expr: ir.Expr) -> ir.Expr:
    match expr:
        case ir.Compare(op=op, left=left, right=right):
            return ir.compare(ir.OPPOSITE[op], left, right)
        case ir.Logic(op="not", args=(arg,)):
            return arg
        case _:
            return ir.negated(expr)
