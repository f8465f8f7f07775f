"""What a run takes and what it refuses: rows, people, windows, what earlier runs have counted."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from policyengine import Claim, Standing, load, settle, settle_run
from policyengine.analysis import is_summed
from policyengine.report.data import json_text, settlement_data
from policyengine.runs import Written
from tests.runs.support import YEAR, book, refusals, row, settled

HOUSEHOLD = YEAR.replace("each: member", "each: household")
MONTH = YEAR.replace("over: calendar_year, after: year_end", "over: month, after: month_end")


def test_one_settlement_for_each_member(tmp_path: Path) -> None:
    # p1: 8 % × 1,500 = 120, at most 100; p2: 8 % × 250 = 20
    made = settled(book(tmp_path), row("a", "1000.00"), row("b", "250.00", person={"id": "p2"}), row("c", "500.00"))
    assert {s.claim.person.id: s.split["pooled_fund"] for s in made.settlements} == {"p1": 100, "p2": 20}
    assert [s.claim.id for s in made.settlements] == ["c/2016", "b/2016"]
    assert (made.of.window, str(made.of.day), made.of.rows) == ("2016", "2016-12-31", 3)
    assert made.spent() == made.spent("pooled_fund") == 12000


def test_the_amounts_of_all_rows_together_are_bounded(tmp_path: Path) -> None:
    """A sum over rows is within the most that a claim may be, whatever a single row may be; a count of rows is not."""
    inputs = {d.name: is_summed(d) for d in book(tmp_path).programs[0].inputs if d.domain == "row"}
    assert inputs["own"]


WRONG: tuple[tuple[str, tuple[Any, ...], str, str], ...] = (
    ("no row", (), "E578", "there is no row"),
    ("a field too few", (row(fields={}),), "E577", "the row does not say `own`"),
    ("a field too many", (row(fields={"own": "1", "owe": "2"}),), "E577", "the run has no field `owe`"),
    ("no amount", (row(own="much"),), "E577", "`own` is no amount"),
    ("below zero", (row(own="-1.00"),), "E577", "`own` is below zero"),
    ("another currency", (row(currency="USD"),), "E577", "the row is in USD, the run counts in CNY"),
    ("twice", (row(), row()), "E578", "`s1` stands 2 times"),
    ("two years", (row(), row("s2", day="2017-01-01")), "E578", "several windows: 2016, 2017"),
    ("born twice", (row(person={"birth_date": "1950-01-01"}), row("s2", person={"birth_date": "1951-01-01"})), "E578",
     "the birth date is not that of s1"),
    ("two last rows", (row(), row("s2", person={"tags": []})), "E578", "`registered_poor` differs between s1 and s2"),
    ("too much", (row(own="900000000.00"), row("s2", "900000000.00")), "E577", "sums to more"),
)  # fmt: skip


@pytest.mark.parametrize(("rows", "code", "message"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG])
def test_what_is_refused(tmp_path: Path, rows: tuple[Any, ...], code: str, message: str) -> None:
    (found,) = refusals(book(tmp_path), *rows)
    assert found.code == code
    assert message in found.message


@pytest.mark.parametrize("window", ["2016-10", "16", "next", "二〇一六"])
def test_a_window_that_is_none(tmp_path: Path, window: str) -> None:
    (found,) = refusals(book(tmp_path), row(), window=window)
    assert (found.code, found.expected) == ("E578", "a year such as 2017")


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    found = refusals(book(tmp_path), row(fields={}), row("s2", currency="USD"), row("s3", fields={"own": "1", "o": 2}))
    assert [d.code for d in found] == ["E577"] * 3


def test_the_last_claim_of_the_window_speaks(tmp_path: Path) -> None:
    rules = book(tmp_path)
    earlier, later = row("a", day="2016-01-05", person={"tags": []}), row("b", day="2016-02-01")
    after = row("c", day="2017-02-01", person={"tags": []})
    made = settled(rules, later, earlier, after, window="2016")
    assert made.settlements[0].split["pooled_fund"] == 100
    assert (made.of.rows, made.of.outside) == (2, 1)
    first_of_day, last_of_day = row("a", person={"tags": []}, sequence=2), row("b", sequence=1)
    assert settled(rules, first_of_day, last_of_day).settlements[0].split["pooled_fund"] == 0


def test_what_is_handed_in_speaks_louder(tmp_path: Path) -> None:
    people = [Standing.model_validate({"person": {"id": name, "tags": []}}) for name in ("p1", "p7")]
    made = settled(book(tmp_path), row(), people=people)
    assert made.settlements[0].split["pooled_fund"] == 0
    assert made.of.without == 1
    assert refusals(book(tmp_path), row(), people=[people[0], people[0]])[0].code == "E578"


def test_facts_and_tags_of_other_rule_sets_are_left_behind(tmp_path: Path) -> None:
    tagged = row(person={"tags": ["registered_poor", "pilot_village"]}, facts={"deposit": "100"})
    assert settled(book(tmp_path), tagged).settlements[0].split["pooled_fund"] == 80


def test_a_household_is_settled_together(tmp_path: Path) -> None:
    rules = book(tmp_path, HOUSEHOLD)
    mother, child = ({"id": name, "household": "h1"} for name in ("p1", "p2"))
    made = settled(rules, row("a", "300.00", person=mother), row("b", "400.00", person=child))
    assert [s.split["pooled_fund"] for s in made.settlements] == [56]
    assert refusals(rules, row("a"))[0].message == "the run is for each household, but the row states none"
    (found,) = refusals(rules, row("a", person=mother), row("b", person={**child, "tags": []}))
    assert "`registered_poor` differs between a and b, members of one household" in found.message


def test_windows_of_months_end_on_their_last_day(tmp_path: Path) -> None:
    rules = book(tmp_path, MONTH)
    for day, window, end in (("2016-02-29", "2016-02", "2016-02-29"), ("2016-12-01", "2016-12", "2016-12-31")):
        made = settled(rules, row(day=day))
        assert (made.of.window, str(made.of.day)) == (window, end)


def test_a_year_may_start_in_july(tmp_path: Path) -> None:
    text = YEAR.replace("over: calendar_year", "over: insured").replace(
        "parts:", "windows: {insured: {kind: year, starts: 07-01}}\nparts:"
    )
    made = settled(book(tmp_path, text), row(day="2017-06-30"))
    assert (made.of.window, str(made.of.day)) == ("2016", "2017-06-30")


def test_a_window_is_settled_once_and_windows_in_order(tmp_path: Path) -> None:
    rules = book(tmp_path, MONTH)
    october = settled(rules, row())
    again = refusals(rules, row("s9"), history=october.history)
    assert [(d.code, d.message) for d in again] == [("E579", "2016-10 was settled for them by an earlier run")]
    september = row("s0", day="2016-09-30")
    (late,) = refusals(rules, september, history=october.history)
    assert (late.code, late.hint) == ("E579", "settle windows in order")
    assert settled(rules, row("s9", person={"id": "p2"}), history=october.history).settlements
    assert settled(rules, row("s9", day="2016-11-01"), history=october.history).settlements


def test_meters_of_a_run_are_carried_from_run_to_run(tmp_path: Path) -> None:
    text = MONTH.replace("ceiling: 100元}", "ceiling: 100元, meter: paid}").replace(
        "parts:", "meters: {paid: {counts: second.paid, in: calendar_year}}\nparts:"
    )
    rules, history, paid = book(tmp_path, text), None, []
    for month in ("01", "02", "03"):
        made = settled(rules, row(f"s{month}", "750.00", day=f"2016-{month}-10"), history=history)
        history = type(made.history).model_validate_json(made.history.model_dump_json())
        paid.append(made.settlements[0].split["pooled_fund"])
    assert paid == [60, 40, 0]


def test_a_history_of_another_rule_set_is_refused(tmp_path: Path) -> None:
    other = settled(book(tmp_path, YEAR), row()).history.model_copy(update={"ruleset": "another"})
    assert refusals(book(tmp_path), row("s2"), history=other)[0].code == "E558"


GROUPED = """\
ruleset: grouped
run: {each: member, over: calendar_year, after: year_end}
rows:
  of: given
  bill: own
  group_by: [hospital]
  fields: {own: {type: money}, stays: {type: count}, hospital: {type: id}}
