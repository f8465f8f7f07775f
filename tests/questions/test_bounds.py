"""Facts that are missing: between what amounts a claim lies, and what matters most. Figures by hand beside them."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from policyengine import Claim, ClaimError, History, bounds, load, settle
from policyengine.questions import Bounds, Option, Place
from policyengine.rulebook import Rulebook
from tests.cli.runner import json_lines, run
from tests.questions.test_why_not import RAOHE, STAY, enrolled

RULES = """\
ruleset: missing
title: {zh: 缺失, en: Missing}
valid: {from: 2020-01-01}
parts: [own_expense, in_scope]
facts:
  years_enrolled: {type: count}
  household_income: {type: money}
  bonus: {type: money, high: 100元, default: 0元}
  disease: {values: {dialysis: 透析}}
meters:
  spent: {counts: basic.paid, per: [disease], in: calendar_year}
tables:
  by_grade:
    keys: [hospital_grade]
    columns: [share]
    rows: [["三级甲等|三级乙等", 50%], ["二级甲等|二级乙等|二级丙等", 60%]]
    gaps: two levels only
    assumed: made up for this example
layers:
  - {id: basic, payer: pooled_fund, on: in_scope, assumed: made up for this example}
  - {id: aid, payer: medical_assistance, on: in_scope, when: household_income < 5000元, assumed: made up}
provisions:
  - {id: outside, classify: class == 丙, to: own_expense, assumed: made up for this example}
  - {id: share, layer: basic, fund_share: by_grade.share, assumed: made up for this example}
  - {id: older, adjust: share, when: age >= 60, add: 10pp, assumed: made up for this example}
  - {id: loyal, adjust: share, when: years_enrolled > 10 and referred, add: 5pp, assumed: made up for this example}
  - {id: half, layer: aid, fund_share: 50%, assumed: made up for this example}
  - {id: extra, layer: aid, pay: bonus, assumed: made up for this example}
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    home = tmp_path_factory.mktemp("rules") / "missing"
    home.mkdir()
    (home / "ruleset.yaml").write_text(RULES, encoding="utf-8")
    return load(home)


KNOWN: dict[str, Any] = {
    "age": ("person", "birth_date", "1980-01-01"), "hospital_grade": ("hospital", "grade", "secondary_a"),
    "years_enrolled": ("facts", "years_enrolled", 3), "household_income": ("facts", "household_income", "9000"),
    "referred": ("encounter", "referred", False),
}  # fmt: skip


def claim(*unknown: str, **fields: Any) -> dict[str, Any]:
    """A stay of 1,000: secondary, 44 years, three years enrolled, an income of 9,000, but for what is unknown."""
    hospital: dict[str, Any] = {}
    made: dict[str, Any] = {
        "id": "c1", "person": {"id": "p1"}, "facts": {},
        "encounter": {"care_type": "inpatient", "discharge_date": "2024-03-05", "hospital": hospital},
        "lines": [{"category": "bed", "catalogue_class": "a", "amount": "1000"}],
    }  # fmt: skip
    for fact, (part, field, value) in KNOWN.items():
        if fact not in unknown:
            {**made, "hospital": hospital}[part][field] = value
    return {**made, **({"unknown": list(unknown)} if unknown else {}), **fields}


def found(book: Rulebook, *unknown: str, **fields: Any) -> Bounds:
    return bounds(book, Claim.model_validate(claim(*unknown, **fields)))


def ends(found: Bounds) -> tuple[str, str]:
    return str(found.payable.low), str(found.payable.high)


def codes(action: Callable[[], object]) -> list[str]:
    with pytest.raises(ClaimError) as caught:
        action()
    return [d.code for d in caught.value.diagnostics]


# -- by hand ---------------------------------------------------------------------------------------------------------


