"""Options of the clauses, one after the other: what each makes of a small bill, worked by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from policyengine import Claim, RuleError, Settlement, load, settle
from policyengine.laws import broken

Bill = list[tuple[str, str]]
BASIC = "layers: [{id: basic, payer: pooled_fund, on: in_scope, cite: law}]\n"
TWO = """layers:
  - {id: basic, payer: pooled_fund, on: in_scope, cite: law}
  - {id: illness, payer: critical_illness, on: in_scope, cite: law}
"""


def settled(folder: Path, text: str, *bills: str | Bill, tags: tuple[str, ...] = ()) -> list[Settlement]:
    """Bills of one member, one after the other; a bill is the amount of one line, or lines with their class."""
    (folder / "plan").mkdir()
    head = "ruleset: plan\nsources: {law: {title: 样例办法}}\nparts: [own_expense, in_scope]\n"
    (folder / "plan" / "ruleset.yaml").write_text(head + text, encoding="utf-8")
    book, found, history = load(folder / "plan"), list[Settlement](), None
    for number, bill in enumerate(bills, 1):
        lines = [(bill, "a")] if isinstance(bill, str) else bill
        data: dict[str, Any] = {
            "id": f"c{number}",
            "person": {"id": "p", "household": "h", "tags": list(tags)},
            "encounter": {"care_type": "inpatient", "discharge_date": f"2017-{number:02d}-05"},
            "lines": [{"category": "other", "catalogue_class": c, "amount": a} for a, c in lines],
        }
        found.append(settle(book, Claim.model_validate(data), history))
        history = found[-1].history
        assert broken(found[-1]) == ()
    return found


def paid(found: list[Settlement], *payers: str) -> list[tuple[str, ...]]:
    return [tuple(str(s.split[payer]) for payer in payers) for s in found]


def clauses(*provisions: str) -> str:
    return "provisions:\n" + "".join(f"  - {{{p}, cite: law}}\n" for p in provisions)


# -- ceilings ----------------------------------------------------------------------------------------------------------


def test_a_ceiling_of_several_layers_is_shared(tmp_path: Path) -> None:
    """Together at most 600: 50 % of 1,000 are 500, and of the 250 of the second layer 100 are left."""
    text = TWO + clauses(
        "id: s1, layer: basic, fund_share: 50%", "id: s2, layer: illness, fund_share: 50%",
        "id: top, layer: [basic, illness], ceiling: 600元",
    )  # fmt: skip
    found = settled(tmp_path, text, "1000.00")
    assert paid(found, "pooled_fund", "critical_illness", "patient") == [("500.00", "100.00", "400.00")]


def test_a_ceiling_of_several_layers_with_a_meter_is_shared_over_the_window(tmp_path: Path) -> None:
    """At most 600 ever: 500 + 100 with the first claim, nothing with the second."""
    text = "meters: {all: {counts: [basic.paid, illness.paid], in: lifetime}}\n" + TWO + clauses(
        "id: s1, layer: basic, fund_share: 50%", "id: s2, layer: illness, fund_share: 50%",
        "id: top, layer: [basic, illness], ceiling: 600元, meter: all",
    )  # fmt: skip
    found = settled(tmp_path, text, "1000.00", "1000.00")
    assert paid(found, "pooled_fund", "critical_illness") == [("500.00", "100.00"), ("0.00", "0.00")]


def test_a_ceiling_of_several_layers_stands_where_the_first_is_off(tmp_path: Path) -> None:
    """The first layer is for the poor only; the second has the whole 600 for all others."""
    text = TWO.replace("pooled_fund, on: in_scope", "pooled_fund, on: in_scope, when: registered_poor") + clauses(
        "id: s1, layer: basic, fund_share: 50%", "id: s2, layer: illness, fund_share: 70%",
        "id: top, layer: [basic, illness], ceiling: 600元",
    )  # fmt: skip
    found = settled(tmp_path, text, "1000.00")
    assert paid(found, "pooled_fund", "critical_illness", "patient") == [("0.00", "600.00", "400.00")]


def test_a_limit_of_the_cost_looked_at_is_shared(tmp_path: Path) -> None:
    """800 of cost in all: the first layer looks at 600 (its own limit) and pays 300, the second at 200 and pays 100."""
    text = TWO + clauses(
        "id: own, layer: basic, ceiling: 600元, limits: base",
        "id: all, layer: [basic, illness], ceiling: 800元, limits: base",
        "id: s, layer: [basic, illness], fund_share: 50%",
    )  # fmt: skip
    found = settled(tmp_path, text, "1000.00")
    assert paid(found, "pooled_fund", "critical_illness", "patient") == [("300.00", "100.00", "600.00")]


@pytest.mark.parametrize(("bill", "fund"), [("1000.00", "300.00"), ("3000.00", "600.00")])
def test_of_several_ceilings_the_lowest_binds(tmp_path: Path, bill: str, fund: str) -> None:
    """600, or 30 % of the cost: 50 % of 1,000 is cut to 300, 50 % of 3,000 to 600."""
    text = BASIC + clauses(
        "id: s, layer: basic, fund_share: 50%", "id: a, layer: basic, ceiling: 600元",
        "id: b, layer: basic, ceiling: 30% of in_scope",
    )  # fmt: skip
    assert paid(settled(tmp_path, text, bill), "pooled_fund") == [(fund,)]


def test_a_ceiling_over_bands_is_converted_slice_by_slice(tmp_path: Path) -> None:
    """Of 2,000 above the deductible the first 1,000 earn 500; 400 more are earned by 400 / 80 % = 500. So 500 of cost
    lie beyond the ceiling of 900, of which the next layer pays 90 %."""
    text = TWO.replace("critical_illness, on: in_scope", "critical_illness, on: in_scope, base: basic.over_cost")
    text += clauses(
        "id: d, layer: basic, deductible: 100元",
        'id: s, layer: basic, fund_share: {bands: [[0元, 50%], [1000元, 80%]]}',
        "id: top, layer: basic, ceiling: 900元, converts: cost", "id: s2, layer: illness, fund_share: 90%",
    )  # fmt: skip
    found = settled(tmp_path, text, "2100.00")
    assert next(s.value for s in found[0].trace if s.name == "basic.over_cost") == "500.00"
    assert paid(found, "pooled_fund", "critical_illness", "patient") == [("900.00", "450.00", "750.00")]


def test_a_ceiling_within_the_first_band_is_converted_there(tmp_path: Path) -> None:
    """300 are earned by 600 of the first 1,000; the other 1,400 lie beyond."""
    text = TWO.replace("critical_illness, on: in_scope", "critical_illness, on: in_scope, base: basic.over_cost")
    text += clauses(
        'id: s, layer: basic, fund_share: {bands: [[0元, 50%], [1000元, 80%]]}',
        "id: top, layer: basic, ceiling: 300元, converts: cost", "id: s2, layer: illness, fund_share: 100%",
    )  # fmt: skip
    assert paid(settled(tmp_path, text, "2000.00"), "pooled_fund", "critical_illness") == [("300.00", "1400.00")]


def test_a_share_of_others_is_all_where_a_ceiling_divides_by_shares(tmp_path: Path) -> None:
    """100 are earned by 200 at 50 %. The share of orphans, who are others, is told as 100 %, elsewhere as nothing."""
    shares = ("id: own, layer: basic, when: orphan, fund_share: 60%",
              "id: others, layer: basic, when: not orphan, fund_share: 50%")  # fmt: skip
    top = "id: top, layer: basic, ceiling: 100元"
    for number, (clause, told) in enumerate([(top, "0%"), (f"{top}, converts: cost", "100%")]):
        (tmp_path / str(number)).mkdir()
        (found,) = settled(tmp_path / str(number), BASIC + clauses(*shares, clause), "1000.00")
        assert {s.name: s.value for s in found.trace if s.name in ("own", "others")} == {"own": told, "others": "50%"}
        assert paid([found], "pooled_fund") == [("100.00",)]


def test_a_converted_cost_may_be_rounded(tmp_path: Path) -> None:
    """1,000 are earned by 1,000 / 60 % = 1,666.666…; in whole fen 1,666.67, so 333.33 of 2,000 lie beyond."""
    text = TWO.replace("critical_illness, on: in_scope", "critical_illness, on: in_scope, base: basic.over_cost")
    text += clauses(
        "id: s, layer: basic, fund_share: 60%", "id: top, layer: basic, ceiling: 1000元, converts: rounded_cost",
        "id: s2, layer: illness, fund_share: 100%",
    )  # fmt: skip
    found = settled(tmp_path, text, "2000.00")
    assert next(s.value for s in found[0].trace if s.name == "basic.over_cost") == "333.33"
    assert paid(found, "pooled_fund", "critical_illness") == [("1000.00", "333.33")]


def test_a_ceiling_over_a_window_tells_what_it_cut_of_this_claim(tmp_path: Path) -> None:
    """80 % of 20,000 − 13,000 are 5,600, of which 500 are paid. Of the third bill 80 % lie above the ceiling,
    and the rest is the patient's own share."""
    text = BASIC.replace("on: in_scope", "on: in_scope, to_date: calendar_year") + clauses(
        "id: d, layer: basic, deductible: 13000元", "id: s, layer: basic, fund_share: 80%",
        "id: top, layer: basic, ceiling: 500元",
    )  # fmt: skip
    found = settled(tmp_path, text, "10000.00", "10000.00", "10000.00")
    assert paid(found, "pooled_fund") == [("0.00",), ("500.00",), ("0.00",)]
    assert [{reason: str(amount) for reason, amount in s.patient.items() if amount} for s in found] == [
        {"deductible": "10000.00"},
        {"deductible": "3000.00", "over_ceiling": "5100.00", "coinsurance": "1400.00"},
        {"over_ceiling": "8000.00", "coinsurance": "2000.00"},
    ]


