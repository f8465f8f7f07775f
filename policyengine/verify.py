"""Recomputing a settlement from its receipt."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from policyengine.claim import Claim, History
from policyengine.engine import settle
from policyengine.errors import ClaimError, Diagnostic
from policyengine.rulebook import Rulebook, examined
from policyengine.settlement import Settlement
from policyengine.settlement.receipts import COMPARED, receipt_of


def verify(
    receipt: Mapping[str, Any], ruleset: Rulebook, claim: Claim, history: History | None = None
) -> tuple[Diagnostic, ...]:
    """Recompute a settlement and compare it with its receipt; what differs, empty if nothing does."""
    missing = [key for key in COMPARED if key not in receipt]
    if missing:
        message = "this is not a receipt: it has no " + ", ".join(missing)
        raise ClaimError(Diagnostic("E620", message, record="receipt"))
    again = receipt_of(settled_again(receipt, ruleset, claim, history))
    return tuple(
        Diagnostic("E621", f"{key} differs", None, _short(receipt[key]), f"recomputed: {_short(again[key])}",
                   record="receipt", field=key)
        for key in COMPARED if again[key] != receipt[key]
    )  # fmt: skip


def settled_again(
    receipt: Mapping[str, Any], ruleset: Rulebook, claim: Claim, history: History | None = None
) -> Settlement:
    """The claim settled with the parameters of the receipt, and as the rules were known on its day."""
    parameters, known_on = dict(receipt["parameters"]), _known_on(receipt)
    return settle(examined(ruleset), claim, history, parameters=parameters, known_on=known_on)


def _known_on(receipt: Mapping[str, Any]) -> date | None:
    """The day as of which the rules were known. Raises ``ClaimError`` for anything but a day or nothing."""
    stated = receipt.get("known_on")
    try:
        return None if stated is None else date.fromisoformat(stated)
    except (TypeError, ValueError):
        message, expected = "`known_on` of the receipt is not a day", "a day such as 2017-05-03, or null"
        raise ClaimError(Diagnostic("E620", message, None, expected, record="receipt", field="known_on")) from None


def _short(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