def test_two_flags_of_raohe_by_hand() -> None:
    # not poor: (2,610 - 500) x 70 % = 1,477. Poor: x 75 % = 1,582.50. Poor with certificate: 10 + 120 are waived,
    # (2,480 - 500) x 75 % = 1,485: 1,615 in all.
    data = {**STAY, "unknown": ["registered_poor", "certificate_shown"]}
    told = bounds(load(RAOHE), Claim.model_validate(data))
    assert ends(told) == ("1477.00", "1615.00")
    pool, patient = told.payers["pooled_fund"], told.payers["patient"]
    assert (str(pool.low), str(pool.high)) == ("1477.00", "1582.50")
    assert (str(patient.low), str(patient.high)) == ("995.00", "1133.00")
    assert dict(pool.at_high) == {Place("registered_poor"): Option(True), Place("certificate_shown"): Option(False)}
    # known poor: 32.50 are left of 138; known not poor: nothing
    assert [(m.place.fact, m.relevant, str(m.narrows)) for m in told.missing] == [
        ("registered_poor", True, "105.50"), ("certificate_shown", True, "0.00"),
    ]  # fmt: skip
    assert not told.settled


def test_the_tag_of_the_136_by_hand() -> None:
    # demo/shanxi_136.json: the patient pays 1,450 registered as poor and 10,050 otherwise, of 30,000
    data = json.loads(Path("demo/shanxi_136.json").read_text(encoding="utf-8"))
    data["person"]["tags"], data["unknown"] = [], ["建档立卡贫困人口"]
    assert ends(bounds(load("cn/shanxi/136"), Claim.model_validate(data))) == ("19950.00", "28550.00")


def test_an_age_stands_for_its_range(book: Rulebook) -> None:
    # 60 %, from 60 on 70 %
    told = found(book, "age")
    assert (ends(told), told.combinations) == (("600.00", "700.00"), 2)
    assert dict(told.payable.at_high) == {Place("age"): Option(60, 10_000)}
    assert [(m.cases, str(m.narrows)) for m in told.missing] == [(2, "100.00")]


def test_an_amount_that_is_only_compared_is_cut_at_its_edges(book: Rulebook) -> None:
    # below 5,000 half of the 400 that are left
    told = found(book, "household_income")
    assert ends(told) == ("600.00", "800.00")
    assert dict(told.payable.at_high)[Place("household_income")] == Option(0, 5000_00 - 1)


def test_two_facts_of_which_neither_matters_alone(book: Rulebook) -> None:
    # 5 points of 1,000 for both
    told = found(book, "years_enrolled", "referred")
    assert ends(told) == ("600.00", "650.00")
    assert {m.place.fact: (m.relevant, str(m.narrows)) for m in told.missing} == {
        "years_enrolled": (True, "0.00"), "referred": (True, "0.00"),
    }  # fmt: skip


def test_a_fact_that_changes_nothing_is_irrelevant(book: Rulebook) -> None:
    # read, and idle while the enrolment is known to be short; and one that these rules never read
    told = found(book, "referred", "orphan", "age")
    assert [(m.place.fact, m.relevant) for m in told.missing] == [("age", True), ("referred", False), ("orphan", False)]
    assert found(book, "referred").settled


def test_a_class_of_a_fee_line(book: Rulebook) -> None:
    lines = [{"category": "bed", "catalogue_class": "a", "amount": "600"},
             {"category": "other", "amount": "400", "unknown": ["catalogue_class"]}]  # fmt: skip
    told = found(book, lines=lines)
    # class 丙 is paid by nobody: 60 % of 600, else 60 % of 1,000
    assert ends(told) == ("360.00", "600.00")
    assert dict(told.payable.at_low) == {Place("catalogue_class", 1): Option("c")}


def test_cases_without_a_row_are_counted_and_told(book: Rulebook) -> None:
    told = found(book, "hospital_grade")
    assert ends(told) == ("500.00", "600.00")
    # five of the ten grades have a row
    assert (told.combinations, told.refused) == (10, 5)
    assert told.refusal is not None
    assert told.refusal.code == "E560"
    assert not told.settled