# -- own cost, targets -------------------------------------------------------------------------------------------------


def test_a_cap_on_coinsurance_leaves_the_deductible_out(tmp_path: Path) -> None:
    """(1,100 - 100) x 50 % = 500 are coinsurance, 200 above the cap; the deductible of 100 is not measured."""
    text = TWO + clauses(
        "id: d, layer: basic, deductible: 100元", "id: s, layer: basic, fund_share: 50%",
        "id: cap, layer: illness, own_cost_cap: 300元, measure: basic.coinsurance",
    )  # fmt: skip
    found = settled(tmp_path, text, "1100.00")
    assert paid(found, "critical_illness", "patient") == [("200.00", "400.00")]


def test_a_cap_with_one_percent_of_the_excess(tmp_path: Path) -> None:
    """300 + 1 % of what exceeds 1,000: of 2,000 unpaid 310 stay, 1,690 are paid."""
    text = BASIC + clauses("id: cap, layer: basic, own_cost_cap: 300元 + 1% of positive(base - 1000元)")
    assert paid(settled(tmp_path, text, "2000.00"), "pooled_fund") == [("1690.00",)]


@pytest.mark.parametrize(
    ("top_up", "paid_at_last"),
    [
        ("top_up: 80% of in_scope", "200.00"),  # 800 - 500 - 100
        ("top_up: 80% of in_scope, counting: basic.paid", "300.00"),  # 800 - 500
        ("top_up: 80% of in_scope, counting: basic.paid, at_most: 250元", "250.00"),
        ("top_up: 50% of in_scope", "0.00"),
    ],
)
def test_what_counts_towards_a_target(tmp_path: Path, top_up: str, paid_at_last: str) -> None:
    text = TWO + "  - {id: fund, payer: poverty_fund, on: in_scope, cite: law}\n" + clauses(
        "id: s1, layer: basic, fund_share: 50%", "id: s2, layer: illness, fund_share: 20%",
        f"id: target, layer: fund, {top_up}",
    )  # fmt: skip
    found = settled(tmp_path, text, "1000.00")
    assert paid(found, "pooled_fund", "critical_illness", "poverty_fund") == [("500.00", "100.00", paid_at_last)]


