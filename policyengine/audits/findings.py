"""Findings: the sentence that is offended, and the claims that offend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from policyengine.audits.items import Item, Watch, case_of
from policyengine.audits.plain import Find, plain
from policyengine.claim import Claim
from policyengine.persons import AuditRule


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule, and the claim or line, or the two, that offend it."""

    rule: AuditRule
    items: tuple[Item, ...]


def audited(watch: Watch, claims: Iterable[Claim], find: Find = plain) -> tuple[Finding, ...]:
    """What the claims of each person show, in the order of persons, rules and days. Raises ``ClaimError``.

    ``find``: what finds; every way of finding finds the same.
    """
    persons: dict[str, list[Claim]] = {}
    for claim in claims:
        persons.setdefault(claim.person.id, []).append(claim)
    found: list[Finding] = []
    order = {rule.id.text: at for at, rule in enumerate(watch.ruleset.audit)}
    for of_person in persons.values():
        case = case_of(watch, of_person)
        for name, places in sorted(find(case), key=lambda one: (order[one[0]], one[1])):
            found.append(Finding(watch.ruleset.audit[order[name]], tuple(case.items[at] for at in places)))
    return tuple(found)
