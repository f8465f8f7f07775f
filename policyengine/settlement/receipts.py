"""Receipts: what was settled by which rules from which inputs, so that anyone can recompute it years later."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from policyengine.claim import quoted
from policyengine.errors import ClaimError, Diagnostic
from policyengine.money import text_of

if TYPE_CHECKING:
    from policyengine.claim import Claim
    from policyengine.settlement.result import Settlement

SEMANTICS = "1"
"""Version of the meaning of programs. It rises when any program could answer differently for the same inputs."""

COMPARED = ("semantics", "ruleset", "rules", "valid", "claim", "history", "parameters", "split", "grants", "result")

_CANONICAL: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def canonical(data: object) -> bytes:
    """One byte string for equal data: sorted keys, no spaces, plain UTF-8."""
    return _CANONICAL.encode(data).encode()


def digest(data: object) -> str:
    """``sha256:`` and the hexadecimal hash of the canonical form."""
    return "sha256:" + hashlib.sha256(canonical(data)).hexdigest()


_UNKNOWN: Final[dict[str, Any]] = {"unknown": True, "lines": {"__all__": {"unknown"}}}


def claim_digest(claim: Claim) -> str:
    """Digest of all that a claim states; of one that is settled nothing is unknown. Fields that say nothing are left
    out, so that fields of later versions change no digest."""
    return digest(claim.model_dump(mode="json", exclude_none=True, exclude=_UNKNOWN))


def history_digest(settlement: Settlement) -> str:
    """Digest of what the meters that this claim reads held before it; nothing counted yet is no row."""
    held = settlement.origin.held()
    return digest([[key[0], *key[1], key[2], held[key]] for key in sorted(held) if held[key]])


def receipt_of(settlement: Settlement) -> dict[str, Any]:
    """The receipt: rules, inputs and result, each by digest, and the split in the clear. Raises ``ClaimError``."""
    if settlement.preliminary:
        record = f"claim {quoted(settlement.claim.id)}"
        message = "a preliminary settlement has no receipt"
        raise ClaimError(Diagnostic("E581", message, None, "", "settle the claim", record=record))
    book, program = settlement.origin.book, settlement.layout.program
    exponent = settlement.layout.exponent
    return {
        "semantics": SEMANTICS,
        "ruleset": book.name,
        "rules": f"sha256:{book.digest}",
        "files": {name: f"sha256:{found}" for name, found in book.files},
        "valid": list(program.valid),
        "known_on": settlement.known_on and settlement.known_on.isoformat(),
        "claim_id": settlement.claim.id,
        "claim": claim_digest(settlement.claim),
        "history": history_digest(settlement),
        "parameters": {name: str(value) for name, value in sorted((settlement.origin.parameters or {}).items())},
        "split": {payer: text_of(minor, exponent) for payer, minor in settlement.split_minor.items()},
        "grants": {grant.provision: str(grant.amount) for grant in settlement.grants},
        "result": digest(settlement.texts),
    }