# -- deductibles and shares --------------------------------------------------------------------------------------------

FAMILY = """meters:
  person_met: {counts: basic.deductible, in: benefit_year}
  family_met: {counts: basic.deductible, in: benefit_year, per: [household]}
"""


def test_each_deductible_of_a_map_can_be_adjusted(tmp_path: Path) -> None:
    """The person's 400 becomes 100 for the poor; (1,000 - 100) x 50 % = 450."""
    text = FAMILY + BASIC + clauses(
        "id: d, layer: basic, deductible: {person_met: 400元, family_met: 1000元}",
        "id: less, adjust: d.person_met, when: registered_poor, set: 100元", "id: s, layer: basic, fund_share: 50%",
    )  # fmt: skip
    assert paid(settled(tmp_path, text, "1000.00", tags=("registered_poor",)), "pooled_fund") == [("450.00",)]


def test_an_adjustment_of_the_whole_map_reaches_every_deductible(tmp_path: Path) -> None:
    """Halved: 200 a person, 500 a family. The second claim has nothing left of the 200."""
    text = FAMILY + BASIC + clauses(
        "id: d, layer: basic, deductible: {person_met: 400元, family_met: 1000元}", "id: half, adjust: d, scale: 50%",
        "id: s, layer: basic, fund_share: 50%",
    )  # fmt: skip
    assert paid(settled(tmp_path, text, "1000.00", "1000.00"), "pooled_fund") == [("400.00",), ("500.00",)]


