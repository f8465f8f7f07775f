"""``seek_claims``: the value of a lever that meets a budget, and the proof that the next one does not."""

from __future__ import annotations

import itertools
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from policyengine.errors import Diagnostic, RuleError, nearest
from policyengine.money import NotMoney, exponent_of, minor_from_text, text_of
from policyengine.rulebook import Rulebook
from policyengine.ruleset import Ruleset
from policyengine.sweep.boxes import Point
from policyengine.sweep.curve import Tally
from policyengine.sweep.family import Family
from policyengine.sweep.passes import Book, Reading, book_of_claims
from policyengine.sweep.ranges import Axis
from policyengine.sweep.sweeping import family_of
from policyengine.sweep.watched import outputs_of
from policyengine.terms import PAYERS

A_PASS: Final = 16
"""Values tried in one pass over the claims."""
MOST_MONEY: Final = 10**17
_RELATIONS: Final[Mapping[str, Callable[[int, int], bool]]] = MappingProxyType(
    {"<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt}
)
_TARGET = re.compile(r"\s*([\w.]+)\s*(<=|>=|<|>|≤|≥)\s*([0-9][0-9,_]*(?:\.[0-9]+)?)\s*\Z")


@dataclass(frozen=True, slots=True)
class Target:
    """An amount summed over the book of claims, and what it is held against, in minor units."""

    amount: str
    relation: str
    value: int

    def is_met(self, total: int) -> bool:
        return _RELATIONS[self.relation](total, self.value)


@dataclass(frozen=True, slots=True)
class Found:
    """``at`` meets the target and ``beyond``, one step on, does not; both in grains of the axis. ``totals``: of every
    value that was tried, ascending; ``tallies``: of these two. ``people``: whether people could be told apart."""

    axis: Axis
    target: Target
    currency: str
    at: int
    beyond: int
    totals: Mapping[int, int]
    tallies: tuple[Tally, Tally]
    passes: int
    has_limit: bool
    people: bool


def target_of(book: Rulebook, text: str) -> Target:
    """A target such as ``pooled_fund <= 120000000``, in whole currency units. Raises ``RuleError`` E764."""
    match = _TARGET.match(text)
    if match is None:
        raise _not_read(f"`{text}` is not an amount, a relation and a number")
    names = dict.fromkeys(name for program in book.programs for name in outputs_of(program))
    called = {PAYERS[name].zh: name for name in names if name in PAYERS} | {name: name for name in names}
    if match[1] not in called:
        text = f"`{match[1]}` is no amount that is added up"
        raise _not_read(text, "one of " + ", ".join(names), nearest(match[1], called))
    relation = {"≤": "<=", "≥": ">="}.get(match[2], match[2])
    try:
        value = minor_from_text(re.sub("[,_]", "", match[3]), exponent_of(book.programs[-1].currency), MOST_MONEY)
    except NotMoney as error:
        raise _not_read(f"`{match[3]}`: {error}") from None
    return Target(called[match[1]], relation, value)


def _not_read(text: str, expected: str = "such as `pooled_fund <= 120000000`", hint: str = "") -> RuleError:
    return RuleError(Diagnostic("E764", text, None, expected, hint, record="the target"))


def seek_claims(
    book: Rulebook,
    ruleset: Ruleset,
    axis: Axis,
    target: Target,
    reading: Reading,
    *,
    parameters: Mapping[str, object] | None = None,
    allow_draft: bool = False,
) -> Found:
    """The last value, towards the costlier end of ``axis``, that meets the target. Several values are tried in each
    pass over the claims, the range narrows until two neighbours are left.

    Raises ``RuleError`` E765 if the total does not rise, or fall, all along the values that were tried, E766 if every
    value of the range meets the target, or none; and as ``sweep_claims``.
    """
    family = family_of(book, ruleset, (axis,), parameters, allow_draft, reading.begun(book))
    search = _Search(
        family, book_of_claims(book, reading, (), (target.amount,)), axis, target, book.programs[-1].currency
    )
    return search.narrowed()


@dataclass(slots=True)
class _Search:
    family: Family
    claims: Book
    axis: Axis
    target: Target
    currency: str
    passes: int = 0
    tallies: dict[int, Tally] = field(default_factory=dict)

    def narrowed(self) -> Found:
        self._try(_spread(self.axis.first, self.axis.last, self.axis.step))
        self._require_settled()
        low, high = self._ends()
        while high - low > self.axis.step:
            self._try(_spread(low, high, self.axis.step)[1:-1])
            low, high = self._ends()
        at, beyond = (low, high) if self._meets(low) else (high, low)
        totals = {value: self._total(value) for value in sorted(self.tallies)}
        proof = self.tallies[at], self.tallies[beyond]
        has_limit, people = bool(self.family.limits), self.claims.has_people
        return Found(self.axis, self.target, self.currency, at, beyond, totals, proof, self.passes, has_limit, people)

    def _require_settled(self) -> None:
        total = self.tallies[self.axis.first].total
        if not total.settled:
            text = f"none of {total.claims:,} claims is settled" if total.claims else "there is not a single claim"
            hint = "`policyengine simulate` says why" if total.claims else ""
            raise RuleError(Diagnostic("E766", text, None, "claims that are settled", hint, record="the claims"))

    def _try(self, values: list[int]) -> None:
        points: list[Point] = [(value,) for value in values]
        found = self.claims.over(self.family, points)
        self.passes += 1
        self.tallies |= {point[0]: tally for point, tally in found.items()}
        self._check_monotone()

    def _total(self, value: int) -> int:
        return self.tallies[value].total.amounts.get(self.target.amount, 0)

    def _meets(self, value: int) -> bool:
        return self.target.is_met(self._total(value))

    def _ends(self) -> tuple[int, int]:
        """Two values that have been tried, none between them, of which one alone meets the target."""
        tried = sorted(self.tallies)
        for low, high in itertools.pairwise(tried):
            if self._meets(low) != self._meets(high):
                return low, high
        what = "every value" if self._meets(tried[0]) else "no value"
        ends = " and ".join(f"{self._said(value)}" for value in (tried[0], tried[-1]))
        text = f"{what} of the range meets the target: {self.target.amount} is {ends}"
        raise RuleError(Diagnostic("E766", text, None, "a wider range", record=self.axis.lever.address))

    def _check_monotone(self) -> None:
        tried = sorted(self.tallies)
        rises = self._total(tried[-1]) >= self._total(tried[0])
        for one, other in itertools.pairwise(tried):
            if self._total(one) != self._total(other) and (self._total(other) > self._total(one)) != rises:
                way = "rises" if rises else "falls"
                text = (f"{self.target.amount} {way} over the range, but not all along it: it is "
                        f"{self._said(one)} and {self._said(other)}")  # fmt: skip
                hint = "look at the curve with `policyengine sweep`, and seek where it goes one way"
                raise RuleError(Diagnostic("E765", text, None, "", hint, record=self.axis.lever.address))

    def _said(self, value: int) -> str:
        return f"{text_of(self._total(value), exponent_of(self.currency))} at {self.axis.text(value)}"


def _spread(low: int, high: int, step: int) -> list[int]:
    """Both ends and up to ``A_PASS`` values between them, evenly."""
    steps = (high - low) // step
    parts = min(A_PASS + 1, steps)
    return [low + step * (steps * at // parts) for at in range(parts + 1)]
