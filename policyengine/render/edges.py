"""The bills at which something changes: a deductible is used up, a band begins, a ceiling is reached.

They are found by settling: what has been reached at a bill is compared with what has been reached at another, and
between two that differ the edge is searched by halving. So every edge is one of the engine's own. Where the payers do
not pay in proportion between two edges, one has been missed; there every choice of the reckoning is compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Final

from policyengine import ir
from policyengine.errors import ClaimError
from policyengine.generate import edges as amounts_of
from policyengine.render.scenarios import Scenario, settled
from policyengine.render.subject import Subject
from policyengine.report.reading import Known, known_of
from policyengine.settlement import Settlement

HIGHEST: Final = 10**9
"""The largest bill that is looked at, in minor units."""

NEAREST: Final = 100
"""Bills that lie nearer to one another than this are not looked between."""

Mark = tuple[str, str]
"""What a state is about: (limit, provision), (band, step), (step, name), (choice, step), (refused, code)."""

State = tuple[tuple[Mark, object], ...]


@dataclass(frozen=True, slots=True)
class Edge:
    """``at``: the bill, in minor units. ``marks``: what changes there."""

    at: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Bills:
    """One scenario over bills of every size; each is settled once."""

    subject: Subject
    scenario: Scenario

    @cached_property
    def settlements(self) -> dict[int, Settlement | ClaimError]:
        return {}

    def settle(self, amount: int) -> Settlement | ClaimError:
        """The settlement of a bill, or why there is none."""
        if amount not in self.settlements:
            try:
                self.settlements[amount] = settled(self.subject, self.scenario, amount)
            except ClaimError as error:
                self.settlements[amount] = error
        return self.settlements[amount]

    @cached_property
    def states(self) -> dict[int, State]:
        return {}

    def reached(self, amount: int) -> State:
        """What has been reached at a bill: limits, bands, every condition and rate."""
        if amount not in self.states:
            found = self.settle(amount)
            self.states[amount] = _refused(found) if isinstance(found, ClaimError) else tuple(self._reached(found))
        return self.states[amount]

    def _reached(self, settlement: Settlement) -> Iterator[tuple[Mark, object]]:
        known, program = settlement.known(), settlement.layout.program
        for limit in program.limits:
            if (not limit.guard or known.get(limit.guard)) and limit.limit in known and limit.used in known:
                most, used = known[limit.limit], known[limit.used]
                assert not isinstance(most, tuple | str)
                assert not isinstance(used, tuple | str)
                yield ("limit", limit.provision), 0 < most <= used
        for mark in self.marks(program):
            value = known[mark[1]]
            yield mark, value != 0 if mark[0] == "band" else value

    def marks(self, program: ir.Program) -> tuple[Mark, ...]:
        """The bands, conditions and rates of a program: of a claim that is settled line by line it is its own."""
        if program.steps is not self.subject.program.steps:
            return tuple(_marks(program))
        return self._own_marks

    @cached_property
    def _own_marks(self) -> tuple[Mark, ...]:
        return tuple(_marks(self.subject.program))

    def choices(self, amount: int) -> State:
        """The same, and which of several amounts is the least or the greatest wherever the reckoning asks."""
        found = self.settle(amount)
        if isinstance(found, ClaimError):
            return _refused(found)
        return (*self.reached(amount), *_choices(known_of(found)))

    def split(self, amount: int) -> tuple[Decimal, ...]:
        """What each payer bears; nothing where the policy states nothing."""
        found = self.settle(amount)
        return () if isinstance(found, ClaimError) else tuple(found.split.values())


def edges_of(subject: Subject, scenario: Scenario) -> tuple[Edge, ...]:
    """The edges of one scenario in rising order."""
    bills = Bills(subject, scenario)
    named = {amount for amount in amounts_of(subject.program, ("money", "exact")) if amount < HIGHEST}
    points = sorted({1, HIGHEST, *(10**n for n in range(1, 9)), *named})
    found: dict[int, tuple[Mark, ...]] = {}
    for edge in _edges(bills.reached, points):
        found[edge.at] = (*found.get(edge.at, ()), *edge.marks)
    ends = sorted({1, HIGHEST, *found})
    for low, high in pairwise(ends):
        between = [low + 1, *(point for point in points if low + 1 < point < high - 1), high - 1]
        if not _is_even(bills, between):
            turning = (edge for edge in _edges(bills.choices, between) if _turns(bills, edge.at))
            found |= {edge.at: edge.marks for edge in turning if min(abs(edge.at - at) for at in ends) > NEAREST}
    return tuple(Edge(at, found[at]) for at in sorted(found))


def _is_even(bills: Bills, points: Sequence[int]) -> bool:
    """Whether at each bill, and halfway, each payer pays what lies in proportion between the first and the last."""
    low, high = points[0], points[-1]
    if high - low < NEAREST:
        return True
    first, last = bills.split(low), bills.split(high)
    inside = [(point, bills.split(point)) for point in (*points[1:-1], (low + high) // 2)]
    if not first or not last or not all(split for _, split in inside):
        return not (first or last or any(split for _, split in inside))
    return all(
        abs(x - a - (b - a) * (point - low) / (high - low)) <= ROUNDING
        for point, split in inside
        for a, x, b in zip(first, split, last, strict=True)
    )


ROUNDING: Final = Decimal("0.1")
"""By how much roundings can make payments differ from proportion, in currency units that have coins."""


def _turns(bills: Bills, at: int) -> bool:
    """Whether payments below and above a bill rise at different rates, or jump."""
    near = max(1, min(at - 1, 10 * NEAREST))
    below, here, above = bills.split(at - near), bills.split(at), bills.split(at + near)
    if not (below and here and above):
        return True
    return any(abs(a + c - 2 * b) > ROUNDING for a, b, c in zip(below, here, above, strict=True))


def _edges(state: Callable[[int], State], points: Sequence[int]) -> Iterator[Edge]:
    for low, high in pairwise(points):
        for first in _changes(state, low, high):
            yield _edge(state, first)


def _changes(state: Callable[[int], State], low: int, high: int) -> Iterator[int]:
    """Every first bill of a new state in (low, high]."""
    if low >= high or state(low) == state(high):
        return
    if high - low == 1:
        yield high
        return
    middle = (low + high) // 2
    yield from _changes(state, low, middle)
    yield from _changes(state, middle, high)


def _edge(state: Callable[[int], State], first: int) -> Edge:
    """The edge at a change: the first bill of the new state, or the one before it, if that is a round amount: what
    begins above 12,000 changes at 12,000, not at 12,000.01."""
    old, new = dict(state(first - 1)), dict(state(first))
    marks = tuple(mark for mark in {**old, **new} if old.get(mark) != new.get(mark))
    is_above = _roundness(first - 1) > _roundness(first) + 1
    return Edge(first - 1 if is_above else first, marks)


def _roundness(amount: int) -> int:
    """How many zeros an amount ends in."""
    text = str(amount)
    return len(text) - len(text.rstrip("0"))


def _refused(error: ClaimError) -> State:
    return ((("refused", error.diagnostics[0].code), True),)


def _marks(program: ir.Program) -> Iterator[Mark]:
    for step in program.steps:
        if step.domain == "claim" and step.term == "band":
            yield "band", step.name
        elif step.domain == "claim" and step.kind in ("flag", "code", "rate"):
            yield "step", step.name


def _choices(known: Known) -> Iterator[tuple[Mark, object]]:
    for step in known.program.steps:
        if step.domain == "claim":
            chosen = tuple(_chosen(known, expr) for expr in ir.walk(step.expr) if isinstance(expr, ir.Min | ir.Max))
            if chosen:
                yield ("choice", step.name), chosen


def _chosen(known: Known, expr: ir.Min | ir.Max) -> int:
    """Which of the amounts decides, the first of equal ones."""
    if any(isinstance(inner, ir.Sum) or inner.domain == "row" for inner in ir.walk(expr)):
        return 0
    values = [known.value(arg) for arg in expr.args]
    return values.index(_extreme(values, isinstance(expr, ir.Min)))


def _extreme(values: Iterable[ir.Value], least: bool) -> ir.Value:
    numbers = [value for value in values if not isinstance(value, str)]
    return min(numbers) if least else max(numbers)
