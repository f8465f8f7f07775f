"""The smallest claims that come out otherwise, worked out by hand."""

from __future__ import annotations

import pytest

from policyengine.difference import Difference, Goal, Side, Witness, compare, side_of
from policyengine.difference.bench import PATIENT
from tests.difference.towns import TOWN, changed, side

DIFFERS = Goal("differs")
MORE, LESS = Goal("more", PATIENT), Goal("less", PATIENT)


def against(*edits: tuple[str, str]) -> Difference:
    return compare(side(TOWN), changed(*edits))


def witness(found: Difference, goal: Goal) -> Witness | None:
    return next((one for one in found.witnesses if one.goal == goal), None)


def bill(found: Difference, goal: Goal = DIFFERS) -> int | None:
    one = witness(found, goal)
    return None if one is None else one.bill


def test_a_higher_ceiling_shows_at_the_first_fen_above_the_lower_one() -> None:
    """(10,766.68 − 100) × 75 % = 8,000.01; one fen less of the bill, and 8,000.0025 are 8,000.00 under either."""
    found = against(("top: 8000元", "top: 10000元"))
    one = witness(found, DIFFERS)
    assert one is not None
    assert (one.bill, one.claims) == (10_766_68, 1)
    assert one.amounts()["pooled_fund"] == (8_000_00, 8_000_01)
    assert one.amounts()["patient"] == (2_766_68, 2_766_67)
    assert bill(found, LESS) == bill(found, Goal("more", "pooled_fund")) == 10_766_68


def test_nobody_loses_by_a_higher_ceiling() -> None:
    found = against(("top: 8000元", "top: 10000元"))
    assert witness(found, MORE) is None
    assert found.different


def test_where_the_reckonings_part_stands_the_provision() -> None:
    one = witness(against(("deductible: 100元, cite", "deductible: 200元, cite")), MORE)
    assert one is not None
    assert one.parted[0].step.name == "start"
    assert [cite.source for cite in one.parted[0].step.cites] == ["notice"]


def test_a_higher_deductible_costs_the_patient_from_the_first_fen_that_was_paid() -> None:
    """75 % of one fen is 0.75, rounded 1; the city pays 0.5, rounded 1. So 100.01 is the first bill with a payment."""
    assert bill(against(("deductible: 100元, cite", "deductible: 200元, cite")), MORE) == 100_01


def test_a_higher_share_shows_where_rounding_first_tells_them_apart() -> None:
    """k fen above 100 yuan: 75 % and 80 % round to 1 and 1, 2 and 2, 2 and 2, 3 and 3, 4 and 4, 5 and 5, 5 and 6."""
    found = against(("[县级, 75%]", "[县级, 80%]"))
    assert bill(found) == 100_07


def test_payers_in_another_order() -> None:
    """Up to the deductible the fund pays nothing either way. Of 100.01 the fund first: 0.01, then half of 100.00; the
    assistance first: half of 100.01, which is 50.01, and nothing above the deductible is left for the fund."""
    basic = "  - {id: basic, payer: pooled_fund, on: in_scope, cite: notice}\n"
    second = "  - {id: second, payer: medical_assistance, on: in_scope, when: registered_poor}\n"
    one = witness(against((basic + second, second + basic)), DIFFERS)
    assert one is not None
    assert one.bill == 100_01
    assert one.amounts()["medical_assistance"] == (50_00, 50_01)
    assert one.facts[0]["registered_poor"] is True


def test_renamed_ids_are_proved_to_change_nothing() -> None:
    found = against(("basic", "main"), ("paid", "used_up"), ("main.used_up", "main.paid"), ("{id: start", "{id: entry"))
    assert found.proved_alike
    assert not found.different
    assert {change.kind for change in found.law} == {"renamed"}


def test_a_condition_that_always_holds_is_not_proved_and_not_called_equal() -> None:
    found = against(("deductible: 100元, cite", "deductible: 100元, when: bill >= 0元, cite"))
    assert not found.proved_alike
    assert not found.witnesses
    assert [trial.differs for trial in found.trials] == [False]
    assert found.trials[0].taken == found.trials[0].combinations
    assert found.trials[0].lives


def test_a_claim_that_only_one_of_them_settles() -> None:
    found = against(("- [市级|省级, 50%]", "- [市级|省级, 50%]\n      - [乡镇级, 90%]"))
    one = witness(found, Goal("only_new"))
    assert one is not None
    assert one.facts[0]["tier"] == "township"
    assert one.old.refused is not None
    assert one.old.refused.code == "E560"
    assert witness(found, Goal("only_old")) is None


def test_a_ceiling_of_the_year_against_one_of_the_stay_takes_two_claims() -> None:
    """One stay never shows it. The first stay uses up the ceiling of the year but for what the second one is short of;
    no two stays whose bills come to less do: payments of 8,000.01 take (8,000.01 ÷ 75 %) and twice the deductible."""
    found = against((", meter: paid}", "}"))
    one = witness(found, DIFFERS)
    assert one is not None
    assert one.claims == 2
    assert not any(w.claims == 1 for w in found.witnesses)
    total = sum(int(said["lines"][0]["amount"].replace(".", "")) for said in one.new.documents)
    assert total >= 10_866_67