parts: [in_scope]
layers: [{id: second, payer: pooled_fund, on: in_scope}]
provisions: [{id: many, layer: second, pay: sum(own where stays >= 2)}]
"""


def test_rows_are_added_up_by_group(tmp_path: Path) -> None:
    rules = book(tmp_path, GROUPED)
    rows = [
        row(name, fields={"own": own, "stays": 1, "hospital": hospital})
        for name, own, hospital in (("a", "100.00", "x"), ("b", "30.00", "y"), ("c", "20.50", "x"))
    ]
    (made,) = settle_run(rules, rows).settlements
    assert [line.amount for line in made.claim.lines] == [Decimal("120.50"), Decimal("30.00")]
    assert made.split["pooled_fund"] == Decimal("120.50")


def test_a_row_about_less_than_nothing_is_refused(tmp_path: Path) -> None:
    text = YEAR.replace("bill: own", "bill: own - 1元")
    (found,) = refusals(book(tmp_path, text), row(own="0.99"))
    assert (found.code, found.message) == ("E577", "the bill of the row is -0.01")


# -- settlements as rows -----------------------------------------------------------------------------------------------

SHANXI = "cn/shanxi/136"
OF_SHANXI = """\
ruleset: of_shanxi
run: {each: member, over: calendar_year, after: year_end}
rows:
  of: cn/shanxi/136
  bill: own
  fields:
    own: {type: money, from: patient_total}
    total: {type: money, from: bill}
    funds: {type: money, from: fund_total}
    in_scope_own: {type: money, from: own_in_scope}
    pool: {type: money, from: payer.pooled_fund}
    threshold: {type: money, from: reason.deductible}
    gross: {type: money, from: part.in_scope}
    basic_paid: {type: money, from: step.basic.paid}
    rate: {type: rate, from: step.basic_share}
    scope_amount: {type: money, from: national.inscp_scp_amt}
    poor: {type: flag, from: fact.registered_poor}
    place: {type: code, from: fact.tier}
    hospital: {type: id, from: fact.hospital_id}
