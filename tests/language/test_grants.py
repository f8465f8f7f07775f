"""Grants: sums to the person outside the bill. Whatever they come to, the split stays as it was."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from policyengine import ClaimError, load, settle, verify
from policyengine.codec import dumps, loads
from policyengine.laws import broken
from tests.language.test_small_mends import claim, plan

BASE = """
layers: [{id: basic, payer: pooled_fund, on: in_scope, cite: law}]
provisions:
  - {id: share, layer: basic, fund_share: 70%, cite: law}
"""


def granted(folder: Path, *provisions: str, **encounter: object) -> dict[str, str]:
    book = plan(folder, BASE + "".join(f"  - {{{p}, cite: law}}\n" for p in provisions))
    settlement = settle(book, claim(1, "1000.00", **encounter))
    assert {k: str(v) for k, v in settlement.split.items()} == {"pooled_fund": "700.00", "patient": "300.00"}
    assert broken(settlement) == ()
    return {g.provision: str(g.amount) for g in settlement.grants}


def test_a_grant_may_read_what_the_patient_is_left_with(tmp_path: Path) -> None:
    """A third of the 300 that stay with the patient."""
    assert granted(tmp_path, "id: aid, grant: 33.3333% of patient, payer: medical_assistance") == {"aid": "100.00"}


def test_a_grant_may_be_adjusted_only_where_it_is_given(tmp_path: Path) -> None:
    given = ("id: aid, grant: 100元, payer: hospital, when: age >= 60", "id: more, adjust: aid, scale: 150%, add: 7元")
    born = {"id": "p", "birth_date": "1950-01-01"}
    book = plan(tmp_path, BASE + "".join(f"  - {{{p}, cite: law}}\n" for p in given))
    old = claim(1, "1000.00").model_copy(update={"person": type(claim(1, "1.00").person).model_validate(born)})
    young = old.model_copy(update={"person": type(old.person).model_validate({**born, "birth_date": "1990-01-01"})})
    assert [str(g.amount) for g in settle(book, old).grants] == ["157.00"]
    assert settle(book, young).grants == ()


def test_a_later_grant_may_read_an_earlier_one(tmp_path: Path) -> None:
    found = granted(
        tmp_path,
        "id: first, grant: 80元, payer: medical_assistance",
        'id: second, grant: "100元 - first.granted", payer: other_fund',
    )
    assert found == {"first": "80.00", "second": "20.00"}


def test_a_negative_grant_is_nothing(tmp_path: Path) -> None:
    assert granted(tmp_path, 'id: aid, grant: "200元 - patient", payer: other_fund') == {}


def test_a_grant_that_ended_counts_nothing(tmp_path: Path) -> None:
    """Its meter goes on, at nought, on days on which the grant no longer holds."""
    text = "meters: {given: {counts: aid.granted, in: lifetime}}\n" + BASE
    aid = "  - {id: aid, grant: 50元 - used(given), payer: other_fund, valid: {to: 2017-01-02}, cite: law}\n"
    book = plan(tmp_path, text + aid)
    first = settle(book, claim(1, "10.00"))
    second = settle(book, claim(2, "10.00"), first.history)
    assert [str(g.amount) for g in first.grants] == ["50.00"]
    assert second.grants == ()


def test_a_grant_of_the_hospital_does_not_change_what_the_hospital_is_owed(tmp_path: Path) -> None:
    once = "id: at_once, timing: one_stop"
    assert granted(tmp_path, "id: aid, grant: 50元, payer: hospital", once) == {"aid": "50.00"}


def test_nobody_is_paid_without_a_timing(tmp_path: Path) -> None:
    book = plan(tmp_path, BASE + "  - {id: aid, grant: 50元, payer: other_fund, cite: law}\n")
    settlement = settle(book, claim(1, "10.00"))
    assert (settlement.payments, len(settlement.grants)) == ((), 1)


def test_a_receipt_holds_the_grants(tmp_path: Path) -> None:
    book = plan(tmp_path, BASE + "  - {id: aid, grant: 50元, payer: other_fund, cite: law}\n")
    settlement = settle(book, claim(1, "10.00"))
    receipt = settlement.receipt()
    assert receipt["grants"] == {"aid": "50.00"}
    assert verify(receipt, book, settlement.claim) == ()
    (found,) = verify({**receipt, "grants": {"aid": "60.00"}}, book, settlement.claim)
    assert (found.code, found.field) == ("E621", "grants")


def test_a_grant_that_is_assumed_is_an_assumption_of_the_settlement(tmp_path: Path) -> None:
    book = plan(tmp_path, BASE + "  - {id: aid, grant: 50元, payer: other_fund, assumed: a guess}\n")
    with pytest.raises(ClaimError) as caught:
        settle(book, claim(1, "10.00"), allow_assumed=False)
    assert [d.code for d in caught.value.diagnostics] == ["E562"]
    assert settle(book, claim(1, "10.00")).grants[0].assumed == ("a guess",)


def test_grants_survive_the_cache() -> None:
    programs = load("examples/primitives/grant").programs
    again = loads(dumps(programs))
    assert [g.provision for g in again[0].grants] == ["childbirth", "yearly_help", "late_stage_help", "transport"]
    assert again == programs


def test_a_payer_who_only_grants_bears_nothing_of_the_bill(tmp_path: Path) -> None:
    book = plan(tmp_path, BASE + "  - {id: aid, grant: 50元, payer: other_fund, cite: law}\n")
    assert sum(settle(book, claim(1, "10.00")).split.values()) == Decimal("10.00")
    assert "other_fund" not in settle(book, claim(1, "10.00")).split


def test_a_grant_needs_no_bill(tmp_path: Path) -> None:
    """Nothing is split; it is given once a year, as with a bill."""
    text = BASE + "  - {id: aid, grant: 80元, payer: other_fund, once: calendar_year, cite: law}\n"
    book = plan(tmp_path, text)
    empty = [claim(n, "1.00").model_copy(update={"lines": ()}) for n in (1, 2)]
    first = settle(book, empty[0])
    second = settle(book, empty[1], first.history)
    assert [str(g.amount) for g in (*first.grants, *second.grants)] == ["80.00"]
    for settlement, before in ((first, None), (second, first.history)):
        assert set(map(str, settlement.split.values())) <= {"0.00"}
        assert settlement.by_line() == ()
        assert broken(settlement) == ()
        assert verify(settlement.receipt(), book, settlement.claim, before) == ()


@pytest.mark.parametrize(
    "more",
    [
        "",
        "  - {id: aid, grant: 80元, payer: other_fund, cite: law}\n"
        "  - {id: price, quota_price: 50元, below: price, cite: law}\n",
    ],
)
def test_a_bill_without_lines_is_refused_where_no_grant_stands_alone(tmp_path: Path, more: str) -> None:
    with pytest.raises(ClaimError, match="E523"):
        settle(plan(tmp_path, BASE + more), claim(1, "1.00").model_copy(update={"lines": ()}))