def test_a_counter_for_each_tier() -> None:
    """山西 136: at 三级甲等 the first 1,000 yuan are the deductible. One counter has them use up the 1,000
    that a stay in a county hospital allows, a counter for each tier does not."""
    found = compare(side_of("cn/shanxi/136"), side_of("examples/shanxi_136_counter_per_tier"))
    one = witness(found, MORE)
    assert one is not None
    assert one.claims == 2
    assert sum(int(said["lines"][0]["amount"].replace(".", "")) for said in one.new.documents) == 1_000_01


def test_the_county_of_raohe_and_its_city() -> None:
    """The rural poor are paid 75 %: (13,833.34 − 500) × 75 % = 10,000.005, rounded a fen above the ceiling of 10,000;
    of 13,833.33 it is 9,999.9975. Everybody else is paid 70 %, and meets the ceiling later."""
    one = witness(
        compare(*(side_of(f"cn/heilongjiang/shuangyashan{name}@2016-06-01") for name in ("", "/raohe"))), MORE
    )
    assert one is not None
    assert one.bill == 13_833_34
    assert one.amounts()["pooled_fund"] == (10_000_01, 10_000_00)
    assert one.parted[0].step.name == "county_ceiling"


def test_a_deposit_that_only_one_of_them_asks_for() -> None:
    """友谊: 在大部分乡镇定点医疗机构 – in most, so that an institution may be one that asks for it."""
    found = compare(*(side_of(f"cn/heilongjiang/shuangyashan{name}@2016-06-01") for name in ("", "/youyi")))
    one = witness(found, Goal("more", "deposit"))
    assert one is not None
    old, new = one.amounts()["deposit"]
    assert not old
    assert new


def test_sums_that_somebody_has_decided_on_elsewhere() -> None:
    found = compare(side_of("cn/sichuan/ziyang"), side_of("cn/sichuan/ziyang/yanjiang"))
    one = witness(found, LESS)
    assert one is not None
    assert one.new.documents[0]["paid_elsewhere"]


def test_periods_for_which_only_one_has_a_version() -> None:
    until: Side = side(TOWN.replace("parts:", "valid: {from: 2015-01-01, to: 2020-01-01}\nparts:", 1))
    found = compare(until, side(TOWN.replace("parts:", "valid: {from: 2018-01-01}\nparts:", 1)))
    assert [(one.which, one.valid[0] and one.valid[0].year) for one in found.alone] == [("old", 2015), ("new", 2020)]
    assert not found.proved_alike
    assert found.different


RUN = """\
ruleset: town
valid: {from: 2019-01-01}
run: {each: member, over: calendar_year, after: year_end}
rows:
  of: given
  bill: due
  fields: {due: {type: money}, kind: {type: code, values: [first, second]}, ward: {type: id}}
parts: [in_scope]
layers: [{id: help, payer: medical_assistance, on: in_scope, assumed: made up}]
provisions:
  - {id: share, layer: help, fund_share: 90% if destitute else 70%, when: sum(due) > 100元, assumed: made up}
"""


def test_two_runs_differ_by_the_rows_of_a_member() -> None:
    """Help begins with 100.01: 90 % of it are 90.01, and 85 % 85.01. Nothing but the tag matters."""
    found = compare(side(RUN), side(RUN.replace("90%", "85%")))
    one = witness(found, MORE)
    assert one is not None
    assert (one.bill, one.amounts()["medical_assistance"]) == (100_01, (90_01, 85_01))
    (row,) = one.new.rows
    assert (str(row.day), row.person.tags) == ("2019-01-01", {"destitute"})
    assert row.fields == {"due": "100.01", "kind": "first", "ward": "ward_1"}


def test_a_run_is_proved_to_be_like_itself() -> None:
    for name in ("cn/heilongjiang/shuangyashan/raohe/second_compensation", "cn/yunnan/yuanmou/monthly_advance"):
        found = compare(side_of(name), side_of(name))
        assert (found.untried, found.law, found.different, found.proved_alike) == ("", (), False, True)


def test_a_run_is_tried_against_a_run_over_the_same_rows_alone() -> None:
    kept = compare(side(RUN), side(RUN.replace("calendar_year", "month").replace("year_end", "month_end")))
    assert (kept.untried, kept.different) == ("run", True)
    assert compare(side(RUN), side(TOWN)).untried == "run"


@pytest.mark.parametrize("one", ["more", "less"])
def test_both_sides_mirror_each_other(one: str) -> None:
    there = against(("top: 8000元", "top: 10000元"))
    back = compare(changed(("top: 8000元", "top: 10000元")), side(TOWN))
    other = {"more": "less", "less": "more"}[one]
    assert bill(there, Goal(one, PATIENT)) == bill(back, Goal(other, PATIENT))