def test_a_grade_that_is_unknown_fits_the_level_that_is_stated(book: Rulebook) -> None:
    data = claim("hospital_grade")
    data["encounter"]["hospital"] = {"level": "secondary"}
    told = bounds(book, Claim.model_validate(data))
    assert (ends(told), told.combinations, told.refused) == (("600.00", "600.00"), 3, 0)
    assert told.settled


def test_if_no_case_has_a_row_the_claim_is_refused(book: Rulebook) -> None:
    data = claim("hospital_grade")
    data["encounter"]["hospital"] = {"level": "primary"}
    assert codes(lambda: bounds(book, Claim.model_validate(data))) == ["E560"]


# -- the ends are attained, nothing lies outside ---------------------------------------------------------------------


def test_every_settlement_with_the_facts_stated_lies_between_the_ends(book: Rulebook) -> None:
    told = found(book, "age", "referred", "years_enrolled", "household_income")
    payable = []
    for born, referred, years, income in product(
        ("1930-01-01", "1964-03-05", "1964-03-06", "2020-01-01"),
        (True, False),
        (0, 10, 11, 40),
        ("0", "4999.99", "5000"),
    ):
        data = claim(facts={"years_enrolled": years, "household_income": income})
        data["person"]["birth_date"], data["encounter"]["referred"] = born, referred
        settlement = settle(book, Claim.model_validate(data))
        payable.append(settlement.total - settlement.split["patient"])
    assert (min(payable), max(payable)) == (told.payable.low, told.payable.high)


def test_a_claim_without_unknown_facts_lies_at_one_point(book: Rulebook) -> None:
    told = found(book)
    assert (ends(told), told.missing, told.combinations) == (("600.00", "600.00"), (), 1)
    assert told.settled


def test_history_counts() -> None:
    # 9,000 of the ceiling of 10,000 are used: 1,000 are left, whether five points more or not
    book = load(RAOHE)
    row = {
        "meter": "county_inpatient_paid",
        "scope": {"person_id": "p1"},
        "window": "2016",
        "value": "9000.00",
        "kind": "money",
    }
    history = History.model_validate({"accumulators": [row]})
    told = bounds(book, Claim.model_validate({**STAY, "unknown": ["registered_poor"]}), history)
    assert (str(told.payers["pooled_fund"].low), str(told.payers["pooled_fund"].high)) == ("1000.00", "1000.00")


# -- wrong input -----------------------------------------------------------------------------------------------------


def test_settle_refuses_with_a_hint(book: Rulebook) -> None:
    with pytest.raises(ClaimError) as caught:
        settle(book, Claim.model_validate(claim("age")))
    (found,) = caught.value.diagnostics
    assert (found.code, found.field) == ("E592", "unknown")
    assert "bounds(ruleset, claim)" in found.hint


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (claim(unknown=["age"]), "E588"),
        (claim(unknown=["care_type"]), "E588"),
        (claim(unknown=["years_enrolled"]), "E588"),
        (claim(person={"id": "p1", "tags": ["orphan"]}, unknown=["orphan"]), "E588"),
        (claim(unknown=["total_charge"]), "E588"),
        (claim(unknown=["catalogue_class"]), "E589"),
        (claim(lines=[{"category": "bed", "amount": "5", "unknown": ["referred"]}]), "E589"),
        (claim(lines=[{"category": "bed", "amount": "5", "catalogue_class": "a", "unknown": ["目录类别"]}]), "E588"),
        (claim(unknown="age"), "E508"),
        (claim(unknown=[5]), "E508"),
    ],
)  # fmt: skip
def test_what_a_claim_may_not_say_to_be_unknown(data: dict[str, Any], code: str) -> None:
    assert codes(lambda: Claim.model_validate(data)) == [code]


def test_what_has_no_cases_is_refused_by_name(book: Rulebook) -> None:
    with pytest.raises(ClaimError) as caught:
        found(book, "bonus", "disease", "regional")
    assert [(d.code, d.field) for d in caught.value.diagnostics] == [
        ("E593", "unknown.bonus"), ("E593", "unknown.disease"), ("E594", "unknown.regional"),
    ]  # fmt: skip
    assert "`bonus`" in caught.value.diagnostics[0].message


