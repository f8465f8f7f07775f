"""What every step says of itself: what it is, who pays it, whose words and sources it repeats, and when it applies.

Expected of the rule files of ``every_mechanism``.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from policyengine import ir
from tests.language.every_mechanism import CLAIM, END, LINES, program

OF_THE_CLAIM = """
ruleset.covers                covers                                 cover
bill                          bill
waiver                        classify                               waiver
waiver.taken                  hospital            hospital           waiver
waiver.total                  hospital            hospital           waiver
outside                       classify                               outside
outside.taken                 own_expense                            outside
own_expense.gross             own_expense
first_share.gross             first_share
in_scope.gross                in_scope
price_overrun.on              -                                      (price)
price_overrun.base            base                                   price        price_overrun.on
price                         quota_price                            price        price_overrun.on
price.taken                   over_price                             price        price_overrun.on
price_overrun.payable         payable                                (price)      price_overrun.on
price_overrun.paid            hospital            hospital           price        price_overrun.on
price.margin                  margin                                 price        price_overrun.on
in_scope.restated_by_price    restated
bill.restated_by_price        bill
named                         defined                                named
basic.on                      -                                      (basic)
basic.base                    base                                   basic        basic.on
threshold                     deductible                             threshold    basic.on
basic.threshold.room          room                                   threshold    basic.on
basic.threshold.taken         deductible                             threshold    basic.on
admitted                      ceiling                                admitted     basic.on
basic.admitted.taken          over_base                              admitted     basic.on
first                         set_aside                              first        basic.on
basic.first.taken             first_share                            first        basic.on
share.stated                  fund_share                             share+tariff share.applies
better.set                    set                                    better       better.applies
better.scale                  scale                                  better       better.applies
better.add                    adjust                                 better       better.applies
better.at_least               at_least                               better       better.applies
better.at_most                at_most                                better       better.applies
share                         fund_share                             share        share.applies
flat                          set_aside                              flat         basic.on
basic.flat.taken              flat                                   flat         basic.on
top                           ceiling                                top          basic.on
basic.payable_after_top       ceiling                                top          basic.on
basic.payable                 payable                                (basic)      basic.on
basic.paid                    pooled_fund         pooled_fund        basic        basic.on
banded.base                   base                                   banded
slices.band1                  fund_share                             slices
slices.band2                  fund_share                             slices
banded.slices.band1.amount    band                                   slices
banded.slices.band2.amount    band                                   slices
reached                       ceiling                                reached
banded.payable_after_reached  ceiling                                reached
banded.over_cost              over_cost                              reached
banded.payable                payable                                (banded)
banded.paid                   critical_illness    critical_illness   banded
stepped.base.in_scope         base                                   stepped
stepped.base.own_expense      base                                   stepped
stepped.base                  base
stairs.band1                  fund_share                             stairs
stairs.band2                  fund_share                             stairs
stepped.stairs.reached        -                                      stairs
stepped.payable               payable                                (stepped)
stepped.paid                  large_expense       large_expense      stepped
helped.base                   base                                   helped
sum                           pay                                    sum
target                        top_up                                 target
helped.target.missing         payable                                target
cap                           own_cost_cap                           cap          cap.applies
helped.cap.excess             over_own_cost_cap                      cap          cap.applies
helped.payable_stated         -
rise                          adjust                                 rise
helped.payable                payable                                (helped)
helped.paid                   medical_assistance  medical_assistance helped
shared.base                   base                                   shared
rest                          fund_share                             rest
divided.county                split                                  divided
divided.poverty_fund          split                                  divided
divided.patient               split                                  divided
shared.payable                payable                                (shared)
shared.paid.county            county              county             divided
shared.paid.poverty_fund      poverty_fund        poverty_fund       divided
shared.paid                   other_fund          other_fund         shared
patient                       patient
patient.over_price            over_price
patient.own_expense           own_expense
patient.first_share           first_share
patient.deductible            deductible
patient.flat                  flat
patient.over_base             over_base
patient.over_ceiling          over_ceiling
patient.coinsurance           coinsurance
patient_total                 patient_total
birth                         grant                                  birth
birth.granted                 granted             other_fund         birth
advance.timing                timing                                 advance      advance.applies
advance.deposit               deposit                                advance      advance.applies
meter.met                     meter
meter.stays.counts            condition
meter.stays                   meter
meter.birth.times             meter
national.act_pay_dedc         deductible
national.first_share          first_share
national.pool_prop_selfpay    pool_share
"""

OF_THE_LINES = """
bill                          bill
cut                           classify                               cut+price
cut.taken                     own_expense                            cut
own_expense.gross             own_expense
first_share.gross             first_share
in_scope.gross                in_scope
each.row.on                   -                                      (each)
each.row.base                 base                                   each         each.row.on
first                         set_aside                              first        each.row.on
each.row.first.taken          first_share                            first        each.row.on
threshold                     deductible                             threshold    each.row.on
each.row.threshold.taken      deductible                             threshold    each.row.on
share                         fund_share                             share        each.row.on
most                          ceiling                                most         each.row.on
each.row.payable_after_most   ceiling                                most         each.row.on
split.pooled_fund             split                                  split
split.account                 split                                  split
each.row.payable              payable                                (each)       each.row.on
each.row.paid.pooled_fund     pooled_fund         pooled_fund        split
each.row.paid.account         account             account            split
each.row.paid                 pooled_fund         pooled_fund        each         each.row.on
each.base                     base                                   each         each.row.on
each.first_share              first_share                            first        each.row.on
each.deductible               deductible                             threshold    each.row.on
each.payable                  payable                                (each)       each.row.on
each.paid.pooled_fund         pooled_fund         pooled_fund        split
each.paid.account             account             account            split
each.paid                     pooled_fund         pooled_fund        each         each.row.on
yearly.base                   base                                   yearly
begin                         deductible                             begin
yearly.begin.taken            deductible                             begin
half                          fund_share                             half
all                           ceiling                                all
yearly.payable_after_all      ceiling                                all
yearly.payable                payable                                (yearly)
yearly.paid                   medical_assistance  medical_assistance yearly
shadow.base                   base                                   shadow
seen                          fund_share                             seen
shadow.payable                payable                                (shadow)
patient                       patient
patient.own_expense           own_expense
patient.first_share           first_share
patient.deductible            deductible
patient.over_ceiling          over_ceiling
patient.coinsurance           coinsurance
patient_total                 patient_total
window.spell.begins           window
meter.paid                    meter
meter.yearly.base_to_date     meter
meter.yearly.over_ceiling_to_date meter
meter.yearly.deductible_to_date meter
meter.yearly.paid_to_date     meter
national.act_pay_dedc         deductible
national.first_share          first_share
"""

OF_THE_END = """
ruleset.valid                 -                                      force
bill                          bill
waiver                        classify                               waiver
waiver.taken                  hospital            hospital           waiver
waiver.total                  hospital            hospital           waiver
outside                       classify                               outside
outside.taken                 own_expense                            outside
own_expense.gross             own_expense
first_share.gross             first_share
in_scope.gross                in_scope
basic.base.in_scope           base                                   basic
basic.base.own_expense        base                                   basic
basic.base                    base
first                         set_aside                              first
basic.first.taken             first_share                            first
share                         fund_share                             share
basic.payable                 payable                                (basic)
basic.paid                    pooled_fund         pooled_fund        basic
first_of_visit                -                                      (visit)
aid.on                        -                                      (aid)
aid.base                      base                                   aid          aid.on
sum                           pay                                    sum          aid.on
shares.pooled_fund            split                                  shares
shares.employer               split                                  shares
aid.payable                   payable                                (aid)        aid.on
aid.paid.pooled_fund          pooled_fund         pooled_fund        shares
aid.paid.employer             employer            employer           shares
aid.paid                      medical_assistance  medical_assistance aid          aid.on
end.waiver.total              hospital            hospital
end.in_scope.row              -
end.own_expense.gross         own_expense
end.first_share.gross         first_share
end.in_scope.gross            in_scope
end.pooled_fund               pooled_fund         pooled_fund
end.employer                  employer            employer
patient                       patient
patient.own_expense           own_expense
patient.first_share           first_share
patient.coinsurance           coinsurance
patient_total                 patient_total
meter.seen                    meter
meter.visit.bills             meter
meter.seen.before_visit       meter
national.first_share          first_share
national.pool_prop_selfpay    pool_share
"""
"""Step, what it is, who pays it, whose evidence it shows, the step under which it applies. In brackets: it shows only
what that layer is called. ``a+b``: the evidence of ``a``, and what ``b``, looked up for it, cites and assumes.
"""
NAMED = {
    "cover": ("适用范围", "covered by the rules"),
    "force": ("规则有效", "the rules are in force"),
    "visit": ("本次就诊的首张账单", "first bill of the visit"),
}
"""What has its name from the language, and not from the rule file."""


def evidence(step: ir.Step) -> str:
    """Whose evidence a step shows, in the words of the tables."""
    cited, assumed = "+".join(c.quote for c in step.cites), "+".join(a.why for a in step.assumed)
    assert cited == assumed, step.name
    owner = cited.partition("+")[0] or step.label.get("en", "").rpartition(" ")[2]
    if owner:
        zh, en = NAMED.get(owner, (f"叫{owner}", f"called {owner}"))
        assert step.label == {"zh": zh, "en": en}, step.name
    return cited or (f"({owner})" if owner else "")


@pytest.mark.parametrize(
    ("rules", "expected"),
    [(CLAIM, OF_THE_CLAIM), (LINES, OF_THE_LINES), (END, OF_THE_END)],
    ids=["claim", "lines", "end"],
)
def test_every_step_says_what_it_is(tmp_path: Path, rules: str, expected: str) -> None:
    shown = [s for s in program(tmp_path, rules).steps if s.shown or s.label]
    found = {s.name: " ".join((s.term or "-", s.payer, evidence(s), s.guard)).split() for s in shown}
    assert found == {name: said for name, *said in map(str.split, expected.strip().splitlines())}
    assert [s.name for s in shown if not s.shown] == [s.name for s in shown if s.name.endswith(".on")]


@pytest.mark.parametrize("rules", [CLAIM, LINES], ids=["claim", "lines"])
def test_a_step_points_at_the_sentence_it_repeats(tmp_path: Path, rules: str) -> None:
    found = program(tmp_path, rules)
    text = (tmp_path / "ruleset.yaml").read_text("utf-8").splitlines()
    own = [s for s in found.steps if s.cites and not s.name.rpartition(".")[0].endswith(".base") and s.term != "base"]
    for step in own:
        assert step.span is not None, step.name
        sentence = re.search(r"id: (\w+)", text[step.span.line - 1])
        assert step.cites[0].quote == (sentence[1] if sentence else "cover"), step.name


def test_what_a_program_answers(tmp_path: Path) -> None:
    found = program(tmp_path, CLAIM)
    assert (found.covers, found.bill, found.margins) == (
        "ruleset.covers", "bill.restated_by_price", (("in_scope", "price.margin"),),
    )  # fmt: skip
    assert found.limits == (
        ir.Limit("threshold", "deductible", "basic", "threshold", "meter.met", "met", "basic.on"),
        ir.Limit("admitted", "base_ceiling", "basic", "admitted", "basic.base_after_admitted", guard="basic.on"),
        ir.Limit("top", "ceiling", "basic", "top", "basic.payable_after_top", guard="basic.on"),
        ir.Limit("reached", "ceiling", "banded", "reached", "banded.payable_after_reached"),
        ir.Limit("cap", "own_cost_cap", "helped", "cap", "helped.cap.used", guard="cap.applies"),
    )
    assert [(p.payer, p.side, p.national, *p.steps, p.label["zh"], p.label["en"], *p.rows) for p in found.payers] == [
        ("hospital", "hospital", "hosp_part_amt", "waiver.total", "医院负担", "hospital", "waiver.taken"),
        ("pooled_fund", "fund", "hifp_pay", "basic.paid", "统筹基金", "pooled fund"),
        ("critical_illness", "fund", "hifmi_pay", "banded.paid", "大病保险", "critical-illness insurance"),
        ("large_expense", "fund", "hifob_pay", "stepped.paid", "职工大额医疗费用补助", "large-expense supplement"),
        ("medical_assistance", "fund", "maf_pay", "helped.paid", "医疗救助", "medical assistance"),
        ("county", "fund", "oth_pay", "shared.paid.county", "县里", "the county"),
        ("poverty_fund", "fund", "oth_pay", "shared.paid.poverty_fund", "健康扶贫基金", "health-poverty fund"),
    ]
    assert [(r.id, r.kind, r.guard) for r in found.rules if r.guard != "basic.on"] == [
        ("price", "quota_price", "price_overrun.on"), ("share", "fund_share", "share.applies"),
        ("better", "adjust", "better.applies"), ("cap", "own_cost_cap", "cap.applies"),
        ("advance", "timing", "advance.applies"),
    ]  # fmt: skip
    assert all(
        (r.label, [c.quote for c in r.cites], [a.why for a in r.assumed])
        == ({"zh": f"叫{r.id}", "en": f"called {r.id}"}, [r.id], [r.id])
        for r in found.rules
    )
    (grant,), (timing,) = found.grants, found.timings
    assert grant == ir.Grant("birth", "other_fund", "birth.granted", {"zh": "其他支出", "en": "other funds"})
    assert (timing.provision, timing.guard, timing.settle) == ("advance", "advance.timing", "one_stop")
    assert (timing.deposit, timing.at_discharge) == ("advance.deposit", ("pooled_fund",))
    assert ([c.quote for c in timing.cites], [a.why for a in timing.assumed]) == (["advance"], ["advance"])


def test_where_a_program_keeps_its_parts(tmp_path: Path) -> None:
    found = program(tmp_path, LINES)
    assert found.parts == (
        ir.Part("own_expense", "own_expense", "own_expense.gross", "own_expense.gross", "", "cut.taken", "cut.taken"),
        ir.Part("first_share", "first_share", "first_share.gross", "first_share.unpaid_after_each",
                "first_share.held_after_each", "", "each.row.first.moved"),
        ir.Part("in_scope", "in_scope", "in_scope.gross", "in_scope.unpaid_after_yearly", "in_scope.held_after_each",
                "cut.left", "in_scope.row.unpaid_less_first"),
    )  # fmt: skip
    assert found.draws == (
        ir.Draw("yearly", (("in_scope", "yearly.paid_of"),), (("medical_assistance", "yearly.paid"),)),
    )
    assert [(m.name, m.per, m.keep, m.step, m.window.name, m.window.reset) for m in found.meters] == [
        ("paid", ("person_id",), "sum", "meter.paid", "spell", "window.spell.begins"),
        *(
            (f"yearly.{what}_to_date", ("person_id",), "sum", f"meter.yearly.{what}_to_date", "calendar_year", "")
            for what in ("base", "over_ceiling", "deductible", "paid")
        ),
    ]