def test_a_share_of_one_part_can_be_adjusted(tmp_path: Path) -> None:
    """35 % of 500 (30 + 5) and 90 % of 1,000 (80 + 5 + 5)."""
    text = BASIC.replace("on: in_scope", "on: [own_expense, in_scope]") + clauses(
        "id: outside, classify: class == 丙, to: own_expense",
        "id: s, layer: basic, fund_share: {own_expense: 30%, in_scope: 80%}", "id: all, adjust: s, add: 5pp",
        "id: inside, adjust: s.in_scope, add: 5pp",
    )  # fmt: skip
    found = settled(tmp_path, text, [("1000.00", "a"), ("500.00", "c")])
    assert paid(found, "pooled_fund") == [("1075.00",)]


def test_an_addition_reaches_every_band_and_a_band_can_be_adjusted_alone(tmp_path: Path) -> None:
    """55 % of the first 1,000; 80 + 5 + 10 = 95 % of the next 1,000."""
    text = BASIC + clauses(
        'id: s, layer: basic, fund_share: {bands: [[0元, 50%], [1000元, 80%]]}', "id: all, adjust: s, add: 5pp",
        "id: upper, adjust: s.band2, add: 10pp",
    )  # fmt: skip
    assert paid(settled(tmp_path, text, "2000.00"), "pooled_fund") == [("1500.00",)]


def test_what_is_added_to_bands_can_itself_be_adjusted(tmp_path: Path) -> None:
    """5 points, doubled: 60 % of 1,000 and 90 % of 1,000."""
    text = BASIC + clauses(
        'id: s, layer: basic, fund_share: {bands: [[0元, 50%], [1000元, 80%]]}', "id: all, adjust: s, add: 5pp",
        "id: twice, adjust: all, scale: 200%",
    )  # fmt: skip
    assert paid(settled(tmp_path, text, "2000.00"), "pooled_fund") == [("1500.00",)]


def test_two_values_for_one_slot_clash_whether_it_is_named_or_meant(tmp_path: Path) -> None:
    text = FAMILY + BASIC + clauses(
        "id: d, layer: basic, deductible: {person_met: 400元, family_met: 1000元}", "id: one, adjust: d, set: 100元",
        "id: two, adjust: d.person_met, set: 200元", "id: s, layer: basic, fund_share: 50%",
    )  # fmt: skip
    with pytest.raises(RuleError) as caught:
        settled(tmp_path, text, "1000.00")
    assert [d.code for d in caught.value.diagnostics] == ["E407"]