def test_what_follows_from_days_that_are_stated_is_not_unknown() -> None:
    data = {**enrolled("2023-12-03"), "unknown": ["days_enrolled"]}
    with pytest.raises(ClaimError) as caught:
        bounds(load("examples/enrolment"), Claim.model_validate(data))
    assert [(d.code, d.field) for d in caught.value.diagnostics] == [("E588", "unknown.days_enrolled")]


def test_a_tag_that_is_almost_a_fact_has_a_hint(book: Rulebook) -> None:
    with pytest.raises(ClaimError, match="did you mean `orphan`"):
        found(book, "orphn")


def test_too_many_combinations_name_what_to_state() -> None:
    unknown = ["disease", "hospital_level", "tier", "area", "registered_poor", "certificate_shown", "referred",
               "designated", "subsistence", "destitute"]  # fmt: skip
    data: dict[str, Any] = {**STAY, "unknown": unknown, "encounter": {**STAY["encounter"], "hospital": {"id": "other"}}}
    del data["encounter"]["area"]
    with pytest.raises(ClaimError) as caught:
        bounds(load(RAOHE), Claim.model_validate(data))
    (found,) = caught.value.diagnostics
    assert found.code == "E595"
    assert found.hint.startswith("state disease (")


def test_a_round_trip_keeps_what_is_unknown(book: Rulebook) -> None:
    one = Claim.model_validate(claim("referred", "age"))
    assert Claim.model_validate_json(one.model_dump_json()) == one


# -- the command -----------------------------------------------------------------------------------------------------


def file_of(tmp_path: Path, *claims: dict[str, Any]) -> Path:
    file = tmp_path / "claims.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in claims), encoding="utf-8")
    return file


MISSED = {**STAY, "unknown": ["registered_poor", "certificate_shown"]}


def test_the_range_as_text(tmp_path: Path) -> None:
    result = run("settle", RAOHE, file_of(tmp_path, MISSED), "--bounds")
    assert (result.exit_code, result.stderr) == (1, "")
    lines = result.stdout.splitlines()
    assert lines[2].split() == ["payable", "in", "all", "1,477.00", "1,615.00"]
    assert "  registered poor: once known, the range narrows by 105.50 at least" in lines
    shown = run("settle", RAOHE, file_of(tmp_path, MISSED), "--bounds", "--lang", "zh").stdout
    assert "  建档立卡贫困人口：查明后范围至少缩小 105.50" in shown.splitlines()


def test_the_range_as_json_and_what_is_known_settled(tmp_path: Path) -> None:
    other = {**STAY, "id": "r2", "person": {**STAY["person"], "id": "p2"}}
    result = run("settle", RAOHE, file_of(tmp_path, MISSED, other), "--bounds", "--json")
    lies, settled = json_lines(result.stdout)
    assert result.exit_code == 1
    assert (lies["bounds"]["payable"]["low"], lies["bounds"]["payable"]["high"]) == ("1477.00", "1615.00")
    assert lies["bounds"]["missing"][0] == {
        "fact": "registered_poor", "line": None, "cases": 2, "relevant": True, "narrows": "105.50",
    }  # fmt: skip
    assert settled["split"]["pooled_fund"] == "1477.00"


def test_facts_that_change_nothing_leave_the_exit_code_fine(tmp_path: Path) -> None:
    result = run("settle", RAOHE, file_of(tmp_path, {**STAY, "unknown": ["subsistence"]}), "--bounds")
    assert result.exit_code == 0
    assert "irrelevant, it changes no amount" in result.stdout


def test_without_the_option_it_is_refused_at_its_place(tmp_path: Path) -> None:
    result = run("settle", RAOHE, file_of(tmp_path, MISSED))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "error[E592]" in result.stderr
    assert "--bounds" in result.stderr


def test_a_later_claim_of_the_member_waits(tmp_path: Path) -> None:
    result = run("settle", RAOHE, file_of(tmp_path, MISSED, {**STAY, "id": "r2"}), "--bounds")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "error[E565]" in result.stderr
