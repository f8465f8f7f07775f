"""Laws of a member's claims one after the other."""

from __future__ import annotations

from collections.abc import Sequence

from policyengine.claim import Claim
from policyengine.engine import Parameters
from policyengine.resettlement import Insert, Reverse, resettle
from policyengine.rulebook import Rulebook


def reversed_and_again(book: Rulebook, claims: Sequence[Claim], parameters: Parameters) -> str:
    """Each claim taken back and handed in again: every split and the accumulators are those of the first run."""
    numbered = [claim.model_copy(update={"sequence": at}) for at, claim in enumerate(claims)]
    for claim in numbered:
        found = resettle(book, numbered, [Reverse(claim.id), Insert(claim)], parameters=parameters)
        if found.changes:
            moved = found.changes[0]
            return f"with {claim.id} taken back and handed in again {moved.claim_id} differs by {moved.difference}"
        if found.history != found.history_before:
            return f"with {claim.id} taken back and handed in again the accumulators differ"
    return ""
