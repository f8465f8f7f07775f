"""Synthetic claims are claims: a book of them settles."""

from __future__ import annotations

from decimal import Decimal

import pytest

from policyengine import load, settle_many
from tests.synth.support import claims_of, plan


def test_a_book_of_stays_settles_in_shanxi() -> None:
    """Every sort of hospital of the profile is one for which the report of 2017 states a rate."""
    book = load("cn/shanxi/136")
    made = plan(only=("stays",), book=book)
    claims = list(claims_of(made, made.claim_batch(0, 1500)))
    settled = list(settle_many(book, claims))
    assert len(settled) == len(claims) > 200
    for claim, one in zip(claims, settled, strict=True):
        assert sum(one.split.values()) == claim.total_minor * Decimal("0.01")
    assert {"registered_poor"} < set().union(*(claim.person.tags for claim in claims))
    assert any(claim.encounter.referred for claim in claims)


def test_visits_are_refused_in_shanxi() -> None:
    """The rule set is of inpatient care: only stays are meant for it."""
    from policyengine import ClaimError

    book = load("cn/shanxi/136")
    made = plan(only=("visits",), book=book)
    with pytest.raises(ClaimError):
        list(settle_many(book, claims_of(made, made.claim_batch(0, 3))))


def test_every_claim_of_a_county_of_shuangyashan_settles() -> None:
    """Stays, visits, chronic care and deliveries over three years, with the figures that claims must bring there."""
    book = load("cn/heilongjiang/shuangyashan/raohe")
    made = plan("shuangyashan", years=(2016, 2018), book=book)
    claims = list(claims_of(made, made.claim_batch(0, 60)))
    settled = list(settle_many(book, claims))
    assert len(settled) == len(claims) > 900
    paid = {payer for one in settled for payer, amount in one.split.items() if amount}
    assert {"pooled_fund", "patient", "hospital"} <= paid
    assert {claim.encounter.care_type for claim in claims} == {
        "inpatient",
        "outpatient",
        "chronic_outpatient",
        "maternity",
    }


@pytest.mark.parametrize("name", ["world/us/marketplace_plan", "examples/price_list_by_service_date"])
def test_claims_for_a_rule_set_in_another_currency_or_with_dated_lines(name: str) -> None:
    book = load(name)
    made = plan(years=(2024, 2024) if name.startswith("world") else (2025, 2025), book=book)
    claims = claims_of(made, made.claim_batch(0, 5), book.programs[0].currency)
    assert [one.claim.id for one in settle_many(book, claims)]
