"""The window of a run: which one the rows fall into, and its last day, on which the run is settled."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from policyengine import ir
from policyengine.claim import quoted
from policyengine.errors import ClaimError, Diagnostic
from policyengine.runs.rows import RunRow

FORMS: Final = {
    "month": (r"[12]\d{3}-(0[1-9]|1[0-2])", "a month such as 2017-05"),
    "year": (r"[12]\d{3}", "a year such as 2017"),
}


def window_of(window: ir.Window, day: date) -> str:
    """The window of a run that ``day`` falls into, named as meters name theirs."""
    if window.kind == "month":
        return f"{day.year}-{day.month:02d}"
    return str(day.year - ((day.month, day.day) < window.starts))


def last_day(window: ir.Window, name: str) -> date:
    """The last day of the window ``name``."""
    year, _, month = name.partition("-")
    if window.kind == "month":
        after = date(int(year) + int(month) // 12, int(month) % 12 + 1, 1)
    else:
        after = date(int(year) + 1, *window.starts)
    return after - timedelta(days=1)


def chosen_window(window: ir.Window, stated: str | None, rows: Iterable[RunRow]) -> str:
    """The window to settle: the stated one, or the only one that rows fall into. Raises ``ClaimError``."""
    found = sorted({window_of(window, row.day) for row in rows})
    if stated is None and len(found) == 1:
        return found[0]
    if stated is None:
        text = f"the rows fall into several windows: {', '.join(found)}" if found else "there is no row"
        expected = "say which window is settled" if found else "at least one row"
        raise ClaimError(Diagnostic("E578", text, None, expected, record="rows"))
    pattern, expected = FORMS[window.kind]
    if not re.fullmatch(pattern, stated, re.ASCII):
        raise ClaimError(Diagnostic("E578", f"there is no window `{quoted(stated)}`", None, expected, record="rows"))
    return stated
