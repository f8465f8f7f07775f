"""Counts made of days: whole years, months, weeks, days from one day to another; what the calendar says of a day."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from operator import attrgetter

from policyengine import ir
from policyengine.claim import Claim, quoted
from policyengine.claim.problems import Path
from policyengine.encode.days import age_on
from policyengine.encode.facts import default_of, out_of_bounds
from policyengine.encode.typed import Unstated, claim_error, within
from policyengine.terms import DAYS, SPANS

DayAt = Callable[[Claim, int], date | None]


def counted(decl: ir.InputDecl, program: ir.Program, exponent: int) -> Callable[[Claim, int], ir.Value]:
    """The value of ``decl`` for a claim, or for its fee line at an index. It raises ``ClaimError``."""
    assert decl.days is not None
    measure, since, until = decl.days.measure, decl.days.since, decl.days.until
    of = {d.name: d for d in program.days}
    names = tuple(name for name in (since, until) if name)
    readers = [_reader(name, of.get(name)) for name in names]

    def read(claim: Claim, index: int) -> ir.Value:
        days = [get(claim, index) for get in readers]
        for name, day in zip(names, days, strict=True):
            if day is None:
                return _undated(decl, claim, _path(name, of.get(name), index))
        value = _count(measure, [day for day in days if day is not None])
        if not within(decl, value):
            raise out_of_bounds(decl, claim, _path(names[0], of.get(names[0]), index), value, exponent)
        return value

    return read


def _count(measure: str, days: list[date]) -> int:
    return span(measure, *days) if measure in SPANS else calendar(measure, days[0])


def span(measure: str, since: date, until: date) -> int:
    """Whole years, months, weeks or days, negative if ``until`` comes first.

    Where the last month has no such day, a month is whole on the 1st of the next one, as a year from 29 February is on
    1 March.
    """
    if until < since and measure != "days":
        return -span(measure, until, since)
    match measure:
        case "years":
            return age_on(until, since)
        case "months":
            return (until.year - since.year) * 12 + until.month - since.month - (until.day < since.day)
        case "weeks":
            return (until - since).days // 7
        case _:
            assert measure == "days", f"no measure {measure}"
            return (until - since).days


def minus(day: date, length: int, measure: str) -> date:
    """The last day from which ``length`` whole years, months, weeks or days have gone by on ``day``."""
    if measure in ("weeks", "days"):
        return day - timedelta(days=length * (7 if measure == "weeks" else 1))
    year, month = divmod(day.year * 12 + day.month - 1 - length * (12 if measure == "years" else 1), 12)
    return date(max(year, 1), month + 1, min(day.day, monthrange(max(year, 1), month + 1)[1]))


def calendar(measure: str, day: date) -> int:
    """Year, quarter, month, day of the month, or day of the week from Monday, 1; the date as a number, 20240701."""
    found = {
        "date": ir.day_number(day),
        "year": day.year,
        "quarter_of_year": (day.month + 2) // 3,
        "month_of_year": day.month,
        "day_of_month": day.day,
        "day_of_week": day.isoweekday(),
    }
    return found[measure]


def _reader(name: str, declared: ir.DayDecl | None) -> DayAt:
    if name == "line_date":
        return lambda claim, index: claim.lines[index].service_date
    if name in DAYS:
        get = attrgetter(DAYS[name].at)
        return lambda claim, _: get(claim)
    assert declared is not None, f"nobody declares the day {name}"
    of_row = declared.domain == "row"
    return lambda claim, index: _stated(
        (claim.lines[index] if of_row else claim).facts.get(name), claim, declared, index
    )


def stated_day(program: ir.Program, name: str) -> Callable[[Claim], tuple[date | None, Path]]:
    """A day that claims state, by name, and where they state it. What it gives raises ``ClaimError``."""
    declared = {d.name: d for d in program.days}.get(name)
    read, path = _reader(name, declared), _path(name, declared, 0)
    return lambda claim: (read(claim, 0), path)


def _stated(text: object, claim: Claim, declared: ir.DayDecl, index: int) -> date | None:
    """A day among the facts. Raises ``ClaimError`` for anything but ``2017-05-03``."""
    if text is None:
        return None
    try:
        return day_of(text)
    except ValueError:
        path = _path(declared.name, declared, index)
        message = f"{quoted(text)} is not a day"
        raise claim_error(claim, "E531", path, message, "a day such as 2017-05-03") from None


def day_of(text: object) -> date:
    """``2017-05-03`` as a day. Raises ``ValueError``."""
    if not isinstance(text, str) or len(text) != len("2017-05-03"):
        raise ValueError(text)
    return date.fromisoformat(text)


def _path(name: str, declared: ir.DayDecl | None, index: int) -> Path:
    if name == "line_date":
        return ("lines", index, "service_date")
    if declared is None:
        return tuple(DAYS[name].at.split("."))
    return ("lines", index, "facts", name) if declared.domain == "row" else ("facts", name)


def _undated(decl: ir.InputDecl, claim: Claim, path: Path) -> ir.Value:
    """What the rule file says a missing day means. Raises ``Unstated`` if it says nothing."""
    if decl.default is not None:
        return default_of(decl, claim, path)
    text = f"the rule file counts `{decl.name}` from this day, but the claim does not state it"
    if decl.name == ir.LINE_DAY:
        text = "the rule file chooses a version by the day of each fee line, but this line does not state its day"
    raise Unstated(claim_error(claim, "E530", path, text, "a day such as 2017-05-03", decl=decl).diagnostics)
