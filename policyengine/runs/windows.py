"""The window of a run: which one the rows fall into, and its last day, on which the run is settled."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from policyengine import ir
from policyengine.claim import quoted
from policyengine.encode.windows import calendar_key, days_of, is_key, looks
from policyengine.errors import ClaimError, Diagnostic
from policyengine.runs.rows import RunRow


def last_day(window: ir.Window, name: str) -> date:
    """The last day of the window ``name``, a month or a year."""
    _, after = days_of(window, name)
    assert after is not None, f"a run over {window.kind} has no last day"
    return after - timedelta(days=1)


def chosen_window(window: ir.Window, stated: str | None, rows: Iterable[RunRow]) -> str:
    """The window to settle: the stated one, or the only one that rows fall into. Raises ``ClaimError``."""
    found = sorted({calendar_key(window, row.day) for row in rows})
    if stated is None and len(found) == 1:
        return found[0]
    if stated is None:
        text = f"the rows fall into several windows: {', '.join(found)}" if found else "there is no row"
        expected = "say which window is settled" if found else "at least one row"
        raise ClaimError(Diagnostic("E578", text, None, expected, record="rows"))
    if not is_key(window, stated):
        text = f"there is no window `{quoted(stated)}`"
        raise ClaimError(Diagnostic("E578", text, None, looks(window), record="rows"))
    return stated
