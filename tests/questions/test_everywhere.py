"""Every bundled rule set on generated claims: what is told of a claim holds, and a settlement lies in its range."""

from __future__ import annotations

import pytest

from policyengine import Claim, Settlement, bounds, load, why_not
from policyengine.engine import Origin
from policyengine.questions.trial import trial_of
from tests.agreement.lives import NAMES, settled

WHOLE = [name for name in NAMES if not load(name).programs[-1].settle_by]
"""Rule sets that settle a claim as a whole: questions are asked of these only."""


def flags_of(settlement: Settlement) -> list[str]:
    """Up to three flags of the claim that the rules read."""
    read = (
        d for d in settlement.layout.program.inputs if d.kind == "flag" and d.domain == "claim" and "." not in d.name
    )
    return [d.name for d in read if d.days is None][:3]


def not_knowing(claim: Claim, facts: list[str]) -> Claim:
    """The claim without these flags."""
    data = claim.model_dump(mode="json")
    data["person"]["tags"] = [tag for tag in data["person"]["tags"] if tag not in facts]
    data["facts"] = {fact: value for fact, value in data["facts"].items() if fact not in facts}
    data["encounter"] |= {name: False for name in ("referred", "certificate_shown") if name in facts}
    return Claim.model_validate({**data, "unknown": facts})


@pytest.mark.parametrize("name", WHOLE)
def test_what_is_told_of_a_claim_holds(name: str) -> None:
    for settlement in settled(name, seed=21, count=5):
        assert isinstance(settlement.origin, Origin)
        assert dict(trial_of(settlement.origin).run({}).split) == settlement.split_minor
        found, program = why_not(settlement), settlement.layout.program
        off = [rule for rule in program.rules if not settlement.holds(rule.guard)]
        assert [u.rule for u in found.unapplied] == off
        assert all(change.gain > 0 for change in found.changes)
        own = {share.payer for share in program.payers if share.side == "patient"}
        for change in (*found.changes, *(u.change for u in found.unapplied if u.change)):
            if not program.margins:  # a price of the case that restates the bill moves both sides
                assert sum(amount for payer, amount in change.payers.items() if payer not in own) == change.gain


@pytest.mark.parametrize("name", WHOLE)
def test_a_settlement_lies_in_the_range_of_its_claim_with_facts_missing(name: str) -> None:
    for settlement in settled(name, seed=22, count=5):
        made = not_knowing(settlement.claim, flags_of(settlement))
        told = bounds(settlement.origin.book, made, settlement.before, parameters=settlement.origin.parameters)
        for payer, amount in settlement.split.items():
            assert told.payers[payer].low <= amount <= told.payers[payer].high
        if not told.missing:
            assert told.settled