@pytest.mark.parametrize(("bill", "fund"), [("1000.00", "600.00"), ("1000.01", "700.01")])
def test_a_share_may_depend_on_the_base(tmp_path: Path, bill: str, fund: str) -> None:
    """70 % of everything above 1,000, else 60 %: 70 % of 1,000.01 is 700.007."""
    text = BASIC + clauses("id: s, layer: basic, fund_share: 70% if base > 1000元 else 60%")
    assert paid(settled(tmp_path, text, bill), "pooled_fund") == [(fund,)]


def test_bands_on_what_the_year_has_accumulated(tmp_path: Path) -> None:
    """Nothing up to 1,000, then 50 %: the second 800 begin at 800 and reach 1,600."""
    text = "meters: {cost: {counts: in_scope, in: benefit_year}}\n" + BASIC + clauses(
        "id: s, layer: basic, fund_share: {position: used(cost), bands: [[0元, 0%], [1000元, 50%]]}"
    )  # fmt: skip
    assert paid(settled(tmp_path, text, "800.00", "800.00"), "pooled_fund") == [("0.00",), ("300.00",)]


# -- several layers ----------------------------------------------------------------------------------------------------


def test_a_clause_of_several_layers_acts_in_each(tmp_path: Path) -> None:
    """50 % of 1,000, then 50 % of the 500 that are left; the first 100 of each belong to the patient."""
    text = TWO + clauses("id: d, layer: [basic, illness], deductible: 100元",
                         "id: s, layer: [basic, illness], fund_share: 50%")  # fmt: skip
    found = settled(tmp_path, text, "1000.00")
    assert paid(found, "pooled_fund", "critical_illness") == [("450.00", "225.00")]


def test_a_clause_of_several_layers_is_reckoned_for_each(tmp_path: Path) -> None:
    """`base` is that of the layer: 10 % of 1,000, then 10 % of 900."""
    text = TWO + clauses("id: tenth, layer: [basic, illness], pay: 10% of base")
    assert paid(settled(tmp_path, text, "1000.00"), "pooled_fund", "critical_illness") == [("100.00", "90.00")]


def test_several_amounts_are_taken_off_the_base(tmp_path: Path) -> None:
    """1,100: 300 (ceiling) of 500 are paid; 800 less the deductible of 100 and the cut of 200 are 500, half is 250."""
    text = TWO.replace("critical_illness, on: in_scope",
                       "critical_illness, on: in_scope, less: [basic.deductible, basic.over_ceiling]")  # fmt: skip
    text += clauses("id: d, layer: basic, deductible: 100元", "id: s, layer: basic, fund_share: 50%",
                    "id: top, layer: basic, ceiling: 300元", "id: s2, layer: illness, fund_share: 50%")  # fmt: skip
    assert paid(settled(tmp_path, text, "1100.00"), "pooled_fund", "critical_illness") == [("300.00", "250.00")]


def test_a_shadow_sees_the_gross_part_and_pays_nothing(tmp_path: Path) -> None:
    """As if alone it would pay 60 % of 1,000; the second pays the lesser of that and what is left, 500."""
    text = """layers:
  - {id: basic, payer: pooled_fund, on: in_scope, cite: law}
  - {id: alone, payer: none, on: in_scope, cite: law}
  - {id: illness, payer: critical_illness, on: in_scope, cite: law}
""" + clauses("id: s1, layer: basic, fund_share: 50%", "id: s2, layer: alone, fund_share: 60%",
              'id: rest, layer: illness, pay: "min(alone.payable, base)"')  # fmt: skip
    found = settled(tmp_path, text, "1000.00")
    assert str(found[0].amount("alone.payable")) == "600.00"
    assert paid(found, "pooled_fund", "critical_illness", "patient") == [("500.00", "500.00", "0.00")]