parts: [in_scope]
layers: [{id: second, payer: pooled_fund, on: in_scope}]
provisions: [{id: share, layer: second, fund_share: 10%}]
"""


def stay(**changes: Any) -> Claim:
    return Claim.model_validate({
        "id": "c1", "person": {"id": "p1", "scheme": "resident", "tags": ["registered_poor"]},
        "encounter": {"care_type": "inpatient", "discharge_date": "2018-03-09", "area": "within_county",
                      "hospital": {"id": "h1", "grade": "secondary_a", "tier": "county"}},
        "lines": [{"category": "treatment", "catalogue_class": "a", "amount": "27000.00"},
                  {"category": "material", "catalogue_class": "c", "amount": "3000.00"}],
        **changes,
    })  # fmt: skip


def written(trace: bool, **changes: Any) -> Written:
    """The settlement of the stay as JSON says it."""
    import json

    data = json.loads(json_text(settlement_data(settle(load(SHANXI), stay()), trace)))
    return Written.model_validate({**data, **changes})


def test_a_settlement_is_the_same_row_as_object_and_as_json(tmp_path: Path) -> None:
    # D-3: basic 19,950; 1,537.50; 4,512.50 over the cap; supplement 2,550; person 1,450, of which 1,000 in scope
    rules = book(tmp_path, OF_SHANXI)
    one = settle_run(rules, [settle(load(SHANXI), stay())])
    two = settle_run(rules, [written(trace=True)])
    assert one.settlements[0].claim == two.settlements[0].claim
    facts = one.settlements[0].claim.lines[0].facts
    assert facts == {
        "own": "1450.00", "total": "30000.00", "funds": "28550.00", "in_scope_own": "1000.00", "pool": "24462.50",
        "threshold": "400.00", "gross": "27000.00", "basic_paid": "19950.00", "rate": "75%", "scope_amount": "27000.00",
        "poor": True, "place": "county",
    }  # fmt: skip
    assert one.settlements[0].split == {"pooled_fund": Decimal("145.00"), "patient": Decimal("1305.00")}


@pytest.mark.parametrize(
    ("record", "message"),
    [
        (written(trace=False), "the settlement has no step `in_scope.gross`"),
        (written(trace=True, ruleset="cn/shanxi/137"), "the settlement was made by cn/shanxi/137"),
        (written(trace=True, total="30000.01"), "the split does not sum to the total of 30000.01"),
    ],
    ids=["no trace", "another rule set", "does not sum"],
)
def test_a_written_settlement_that_the_run_cannot_take(tmp_path: Path, record: Written, message: str) -> None:
    text = OF_SHANXI.replace("    basic_paid: {type: money, from: step.basic.paid}\n", "")
    (found,) = refusals(book(tmp_path, text), record)
    assert found.code == "E577"
    assert message in found.message


def test_a_fact_that_the_claim_does_not_state(tmp_path: Path) -> None:
    encounter = {**stay().encounter.model_dump(mode="json"), "hospital": {"grade": "secondary_a", "tier": "county"}}
    (found,) = refusals(book(tmp_path, OF_SHANXI), settle(load(SHANXI), stay(encounter=encounter)))
    assert "the claim does not state `hospital_id`" in found.message
