"""A claim as a program reads it: every fact in its place, typed; what is missing, strange or left over is refused."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from policyengine import ir
from policyengine.claim import Claim
from policyengine.encode import Encoded, encode, encoder
from policyengine.errors import Diagnostic
from tests.claims.programs import fact, own, program
from tests.claims.support import SOUND, changed, merged, refusal, refusals, without


def claim(change: dict[str, Any] | None = None) -> Claim:
    return Claim.model_validate(merged(without("total"), change or {}))


def read(*inputs: str | ir.InputDecl, **change: Any) -> tuple[ir.Value, ...]:
    """The claim inputs of a program that reads ``inputs``."""
    return encode(program(*inputs), claim(change)).inputs


def cannot(*inputs: str | ir.InputDecl, **change: Any) -> Diagnostic:
    return refusal(encode, program(*inputs), claim(change))


def test_inputs_come_in_the_order_of_the_program_split_by_domain() -> None:
    made = program("amount", "scheme", "category", "registered_poor", "retired", "total_charge", "catalogue_class")
    assert encode(made, claim()) == Encoded(
        inputs=("resident", True, False, 125050), rows=((80000, "bed", "a"), (45050, "western_drug", "b"))
    )


def test_a_program_that_reads_no_line_gets_empty_rows() -> None:
    assert encode(program(), claim()) == ((), ((), ()))


FACTS: list[tuple[str, dict[str, Any], ir.Value]] = [
    ("scheme", {}, "resident"),
    ("care_type", {"encounter": {"care_type": "门诊"}}, "outpatient"),
    ("hospital_level", {}, "tertiary"),
    ("hospital_level", {"encounter": {"hospital": {"grade": None, "level": "一级"}}}, "primary"),
    ("hospital_grade", {}, "tertiary_a"),
    ("tier", {"encounter": {"hospital": {"tier": "county"}}}, "county"),
    ("area", {"encounter": {"area": "省外"}}, "out_of_province"),
    ("referred", {}, False),
    ("referred", {"encounter": {"referred": True}}, True),
    ("certificate_shown", {"encounter": {"certificate_shown": True}}, True),
    ("admission_ordinal", {"encounter": {"admission_ordinal": 2}}, 2),
    ("income_annual", {"person": {"income_annual": "32000.50"}}, 3200050),
    ("disease", {}, "none"),
    ("disease", {"encounter": {"disease": "uraemia"}}, "other"),
    ("days_of_stay", {}, 8),
    ("total_charge", {}, 125050),
]


@pytest.mark.parametrize(("name", "change", "value"), FACTS, ids=[f"{f[0]}-{f[2]}" for f in FACTS])
def test_facts_of_the_glossary(name: str, change: dict[str, Any], value: ir.Value) -> None:
    (found,) = read(name, **change)
    assert found == value
    assert type(found) is type(value)


def test_named_diseases_keep_their_name_and_others_become_other() -> None:
    decl = fact("disease", values=("uraemia", "other", "none"))
    assert read(decl, encounter={"disease": "uraemia"}) == ("uraemia",)
    assert read(decl, encounter={"disease": "gastritis"}) == ("other",)


MISSING: list[tuple[str, str, str, str]] = [
    # fact, its field, Chinese and English words, hint
    (
        "age",
        "person.birth_date",
        "`age` (年龄, whole years on the date that selects the rules)",
        "state person.birth_date",
    ),
    ("area", "encounter.area", "`area` (就医地, where care was given, seen from the insured place)", ""),
    ("tier", "encounter.hospital.tier", "`tier` (机构层级, administrative tier of the hospital)", ""),
    ("income_annual", "person.income_annual", "`income_annual` (年可支配收入, disposable income a year)", ""),
    (
        "admission_ordinal",
        "encounter.admission_ordinal",
        "`admission_ordinal` (住院次数, which admission of the year",
        "",
    ),
]


@pytest.mark.parametrize(("name", "field", "words", "hint"), MISSING, ids=[m[0] for m in MISSING])
def test_a_missing_fact_is_named_in_both_languages_with_its_place(name: str, field: str, words: str, hint: str) -> None:
    found = cannot(name)
    assert (found.code, found.field, found.hint, found.record) == ("E530", field, hint, "claim c-17")
    assert words in found.message
    assert found.message.endswith("but the claim does not state it")


def test_a_missing_code_lists_its_words() -> None:
    assert cannot("area").expected == (
        "one of within_county (县域内), within_city (市内县外), within_province (省内市外), out_of_province (省外)"
    )


def test_a_default_of_the_rule_file_stands_for_an_unstated_fact() -> None:
    assert read(fact("area", default="within_county")) == ("within_county",)
    assert read(own("rural", "flag", default=False), own("visits", "count", default=3)) == (False, 3)


def test_all_that_is_missing_is_said_at_once() -> None:
    found = refusals(encode, program("age", "area", "tier", "price_limit"), claim({"facts": {"odd": 1}}))
    assert sorted((d.code, d.field) for d in found) == [
        ("E530", "encounter.area"), ("E530", "encounter.hospital.tier"), ("E530", "lines[0].price_limit"),
        ("E530", "lines[1].price_limit"), ("E530", "person.birth_date"), ("E532", "facts.odd"),
    ]  # fmt: skip


def rows(name: str | ir.InputDecl, *lines: dict[str, Any], **encounter: Any) -> tuple[ir.Value, ...]:
    """The column of one fact of the fee lines."""
    full = [{"category": "bed", "amount": "10.00", **line} for line in lines]
    made = claim({"lines": full, "encounter": encounter})
    return tuple(value for (value,) in encode(program(name), made).rows)


def test_facts_of_the_fee_lines() -> None:
    assert rows("amount", {}, {"amount": "0.05"}) == (1000, 5)
    assert rows("quantity", {}, {"quantity": 3}) == (1, 3)
    assert rows("price_limit", {"price_limit": 7}) == (700,)
    assert rows("category", {}, {"category": "血费"}) == ("bed", "blood")
    assert rows("catalogue_class", {"catalogue_class": "丙"}) == ("c",)


def test_classes_a_and_c_have_no_first_share_unless_stated() -> None:
    shares = rows(
        "first_share_rate", {"catalogue_class": "a"}, {"catalogue_class": "c"},
        {"catalogue_class": "c", "first_share_rate": "100%"}, {"catalogue_class": "b", "first_share_rate": "0.15"},
    )  # fmt: skip
    assert shares == (0, 0, 1, Fraction(3, 20))


def test_class_b_must_state_its_first_share_where_the_program_reads_it() -> None:
    drug = {"category": "western_drug", "catalogue_class": "b", "amount": 5}
    found = refusal(encode, program("first_share_rate"), claim({"lines": [drug]}))
    assert (found.code, found.field) == ("E530", "lines[0].first_share_rate")
    assert "`first_share_rate` (先行自付比例, share that the patient bears first)" in found.message
    assert encode(program("amount"), claim({"lines": [drug]})).rows == ((500,),)


def test_a_line_without_a_price_limit_is_told_what_to_state() -> None:
    found = refusals(encode, program("price_limit"), claim())[0]
    assert (found.code, found.hint) == ("E530", "a line without a limit states its amount")


def test_the_day_of_the_stay_counts_from_one() -> None:
    assert rows("day_of_stay", {"service_date": "2017-05-01"}, {"service_date": "2017-05-09"}) == (1, 9)
    found = refusal(encode, program("day_of_stay"), claim({"lines": [{"category": "bed", "amount": 1}]}))
    assert (found.code, found.field) == ("E530", "lines[0].service_date")


def test_words_and_rates_that_the_rule_file_does_not_admit() -> None:
    narrow = fact("category", values=("bed", "lab"))
    found = refusal(encode, program(narrow), claim())
    assert (found.code, found.field) == ("E531", "lines[1].category")
    assert found.message == "lines[1].category: `western_drug` is not a value of category"
    assert rows(fact("category", values=("bed", "other"), open=True), {}, {"category": "blood"}) == ("bed", "other")
    assert (
        refusal(encode, program("catalogue_class"), claim({"lines": [{"category": "bed", "amount": 1}]})).code == "E530"
    )
    low = fact("first_share_rate", high=Fraction(1, 20))
    found = refusal(encode, program(low), claim())
    assert (found.code, found.message) == ("E535", "lines[1].first_share_rate: first_share_rate is 10%, out of bounds")
    assert encode(program(fact("first_share_rate", high=Fraction(1, 10))), claim()).rows == ((0,), (Fraction(1, 10),))
    unclassed = {"category": "bed", "amount": 1}
    assert refusal(encode, program(low), claim({"lines": [unclassed]})).code == "E530"
    found = refusal(encode, program(fact("care_type", values=("outpatient",))), claim())
    assert (found.code, found.field) == ("E531", "encounter.care_type")


# -- facts that the rule file declares --------------------------------------------------------------------------------

TYPED: list[tuple[ir.InputDecl, Any, ir.Value]] = [
    (own("rural", "flag"), True, True),
    (own("rural", "flag"), False, False),
    (own("ward", "code", values=("north", "south")), "south", "south"),
    (own("ward", "code", values=("north", "other"), open=True), "east", "other"),
    (own("gift", "money"), "12.50", 1250),
    (own("gift", "money"), 12, 1200),
    (own("gift", "money"), Decimal("0.5"), 50),
    (own("visits", "count"), 3, 3),
    (own("share", "rate"), "5%", Fraction(1, 20)),
    (own("share", "rate"), Decimal("0.123456"), Fraction(123456, 10**6)),
    (own("share", "rate"), 1, Fraction(1)),
]


@pytest.mark.parametrize(("decl", "stated", "value"), TYPED, ids=[f"{t[0].kind}-{t[1]}" for t in TYPED])
def test_declared_facts_are_read_as_the_rule_file_types_them(decl: ir.InputDecl, stated: Any, value: ir.Value) -> None:
    assert read(decl, facts={decl.name: stated}) == (value,)
    line = ir.InputDecl(decl.name, decl.kind, "row", decl.values, decl.open)
    assert rows(line, {"facts": {decl.name: stated}}) == (value,)


def test_a_declared_code_may_be_named_in_chinese() -> None:
    ward = own("ward", "code", values=("north", "other"), open=True, aliases=(("北区", "north"),))
    assert read(ward, facts={"ward": "北区"}) == ("north",)
    assert read(ward, facts={"ward": "南区"}) == ("other",)


MISTYPED: list[tuple[ir.InputDecl, Any, str, str, str]] = [
    # declaration, stated, code, message, expected
    (own("rural", "flag"), "yes", "E531", "the value is a text", "true or false"),
    (own("rural", "flag"), 1, "E531", "the value is a whole number", "true or false"),
    (own("ward", "code", values=("north",)), "nort", "E531", "`nort` is not a value of ward", "one of north"),
    (own("ward", "code", values=("north",)), True, "E531", "the value is true/false", "one of north"),
    (own("gift", "money"), "12.505", "E531", "more than 2 decimals", "a decimal text such as 1300.50"),
    (own("gift", "money"), True, "E531", "true/false is not an amount", "a decimal text such as 1300.50"),
    (own("gift", "money", low=0, high=10000), "100.01", "E535", "100.01 is out of bounds",
     "a decimal text such as 1300.50, at least 0.00, at most 100.00"),
    (own("visits", "count"), "3", "E531", "the value is a text", "a whole number"),
    (own("visits", "count"), True, "E531", "the value is true/false", "a whole number"),
    (own("visits", "count", low=1, high=5), 6, "E535", "6 is out of bounds", "a whole number, at least 1, at most 5"),
    (own("share", "rate", high=Fraction(1, 10)), "11%", "E535", "11% is out of bounds",
     "a rate such as 0.1 or 10%, at most 10%"),
    (own("share", "rate"), "0.1.2", "E531", "not a plain decimal rate", "a rate such as 0.1 or 10%"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("decl", "stated", "code", "message", "expected"), MISTYPED, ids=[f"{m[0].kind}-{m[1]}" for m in MISTYPED]
)
def test_a_declared_fact_of_the_wrong_kind(
    decl: ir.InputDecl, stated: Any, code: str, message: str, expected: str
) -> None:
    found = cannot(decl, facts={decl.name: stated})
    assert (found.code, found.field, found.expected) == (code, f"facts.{decl.name}", expected)
    assert message in found.message
    assert [str(span) for _, span in found.related] == ["rules.yaml:7:3"]


def test_a_declared_fact_of_a_line_of_the_wrong_kind() -> None:
    found = refusal(rows, ir.InputDecl("visits", "count", "row"), {"facts": {"visits": 2}}, {"facts": {"visits": "2"}})
    assert (found.code, found.field) == ("E531", "lines[1].facts.visits")


def test_a_missing_declared_fact_shows_its_declaration() -> None:
    found = cannot(own("rural", "flag"))
    assert (found.code, found.field) == ("E530", "facts.rural")
    assert found.hint == "state true or false, or list it among the tags of the person"
    assert found.related[0][0] == "declared here"


def test_a_declared_flag_may_be_a_tag_of_the_person() -> None:
    rural = own("rural", "flag")
    assert read(rural, person={"tags": ["rural"]}) == (True,)
    assert read(rural, person={"tags": ["rural"]}, facts={"rural": True}) == (True,)
    found = cannot(rural, person={"tags": ["rural"]}, facts={"rural": False})
    assert (found.code, found.field) == ("E536", "facts.rural")


def test_numbers_outside_the_bounds_of_a_fact() -> None:
    found = cannot(fact("admission_ordinal", high=5), encounter={"admission_ordinal": 6})
    assert (found.code, found.field) == ("E535", "encounter.admission_ordinal")
    found = refusal(encode, program(fact("amount", high=50000)), claim())
    assert (found.code, found.field) == ("E535", "lines[0].amount")
    assert found.message == "lines[0].amount: amount is 800.00, out of bounds"
    found = cannot(fact("total_charge", high=50000))
    assert (found.code, found.field) == ("E535", "lines")


def test_bounds_are_inclusive() -> None:
    assert encode(program(fact("amount", low=45050, high=80000)), claim()).rows == ((80000,), (45050,))
    assert encode(program(fact("total_charge", low=125050, high=125050)), claim()).inputs == (125050,)
    found = refusal(encode, program(fact("amount", low=45051)), claim())
    assert (found.code, found.field) == ("E535", "lines[1].amount")
    assert read(own("visits", "count", low=3, high=3), facts={"visits": 3}) == (3,)
    assert encode(program(fact("amount", low=None, high=None)), claim()).rows == ((80000,), (45050,))


# -- nothing is left over ---------------------------------------------------------------------------------------------


def test_a_fact_that_the_rule_file_does_not_declare() -> None:
    found = cannot(own("rural", "flag", default=False), facts={"rurall": True})
    assert (found.code, found.field, found.hint) == ("E532", "facts.rurall", "did you mean `rural`?")
    assert found.expected == "one of rural"
    assert cannot(facts={"rural": True}).expected == "no facts"


def test_a_fact_of_the_other_kind_of_thing() -> None:
    on_line = ir.InputDecl("imported", "flag", "row", default=False)
    found = refusal(encode, program(on_line), claim({"facts": {"imported": True}}))
    assert (found.code, found.hint) == ("E532", "it is a fact of a fee line: lines[…].facts.imported")
    line = {"category": "bed", "amount": 1, "facts": {"rural": True}}
    found = refusal(encode, program(own("rural", "flag", default=False)), claim({"lines": [line]}))
    assert (found.code, found.field) == ("E532", "lines[0].facts.rural")
    assert found.hint == "it is a fact of the claim: facts.rural"
    assert found.expected == "no facts"
    line = {"category": "bed", "amount": 1, "facts": {"importd": True}}
    found = refusal(encode, program(on_line), claim({"lines": [line]}))
    assert (found.expected, found.hint) == ("one of imported", "did you mean `imported`?")


def test_a_declared_fact_that_this_program_does_not_read_may_be_stated() -> None:
    made = program(declared=(own("rural", "flag"), own("ward", "code", values=("north",))))
    assert encode(made, claim({"facts": {"ward": "north"}, "person": {"tags": ["rural"]}})).inputs == ()


def test_an_unknown_tag_is_refused_with_a_hint() -> None:
    found = cannot(person={"tags": ["registred_poor"]})
    assert (found.code, found.hint) == ("E533", "did you mean `registered_poor`?")
    assert found.message == "person.tags: neither the glossary nor the rule file knows the tag `registred_poor`"
    assert "registered_poor (建档立卡贫困人口)" in found.expected
    assert cannot(person={"tags": ["低保对像"]}).hint == "did you mean `低保对象`?"
    assert read(own("rural", "flag", default=False), person={"tags": ["retired"]}) == (False,)


def test_what_was_paid_elsewhere_is_read_or_refused() -> None:
    paid = [{"payer": "critical_illness", "amount": "5.00"}]
    elsewhere = ir.InputDecl("elsewhere.critical_illness", "money", low=0, default=0)
    assert read(elsewhere, paid_elsewhere=paid) == (500,)
    assert read(elsewhere) == (0,)
    found = cannot(ir.InputDecl("elsewhere.employer", "money", low=0), paid_elsewhere=paid)
    assert (found.code, found.field) == ("E534", "paid_elsewhere[0].payer")
    assert found.expected == "one of employer (企业补充医疗保险)"
    assert "`critical_illness`" in found.message


def test_a_claim_in_another_currency() -> None:
    found = refusal(encode, program(), claim({"currency": "USD"}))
    assert (found.code, found.message) == ("E537", "currency: the claim is in USD, the rule file counts in CNY")


def test_an_encoder_is_prepared_once_and_gives_the_same() -> None:
    made = program("scheme", "amount", "days_of_stay")
    prepared = encoder(made)
    for change in ({}, {"encounter": {"discharge_date": "2017-05-02"}}):
        assert prepared(claim(change)) == encode(made, claim(change))
    assert refusal(prepared, claim({"currency": "USD"})).code == "E537"
    assert Claim.model_validate(changed("total", "1250.50", SOUND)).total_minor == 125050
