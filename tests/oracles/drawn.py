"""Claims drawn for the oracles: as whole claims of lives, and as many bare facts of one version of a rule set."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Any

from policyengine import Claim, Rulebook, ir
from policyengine.generate import Domain, draw_amount, lives
from policyengine.terms import TIERS
from tests.oracles.policies import Facts, Policy

SINGLE = {"scheme": "resident", "care_type": "inpatient", "disease": "none", "lower_layers_stated": True}
"""Facts that the campaigns leave at the one value of which the oracles speak."""


def facts_of(claim: Claim) -> Facts:
    """What an oracle is told of a claim: words and flags, two sums of fee lines, payments made elsewhere."""
    encounter, person = claim.encounter, claim.person
    lines = zip(claim.lines, claim.amounts_minor, strict=True)
    outside = sum(amount for line, amount in lines if line.catalogue_class == "c")
    return {
        **claim.facts,
        **{tag: tag in person.tags for tag in ("registered_poor", "subsistence")},
        **{f"elsewhere.{paid.payer}": int(paid.amount * 100) for paid in claim.paid_elsewhere},
        "day": str(encounter.discharge_date),
        "scheme": person.scheme,
        "care_type": encounter.care_type,
        "area": encounter.area,
        "tier": encounter.hospital.tier,
        "hospital_grade": encounter.hospital.grade,
        "hospital_level": encounter.hospital.level,
        "outside": outside,
        "in_scope": claim.total_minor - outside,
    }


def varied(claim: Claim, rng: Random) -> Claim:
    """The claim at any tier of hospital and with payments elsewhere that often fit: the generator fits the tier to
    tables of visits, too, and draws payments as large as the whole bill."""
    data = claim.model_dump(mode="json", exclude_none=True)
    if rng.random() < 0.5:
        data["encounter"]["hospital"]["tier"] = rng.choice(tuple(TIERS))
    part = rng.choice((1, 10, 50))
    for paid in data["paid_elsewhere"]:
        paid["amount"] = str(Decimal(int(Decimal(paid["amount"]) * 100) // part).scaleb(-2))
    return Claim.model_validate(data)


def stays(book: Rulebook, policy: Policy, seed: int) -> Iterator[list[Claim]]:
    """Lives without end, only what the oracle speaks of: stays, before the day at which its sources stop."""
    rng = Random(seed)
    for life in lives(book, seed, 10**9):
        found = (c for c in life if c.encounter.care_type == "inpatient")
        yield [varied(c, rng) for c in found if str(c.encounter.discharge_date) < policy.until]


def draw_facts(program: ir.Program, domain: Domain, rng: Random, person: Facts) -> dict[str, Any]:
    """Facts of one stay under ``program``, as an oracle and the columns both read them; amounts at its edges."""
    in_scope, outside = draw_amount(domain, rng), rng.choice((0, draw_amount(domain, rng)))
    facts: dict[str, Any] = {"day": program.valid[0], "in_scope": in_scope, "outside": outside}
    for decl in program.inputs:
        if decl.domain == "row" or decl.name in SINGLE:
            continue
        if decl.kind == "code":
            facts[decl.name] = rng.choice(decl.values)
        elif decl.kind == "flag":
            facts[decl.name] = rng.random() < 0.5
        elif decl.name.startswith("elsewhere."):
            facts[decl.name] = rng.randrange(in_scope // 8 + 1) if rng.random() < 0.5 else 0
    return {**facts, **SINGLE, **person, "total_charge": in_scope + outside}
