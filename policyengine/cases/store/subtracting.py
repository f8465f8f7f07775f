"""Accumulators less what one settlement added. Pure; right for sums in windows of the calendar, refused for others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from policyengine import ir
from policyengine.cases.course import refused
from policyengine.cases.store.chain import text_of
from policyengine.claim import quoted
from policyengine.errors import CaseError

if TYPE_CHECKING:
    from policyengine.cases.store.again import Taking

KEPT: Final[Mapping[str, str]] = {"max": "greatest", "last": "last"}
"""What meters hold that are no sums."""
Row = tuple[str, str]
"""Meter and window; the scope is that of the history."""


def subtracted(taking: Taking, now: Mapping[str, Any], later: Sequence[str]) -> dict[str, Any]:
    """The histories of the scopes without the settlement. ``later``: the cases whose settlements are counted after it.

    Sums of amounts and counts in windows of the calendar are subtracted. Raises ``CaseError`` for what else it moved:
    what is no sum, and windows that claims open or that move along, where what was counted since depends on it.
    """
    meters = {meter.name: meter for program in taking.book.every_program for meter in program.meters}
    found: dict[str, Any] = {}
    stiff: dict[str, str] = {}
    for scope, one in taking.made.data["counted"].items():
        before, after = _rows(one["before"]), _rows(one["after"])
        added = {row: after[row] - before.get(row, 0) for row in after if after[row] != before.get(row, 0)}
        stiff |= {name: _why(meters[name]) for name, _ in added if not meters[name].is_order_free}
        windows = _opened(one)
        stiff |= {name: _why(meter) for name, meter in meters.items() if meter.window.name in windows}
        found[scope] = _less(now[scope], added) if not stiff else None
    if stiff:
        raise _cannot(taking, stiff, later)
    return found


def _opened(counted: Mapping[str, Any]) -> set[str]:
    """The windows that the settlement has opened, or moved on."""
    before, after = (
        {text_of(one): one["window"] for one in (counted[side] or {}).get("periods", ())}
        for side in ("before", "after")
    )
    return {(before | after)[text] for text in before.keys() ^ after.keys()}


def _why(meter: ir.Meter) -> str:
    """Why what was added to a meter cannot be taken off it."""
    if meter.keep != "sum":
        return f"it keeps the {KEPT[meter.keep]}"
    return "a claim opens its window" if meter.window.is_opened else "its window moves along"


def _cannot(taking: Taking, stiff: Mapping[str, str], later: Sequence[str]) -> CaseError:
    named = ", ".join(f"`{quoted(meter)}` ({why})" for meter, why in sorted(stiff.items()))
    text = f"what the settlement added cannot be subtracted from {named}"
    last_first = ", ".join(map(quoted, reversed(later)))
    expected = f"the later settlements reversed first, the last one before the others: {last_first}"
    hint = "`reverse: readjudicate` in the rule file settles later ones again, for settlements that are made under it"
    return refused(taking.case, taking.command, "E943", text, expected, hint=hint)


def _rows(history: Any) -> dict[Row, Decimal]:
    rows = (history or {}).get("accumulators", ())
    return {(row["meter"], row["window"]): Decimal(str(row["value"])) for row in rows}


def _less(history: Mapping[str, Any], added: Mapping[Row, Decimal]) -> dict[str, Any]:
    """A history with less on some rows. A row that is not there any more belongs to a window that has passed."""
    rows = []
    for row in history.get("accumulators", ()):
        less = added.get((row["meter"], row["window"]), Decimal(0))
        value = Decimal(str(row["value"])) - less
        if value or not less:
            rows.append({**row, "value": type(row["value"])(str(value)) if less else row["value"]})
    return {**history, "accumulators": rows}


LAST = ("last", "last_sequence", "last_claim")


def last_of(history: Mapping[str, Any] | None) -> dict[str, Any]:
    """Which claim a history counted last."""
    return {name: history[name] for name in LAST if name in history} if history is not None else {}


def with_last(history: Mapping[str, Any] | None, last: Mapping[str, Any]) -> dict[str, Any] | None:
    """A history with another last claim; with none a claim of an earlier day can be counted, too."""
    if history is None:
        return None
    return {**{name: value for name, value in history.items() if name not in LAST}, **last}
