"""Accumulators less what one settlement added. Pure; right for sums in windows of the calendar, refused for others."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from policyengine.cases.course import refused
from policyengine.cases.store.chain import text_of
from policyengine.claim import quoted

if TYPE_CHECKING:
    from policyengine.cases.store.again import Taking

Row = tuple[str, str]
"""Meter and window; the scope is that of the history."""


def subtracted(taking: Taking, now: Mapping[str, str]) -> dict[str, str]:
    """The histories of the scopes without the settlement. Raises ``CaseError`` for meters that are no plain sums."""
    free = {meter.name for program in taking.book.every_program for meter in program.meters if meter.is_order_free}
    found: dict[str, str] = {}
    for scope, one in taking.made.data["counted"].items():
        before, after = _rows(one["before"]), _rows(one["after"])
        added = {row: after[row] - before.get(row, 0) for row in after if after[row] != before.get(row, 0)}
        stiff = sorted({meter for meter, _ in added if meter not in free})
        if stiff or (one["before"] or {}).get("periods") != (one["after"] or {}).get("periods"):
            text = f"what the settlement added to {quoted(stiff[0]) if stiff else 'its windows'} cannot be subtracted"
            hint = "the last settlement; reverse the later ones first"
            raise refused(taking.case, taking.command, "E943", text, hint)
        found[scope] = _less(now[scope], added)
    return found


def _rows(history: Any) -> dict[Row, Decimal]:
    rows = (history or {}).get("accumulators", ())
    return {(row["meter"], row["window"]): Decimal(str(row["value"])) for row in rows}


def _less(history: str, added: Mapping[Row, Decimal]) -> str:
    """A history with less on some rows. A row that is not there any more belongs to a window that has passed."""
    plain = json.loads(history)
    rows = []
    for row in plain.get("accumulators", ()):
        less = added.get((row["meter"], row["window"]), Decimal(0))
        value = Decimal(str(row["value"])) - less
        if value or not less:
            rows.append({**row, "value": type(row["value"])(str(value)) if less else row["value"]})
    return text_of({**plain, "accumulators": rows})


LAST = ("last", "last_sequence", "last_claim")


def last_of(history: str) -> dict[str, Any]:
    """Which claim a history counted last."""
    plain = json.loads(history) if history else {}
    return {name: plain[name] for name in LAST if name in plain}


def with_last(history: str, last: Mapping[str, Any]) -> str:
    """A history with another last claim; with none a claim of an earlier day can be counted, too."""
    if not history:
        return ""
    return text_of({**{name: value for name, value in json.loads(history).items() if name not in LAST}, **last})
