"""Hypothesis strategies for claims, members and their lives: what a rule set reads, at the edges that it names.

Amounts, days, tags and the number of claims and lines are choices of Hypothesis itself, the plainest first, so that
what fails shrinks to a claim that a person would make up: one line, a round amount, few tags.
"""

from __future__ import annotations

import datetime
from typing import Any

from hypothesis import strategies as st

from policyengine.claim import Claim, Person
from policyengine.engine import Parameters, settle
from policyengine.errors import ClaimError
from policyengine.generate import LARGEST_LINE, Domain, draw_claim, draw_parameters, draw_person
from policyengine.money import exponent_of, text_of
from policyengine.rulebook import Rulebook
from policyengine.settlement import Settlement

Life = tuple[Claim, ...]
Domains = tuple[Domain, ...]

ROUND = (100_000, 10_000, 1_000_000, 5_000_000)
"""Amounts that a person would make up, in minor units."""
MOST_CLAIMS, MOST_LINES = 4, 3


def _domains(book: Rulebook) -> Domains:
    return tuple(Domain.of(program) for program in book.programs)


def amounts(domain: Domain) -> st.SearchStrategy[int]:
    """Minor units: round, an edge of the rules or a coin beside it, of any size."""
    found = [st.sampled_from(ROUND)]
    if domain.amounts:
        beside = st.sampled_from((0, 1, -1))
        found.append(st.builds(lambda edge, by: min(edge + by, LARGEST_LINE), st.sampled_from(domain.amounts), beside))
    return st.one_of(*found, st.integers(0, LARGEST_LINE))


def days(domain: Domain) -> st.SearchStrategy[datetime.date]:
    """Days of one version: its first, its last, those beside a change, any other."""
    day = datetime.timedelta(days=1)
    near = [changed + by * day for changed in domain.changes for by in (-1, 0, 1)]
    plain = [domain.first, domain.last, *(one for one in near if domain.first <= one <= domain.last)]
    return st.one_of(st.sampled_from(plain), st.dates(domain.first, domain.last))


@st.composite
def parameters(draw: st.DrawFn, book: Rulebook) -> dict[str, Any]:
    """Values for the parameters that the rule file leaves to the caller."""
    rng = draw(st.randoms(use_true_random=False))
    found: dict[str, Any] = {}
    for program in book.programs:
        found |= draw_parameters(program, rng)
    return found


def members(book: Rulebook) -> st.SearchStrategy[Person]:
    """Members as the rule set knows them: scheme, age, income, the tags that it reads."""
    return _people(_domains(book)).map(Person.model_validate)


@st.composite
def _people(draw: st.DrawFn, domains: Domains, name: str = "p1") -> dict[str, Any]:
    rng = draw(st.randoms(use_true_random=False))
    person = draw_person(draw(st.sampled_from(domains)), rng, name, domains[0].first)
    return person | {"household": "h1", "tags": [tag for tag in person["tags"] if draw(st.booleans())]}


def claims(book: Rulebook) -> st.SearchStrategy[Claim]:
    """One claim, most often of a case that the tables of the rule set have a row for."""
    return _one_claim(_domains(book))


@st.composite
def _one_claim(draw: st.DrawFn, domains: Domains) -> Claim:
    domain = draw(st.sampled_from(domains))
    return draw(_claims(domain, 1, draw(_people(domains)), draw(days(domain))))


@st.composite
def _claims(draw: st.DrawFn, domain: Domain, number: int, person: dict[str, Any], day: datetime.date) -> Claim:
    rng = draw(st.randoms(use_true_random=False))
    data = draw_claim(domain, rng, number, person=person, day=day)
    exponent = exponent_of(domain.program.currency)
    if not domain.covering.amounts:
        lines = data["lines"][: draw(st.integers(1, MOST_LINES))]
        data["lines"] = [line | {"amount": text_of(draw(amounts(domain)), exponent)} for line in lines]
        data.pop("paid_elsewhere", None)
    return Claim.model_validate(data | {"id": f"c{number}"})


def lives(book: Rulebook, most: int = MOST_CLAIMS) -> st.SearchStrategy[Life]:
    """The claims of a member in their order; of two members of a household, where a meter is kept for it. In some, an
    amount is set so that one coin is left under a ceiling for the next claim."""
    return _lives(book, _domains(book), most)


@st.composite
def _lives(draw: st.DrawFn, book: Rulebook, domains: Domains, most: int) -> Life:
    per = {name for domain in domains for meter in domain.program.meters for name in meter.per}
    people = [draw(_people(domains))] + ([draw(_people(domains, "p2"))] if "household_id" in per else [])
    first = draw(st.sampled_from(domains))
    count = draw(st.integers(1, most))
    dates = sorted(draw(st.lists(days(first), min_size=count, max_size=count)))
    found = [draw(_claims(first, at, draw(st.sampled_from(people)), day)) for at, day in enumerate(dates, start=1)]
    if len(found) > 1 and draw(st.booleans()):
        found[0] = one_coin_left(book, found[0], draw(parameters(book)))
    return tuple(found)


def one_coin_left(book: Rulebook, claim: Claim, given: Parameters = None) -> Claim:
    """The claim with a first line such that a limit with a meter has one minor unit left after it, or the claim as it
    is if no amount leads there."""

    def left(minor: int) -> int | None:
        settlement = _settled(book, _with(claim, minor), given)
        limits = [one for one in settlement.limits if one.meter is not None and one.applies] if settlement else []
        return int(limits[0].left.scaleb(settlement.layout.exponent)) if limits and settlement else None

    low, high = 0, LARGEST_LINE
    while low < high:
        middle = (low + high) // 2
        rest = left(middle)
        if rest is None:
            return claim
        low, high = (middle + 1, high) if rest > 1 else (low, middle)
    return _with(claim, low) if left(low) == 1 else claim


def _with(claim: Claim, minor: int) -> Claim:
    data = claim.model_dump(mode="json", exclude_none=True)
    data["lines"][0]["amount"] = text_of(minor, exponent_of(claim.currency))
    data.pop("total", None)
    return Claim.model_validate(data)


def _settled(book: Rulebook, claim: Claim, given: Parameters) -> Settlement | None:
    try:
        return settle(book, claim, parameters=given)
    except ClaimError:
        return None
