"""Recomputing a settlement from its receipt."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from policyengine.claim import Claim, History
from policyengine.engine import settle
from policyengine.errors import ClaimError, Diagnostic
from policyengine.rulebook import Rulebook
from policyengine.settlement.receipts import COMPARED, receipt_of


def verify(
    receipt: Mapping[str, Any], ruleset: Rulebook, claim: Claim, history: History | None = None
) -> tuple[Diagnostic, ...]:
    """Recompute a settlement and compare it with its receipt; what differs, empty if nothing does."""
    missing = [key for key in COMPARED if key not in receipt]
    if missing:
        message = "this is not a receipt: it has no " + ", ".join(missing)
        raise ClaimError(Diagnostic("E620", message, record="receipt"))
    parameters = dict(receipt["parameters"])
    again = receipt_of(settle(ruleset, claim, history, parameters=parameters))
    return tuple(
        Diagnostic("E621", f"{key} differs", None, _short(receipt[key]), f"recomputed: {_short(again[key])}",
                   record="receipt", field=key)
        for key in COMPARED if again[key] != receipt[key]
    )  # fmt: skip


def _short(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
