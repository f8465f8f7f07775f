"""What every window means, counted from all earlier claims: straight from the words, nothing remembered, no keys.

Each function is given the claims that a meter counted before, in order, and the claim at hand; it answers which of them
lie in the same window. It knows nothing of how the library keeps its accumulators.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

ONE = timedelta(days=1)
ENROLLED = {"p1": date(2008, 2, 29), "p2": date(2010, 12, 31), "p3": date(2010, 12, 31)}
"""On which day each person enrolled."""


@dataclass(frozen=True)
class Visit:
    """A claim as a meter sees it: who, when, how much; whether it ends the window that is reset by an event."""

    person: str
    household: str
    disease: str
    programme: str
    admitted: date
    left: date
    amount: int
    event: bool
    emergency: bool


Earlier = Sequence[Visit]
Definition = Callable[[Earlier, Visit], list[Visit]]


def months_later(day: date, months: int) -> date:
    """The day after a period of months that begins on ``day``, found by walking."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    found = date(year, month, 1)
    while found.day < day.day:
        found += ONE
        if found.month != month:
            return found
    return found


def months_before(day: date, months: int) -> date:
    """The same day so many months ago, or the last day of that month."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    found = date(year, month, 1)
    while found.day < day.day and (found + ONE).month == month:
        found += ONE
    return found


def same(of: Callable[[date], object]) -> Definition:
    """Windows in which two days lie together if ``of`` says the same of them."""
    return lambda earlier, now: [v for v in earlier if of(v.left) == of(now.left)]


def monday(day: date) -> date:
    while day.weekday():
        day -= ONE
    return day


def year_from(month: int, first: int) -> Callable[[date], date]:
    def start(day: date) -> date:
        while (day.month, day.day) != (month, first):
            day -= ONE
        return day

    return start


def blocks(origin: date, following: Callable[[date], date]) -> Callable[[date], date]:
    def start(day: date) -> date:
        begins = origin
        while following(begins) <= day:
            begins = following(begins)
        return begins

    return start


def rolling_months(months: int) -> Definition:
    def found(earlier: Earlier, now: Visit) -> list[Visit]:
        first = months_before(now.left.replace(day=1), months - 1)
        return [v for v in earlier if first <= v.left <= now.left]

    return found


def rolling_to_the_day(months: int) -> Definition:
    return lambda earlier, now: [v for v in earlier if months_before(now.left, months) < v.left <= now.left]


def rolling_days(days: int) -> Definition:
    return lambda earlier, now: [v for v in earlier if now.left - v.left < timedelta(days=days)]


def the_one_before(of: Callable[[date], date]) -> Definition:
    """What lies in the period that ended when this one began. ``of``: the first day of the period of a day."""
    return lambda earlier, now: [v for v in earlier if of(v.left) == of(of(now.left) - ONE)]


def same_anniversary(earlier: Earlier, now: Visit) -> list[Visit]:
    """Those since the last anniversary of the day of enrolment, the first one being that day itself."""
    begins = following = ENROLLED[now.person]
    while following <= now.left:
        begins, number = following, following.year - ENROLLED[now.person].year + 1
        following = months_later(ENROLLED[now.person], 12 * number)
    return [v for v in earlier if begins <= v.left and ENROLLED[v.person] == ENROLLED[now.person]]


def anchored(end: Callable[[date], date]) -> Definition:
    """From the first use; a new window at the first use on or after its end."""

    def found(earlier: Earlier, now: Visit) -> list[Visit]:
        window: list[Visit] = []
        for visit in earlier:
            window = [*window, visit] if window and visit.left < end(window[0].left) else [visit]
        return window if window and now.left < end(window[0].left) else []

    return found


def spell(days_out: int) -> Definition:
    """Until a stay begins so many days after the last day in hospital."""

    def goes_on(window: list[Visit], visit: Visit) -> bool:
        return bool(window) and visit.admitted - max(v.left for v in window) < timedelta(days=days_out)

    def found(earlier: Earlier, now: Visit) -> list[Visit]:
        window: list[Visit] = []
        for visit in earlier:
            window = [*window, visit] if goes_on(window, visit) else [visit]
        return window if goes_on(window, now) else []

    return found


def since_event(earlier: Earlier, now: Visit) -> list[Visit]:
    """From the last claim with the event on, which is the first one of its window."""
    if now.event:
        return []
    window: list[Visit] = []
    for visit in earlier:
        window = [visit] if visit.event else [*window, visit]
    return window


def everything(earlier: Earlier, _now: Visit) -> list[Visit]:
    return list(earlier)


def nothing(_earlier: Earlier, _now: Visit) -> list[Visit]:
    return []


def kept(keep: str, window: Sequence[Visit]) -> int:
    amounts = [visit.amount for visit in window]
    if not amounts:
        return 0
    return {"sum": sum(amounts), "max": max(amounts), "last": amounts[-1]}[keep]


DEFINITIONS: dict[str, tuple[str, Definition]] = {
    "visit": ("", nothing),
    "day": ("", same(lambda day: day)),
    "week": ("", same(monday)),
    "month": ("", same(lambda day: (day.year, day.month))),
    "quarter": ("", same(lambda day: (day.year, (day.month - 1) // 3))),
    "half_year": ("", same(lambda day: (day.year, day.month > 6))),
    "calendar_year": ("", same(lambda day: day.year)),
    "insurance_year": ("{kind: year, starts: 07-01}", same(year_from(7, 1))),
    "two_years": ("{years: 2, starts: 2011-03-28}", same(blocks(date(2011, 3, 28), lambda d: months_later(d, 24)))),
    "five_months": ("{months: 5, starts: 2011-01-01}", same(blocks(date(2011, 1, 1), lambda d: months_later(d, 5)))),
    "fortnight": ("{days: 14, starts: 2011-01-03}", same(blocks(date(2011, 1, 3), lambda d: d + 14 * ONE))),
    "policy_year": ("{kind: year, starts: enrolled_on}", same_anniversary),
    "lifetime": ("", everything),
    "from_first_use": ("{anchored_months: 12}", anchored(lambda day: months_later(day, 12))),
    "month_from_first_use": ("{anchored_months: 1}", anchored(lambda day: months_later(day, 1))),
    "ninety_days": ("{anchored_days: 90}", anchored(lambda day: day + 90 * ONE)),
    "year_back": ("{rolling_months: 12}", rolling_months(12)),
    "month_back": ("{rolling_months: 1, grain: day}", rolling_to_the_day(1)),
    "year_to_the_day": ("{rolling_months: 12, grain: day}", rolling_to_the_day(12)),
    "thirty_days": ("{rolling_days: 30}", rolling_days(30)),
    "last_year": ("{kind: year, starts: 07-01, back: 1}", the_one_before(year_from(7, 1))),
    "last_month": ("{kind: month, back: 1}", the_one_before(lambda day: day.replace(day=1))),
    "last_week": ("{kind: week, back: 1}", the_one_before(monday)),
    "spell": ("{reset_after_days_out: 60}", spell(60)),
    "episode": ("{reset_when: relapse}", since_event),
}
"""Every window: how a rule file writes it (nothing: it is known), and what it means."""
