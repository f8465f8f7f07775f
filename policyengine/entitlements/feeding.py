"""Derived tags in a claim: what the evidence gives takes the place of what the claim says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from policyengine import terms
from policyengine.claim import Claim, masked
from policyengine.encode import selector
from policyengine.encode.typed import claim_error
from policyengine.entitlements.law import Law
from policyengine.entitlements.plain import Derive, plain
from policyengine.entitlements.records import Evidences, Piece
from policyengine.entitlements.standing import Standing, given
from policyengine.errors import ClaimError, Diagnostic


def entitled(claim: Claim, standing: Standing) -> Claim:
    """The claim with the flags that the rule file derives from evidence: each is as the evidence says.

    Tags of the person and facts of the encounter are those of the glossary; flags that the rule file declares
    are stated under ``facts``. Rights that are no fact of a claim change nothing. Raises ``ClaimError``.
    """
    return _with_rights(claim, {right.name: right.given for right in standing.rights}, standing.flags)


def _with_rights(claim: Claim, rights: Mapping[str, bool], flags: frozenset[str]) -> Claim:
    """``flags``: those that the rule file declares. What the claim says to be unknown is known by the evidence."""
    tags, encounter, facts = set(claim.person.tags), dict[str, Any](), dict(claim.facts)
    known = set[str]()
    for name, is_given in rights.items():
        fact = terms.FACTS.get(name)
        if fact is not None and fact.at == "person.tags":
            (tags.add if is_given else tags.discard)(name)
        elif fact is not None and fact.kind == "flag" and fact.at.startswith("encounter."):
            encounter[fact.at.partition(".")[2]] = is_given
        elif name in flags:
            facts[name] = is_given
        else:
            continue
        known.add(name)
    person = claim.person.model_copy(update={"tags": frozenset(tags)})
    stay = claim.encounter.model_copy(update=encounter) if encounter else claim.encounter
    unknown = {} if known.isdisjoint(claim.unknown) else {"unknown": claim.unknown - known}
    return claim.model_copy(update={"person": person, "encounter": stay, "facts": facts, **unknown})


@dataclass(frozen=True, slots=True)
class Shown:
    """The evidence of persons, read by the kinds of a rule set, for settling their claims.

    ``known_on``: only what was recorded by this day counts; else by the day on which a claim says that it is settled,
    else everything that is handed in – as the rules themselves are known when a claim is settled.
    """

    law: Law
    known_on: date | None = None
    derive: Derive = plain
    pieces: dict[str, tuple[Piece, ...]] = field(default_factory=dict)

    def take(self, one: Evidences) -> None:
        """Take the evidence of one more person. Raises ``ClaimError`` for what the rule file does not know, and for a
        second record of one person."""
        if one.person in self.pieces:
            text = f"two records say what {masked(one.person)} has shown"
            raise ClaimError(Diagnostic("E921", text, None, "one record a person", record="evidence", field="person"))
        self.pieces[one.person] = self.law.pieces(one)

    def __call__(self, claim: Claim) -> Claim:
        """The claim as the evidence of its person says, on the day that selects the rules.

        Raises ``ClaimError`` for a person of whom nothing was handed in, and where the rule set does not hold.
        """
        pieces = self.pieces.get(claim.person.id)
        if pieces is None:
            text = "no evidence of the person of this claim is handed in"
            hint = 'who has shown nothing has a record without evidence: {"person": …, "evidence": []}'
            raise claim_error(claim, "E922", ("person", "id"), text, "a record of the person", hint)
        day = selector(self.law.latest.dated_by)(claim)
        then = self.known_on or claim.encounter.settlement_date or date.max
        rights = given(self.law, pieces, day, then, self.derive)
        names = [name for name, _ in self.law.on(day, then).names]
        return _with_rights(claim, {name: name in rights for name in names}, self.law.flags)


def shown(law: Law, handed: Iterable[Evidences], known_on: date | None = None, derive: Derive = plain) -> Shown:
    """The evidence of persons, read by a rule set. Raises ``ClaimError`` for what the rule file does not know, and for
    two records of one person."""
    found = Shown(law, known_on, derive)
    for one in handed:
        found.take(one)
    return found
