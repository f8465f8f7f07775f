"""Derived tags in a claim: what the evidence gives takes the place of what the claim says."""

from __future__ import annotations

from typing import Any

from policyengine import terms
from policyengine.claim import Claim
from policyengine.entitlements.standing import Standing


def entitled(claim: Claim, standing: Standing) -> Claim:
    """The claim with the flags that the rule file derives from evidence: each is as the evidence says.

    Tags of the person and facts of the encounter are those of the glossary; flags that the rule file declares
    are stated under ``facts``. Rights that are no fact of a claim change nothing. Raises ``ClaimError``.
    """
    tags, encounter, facts = set(claim.person.tags), dict[str, Any](), dict(claim.facts)
    for right in standing.rights:
        fact = terms.FACTS.get(right.name)
        if fact is not None and fact.at == "person.tags":
            (tags.add if right.given else tags.discard)(right.name)
        elif fact is not None and fact.kind == "flag" and fact.at.startswith("encounter."):
            encounter[fact.at.partition(".")[2]] = right.given
        elif right.name in standing.flags:
            facts[right.name] = right.given
    person = claim.person.model_copy(update={"tags": frozenset(tags)})
    stay = claim.encounter.model_copy(update=encounter) if encounter else claim.encounter
    return claim.model_copy(update={"person": person, "encounter": stay, "facts": facts})
