"""Days: age at the selecting day, nights of a stay, windows of accumulators, the order of claims."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from policyengine import ir
from policyengine.claim import Claim, History, Key, Shape
from policyengine.encode import (
    Counted,
    Standing,
    age_on,
    check_history,
    check_order,
    encode,
    scope_key,
    selecting_date,
    shapes_of,
    standing_reader,
    window_key,
)
from tests.claims.programs import meter, program
from tests.claims.support import HOUSEHOLD, PERSON, merged, refusal, refusals, without


def claim(**change: Any) -> Claim:
    return Claim.model_validate(merged(without("total"), change))


def stay(admitted: str | None, left: str | None, care: str = "inpatient") -> Claim:
    return claim(
        encounter={"admission_date": admitted, "discharge_date": left, "care_type": care, "service_date": "2017-05-03"}
    )


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        ("1957-05-09", "2017-05-08", 59),
        ("1957-05-09", "2017-05-09", 60),
        ("2017-05-09", "2017-05-09", 0),
        ("1952-02-29", "2017-02-28", 64),  # born on a leap day: the birthday counts on 1 March in common years
        ("1952-02-29", "2017-03-01", 65),
        ("1952-02-29", "2016-02-28", 63),
        ("1952-02-29", "2016-02-29", 64),
        ("1957-12-31", "2018-01-01", 60),
    ],
)
def test_age_is_counted_in_whole_years(born: str, day: str, age: int) -> None:
    assert age_on(date.fromisoformat(day), date.fromisoformat(born)) == age


def test_the_age_is_that_of_the_day_that_selects_the_rules() -> None:
    made = claim(person={"birth_date": "1957-05-05"})
    assert encode(program("age"), made).inputs == (60,)
    assert encode(program("age", dated_by="admission_date"), made).inputs == (59,)


@pytest.mark.parametrize(
    ("admitted", "left", "days"),
    [
        ("2017-05-01", "2017-05-09", 8),
        ("2017-05-01", "2017-05-02", 1),
        ("2017-05-01", "2017-05-01", 1),  # in and out on one day counts as one
        ("2016-02-28", "2016-03-01", 2),
        ("2017-02-28", "2017-03-01", 1),
        ("2016-12-31", "2017-01-01", 1),
    ],
)
def test_days_of_stay_are_nights_and_at_least_one(admitted: str, left: str, days: int) -> None:
    made = Claim.model_validate(
        merged(without("total"), {"encounter": {"admission_date": admitted, "discharge_date": left}})
    )
    assert encode(program("days_of_stay"), made).inputs == (days,)


def test_outpatient_care_has_no_day_of_stay_and_a_stay_must_state_its_days() -> None:
    made = program("days_of_stay", dated_by="service_date")
    assert encode(made, stay(None, None, "outpatient")).inputs == (0,)
    for wrong in (stay(None, None), stay("2017-05-01", None), stay("2017-05-01", None, "outpatient")):
        found = refusal(encode, made, wrong)
        assert (found.code, found.field) == ("E530", "encounter")
        assert found.hint == "state encounter.admission_date and encounter.discharge_date"


def test_each_of_four_days_may_select_the_rules() -> None:
    made = claim(encounter={"settlement_date": "2017-06-01", "service_date": "2017-05-02"})
    assert selecting_date("admission_date", made) == date(2017, 5, 1)
    assert selecting_date(program(), made) == date(2017, 5, 9)
    assert selecting_date("settlement_date", made) == date(2017, 6, 1)
    assert selecting_date("service_date", made) == date(2017, 5, 2)


def test_the_day_that_selects_the_rules_is_required() -> None:
    found = refusal(selecting_date, "settlement_date", claim())
    assert (found.code, found.field) == ("E538", "encounter.settlement_date")
    assert "day of settlement (结算日期) selects the rules" in found.message


YEAR, JULY, LEAP = ir.Window("y", "year"), ir.Window("j", "year", (7, 1)), ir.Window("l", "year", (2, 29))


@pytest.mark.parametrize(
    ("window", "day", "key"),
    [
        (ir.Window("v", "visit"), "2017-05-03", "c-17"),
        (ir.Window("d", "day"), "2017-05-03", "2017-05-03"),
        (ir.Window("m", "month"), "2017-05-03", "2017-05"),
        (ir.Window("e", "lifetime"), "2017-05-03", "lifetime"),
        (YEAR, "2017-01-01", "2017"),
        (YEAR, "2017-12-31", "2017"),
        (JULY, "2017-06-30", "2016"),  # a year is named after the calendar year in which it starts
        (JULY, "2017-07-01", "2017"),
        (LEAP, "2017-02-28", "2016"),
        (LEAP, "2017-03-01", "2017"),
    ],
)
def test_windows(window: ir.Window, day: str, key: str) -> None:
    assert window_key(window, date.fromisoformat(day), claim()) == key


def test_bills_of_one_visit_stand_in_one_window() -> None:
    made = claim(id="c-18", encounter={"visit_id": "c-17"})
    assert window_key(ir.Window("v", "visit"), date(2017, 5, 3), made) == "c-17"
    assert window_key(ir.Window("v", "visit"), date(2017, 5, 3), claim(id="c-18")) == "c-18"


def test_scopes_are_ids_in_the_order_of_their_facts() -> None:
    made = claim(encounter={"disease": "uraemia", "hospital": {"id": "h-1"}}, facts={"programme": "dialysis"})
    assert scope_key(("person_id",), made) == (PERSON,)
    assert scope_key(("person_id", "disease"), made) == ("uraemia", PERSON)
    assert scope_key(("household_id",), made) == (HOUSEHOLD,)
    assert scope_key(("hospital_id", "programme"), made) == ("h-1", "dialysis")
    assert scope_key((), made) == ()
    assert scope_key(("disease",), claim()) == ("none",)


def test_an_id_that_an_accumulator_is_kept_by_is_required() -> None:
    found = refusal(scope_key, ("household_id",), claim(person={"household": None}))
    assert (found.code, found.field) == ("E552", "person.household")
    assert "`household_id` (家庭编号, opaque household id)" in found.message
    assert refusal(scope_key, ("programme",), claim()).field == "facts.programme"


METERS = (meter("paid"), meter("stays", "count"), meter("family", per=("household_id",), window="month"))


def stand(made: ir.Program, used: Mapping[Key, int]) -> Standing:
    return standing_reader(made)(claim(), Counted(used))


def test_what_meters_hold_comes_in_their_order() -> None:
    made = program(meters=METERS)
    used = {("stays", (PERSON,), "2017"): 2, ("paid", (PERSON,), "2016"): 7, ("family", (HOUSEHOLD,), "2017-05"): 990}
    found = stand(made, used)
    assert found.values == (0, 2, 990)
    assert found.keys == (
        ("paid", (PERSON,), "2017"), ("stays", (PERSON,), "2017"), ("family", (HOUSEHOLD,), "2017-05"),
    )  # fmt: skip


def test_a_program_without_meters_needs_no_day() -> None:
    assert stand(program(dated_by="settlement_date"), {}).values == ()


def test_an_accumulator_above_its_meter_is_refused() -> None:
    made = program(meters=(meter("paid", high=100),))
    assert stand(made, {("paid", (PERSON,), "2017"): 100}).values == (100,)
    assert refusal(stand, made, {("paid", (PERSON,), "2017"): 101}).code == "E555"


def history(*rows: dict[str, Any], **other: Any) -> History:
    sound = {"meter": "paid", "scope": {"person_id": PERSON}, "window": "2017", "value": "5.00", "kind": "money"}
    return History.model_validate({"accumulators": [{**sound, **row} for row in rows], **other})


def test_a_history_that_fits_is_accepted() -> None:
    made = program(meters=METERS)
    check_history(made, history({}, {"meter": "stays", "value": 2, "kind": "count"}))
    check_history(made, History.empty())
    assert shapes_of(made)["family"] == Shape(("household_id",), "money")


@pytest.mark.parametrize(
    ("row", "code", "message", "hint"),
    [
        ({"meter": "payd"}, "E550", "the rule file knows no meter `payd`", "did you mean `paid`?"),
        ({"meter": "stays"}, "E554", "the accumulators of `stays` are money per person_id", ""),
        ({"meter": "family"}, "E554", "the accumulators of `family` are money per person_id", ""),
    ],
)
def test_a_history_that_does_not_fit(row: dict[str, Any], code: str, message: str, hint: str) -> None:
    found = refusal(check_history, program(meters=METERS), history(row))
    assert (found.code, found.message, found.hint, found.record) == (code, message, hint, "history")


def test_a_history_in_another_currency() -> None:
    found = refusals(check_history, program(meters=METERS), History.empty(currency="USD"))
    assert [d.code for d in found] == ["E537"]


@pytest.mark.parametrize(("last", "sequence"), [(None, 0), ("2017-05-08", 9), ("2017-05-09", 0), ("2017-05-09", 3)])
def test_claims_in_order_are_accepted(last: str | None, sequence: int) -> None:
    made = claim(sequence=3)
    assert check_order(program(), made, history(last=last, last_sequence=sequence)) == date(2017, 5, 9)


def test_a_claim_older_than_the_history_is_refused_with_both_days() -> None:
    found = refusal(check_order, program(), claim(), history(last="2017-05-10"))
    assert (found.code, found.field) == ("E551", "encounter.discharge_date")
    assert "the claim is of 2017-05-09, the history goes to 2017-05-10 already" in found.message
    assert found.expected == "2017-05-10 or later"
    found = refusal(check_order, program(), claim(sequence=2), history(last="2017-05-09", last_sequence=3))
    assert (found.code, found.field) == ("E551", "sequence")
    assert "number 2 of 2017-05-09, the history goes to number 3 already" in found.message
    assert found.expected == ""
