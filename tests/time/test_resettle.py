"""Settled again: what is due when a claim is taken back, corrected or inserted late, or the rules change backwards."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policyengine import (
    Claim,
    ClaimError,
    Correct,
    History,
    Insert,
    Register,
    Reverse,
    Rulebook,
    resettle,
    settle,
    settle_many,
)
from policyengine.resettlement import corrected, netted
from tests.time.support import CIRCULAR, JULY, MAY, book, fund, stay


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    return book(tmp_path_factory.mktemp("rules"))


CLAIMS = (
    stay("c1", "2024-02-01", "600.00"),  # 600 of the deductible of 1,000
    stay("c2", "2024-03-09", "2400.00"),  # the other 400: 70 % × 2,000 = 1,400
    stay("c3", "2024-04-01", "1000.00"),  # 700
)


def due(found: object, name: str) -> dict[str, Decimal]:
    amounts: dict[str, Decimal] = getattr(found, name)
    return {payer: amount for payer, amount in amounts.items() if amount}


def test_nothing_otherwise_nothing_changes(county: Rulebook) -> None:
    found = resettle(county, CLAIMS)
    assert found.changes == ()
    assert found.equal == 3
    assert found.history == found.history_before == found.after[-1].history
    assert found.paid_after == found.paid_back == {}


def test_a_retroactive_circular_is_due_to_the_fen(county: Rulebook) -> None:
    claims = (
        stay("c1", "2024-02-01", "1600.05"),
        stay("c2", "2024-03-09", "333.33"),
        stay("c3", "2023-12-30", "900.00"),
    )
    claims = (claims[2], claims[0], claims[1])
    found = resettle(county, claims, known_on=MAY, now=JULY)
    # c1: 600.05 × 60 % = 360.03, × 70 % = 420.035 → 420.04; c2: 333.33 × 60 % = 199.998 → 200.00, × 70 % = 233.331
    assert [(m.claim_id, m.difference) for m in found.changes] == [
        ("c1", {"pooled_fund": Decimal("60.01"), "patient": Decimal("-60.01")}),
        ("c2", {"pooled_fund": Decimal("33.33"), "patient": Decimal("-33.33")}),
    ]
    assert found.equal == 1  # the stay of 2023: within its deductible, and before the first day of the circular
    assert due(found, "paid_after") == {"pooled_fund": Decimal("93.34")}
    assert due(found, "paid_back") == {"patient": Decimal("93.34")}


def test_each_claim_was_first_settled_by_what_was_known_on_its_own_day(county: Rulebook) -> None:
    claims = (
        stay("c1", "2024-02-01", "2000.00", settlement_date="2024-02-01"),
        stay("c2", "2024-03-09", "1000.00", settlement_date="2024-06-20"),
    )
    found = resettle(county, claims, now=JULY)
    assert [(m.claim_id, m.difference["pooled_fund"]) for m in found.changes] == [("c1", 100)]  # 70 − 60 % of 1,000


def test_the_first_claim_reversed_moves_the_deductible(county: Rulebook) -> None:
    found = resettle(county, CLAIMS, [Reverse("c1")])
    reversed_one, second = found.changes
    assert (reversed_one.kind, reversed_one.difference) == ("reversed", {"pooled_fund": 0, "patient": -600})
    assert (second.claim_id, second.kind) == ("c2", "changed")
    assert second.difference == {"pooled_fund": -420, "patient": 420}  # 600 more of the deductible: 70 % × 600
    assert found.equal == 1


def test_the_middle_claim_reversed(county: Rulebook) -> None:
    found = resettle(county, CLAIMS, [Reverse("c2")])
    assert [(m.claim_id, m.kind) for m in found.changes] == [("c2", "reversed"), ("c3", "changed")]
    assert found.changes[0].difference == {"pooled_fund": -1400, "patient": -1000}
    assert found.changes[1].difference == {"pooled_fund": -280, "patient": 280}  # 400 to the deductible: 70 % × 600
    assert due(found, "paid_back") == {"pooled_fund": 1680, "patient": 1000}
    assert due(found, "paid_after") == {"patient": 280}


def test_a_reversal_has_the_negated_amounts_of_the_original(county: Rulebook) -> None:
    (moved, _) = resettle(county, CLAIMS, [Reverse("c2")]).changes
    assert moved.before is not None
    original, reversal = moved.before.national(), moved.reversal()
    assert reversal["hifp_pay"] == -original["hifp_pay"] == -1400
    for name, value in original.items():
        if isinstance(value, Decimal) and name != "pool_prop_selfpay":
            assert reversal[name] + value == 0, name
    assert reversal["setldetail"][0]["fund_payamt"] == -1400


def test_a_late_claim_takes_its_place_by_its_day(county: Rulebook) -> None:
    late = stay("late", "2024-01-15", "1000.00")  # meets the whole deductible
    found = resettle(county, CLAIMS, [Insert(late)])
    assert [(m.claim_id, m.kind, m.difference["pooled_fund"]) for m in found.changes] == [
        ("late", "inserted", 0),
        ("c1", "changed", 420),  # 70 % × 600
        ("c2", "changed", 280),  # 70 % × 400
    ]
    assert [s.claim.id for s in found.after] == ["late", "c1", "c2", "c3"]


def test_a_registration_dated_back(county: Rulebook) -> None:
    found = resettle(county, CLAIMS, [Register("p1", "registered_poor", date(2024, 3, 9))])
    assert [(m.claim_id, m.difference["pooled_fund"]) for m in found.changes] == [("c2", 100), ("c3", 50)]  # 5 points
    assert found.equal == 1


def test_a_claim_as_it_should_have_been(county: Rulebook) -> None:
    found = resettle(county, CLAIMS, [Correct(stay("c1", "2024-02-01", "900.00"))])
    assert [(m.claim_id, m.difference["pooled_fund"]) for m in found.changes] == [("c1", 0), ("c2", 210)]
    moved = resettle(county, CLAIMS, [Correct(stay("c1", "2024-03-20", "600.00"))])
    assert [s.claim.id for s in moved.after] == ["c2", "c1", "c3"]


def test_other_rules(county: Rulebook, tmp_path: Path) -> None:
    book(tmp_path)
    more = "  - {id: more, adjust: basic_share, add: 10pp, assumed: made up for this example}\n"
    reform = book(tmp_path, "ruleset: reform\nextends: county\nprovisions:\n" + more, "reform")
    before = settle(county, stay("c0", "2024-01-05", "100.00")).history
    found = resettle(county, CLAIMS, history=before, new_rules=reform)
    # 100 of the deductible are met before: 70 % and 80 % of 2,100 and of 1,000
    assert [(m.claim_id, m.difference["pooled_fund"]) for m in found.changes] == [("c2", 210), ("c3", 100)]
    assert found.history.ruleset == "reform"


def test_a_household_is_settled_again_together(tmp_path: Path) -> None:
    text = CIRCULAR.format(name="county").replace("in: calendar_year}", "in: calendar_year, per: household}", 1)
    made = book(tmp_path, text)
    claims = tuple(
        stay(name, day, "1000.00").model_copy(update={"person": {"id": person, "household": "h"}})
        for name, day, person in (("a", "2024-02-01", "p1"), ("b", "2024-03-01", "p2"), ("c", "2024-04-01", "p1"))
    )
    found = resettle(made, claims, [Reverse("a")])
    assert [(m.claim_id, m.difference["pooled_fund"]) for m in found.changes] == [("a", 0), ("b", -700)]
    assert found.equal == 1


# -- corrections -------------------------------------------------------------------------------------------------------

BILL = Claim.model_validate(
    {
        "id": "c2", "person": {"id": "p1"}, "encounter": {"care_type": "inpatient", "discharge_date": "2024-03-09"},
        "lines": [
            {"id": "1", "category": "surgery", "amount": "1400.00"},
            {"id": "2", "category": "western_drug", "amount": "1000.00", "quantity": 10, "price_limit": "800.00"},
        ],
    }
)  # fmt: skip


def correction(*lines: dict[str, object], **more: object) -> Claim:
    head = {
        "id": "c2-k",
        "corrects": "c2",
        "person": {"id": "p1"},
        "encounter": BILL.encounter.model_dump(exclude_unset=True),
    }
    return Claim.model_validate({**head, "lines": list(lines), **more})


RETURNED = {"id": "2", "category": "western_drug", "amount": "-300.00", "quantity": 7, "price_limit": "560.00"}


def test_a_negative_line_nets_with_its_original(county: Rulebook) -> None:
    found = resettle(county, (CLAIMS[0], BILL, CLAIMS[2]), [Correct(correction(RETURNED))])
    (moved,) = found.changes
    assert moved.difference == {"pooled_fund": -210, "patient": -90}  # 70 % × 300
    assert moved.after is not None
    assert [(line.amount, line.quantity) for line in moved.after.claim.lines] == [(1400, 1), (700, 7)]


def test_corrections_among_the_claims_are_netted_in_both_runs(county: Rulebook) -> None:
    claims = (CLAIMS[0], BILL, correction(RETURNED), CLAIMS[2])
    assert [claim.total_minor for claim in netted(claims)] == [60000, 210000, 100000]
    assert resettle(county, claims).changes == ()


def test_a_correction_of_every_line_is_a_reversal(county: Rulebook) -> None:
    whole = correction(
        {"id": "1", "category": "surgery", "amount": "-1400.00"},
        {"id": "2", "category": "western_drug", "amount": "-1000.00"},
    )
    assert corrected(BILL, whole) is None
    by_lines = resettle(county, (CLAIMS[0], BILL, CLAIMS[2]), [Correct(whole)])
    by_name = resettle(county, (CLAIMS[0], BILL, CLAIMS[2]), [Reverse("c2")])
    assert [(m.claim_id, m.kind, m.difference) for m in by_lines.changes] == [
        (m.claim_id, m.kind, m.difference) for m in by_name.changes
    ]


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ({"category": "surgery", "amount": "-1.00"}, "E583", "a negative line names the line"),
        ({"id": "9", "category": "surgery", "amount": "-1.00"}, "E583", "has no line 9"),
        ({"id": "1", "category": "surgery", "amount": "-1400.01"}, "E583", "comes to -0.01"),
        ({"id": "1", "category": "bed", "amount": "-1.00"}, "E583", "the correction says bed"),
        (
            {"id": "2", "category": "western_drug", "amount": "-1.00"},
            "E583",
            "price_limit; the correction does not",
        ),
        ({**RETURNED, "quantity": 7, "price_limit": None}, "E583", "price_limit"),
    ],
)
def test_a_correction_that_does_not_fit(line: dict[str, object], code: str, words: str) -> None:
    stated = {name: value for name, value in line.items() if value is not None}
    with pytest.raises(ClaimError) as caught:
        corrected(BILL, correction(stated))
    assert caught.value.diagnostics[0].code == code
    assert words in str(caught.value)


def test_a_correction_is_of_the_same_person_and_stay() -> None:
    with pytest.raises(ClaimError, match=r"person\.id is not that of the claim c2"):
        corrected(BILL, correction(RETURNED, person={"id": "p2"}))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (Reverse("c9"), "E582"),
        (Correct(stay("c9", "2024-03-01", "1.00")), "E582"),
        (Register("p9", "registered_poor", MAY), "E582"),
        (Insert(stay("c1", "2024-03-01", "1.00")), "E584"),
        (Insert(correction(RETURNED)), "E582"),
        (Correct(stay("c1", "2024-02-01", "600.00", person="p2")), "E583"),
        (Register("p1", "poorly_registered", date(2024, 1, 1)), "E533"),
    ],
)
def test_a_change_that_cannot_be_made(county: Rulebook, change: object, code: str) -> None:
    with pytest.raises(ClaimError) as caught:
        resettle(county, CLAIMS, [change])  # type: ignore[list-item]
    assert caught.value.diagnostics[0].code == code


def test_a_claim_stands_once(county: Rulebook) -> None:
    with pytest.raises(ClaimError, match="c1 stands twice"):
        resettle(county, (CLAIMS[0], CLAIMS[0]))


# -- laws --------------------------------------------------------------------------------------------------------------

AMOUNTS = st.decimals("0.01", 5_000, places=2)
DAYS = st.integers(1, 28).map(lambda day: f"2024-02-{day:02d}")


@st.composite
def lives(draw: st.DrawFn) -> tuple[Claim, ...]:
    """Claims of two persons, each one's in the order of days."""
    days = sorted(draw(st.lists(DAYS, min_size=1, max_size=6)))
    return tuple(
        stay(
            f"c{at}", day, f"{draw(st.integers(1, 500_000)) / 100:.2f}", sequence=at, person=draw(st.sampled_from("ab"))
        )
        for at, day in enumerate(days)
    )


