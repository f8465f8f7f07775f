"""Small plans by hand: for each rule of the arithmetic a bill on which a mistake in it would show.

These are the tests that the drill asks first; every line of arithmetic stands beside its plan.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from policyengine import Claim, ClaimError, Settlement, load, settle_many
from policyengine.chain import Chain

HEAD = "ruleset: plan\n"
BASIC = "parts: [own_expense, in_scope]\nlayers:\n  - {id: basic, payer: pooled_fund, on: in_scope}\nprovisions:\n"
TWO = BASIC.replace("provisions", "  - {id: second, payer: critical_illness, on: in_scope}\nprovisions")
YEAR = (
    "meters: {paid: {counts: [basic.paid], in: calendar_year}, borne: {counts: basic.deductible, in: calendar_year}}\n"
)
BOTH = "meters: {paid: {counts: [basic.paid, second.paid], in: calendar_year}}\n"
HALF = "  - {id: share, layer: basic, fund_share: 50%}\n"
ALL = "  - {id: share, layer: basic, fund_share: 100%}\n"


def plan(folder: Path, rules: str) -> Chain:
    file = folder / "plan" / "ruleset.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(HEAD + rules, encoding="utf-8")
    return Chain(load(file))


def stay(number: int, *amounts: str, day: str = "2024-03-05", person: str = "p1", **more: Any) -> Claim:
    lines = [{"category": "surgery", "amount": amount} for amount in amounts]
    encounter = {"care_type": "inpatient", "discharge_date": day, "admission_date": day} | more.pop("encounter", {})
    person_ = {"id": person} | more.pop("person_facts", {})
    stated = {"id": f"c{number}", "sequence": number, "person": person_, "encounter": encounter, "lines": lines}
    return Claim.model_validate(stated | more)


def paid(settlement: Settlement, payer: str = "pooled_fund") -> str:
    return str(settlement.split.get(payer, 0))


@pytest.mark.parametrize(
    ("clauses", "amount", "expected"),
    [
        # 5,000 begin where 2,000 were used: 2,000..3,000 at 50 % = 500, 3,000..7,000 at 80 % = 3,200
        ("fund_share: {position: 2000元, bands: [[0元, 50%], [3000元, 80%]]}", "5000.00", "3700.00"),
        # 1,000 at 50 % = 500, 4,000 at 80 % = 3,200; exactly at the edge of a whole band: 3,000 at 80 % = 2,400
        ("fund_share: {bands: [[0元, 50%], [1000元, 80%]]}", "5000.00", "3700.00"),
        ("fund_share: {whole: yes, bands: [[0元, 50%], [3000元, 80%]]}", "3000.00", "2400.00"),
        ("fund_share: {whole: yes, bands: [[0元, 50%], [3000元, 80%]]}", "2999.99", "1500.00"),
        # half of 0.05 is 0.025, a tie: 0.03 up, 0.02 down, 0.02 to the even one
        ("fund_share: 50%", "0.05", "0.03"),
        # an own-cost cap of 600 pays what is above: 1,000 - 600
        ("own_cost_cap: 600元", "1000.00", "400.00"),
        # to 90 % of 1,000, with nothing paid so far
        ("top_up: 90% of in_scope", "1000.00", "900.00"),
        # no more than the bill
        ("pay: 5000元", "1000.00", "1000.00"),
    ],
)
def test_one_clause(tmp_path: Path, clauses: str, amount: str, expected: str) -> None:
    chain = plan(tmp_path, f"{BASIC}  - {{id: clause, layer: basic, {clauses}}}\n")
    assert paid(chain.settle(stay(1, amount))) == expected


@pytest.mark.parametrize(
    ("clauses", "amount", "expected"),
    [
        # the deductible first, then the share, then the ceiling: (10,000 - 1,000) x 50 % = 4,500, at most 4,000
        ("deductible: 1000元}|fund_share: 50%}|ceiling: 4000元}", "10000.00", "4000.00"),
        # below the ceiling it cuts nothing: (5,000 - 1,000) x 50 % = 2,000
        ("deductible: 1000元}|fund_share: 50%}|ceiling: 4000元}", "5000.00", "2000.00"),
        # a ceiling on the base: 4,000 x 50 %
        ("ceiling: 4000元, limits: base}|fund_share: 50%}", "10000.00", "2000.00"),
        # a first share inside the layer: (1,000 - 100) x 50 %
        ("set_aside: 10% of base}|fund_share: 50%}", "1000.00", "450.00"),
        # an amount off what is paid: 500 - 30
        ("fund_share: 50%}|set_aside: 30元, from: payable}", "1000.00", "470.00"),
    ],
)
def test_several_clauses(tmp_path: Path, clauses: str, amount: str, expected: str) -> None:
    found = "".join(f"  - {{id: c{n}, layer: basic, {clause}\n" for n, clause in enumerate(clauses.split("|")))
    assert paid(plan(tmp_path, BASIC + found).settle(stay(1, amount))) == expected


@pytest.mark.parametrize(
    ("change", "stack", "expected"),
    [
        # 50 % + 5 + 10 points = 65 %; the best of them 60 %; together at most 62 %
        ("", "", "650.00"),
        (", stack: s", "stacks: {s: {combine: best}}\n", "600.00"),
        (", stack: s", "stacks: {s: {combine: sum, up_to: 62%}}\n", "620.00"),
        (", stack: s", "stacks: {s: {combine: sum, up_to: 40%}}\n", "500.00"),
        (", stack: s", "stacks: {s: {combine: sum, add_at_most: 8pp}}\n", "580.00"),
    ],
)
def test_points_on_a_share(tmp_path: Path, change: str, stack: str, expected: str) -> None:
    adds = f"  - {{id: a, adjust: share, add: 5pp{change}}}\n  - {{id: b, adjust: share, add: 10pp{change}}}\n"
    assert paid(plan(tmp_path, stack + BASIC + HALF + adds).settle(stay(1, "1000.00"))) == expected


def test_half_a_deductible_from_the_second_stay_on(tmp_path: Path) -> None:
    """2,000 - 1,000 = 1,000 at 50 % = 500; the second time 2,000 - 500 = 1,500 at 50 % = 750."""
    rules = (
        "meters: {stays: {counts: 1, in: calendar_year}}\n" + BASIC + "  - {id: d, layer: basic, deductible: 1000元}\n"
        "  - {id: again, adjust: d, when: used(stays) >= 1, scale: 50%}\n" + HALF
    )
    chain = plan(tmp_path, rules)
    assert [paid(chain.settle(stay(n, "2000.00"))) for n in (1, 2)] == ["500.00", "750.00"]


def test_a_deductible_is_met_once_a_year_by_each(tmp_path: Path) -> None:
    """600 of 1,000 are met first, then 400 of 700: 300 remain; another person and another year begin anew."""
    deductible = "  - {id: d, layer: basic, deductible: 1000元, meter: borne}\n"
    chain = plan(tmp_path, YEAR + BASIC + deductible + ALL)
    bills = [
        stay(1, "600.00"), stay(2, "700.00"), stay(3, "1200.00", person="p2"), stay(4, "500.00"),
        stay(5, "1200.00", day="2025-01-01"),
    ]  # fmt: skip
    assert [paid(chain.settle(bill)) for bill in bills] == ["0.00", "300.00", "200.00", "500.00", "200.00"]


def test_the_last_day_of_a_year_is_of_that_year(tmp_path: Path) -> None:
    chain = plan(tmp_path, YEAR + BASIC + "  - {id: d, layer: basic, deductible: 1000元, meter: borne}\n" + ALL)
    bills = [stay(1, "1000.00", day="2024-01-01"), stay(2, "1000.00", day="2024-12-31")]
    assert [paid(chain.settle(bill)) for bill in bills] == ["0.00", "1000.00"]


def test_a_deductible_that_fell_is_met_already(tmp_path: Path) -> None:
    """800 were borne when it was 1,000; of one of 500 nothing is left, and nothing is given back: 50 % of 100 = 50."""
    deductible = "  - {id: d, layer: basic, deductible: 500元 if registered_poor else 1000元, meter: borne}\n"
    chain = plan(tmp_path, YEAR + BASIC + deductible + HALF)
    first, second = stay(1, "800.00"), stay(2, "100.00", person_facts={"tags": ["registered_poor"]})
    assert [paid(chain.settle(bill)) for bill in (first, second)] == ["0.00", "50.00"]


def test_a_yearly_ceiling_is_used_up(tmp_path: Path) -> None:
    """50 % of 1,000 twice are 500 and 500, of which the ceiling of 800 leaves 300, and then nothing."""
    chain = plan(tmp_path, YEAR + BASIC + HALF + "  - {id: top, layer: basic, ceiling: 800元, meter: paid}\n")
    assert [paid(chain.settle(stay(n, "1000.00"))) for n in (1, 2, 3)] == ["500.00", "300.00", "0.00"]


@pytest.mark.parametrize(("meter", "which"), [(BOTH, ", meter: paid"), ("", "")], ids=["a meter", "one bill"])
def test_two_layers_share_a_ceiling(tmp_path: Path, meter: str, which: str) -> None:
    """50 % of 1,000 = 500; of the 500 that remain 80 % are 400, but of 700 only 200 are left."""
    shares = HALF + "  - {id: more, layer: second, fund_share: 80%}\n"
    chain = plan(tmp_path, meter + TWO + shares + f"  - {{id: top, layer: [basic, second], ceiling: 700元{which}}}\n")
    settlement = chain.settle(stay(1, "1000.00"))
    assert (paid(settlement), paid(settlement, "critical_illness")) == ("500.00", "200.00")


def test_the_second_layer_sees_what_the_first_left(tmp_path: Path) -> None:
    """50 % of 1,000, then 80 % of the other 500; all payers together never more than the bill."""
    chain = plan(tmp_path, TWO + HALF + "  - {id: more, layer: second, fund_share: 80%}\n")
    settlement = chain.settle(stay(1, "1000.00"))
    assert {payer: str(amount) for payer, amount in settlement.split.items()} == {
        "pooled_fund": "500.00", "critical_illness": "400.00", "patient": "100.00",
    }  # fmt: skip


def test_a_top_up_counts_what_was_paid(tmp_path: Path) -> None:
    """To 90 % of 1,000 after 50 %: 400."""
    chain = plan(tmp_path, TWO + HALF + "  - {id: more, layer: second, top_up: 90% of in_scope}\n")
    assert paid(chain.settle(stay(1, "1000.00")), "critical_illness") == "400.00"


def test_parts_are_paid_in_their_order(tmp_path: Path) -> None:
    """600 pay the 400 of class 甲 and 200 of the 500 of class 乙; the second layer finds 300 there."""
    rules = """parts: [own_expense, in_scope]
