"""Windows as they are written: by the calendar, opened by a claim, or rolling. One key says which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from policyengine import expressions as ast
from policyengine import ir
from policyengine.parse.common import Read
from policyengine.resolve import fault
from policyengine.ruleset import WindowDecl
from policyengine.shapes import NAME, Choice, Expression, Field, Text, Word, read_record, scalar
from policyengine.source import Node

CALENDAR = ("visit", "day", "week", "month", "quarter", "half_year", "year", "lifetime")
MOST = 36_600
"""The greatest length of a window in any unit."""
PERIODS = ("day", "week", "month", "quarter", "half_year", "year")
MOST_BACK = 100

PREDEFINED = tuple(
    ir.Window(name, kind)
    for name, kind in (
        ("visit", "visit"),
        ("day", "day"),
        ("week", "week"),
        ("month", "month"),
        ("quarter", "quarter"),
        ("half_year", "half_year"),
        ("calendar_year", "year"),
        ("benefit_year", "year"),
        ("lifetime", "lifetime"),
    )
)
"""Windows that every rule file knows; one of its own by the same name takes its place."""


@dataclass(frozen=True, slots=True)
class Length:
    """``unit`` and how many of them one stands for."""

    kind: str
    unit: str
    times: int = 1


LENGTHS = {
    "years": Length("block", "month", 12),
    "months": Length("block", "month"),
    "days": Length("block", "day"),
    "anchored_months": Length("anchored", "month"),
    "anchored_days": Length("anchored", "day"),
    "rolling_months": Length("rolling", "month"),
    "rolling_days": Length("rolling", "day"),
    "reset_after_days_out": Length("spell", "day"),
}
FORMS = ("kind", *LENGTHS, "reset_when")


def _read_length(node: Node) -> int:
    text = scalar(node, "a whole number such as 12").text
    if not (text.isascii() and text.isdigit()) or len(text) > 6 or not 1 <= int(text) <= MOST:
        raise fault("E356", f"`{text}` is not a length", node.span, f"a whole number from 1 to {MOST:,}")
    return int(text)


LENGTH = Read(_read_length, {"type": "integer", "minimum": 1, "maximum": MOST})
WINDOW = (
    Field("kind", Choice(CALENDAR), "a period of the calendar; a week begins on Monday"),
    Field(
        "starts",
        Text(),
        "for a year MM-DD, or a day that claims state; for blocks a day on which one starts, YYYY-MM-DD",
    ),
    Field("back", LENGTH, "not this period of the calendar, but the one so many before it"),
    Field("years", LENGTH, "blocks of several years, from `starts` on"),
    Field("months", LENGTH, "blocks of several months, from `starts` on"),
    Field("days", LENGTH, "blocks of several days, from `starts` on"),
    Field("anchored_months", LENGTH, "so many months from the first use; a new one at the first use after its end"),
    Field("anchored_days", LENGTH, "so many days from the first use; a new one at the first use after its end"),
    Field("rolling_months", LENGTH, "always the last so many months, this one included"),
    Field("rolling_days", LENGTH, "always the last so many days, this one included"),
    Field("grain", Choice(("month", "day")), "for rolling months: whole months (default), or to the day"),
    Field("reset_after_days_out", LENGTH, "a spell: until a stay begins so many days after the last day in hospital"),
    Field("reset_when", Expression(), "until a claim for which this holds, which is the first of the next window"),
)


def read_window(key: Word, node: Node) -> WindowDecl:
    values = read_record(node, WINDOW, "a window")
    forms = [name for name in FORMS if name in values]
    if len(forms) != 1:
        found = f"it says {' and '.join(f'`{f}`' for f in forms)}" if forms else "it says nothing of it"
        raise fault("E355", f"a window says in one way when it ends; {found}", key.span, "one of " + ", ".join(FORMS))
    form = forms[0]
    length = LENGTHS.get(form)
    wants_start = form == "kind" and values["kind"] == "year"
    if "starts" in values and not wants_start and (length is None or length.kind != "block"):
        raise fault("E355", f"`starts` says nothing about `{form}`", key.span, "`starts` with years, months or days")
    if "grain" in values and form != "rolling_months":
        raise fault("E355", f"`grain` says nothing about `{form}`", key.span, "`grain` with rolling_months")
    if "back" in values and values.get("kind") not in PERIODS:
        raise fault(
            "E355",
            f"`back` says nothing about `{values.get('kind', form)}`",
            key.span,
            "`back` with a kind: " + ", ".join(PERIODS),
        )
    if wants_start and NAME.fullmatch(values.get("starts", "")):
        if "back" in values:
            message = "`back` says nothing about years that begin on a day of the claim"
            raise fault("E355", message, key.span, "`back` with years that begin on MM-DD")
        return WindowDecl(key, ir.Window(key.text, "anniversary", origin=values["starts"]))
    if length is None:
        kind = values.get("kind", "event")
        starts = _day_of_year(values, node) if wants_start else (1, 1)
        if back := values.get("back", 0):
            if back > MOST_BACK:
                raise fault("E356", f"{back} periods back", key.span, f"at most {MOST_BACK}")
            return WindowDecl(key, ir.Window(key.text, "rolling", starts, grain=kind, back=back))
        return WindowDecl(key, ir.Window(key.text, kind, starts), values.get("reset_when"))
    return WindowDecl(key, _of_length(key, form, length, values, node))


def _of_length(key: Word, form: str, length: Length, values: dict[str, Any], node: Node) -> ir.Window:
    origin = grain = ""
    if length.kind == "block":
        origin = _origin(key, length, values, node)
    if length.kind == "rolling":
        grain = values.get("grain", length.unit)
    return ir.Window(key.text, length.kind, (1, 1), values[form] * length.times, length.unit, origin, grain)


def _day_of_year(values: dict[str, Any], node: Node) -> tuple[int, int]:
    if "starts" not in values:
        return (1, 1)
    day = ast.parse_date("2000-" + values["starts"], node.span)
    if (day.month, day.day) == (2, 29):
        raise fault("E307", "a year cannot start on 29 February", node.span)
    return (day.month, day.day)


def _origin(key: Word, length: Length, values: dict[str, Any], node: Node) -> str:
    if "starts" not in values:
        raise fault("E355", "blocks start somewhere", key.span, "starts: 2015-01-01")
    day = ast.parse_date(values["starts"], node.span)
    if length.unit == "month" and day.day > 28:
        expected = "a day that every month has, from the 1st to the 28th"
        raise fault("E355", f"a block of months cannot start on day {day.day}", key.span, expected)
    return day.isoformat()