@pytest.mark.parametrize(
    ("tags", "bill", "fund"),
    [
        ((), "2000.00", "1000.00"),
        (("registered_poor",), "2000.00", "800.00"),
        (("registered_poor",), "400.00", "300.00"),
    ],
)
def test_a_payable_is_scaled_and_limited(tmp_path: Path, tags: tuple[str, ...], bill: str, fund: str) -> None:
    """50 %; for the poor 80 % of it, and at least 300."""
    text = BASIC + clauses(
        "id: s, layer: basic, fund_share: 50%",
        "id: four_fifths, adjust: basic.payable, when: registered_poor, scale: 80%",
        "id: least, adjust: basic.payable, when: registered_poor, at_least: 300元",
    )  # fmt: skip
    assert paid(settled(tmp_path, text, bill, tags=tags), "pooled_fund") == [(fund,)]


def test_what_a_window_has_overpaid_is_not_taken_back(tmp_path: Path) -> None:
    """80 % of 1,000 = 800. From February 20 %: of 2,000 that is 400, so nothing; of 6,000 it is 1,200, 400 more."""
    text = """parameters: {r: [{value: 80%, to: 2017-02-01, cite: law}, {value: 20%, from: 2017-02-01, cite: law}]}
layers: [{id: basic, payer: pooled_fund, on: in_scope, to_date: benefit_year, cite: law}]
""" + clauses("id: s, layer: basic, fund_share: r")  # fmt: skip
    found = settled(tmp_path, text, "1000.00", "1000.00", "4000.00")
    assert paid(found, "pooled_fund") == [("800.00",), ("0.00",), ("400.00",)]


@pytest.mark.parametrize(
    ("stacks", "share"),
    [
        ("one: {combine: sum}", "95%"),  # 60 + 5 + 10 + 20
        ("one: {combine: best}", "85%"),  # 60 + 20, and 5 outside the stack
        ("one: {combine: sum, add_at_most: 8pp}", "73%"),
        ("one: {combine: sum, up_to: 80%}", "80%"),  # 65 + 30, held at 80
        ("one: {combine: sum, up_to: 62%}", "65%"),  # never lower than what stood before
    ],
)
def test_stacks(tmp_path: Path, stacks: str, share: str) -> None:
    text = f"stacks: {{{stacks}}}\n" + BASIC + clauses(
        "id: s, layer: basic, fund_share: 60%", "id: a, adjust: s, add: 5pp", "id: b, adjust: s, add: 10pp, stack: one",
        "id: c, adjust: s, add: 20pp, stack: one",
    )  # fmt: skip
    found = settled(tmp_path, text, "1000.00")
    assert next(s.value for s in found[0].trace if s.name == "s") == share


def test_stacks_act_in_the_order_in_which_they_are_listed(tmp_path: Path) -> None:
    """The first lifts 60 to at most 70; the second adds 20 to that."""
    text = "stacks: {first: {combine: sum, up_to: 70%}, second: {combine: sum}}\n" + BASIC + clauses(
        "id: s, layer: basic, fund_share: 60%", "id: b, adjust: s, add: 20pp, stack: second",
        "id: a, adjust: s, add: 30pp, stack: first", "id: most, adjust: s, at_most: 100%",
    )  # fmt: skip
    assert paid(settled(tmp_path, text, "1000.00"), "pooled_fund") == [("900.00",)]


# -- split -------------------------------------------------------------------------------------------------------------


def test_each_share_is_rounded_and_the_last_takes_the_rest(tmp_path: Path) -> None:
    """6 : 3 : 1 of 100.01: 60.006 is 60.01, 30.003 is 30.00, the rest 10.00."""
    text = BASIC + clauses(
        "id: all, layer: basic, fund_share: 100%",
        "id: who, layer: basic, split: {pooled_fund: 60%, hospital: 30%, other_fund: 10%}",
    )  # fmt: skip
    found = settled(tmp_path, text, "100.01")
    assert paid(found, "pooled_fund", "hospital", "other_fund", "patient") == [("60.01", "30.00", "10.00", "0.00")]
