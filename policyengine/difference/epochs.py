"""The periods in which two rule sets are to be compared, and the two programs of each."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from policyengine import ir
from policyengine.difference.model import Dates, Side
from policyengine.errors import Diagnostic, RuleError

FIRST: Final = datetime.date(2015, 6, 1)
"""The day of a claim under rules that have held for ever."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two programs that are in force together, or each on a day of its own; ``periods``: when they both are.

    ``days``: the day of a claim for each.
    """

    old: ir.Program
    new: ir.Program
    periods: tuple[Dates, ...]
    days: tuple[datetime.date, datetime.date]


@dataclass(frozen=True, slots=True)
class Alone:
    """A period for which only one of the two rule sets has a version. ``which``: ``old`` or ``new``."""

    which: str
    valid: Dates


def pairs_of(old: Side, new: Side, on: Sequence[datetime.date] = ()) -> tuple[tuple[Pair, ...], tuple[Alone, ...]]:
    """The pairs of programs to compare, and the periods that only one side covers.

    A side with a day of its own is looked at on that day, and the other on its own day or the same. Raises
    ``RuleError`` E811 for a day on which one of them has no version.
    """
    if old.day is not None or new.day is not None:
        days = (old.day or new.day, new.day or old.day)
        assert days[0] is not None
        assert days[1] is not None
        programs = _on(old, days[0]), _on(new, days[1])
        return (Pair(*programs, (), (days[0], days[1])),), ()
    periods = list(_periods(old, new))
    if on:
        for day in on:
            _on(old, day), _on(new, day)
        periods = [p for p in periods if any(_contains(p, day) for day in on)]
    return _paired(old, new, periods, on), tuple(_alone(old, new, periods))


def _on(side: Side, day: datetime.date) -> ir.Program:
    program = side.book.program_on(day)
    if program is None:
        message = f"{side.book.name} has no version in force on {day}"
        raise RuleError(Diagnostic("E811", message, None, "a day on which both are in force", record=side.name))
    return program


def _periods(old: Side, new: Side) -> Iterator[Dates]:
    """The time line cut wherever either rule set changes."""
    edges = {edge for side in (old, new) for p in side.book.programs for edge in p.valid if edge}
    days = [datetime.date.fromisoformat(edge) for edge in sorted(edges)]
    yield from itertools.pairwise([None, *days, None])


def _contains(period: Dates, day: datetime.date) -> bool:
    return (period[0] is None or period[0] <= day) and (period[1] is None or day < period[1])


def _day_of(period: Dates, on: Sequence[datetime.date]) -> datetime.date:
    """A day inside a period: one that was asked for, its first, or its last."""
    asked = next((day for day in on if _contains(period, day)), None)
    start, end = period
    if asked is not None:
        return asked
    if start is not None:
        return start
    return FIRST if end is None or end > FIRST else end - datetime.timedelta(days=1)


def _paired(old: Side, new: Side, periods: Sequence[Dates], on: Sequence[datetime.date]) -> tuple[Pair, ...]:
    """Programs that are the same ones in several periods are one pair."""
    found: dict[tuple[int, int], Pair] = {}
    for period in periods:
        day = _day_of(period, on)
        one, two = old.book.program_on(day), new.book.program_on(day)
        if one is None or two is None:
            continue
        key = (id(one.steps), id(two.steps))
        before = found.get(key)
        merged = () if before is None else before.periods
        joined = (merged[-1][0], period[1]) if merged and merged[-1][1] == period[0] else period
        kept = merged[:-1] if joined is not period else merged
        found[key] = Pair(one, two, (*kept, joined), (day, day) if before is None else before.days)
    return tuple(found.values())


def _alone(old: Side, new: Side, periods: Sequence[Dates]) -> Iterator[Alone]:
    for period in periods:
        day = _day_of(period, ())
        has = [side.book.program_on(day) is not None for side in (old, new)]
        if has[0] != has[1]:
            yield Alone("old" if has[0] else "new", period)
