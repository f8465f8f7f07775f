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