@settings(max_examples=40, deadline=None)
@given(lives())
def test_without_changes_nothing_changes(county: Rulebook, claims: tuple[Claim, ...]) -> None:
    found = resettle(county, claims)
    assert (found.changes, found.equal, found.history) == ((), len(claims), found.history_before)


@settings(max_examples=40, deadline=None)
@given(lives(), st.booleans())
def test_with_everything_reversed_the_first_history_is_back(
    county: Rulebook, claims: tuple[Claim, ...], opened: bool
) -> None:
    first = settle(county, stay("c-1", "2024-01-02", "123.45", person="a")).history if opened else None
    claims = tuple(claim for claim in claims if claim.person.id == "a" or not opened)
    found = resettle(county, claims, [Reverse(claim.id) for claim in claims], history=first)
    assert found.history == (first or History.empty("county"))
    assert found.after == ()
    total = sum(claim.total_minor for claim in claims)
    assert -total == sum(sum(moved.difference_minor.values()) for moved in found.changes)


@settings(max_examples=40, deadline=None)
@given(lives(), DAYS, st.data())
def test_inserted_and_reversed_nothing_has_changed(
    county: Rulebook, claims: tuple[Claim, ...], day: str, data: st.DataObject
) -> None:
    late = stay("late", day, "777.77", sequence=data.draw(st.integers(0, 9)), person=data.draw(st.sampled_from("ab")))
    found = resettle(county, claims, [Insert(late), Reverse("late")])
    assert (found.changes, found.history) == ((), found.history_before)
    inserted = resettle(county, claims, [Insert(late)])
    again = resettle(county, [s.claim for s in inserted.after], [Reverse("late")])
    assert [s.split for s in again.after] == [s.split for s in inserted.before]


@settings(max_examples=25, deadline=None)
@given(lives())
def test_the_differences_lead_from_the_first_run_to_the_second(county: Rulebook, claims: tuple[Claim, ...]) -> None:
    found = resettle(county, claims, known_on=MAY, now=JULY)
    moved = {m.claim_id: m.difference for m in found.changes}
    for old, new in zip(found.before, found.after, strict=True):
        difference = moved.get(old.claim.id, dict.fromkeys(old.split, Decimal(0)))
        assert {payer: amount + difference[payer] for payer, amount in old.split.items()} == new.split
    assert [s.split for s in found.after] == [s.split for s in settle_many(county, claims, known_on=JULY)]


def test_the_fund_never_pays_what_nobody_owes(county: Rulebook) -> None:
    found = resettle(county, CLAIMS, [Reverse("c2")])
    assert sum(fund(s) for s in found.after) == sum(fund(s) for s in found.before) + sum(
        m.difference["pooled_fund"] for m in found.changes
    )
