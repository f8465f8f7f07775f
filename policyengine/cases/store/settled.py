"""What a claim comes to after what its scopes hold: the data of the event that settles it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from policyengine.cases.settling import bill_of
from policyengine.cases.state import Case
from policyengine.cases.store import scopes
from policyengine.claim import Claim
from policyengine.engine import settle

if TYPE_CHECKING:
    from policyengine.rulebook import Rulebook
    from policyengine.settlement import Settlement


def settled(
    case: Case, claim: Claim, book: Rulebook, held: scopes.Histories, timing: str | None, on: date
) -> tuple[dict[str, Any], Settlement]:
    """The data of the event, and the settlement. ``held``: what each scope of the claim holds. Raises as ``settle``."""
    history = scopes.merged(held.values())
    found = settle(book, claim, history, parameters=case.parameters or None, known_on=case.known_on)
    after = scopes.divided(found.history, claim.person.id, tuple(held))
    bill = bill_of(found, timing, on)
    data = {
        "claim": claim.model_dump(mode="json", exclude_unset=True),
        "bill": bill,
        "receipt": found.receipt(),
        "counted": {scope: {"before": held[scope], "after": after[scope]} for scope in held},
    }
    return data, found
