"""Wrong claims handed in as Python data: one clear error that names record and field, never a float kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from policyengine.claim import Claim, FeeLine, Hospital, Person
from policyengine.errors import ClaimError
from tests.claims.support import SOUND, changed, refusal, refusals, refused, without

BAD: list[tuple[str, Any, str, str]] = [
    # field, wrong value, code, message
    ("lines.0.amount", 12.5, "E509", "a float is not exact; give the amount as a text such as '12.50' or as a Decimal"),
    ("lines.0.amount", float("nan"), "E509", "a float is not exact"),
    ("lines.0.amount", float("inf"), "E509", "a float is not exact"),
    ("lines.0.amount", True, "E509", "true/false is not an amount"),
    ("lines.0.amount", None, "E509", "a NoneType is not an amount"),
    ("lines.0.amount", [], "E509", "a list is not an amount"),
    ("lines.0.amount", Fraction(1, 2), "E509", "a Fraction is not an amount"),
    ("lines.0.amount", Decimal("NaN"), "E509", "not a finite number"),
    ("lines.0.amount", Decimal("sNaN"), "E509", "not a finite number"),
    ("lines.0.amount", Decimal("-Infinity"), "E509", "not a finite number"),
    ("lines.0.amount", Decimal("1E+400"), "E509", "not a plain decimal amount"),
    ("lines.0.amount", Decimal("1E+999999"), "E509", "not a plain decimal amount"),
    ("lines.0.amount", Decimal("1E-999999"), "E509", "not a plain decimal amount"),
    ("lines.0.amount", "NaN", "E509", "not a plain decimal amount"),
    ("lines.0.amount", "1e400", "E509", "not a plain decimal amount"),
    ("lines.0.amount", "1E+999999", "E509", "not a plain decimal amount"),
    ("lines.0.amount", "800,00", "E509", "not a plain decimal amount"),
    ("lines.0.amount", "1_000", "E509", "not a plain decimal amount"),
    ("lines.0.amount", " 12", "E509", "not a plain decimal amount"),
    ("lines.0.amount", "+12", "E509", "not a plain decimal amount"),
    ("lines.0.amount", "", "E509", "not a plain decimal amount"),
    ("lines.0.amount", "１２.５", "E509", "not a plain decimal amount"),
    ("lines.0.amount", "١٢", "E509", "not a plain decimal amount"),
    ("lines.0.amount", "9" * 5000, "E509", "not a plain decimal amount"),
    ("lines.0.amount", 10**5000, "E509", "larger than the limit"),
    ("lines.0.amount", "800.005", "E510", "more decimals than CNY has"),
    ("lines.0.amount", "-1", "E511", "a negative amount"),
    ("lines.0.price_limit", "-1", "E511", "a negative amount"),
    ("lines.0.amount", "1000000000.01", "E512", "the amount is larger than the limit of 1000000000.00"),
    ("facts", {"share": Decimal("NaN")}, "E508", "a number is not the value of a fact"),
    ("facts", {"share": Decimal("1E+999999")}, "E508", "a number is not the value of a fact"),
    ("facts", {"share": Decimal("1E-10")}, "E508", "a number is not the value of a fact"),
    ("lines.0.first_share_rate", Decimal("NaN"), "E521", "not a plain decimal rate"),
    ("lines.0.first_share_rate", Decimal("1E+10"), "E521", "not a plain decimal rate"),
    ("lines.0.first_share_rate", 10**5000, "E521", "not a plain decimal rate"),
    ("person.birth_date", "1899-12-31", "E515", "the year 1899 is out of range"),
    ("total", "1250.49", "E513", "the lines add up to 1,250.50, the total says 1,250.49"),
    ("person.income_annual", 1.0, "E509", "a float is not exact"),
    ("lines.0.category", "beds", "E514", "`beds` is not a category"),
    ("lines.0.category", 3, "E508", "expected a word, found a whole number"),
    ("lines.0.catalogue_class", "d", "E514", "`d` is not a catalogue_class"),
    ("encounter.care_type", "impatient", "E514", "`impatient` is not a care_type"),
    ("person.scheme", "新农和", "E514", "`新农和` is not a scheme"),
    ("person.birth_date", "2017-02-29", "E515", "there is no day 2017-02-29 in the calendar"),
    ("person.birth_date", "1950/01/01", "E515", "`1950/01/01` is not a day"),
    ("person.birth_date", "1950-1-1", "E515", "`1950-1-1` is not a day"),
    ("person.birth_date", "２０１７-01-01", "E515", "`２０１７-01-01` is not a day"),
    ("person.birth_date", "0197-01-01", "E515", "the year 197 is out of range"),
    ("person.birth_date", 19500101, "E515", "expected a day, found a whole number"),
    ("person.birth_date", datetime(1950, 1, 1, tzinfo=UTC), "E515", "expected a day, found a datetime"),
    ("encounter.discharge_date", "2017-04-30", "E516", "2017-04-30 lies before the admission of 2017-05-01"),
    ("encounter.settlement_date", "2017-04-30", "E516", "2017-04-30 lies before the admission of 2017-05-01"),
    ("person.birth_date", "2017-05-02", "E516", "the birth lies after 2017-05-01, the admission_date"),
    ("lines.0.service_date", "2017-04-30", "E516", "2017-04-30 lies before the admission of 2017-05-01"),
    ("lines.0.service_date", "2017-05-10", "E516", "2017-05-10 lies after the discharge of 2017-05-09"),
    ("id", "", "E517", "the text is empty"),
    ("id", "x" * 201, "E517", "the text has 201 characters"),
    ("id", "c\n17", "E517", "the text holds the invisible character U+000A"),
    ("id", "c\u202e17", "E517", "the text holds the invisible character U+202E"),
    ("id", "c\ud80017", "E517", "the text holds the invisible character U+D800"),
    ("id", " c-17", "E517", "the text begins or ends with white space"),
    ("id", 17, "E508", "expected a text, found a whole number"),
    ("person.id", "", "E517", "the text is empty"),
    ("lines.1.id", "l-1", "E518", "`l-1` stands already at lines[0]"),
    ("currency", "RMB", "E519", "the currency `RMB` is not known"),
    ("encounter.hospital.level", "secondary", "E520", "the grade tertiary_a contradicts the level secondary"),
    ("lines.0.first_share_rate", 0.1, "E521", "a float is not exact; give the rate as a text"),
    ("lines.0.first_share_rate", "10", "E521", "the rate is above 1"),
    ("lines.0.first_share_rate", "-0.1", "E521", "not a plain decimal rate"),
    ("lines.0.first_share_rate", "0.00000015", "E521", "finer than one millionth"),
    ("lines.0.first_share_rate", Decimal("1E-999999"), "E521", "not a plain decimal rate"),
    ("lines.0.first_share_rate", True, "E521", "true/false is not a rate"),
    ("lines.0.quantity", 10**5000, "E522", "the number of more than 40 digits is out of range"),
    ("lines.0.quantity", 0, "E522", "the number 0 is out of range"),
    ("lines.0.quantity", 1.0, "E508", "expected a whole number, found a float"),
    ("lines.0.quantity", "2", "E508", "expected a whole number, found a text"),
    ("lines.0.quantity", True, "E508", "expected a whole number, found true/false"),
    ("sequence", -1, "E522", "the number -1 is out of range"),
    ("lines", "bed", "E508", "expected a list, found a text"),
    ("lines", {"category": "bed"}, "E508", "expected a list, found an object"),
    ("lines.0", 800, "E508", "expected an object, found a whole number"),
    ("person", None, "E508", "expected an object, found nothing (null)"),
    ("corrects", "c-17", "E524", "the claim corrects itself"),
    ("facts", {"area": "within_county"}, "E525", "`area` (就医地) has a place of its own in the claim"),
    ("lines.0.facts", {"quantity": 2}, "E525", "`quantity` (数量) has a place of its own in the claim"),
    ("facts", {"share": 0.5}, "E508", "a float is not exact"),
    ("facts", {"share": []}, "E508", "a list is not the value of a fact"),
    ("facts", {"share": 10**14}, "E508", "a whole number is not the value of a fact"),
    ("facts", {"": 1}, "E517", "the text is empty"),
    ("facts", {7: 1}, "E508", "expected a text, found a whole number"),
    ("encounter.referred", 1, "E508", "expected true or false, found a whole number"),
    ("encounter.referred", "yes", "E508", "expected true or false, found a text"),
    ("person.tags", "retired", "E508", "expected a list of tags, found a text"),
    ("facts", {f"f{n}": n for n in range(1001)}, "E523", "there are 1,001 facts"),
    ("lines.0.first_share_rate", "0.00001%", "E521", "finer than one millionth"),
    ("lines.0.first_share_rate", [], "E521", "a list is not a rate"),
    ("person", {7: 5, "id": "p"}, "E508", "the name of a field is not a text"),
    ("lines", iter([{"category": "bed", "amount": 1.5}]), "E509", "a float is not exact"),
    ("totl", 5, "E507", "no such field"),
    ("person.name", "张三", "E507", "no such field"),
]


@pytest.mark.parametrize(("path", "value", "code", "message"), BAD, ids=[f"{i}-{b[0]}" for i, b in enumerate(BAD)])
def test_a_wrong_field_is_refused_by_its_name(path: str, value: Any, code: str, message: str) -> None:
    found = refused(changed_python(path, value))
    assert found.code == code
    assert message in found.message
    assert path == "id" or found.record == "claim c-17"
    assert found.message.startswith(f"{found.field}: ")
    assert found.field.startswith(path.replace(".0", "[0]").replace(".1", "[1]"))


def test_a_wrong_id_names_the_record_short_and_printable() -> None:
    assert refused(changed("id", "x" * 201)).record == "claim " + "x" * 40 + "…"
    assert refused(changed("id", "c\u202e17")).record == "claim c\\u202e17"
    assert refused(changed("id", 17)).record == "claim"


def changed_python(path: str, value: Any) -> dict[str, Any]:
    """Like ``changed``, for values that JSON cannot hold; the total is left out unless it is the subject."""
    base = SOUND if path == "total" or path.startswith(("lines.0.p", "lines.1")) else without("total")
    data = changed(path, None, base)
    *outer, last = [int(p) if p.isdecimal() else p for p in path.split(".")]
    target: Any = data
    for part in outer:
        target = target[part]
    target[last] = value
    return data


@pytest.mark.parametrize(
    ("path", "field"),
    [("id", "id"), ("person", "person"), ("person.id", "person.id"), ("encounter.care_type", "encounter.care_type"),
     ("lines", "lines"), ("lines.1.category", "lines[1].category"), ("lines.1.amount", "lines[1].amount")],
)  # fmt: skip
def test_a_missing_field_is_named(path: str, field: str) -> None:
    found = refused(without(path))
    assert (found.code, found.field, found.message) == ("E506", field, f"{field}: is missing")


def test_a_float_says_what_to_do() -> None:
    found = refused(changed_python("lines.0.amount", 0.1))
    assert found.render() == (
        "claim c-17: error[E509]: lines[0].amount: "
        "a float is not exact; give the amount as a text such as '12.50' or as a Decimal\n"
        " expected: a decimal text such as 1300.50"
    )


HINTS = [
    ("lines.0.category", "regstration", "did you mean `registration`?"),
    ("person.scheme", "新农和", "did you mean `新农合`?"),
    ("id", 17, "put the number in quotes; ids are texts and keep their leading zeros"),
    ("lines.0.amount", "1,300.50", "write the amount without separators"),
    ("lines.0.amount", "１２", "write the amount with the digits 0-9"),
    ("lines.0.amount", "12元", "write the amount without its unit; the claim states its currency once"),
    ("lines.0.amount", "-1", "to correct a claim, settle the member's claims again with the right one"),
    ("lines.0.first_share_rate", "10", "10% is written 0.1 or 10%"),
    ("id", True, ""),
    ("person.phone", "139", "the engine needs no names or numbers of people; give an opaque id"),
    ("scheme", "resident", "`scheme` belongs in `person`"),
    ("person.level", "primary", "`level` belongs in `hospital`"),
    ("currency", "CNYY", "did you mean `CNY`?"),
]


@pytest.mark.parametrize(("path", "value", "hint"), HINTS, ids=[p for p, *_ in HINTS])
def test_a_mistake_gets_its_hint(path: str, value: Any, hint: str) -> None:
    assert refused(changed_python(path, value)).hint == hint


def test_a_wrong_total_says_by_how_much() -> None:
    assert refused(changed("total", "1250.49")).hint == "they differ by 0.01 CNY"


@pytest.mark.parametrize("tag", ["", "x" * 201, " poor", "po\u200bor", 5, None, ["poor"]], ids=ascii)
def test_what_no_tag_can_be(tag: Any) -> None:
    found = refused(changed("person.tags", ["retired", tag]))
    assert (found.code, found.field) == ("E508", "person.tags[1]")


def test_what_is_just_within_the_limits_is_taken() -> None:
    data = changed("person.tags", ["x" * 200], changed("id", "i" * 200))
    data["person"]["birth_date"] = "2017-05-01"  # born on the day of admission
    assert Claim.model_validate(data).id == "i" * 200
    assert Claim.model_validate(changed("person.birth_date", "1900-01-01")).person.birth_date == date(1900, 1, 1)
    days = {"admission_date": "2199-12-31", "discharge_date": "2199-12-31"}
    claim = Claim.model_validate(changed("encounter", {**SOUND["encounter"], **days}))
    assert claim.encounter.discharge_date == date(2199, 12, 31)
    facts = {"a": Decimal("1E-9"), "b": 10**13, "c": Decimal("9" * 14), "d": Decimal("0.10")}
    stated = {"a": "0.000000001", "b": 10**13, "c": "9" * 14, "d": "0.10"}
    assert Claim.model_validate(changed_python("facts", facts)).facts == stated


def test_an_unknown_word_lists_the_known_ones_in_both_languages() -> None:
    assert (
        refused(changed("person.scheme", "x")).expected == "one of employee (职工), resident (城乡居民), ncms (新农合)"
    )


def test_everything_wrong_is_said_at_once() -> None:
    data = changed_python("lines.0.amount", 1.5)
    data["lines"][1]["category"] = "drug"
    data["person"]["birth_date"] = "yesterday"
    del data["encounter"]["care_type"]
    data["colour"] = "red"
    found = refusals(Claim.model_validate, data)
    assert sorted((d.code, d.field) for d in found) == [
        ("E506", "encounter.care_type"), ("E507", "colour"), ("E509", "lines[0].amount"),
        ("E514", "lines[1].category"), ("E515", "person.birth_date"),
    ]  # fmt: skip


def test_contradictions_between_fields_are_said_at_once() -> None:
    data = changed("lines.0.amount", "-800")
    data["encounter"]["discharge_date"] = "2017-04-01"
    data["person"]["birth_date"] = "2018-01-01"
    data["lines"][1]["id"] = "l-1"
    assert sorted(d.code for d in refusals(Claim.model_validate, data)) == ["E511", "E516", "E516", "E518"]


@pytest.mark.parametrize("data", [None, 5, "c-17", [], [SOUND]], ids=repr)
def test_a_claim_is_an_object(data: Any) -> None:
    found = refused(data)
    assert found.code == "E508"
    assert found.message.startswith("expected an object, found")


def test_a_claim_has_at_most_ten_thousand_lines() -> None:
    line = {"category": "bed", "amount": 1}
    base = without("total")
    assert len(Claim.model_validate(changed("lines", [line] * 10_000, base)).lines) == 10_000
    assert refused(changed("lines", [line] * 10_001, base)).message == "lines: there are 10,001 fee lines"


def test_the_sum_of_the_lines_is_bounded() -> None:
    half = {"category": "bed", "amount": "500000000.00"}
    base = without("total")
    assert Claim.model_validate(changed("lines", [half, half], base)).total_minor == 10**11
    cent = {"category": "bed", "amount": "0.01"}
    found = refused(changed("lines", [half, half, cent], base))
    assert (found.code, found.field) == ("E512", "lines")


def test_yen_have_no_decimals() -> None:
    data = {**changed("lines", [{"category": "bed", "amount": "800"}], without("total")), "currency": "JPY"}
    assert Claim.model_validate(data).amounts_minor == (800,)
    found = refused(changed("lines.0.amount", "800.5", data))
    assert (found.code, found.expected) == ("E510", "no decimals")


def test_only_corrections_hold_negative_amounts() -> None:
    data = changed("lines.1.amount", "-450.50", {**SOUND, "corrects": "c-16", "total": "349.50"})
    assert Claim.model_validate(data).amounts_minor == (80000, -45050)
    assert refused({**data, "corrects": None}).code == "E511"
    assert refused(changed("lines.0.price_limit", "-1", data)).code == "E511"


def test_a_payer_that_paid_elsewhere_stands_once() -> None:
    paid = [{"payer": "employer", "amount": 1}, {"payer": "企业补充医疗保险", "amount": 2}]
    found = refused({**SOUND, "paid_elsewhere": paid})
    assert (found.code, found.field) == ("E518", "paid_elsewhere[1].payer")
    assert found.message.endswith(
        "`employer` stands already at paid_elsewhere[0] (first here: paid_elsewhere[0].payer)"
    )


def test_each_part_refuses_by_itself() -> None:
    assert refusal(FeeLine, category="bed", amount=1.5).code == "E509"
    assert refusal(Person, id=5).record == "person"
    assert refusal(Hospital, level="primary", grade="tertiary_a").code == "E520"
    with pytest.raises(ClaimError):
        Person.model_validate({})


def test_a_copy_with_another_value_is_checked_like_a_new_claim() -> None:
    claim = Claim.model_validate(without("total"))
    bed = FeeLine(category="bed", amount="5.00")
    assert claim.model_copy(update={"lines": (bed,)}).amounts_minor == (500,)
    assert claim.amounts_minor == (80000, 45050)
    assert refusal(claim.model_copy, update={"lines": (bed,) * 10_001}).code == "E523"
    other = Hospital(grade="tertiary_a").model_copy(update={"grade": "secondary_b"})
    assert (other.grade, other.level) == ("secondary_b", "secondary")


def test_a_list_that_breaks_off_is_refused() -> None:
    def lines() -> Iterator[dict[str, Any]]:
        yield {"category": "bed", "amount": 1}
        raise OSError

    found = refused(changed_python("lines", lines()))
    assert (found.code, found.message.partition(": ")[2]) == ("E508", "a generator that cannot be read")
    assert found.field.startswith("lines")


def test_a_plain_copy_is_the_same_claim() -> None:
    claim = Claim.model_validate(SOUND)
    assert claim.model_copy() == claim
    unchecked = Claim.model_construct(**{name: getattr(claim, name) for name in Claim.model_fields})
    assert unchecked.minor == claim.minor


def test_python_values_are_taken_as_they_are() -> None:
    claim = Claim.model_validate(
        {
            **SOUND,
            "total": Decimal("1250.50"),
            "person": {"id": "p-1", "birth_date": date(1950, 2, 28), "tags": {"退休"}},
        }
    )
    assert claim.person.tags == {"retired"}
    assert claim.person.birth_date == date(1950, 2, 28)
    assert claim.minor.total == 125050


def test_chinese_words_are_read_as_ids() -> None:
    data = changed("encounter.care_type", "住院")
    data["lines"][0] |= {"category": "床位费", "catalogue_class": "甲"}
    data["encounter"]["hospital"] = {"grade": "三级甲等", "tier": "市级"}
    data["paid_elsewhere"] = [{"payer": "大病保险", "amount": "5"}]
    claim = Claim.model_validate(data)
    assert (claim.encounter.care_type, claim.lines[0].category, claim.lines[0].catalogue_class) == (
        "inpatient",
        "bed",
        "a",
    )
    assert (claim.encounter.hospital.grade, claim.encounter.hospital.level) == ("tertiary_a", "tertiary")
    assert claim.minor.elsewhere == {"critical_illness": 500}


@pytest.mark.parametrize(
    ("amount", "minor"),
    [("0", 0), ("-0", 0), ("-0.00", 0), ("0.01", 1), (7, 700), (Decimal("7.5"), 750), (Decimal("1E+2"), 10000),
     ("12.5000", 1250), (Decimal("12.500000000"), 1250), ("007.10", 710)],
)  # fmt: skip
def test_exact_amounts_are_taken(amount: Any, minor: int) -> None:
    claim = Claim.model_validate(changed_python("lines.0.amount", amount))
    assert claim.amounts_minor[0] == minor
    assert not claim.lines[0].amount.is_signed()


@pytest.mark.parametrize(
    ("stated", "exact"),
    [("10%", Fraction(1, 10)), ("0.1", Fraction(1, 10)), (Decimal("0.30"), Fraction(3, 10)), (1, Fraction(1)), ("0", 0),
     ("12.5%", Fraction(1, 8)), ("0.000001", Fraction(1, 10**6)), ("100%", 1)],
)  # fmt: skip
def test_exact_rates_are_taken(stated: Any, exact: Fraction) -> None:
    claim = Claim.model_validate(changed_python("lines.1.first_share_rate", stated))
    assert claim.minor.first_share_rates[1] == exact