layers:
  - {id: basic, payer: pooled_fund, on: [in_scope, own_expense]}
  - {id: second, payer: critical_illness, on: own_expense}
provisions:
  - {id: b, classify: class == 乙, to: own_expense}
  - {id: sum, layer: basic, pay: 600元}
  - {id: rest, layer: second, fund_share: 100%}
"""
    lines = [{"category": "surgery", "catalogue_class": kind, "amount": amount} for kind, amount in
             (("a", "400.00"), ("b", "500.00"))]  # fmt: skip
    settlement = plan(tmp_path, rules).settle(stay(1, "1.00", lines=lines))
    assert (paid(settlement), paid(settlement, "critical_illness")) == ("600.00", "300.00")


def test_the_last_payer_of_a_split_takes_the_rest(tmp_path: Path) -> None:
    """A third each of 1.00, rounded: 0.33 and 0.33; the last one gets 0.34."""
    thirds = "split: {pooled_fund: 33.3333%, critical_illness: 33.3333%, medical_assistance: 33.3334%}"
    settlement = plan(tmp_path, f"{BASIC}{ALL}  - {{id: parts, layer: basic, {thirds}}}\n").settle(stay(1, "1.00"))
    found = [paid(settlement, payer) for payer in ("pooled_fund", "critical_illness", "medical_assistance")]
    assert found == ["0.33", "0.33", "0.34"]


def test_every_line_is_rounded_and_never_overdrawn(tmp_path: Path) -> None:
    """10 % of three lines of 0.05 are 0.005 each, rounded 0.01 each: 0.03 to the patient, 0.12 to the fund.

    An amount taken off a line is at most the line: of 300.00 and 700.00 500 each leave 0.00 and 200.00.
    """
    take = "  - {id: first, classify: category == surgery, take: TAKEN, to: own_expense}\n" + ALL
    assert paid(plan(tmp_path, BASIC + take.replace("TAKEN", "10% of left")).settle(stay(1, *["0.05"] * 3))) == "0.12"
    chain = plan(tmp_path, BASIC + take.replace("TAKEN", "500元"))
    assert paid(chain.settle(stay(1, "300.00", "700.00"))) == "200.00"


def test_rounding_of_a_layer_is_its_own(tmp_path: Path) -> None:
    """Half of 333.33 is 166.665: 166.67, and 166.00 or 167.00 where the layer counts whole yuan."""
    for mode, expected in (("", "166.67"), (", round: down 1元", "166.00"), (", round: up 1元", "167.00")):
        rules = BASIC.replace("on: in_scope}", f"on: in_scope{mode}}}") + HALF
        assert paid(plan(tmp_path, rules).settle(stay(1, "333.33"))) == expected
    for mode, expected in (("half_even", "0.02"), ("half_down", "0.02"), ("half_up", "0.03"), ("up", "0.03")):
        chain = plan(tmp_path, f"rounding: {mode} 0.01元\n{BASIC}{HALF}")
        assert paid(chain.settle(stay(1, "0.05"))) == expected, mode


def test_a_layer_over_the_year_reads_it_as_one_bill(tmp_path: Path) -> None:
    """50 % of what is above 1,000 of the year: 0 of 800, then (1,600 - 1,000) x 50 % = 300, then + 400."""
    rules = BASIC.replace("on: in_scope}", "on: in_scope, to_date: calendar_year}")
    chain = plan(tmp_path, rules + "  - {id: d, layer: basic, deductible: 1000元}\n" + HALF)
    assert [paid(chain.settle(stay(n, "800.00"))) for n in (1, 2, 3)] == ["0.00", "300.00", "400.00"]


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2023-12-31", "500.00"), ("2024-01-01", "600.00"), ("2024-06-30", "600.00"), ("2024-07-01", "700.00")],
)
def test_a_share_holds_from_its_first_day_to_the_day_before_the_next(tmp_path: Path, day: str, expected: str) -> None:
    parameters = "parameters:\n  rate:\n    - {to: 2024-01-01, value: 50%}\n    - {from: 2024-01-01, to: 2024-07-01, "
    parameters += "value: 60%}\n    - {from: 2024-07-01, value: 70%}\n"
    rules = parameters + BASIC + "  - {id: share, layer: basic, fund_share: rate}\n"
    assert paid(plan(tmp_path, rules).settle(stay(1, "1000.00", day=day))) == expected
    admitted = {"admission_date": "2023-12-01"}
    assert paid(plan(tmp_path, rules).settle(stay(1, "1000.00", day=day, encounter=admitted))) == expected


@pytest.mark.parametrize(("day", "expected"), [("2024-05-03", "500.00"), ("2024-05-04", "800.00")])
def test_the_birthday_is_the_first_day_of_the_new_age(tmp_path: Path, day: str, expected: str) -> None:
    rules = BASIC + "  - {id: share, layer: basic, fund_share: 80% if age >= 60 else 50%}\n"
    claim = stay(1, "1000.00", day=day, person_facts={"birth_date": "1964-05-04"})
    assert paid(plan(tmp_path, rules).settle(claim)) == expected


def test_twelve_months_back(tmp_path: Path) -> None:
    """The month of the claim and the eleven before it: March 2024 counts in February 2025, no longer in March."""
    meters = "windows: {back: {rolling_months: 12}}\nmeters: {stays: {counts: 1, in: back}}\n"
    chain = plan(
        tmp_path, meters + BASIC + "  - {id: share, layer: basic, fund_share: 80% if used(stays) >= 1 else 50%}\n"
    )
    days = ("2024-03-05", "2025-02-28", "2026-02-01")
    assert [paid(chain.settle(stay(n, "1000.00", day=day))) for n, day in enumerate(days)] == [
        "500.00",
        "800.00",
        "500.00",
    ]


def test_a_spell_ends_after_its_days_out(tmp_path: Path) -> None:
    """Home on 5 March; back on the 4th of May, 60 days later, a new spell; on the 3rd it is the old one."""
    meters = "windows: {spell: {reset_after_days_out: 60}}\nmeters: {borne: {counts: basic.deductible, in: spell}}\n"
    rules = meters + BASIC + "  - {id: d, layer: basic, deductible: 1000元, meter: borne}\n" + ALL
    for day, expected in (("2024-05-03", "1000.00"), ("2024-05-04", "0.00")):
        chain = plan(tmp_path, rules)
        assert paid(chain.settle(stay(1, "1000.00"))) == "0.00"
        assert paid(chain.settle(stay(2, "1000.00", day=day))) == expected


def test_claims_come_once_and_in_order(tmp_path: Path) -> None:
    for second, code in ((stay(1, "2.00"), "E564"), (stay(2, "2.00", day="2024-03-04"), "E551")):
        chain = plan(tmp_path, YEAR + BASIC + HALF)
        chain.settle(stay(1, "1.00"))
        with pytest.raises(ClaimError) as caught:
            chain.settle(second)
        assert [d.code for d in caught.value.diagnostics] == [code]


def test_a_history_of_somebody_else_is_refused(tmp_path: Path) -> None:
    chain = plan(tmp_path, YEAR + BASIC + "  - {id: d, layer: basic, deductible: 1000元, meter: borne}\n" + ALL)
    history = chain.settle(stay(1, "600.00")).history
    with pytest.raises(ClaimError) as caught:
        list(settle_many(chain.book, [stay(2, "10.00", person="p2")], history))
    assert [d.code for d in caught.value.diagnostics] == ["E559"]
