"""Whether conditions can hold together, and facts under which they do.

Exact where conditions are made of flags, codes and sums of facts compared with numbers, also through tables and
``if``. Anything else counts as true or false at will: then “no claim” is still certain, “some claim” is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor
from typing import Final

from policyengine import ir
from policyengine.analysis.linear import Goal, Leaf, Linear, Sign, outcomes
from policyengine.analysis.names import MAX_COUNT, Names, input_range, input_words, names_of
from policyengine.money import RATE_GRID

MOST_TRIED: Final = 3_000
"""Conditions looked at before a question is given up."""


@dataclass(frozen=True, slots=True)
class Span:
    """Whole numbers from ``low`` to ``high`` without ``holes``; ``grid`` of them make one."""

    low: int
    high: int
    grid: int = 1
    holes: frozenset[int] = frozenset()

    def least(self) -> int | None:
        """The least number left, looking past a few holes."""
        at = self.low
        while at in self.holes:
            at += 1
        return at if at <= self.high else None

    def cut(self, op: str, edge: Fraction) -> Span | None:
        """The numbers that stand in relation ``op`` to ``edge``."""
        at = edge * self.grid
        match op:
            case "<":
                cut = replace(self, high=min(self.high, ceil(at) - 1))
            case "<=":
                cut = replace(self, high=min(self.high, floor(at)))
            case ">":
                cut = replace(self, low=max(self.low, floor(at) + 1))
            case ">=":
                cut = replace(self, low=max(self.low, ceil(at)))
            case "==":
                inside = at.denominator == 1 and self.low <= at <= self.high
                cut = replace(self, low=int(at), high=int(at)) if inside else replace(self, high=self.low - 1)
            case _:
                cut = self if at.denominator != 1 else replace(self, holes=self.holes | {int(at)})
        return cut if cut.least() is not None else None


Domain = Span | frozenset[str | bool]
Key = ir.Expr | Sign
Domains = Mapping[Key, Domain]


@dataclass(frozen=True, slots=True)
class Solution:
    """Facts under which conditions hold. Not ``sure``: they hold only if what could not be looked into permits."""

    values: Mapping[Leaf, ir.Value]
    sure: bool


class _TooMuch(Exception):
    """The question has been given up."""


class Solver:
    """Answers questions about one program; the same question is thought about once."""

    def __init__(self, program: ir.Program, names: Names | None = None) -> None:
        self.names = names or names_of(program)
        self.answers: dict[tuple[Goal, ...], Solution | None] = {}
        self.left = 0
        self.unsure = False

    def together(self, *goals: Goal) -> Solution | None:
        """Facts under which all ``goals`` hold; ``None``: there are none."""
        if goals not in self.answers:
            self.left = MOST_TRIED
            self.unsure = False
            try:
                found = self._search(list(goals), [], {})
                if found is None and self.unsure:
                    found = Solution({}, sure=False)
            except _TooMuch:
                found = Solution({}, sure=False)
            self.answers[goals] = found
        return self.answers[goals]

    # -- the search ----------------------------------------------------------------------------------------------------

    def _search(self, goals: list[Goal], later: list[list[list[Goal]]], known: Domains) -> Solution | None:
        """Takes up goals that leave no choice first; ``later`` are the choices, each a list of branches."""
        while goals:
            self.left -= 1
            if self.left < 0:
                raise _TooMuch
            goal = goals.pop()
            met = self._sign(goal, known) if isinstance(goal, Sign) else self._flag(goal[0], goal[1], known)
            if met is None:
                return None
            if isinstance(met, list):
                if len(met) == 1:
                    goals = goals + met[0]
                elif not met:
                    return None
                else:
                    later = [*later, met]
            else:
                known = met
        if not later:
            return self._solved(known)
        choice = min(range(len(later)), key=lambda i: len(later[i]))
        rest = later[:choice] + later[choice + 1 :]
        for branch in later[choice]:
            found = self._search(list(branch), rest, known)
            if found is not None:
                return found
        return None

    def _solved(self, known: Domains) -> Solution | None:
        """The least facts; where they rest on what could not be looked into, only the hope is kept."""
        values = {leaf: _picked(leaf, d) for leaf, d in known.items() if isinstance(leaf, ir.Input | ir.Hist)}
        if len(values) == len(known):
            return Solution(values, sure=True)
        self.unsure = True
        return None

    def _flag(self, expr: ir.Expr, wanted: bool, known: Domains) -> Domains | list[list[Goal]] | None:
        """What a flag expression narrows; or the branches that it opens; ``None`` if it cannot be as wanted."""
        match expr:
            case ir.Lit(value=value):
                return known if bool(value) == wanted else None
            case ir.Ref(step=step):
                return [[(self.names.steps[step].expr, wanted)]]
            case ir.Logic(op="not", args=(arg,)):
                return [[(arg, not wanted)]]
            case ir.Logic(op=op, args=args):
                if (op == "and") == wanted:
                    return [[(arg, wanted) for arg in reversed(args)]]
                return [[*((a, not wanted) for a in args[:at]), (arg, wanted)] for at, arg in enumerate(args)]
            case ir.If(cond=cond, then=then, other=other):
                return [[(cond, True), (then, wanted)], [(cond, False), (other, wanted)]]
            case ir.Compare():
                return self._comparison(expr, wanted, known)
            case _:
                return self._narrow(expr, frozenset([wanted]), known)

    def _comparison(self, expr: ir.Compare, wanted: bool, known: Domains) -> Domains | list[list[Goal]] | None:
        op = expr.op if wanted else ir.OPPOSITE[expr.op]
        if expr.left.kind == "flag":
            same = op == "=="
            return [[(expr.left, one), (expr.right, one == same)] for one in (True, False)]
        left, right = (outcomes(side, self.names) for side in (expr.left, expr.right))
        if left is None or right is None or len(left) * len(right) > 256:
            return self._opaque(expr, wanted, known)
        branches: list[list[Goal]] = []
        for goals, one in left:
            for more, two in right:
                end = self._relation(one, op, two, expr)
                if end is True:
                    branches.append([*goals, *more])
                elif end is not False:
                    branches.append([*goals, *more, end])
        if len(left) == len(right) == 1 and branches == [[_code_goal(expr, wanted)]]:
            return self._code(expr, wanted, known)
        return branches

    def _relation(self, one: object, op: str, two: object, expr: ir.Compare) -> Goal | bool:
        """``one op two`` as a goal, or whether it holds."""
        if isinstance(one, Linear) and isinstance(two, Linear):
            return Sign(one.plus(two, Fraction(-1)), op)
        if isinstance(one, str) and isinstance(two, str):
            return (one == two) == (op == "==")
        if one == two:
            return op == "=="
        pair = [ir.code(side) if isinstance(side, str) else side for side in (one, two)]
        return (ir.Compare("==", pair[0], pair[1], "flag", expr.domain), op == "==")  # type: ignore[arg-type]

    def _code(self, expr: ir.Compare, wanted: bool, known: Domains) -> Domains | None:
        """A code fact opposite one of its words."""
        equal = (expr.op == "==") == wanted
        leaf, word = (expr.left, expr.right) if isinstance(expr.right, ir.Lit) else (expr.right, expr.left)
        if not isinstance(word, ir.Lit) or not isinstance(leaf, ir.Input):
            return self._opaque(expr, wanted, known)
        words = frozenset([str(word.value)])
        if equal:
            return self._narrow(leaf, words, known)
        return self._narrow(leaf, self._domain(leaf, known) - words, known)  # type: ignore[operator]

    def _opaque(self, expr: ir.Compare, wanted: bool, known: Domains) -> Domains | None:
        """What cannot be looked into is a flag of its own; its opposite is the same flag, false."""
        if expr.op in ("!=", ">", ">="):
            expr, wanted = replace(expr, op=ir.OPPOSITE[expr.op]), not wanted
        return self._narrow(expr, frozenset([wanted]), known)

    def _sign(self, goal: Sign, known: Domains) -> Domains | None:
        form, op = goal.form, goal.op
        if not form.terms:
            return known if _holds(form.fixed, op) else None
        if len(form.terms) == 1:
            ((leaf, factor),) = form.terms
            edge = -form.fixed / factor
            domain = self._domain(leaf, known)
            assert isinstance(domain, Span)
            cut = domain.cut(op if factor > 0 else ir.MIRRORED[op], edge)
            return None if cut is None else {**known, leaf: cut}
        low, high = self._reach(form, known)
        sure, never = _decided(low, high, op)
        if never:
            return None
        if sure:
            return known
        positive = op not in ("!=", ">", ">=")
        atom = goal if positive else Sign(form, ir.OPPOSITE[op])
        return self._narrow(atom, frozenset([positive]), known)

    def _reach(self, form: Linear, known: Domains) -> tuple[Fraction, Fraction]:
        """The least and the greatest that a sum of facts can be."""
        low = high = form.fixed
        for leaf, factor in form.terms:
            domain = self._domain(leaf, known)
            assert isinstance(domain, Span)
            ends = sorted((factor * domain.low / domain.grid, factor * domain.high / domain.grid))
            low, high = low + ends[0], high + ends[1]
        return low, high

    # -- what is known of a fact ---------------------------------------------------------------------------------------

    def _domain(self, leaf: Key, known: Domains) -> Domain:
        if leaf in known:
            return known[leaf]
        if isinstance(leaf, ir.Hist):
            return Span(0, self.names.meters[leaf.meter].high if leaf.kind == "money" else MAX_COUNT)
        if not isinstance(leaf, ir.Input) or leaf.kind == "flag":
            return frozenset([True, False])
        decl = self.names.declared(leaf)
        if leaf.kind == "code":
            return frozenset(input_words(decl))
        low, high = input_range(decl)
        grid = RATE_GRID if leaf.kind == "rate" else 1
        return Span(ceil(low * grid), floor(high * grid), grid)

    def _narrow(self, leaf: Key, to: frozenset[str | bool], known: Domains) -> Domains | None:
        domain = self._domain(leaf, known)
        assert not isinstance(domain, Span)
        left = domain & to
        if not left:
            return None
        out = {**known, leaf: left}
        if isinstance(leaf, ir.Input) and leaf.name in COUPLED:
            return self._coupled(leaf.name, left, out)
        return out

    def _coupled(self, name: str, left: frozenset[str | bool], known: Domains) -> Domains | None:
        """The level of a hospital follows from its grade."""
        other = ir.Input(COUPLED[name], "code")
        if ("claim", other.name) not in self.names.inputs:
            return known
        domain = self._domain(other, known)
        assert not isinstance(domain, Span)
        levels = {_level(str(word)) for word in left}
        fitting = frozenset(word for word in domain if _level(str(word)) in levels)
        return {**known, other: fitting} if fitting else None


COUPLED: Final = {"hospital_grade": "hospital_level", "hospital_level": "hospital_grade"}


def _level(word: str) -> str:
    return word.partition("_")[0]


def _code_goal(expr: ir.Compare, wanted: bool) -> Goal:
    return (replace(expr, op="=="), (expr.op == "==") == wanted)


def _holds(value: Fraction, op: str) -> bool:
    return {"<": value < 0, "<=": value <= 0, ">": value > 0, ">=": value >= 0, "==": value == 0, "!=": value != 0}[op]


def _decided(low: Fraction, high: Fraction, op: str) -> tuple[bool, bool]:
    """Whether a number between ``low`` and ``high`` surely stands in that relation to 0, and whether it never does."""
    if op in ("==", "!="):
        apart = low > 0 or high < 0
        return (apart, False) if op == "!=" else (False, apart)
    return _holds(low, op) and _holds(high, op), not _holds(low, op) and not _holds(high, op)


def _picked(leaf: Leaf, domain: Domain) -> ir.Value:
    if isinstance(domain, Span):
        least = domain.least()
        assert least is not None
        return Fraction(least, domain.grid) if leaf.kind == "rate" else least
    return sorted(domain, key=str)[0]


def held(*exprs: ir.Expr) -> tuple[Goal, ...]:
    """The goals that each of ``exprs`` holds."""
    return tuple((expr, True) for expr in exprs)
