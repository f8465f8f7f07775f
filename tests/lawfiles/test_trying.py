"""Laws of a village: kept, broken by the smallest claim, never tried."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from policyengine import Claim
from policyengine.assemble import flattened, parsed
from policyengine.lawfiles import Past, Written, find_laws, read_laws, ready, ready_for, try_laws
from policyengine.loading import load
from policyengine.rulebook import locate
from tests.lawfiles.village import RULES, law, made, tried, village

POOR = ("for_all: registered_poor", "compare: {otherwise: {registered_poor: no}}")


def test_a_law_that_the_rules_keep_is_kept(tmp_path: Path) -> None:
    verdict = tried(village(tmp_path, law(*POOR, "holds: this.patient_total <= other.patient_total")))
    assert verdict.passed
    assert verdict.breach is None
    assert verdict.count > 20
    assert verdict.render().endswith("kept one one law")


def test_what_the_funds_pay_together_is_the_bill_less_what_the_patient_bears(tmp_path: Path) -> None:
    two = RULES.replace(
        "on: in_scope, cite: notice}]",
        "on: in_scope, cite: notice}, {id: aid, payer: medical_assistance, on: in_scope}]",
    )
    two += "  - {id: half, layer: aid, fund_share: 50%, cite: notice}\n"
    assert tried(village(tmp_path, law("holds: fund_total == bill - patient_total"), two)).passed
    assert not tried(village(tmp_path, law("holds: fund_total == pooled_fund"), two)).passed


def test_the_smallest_claim_that_breaks_a_law_is_shown(tmp_path: Path) -> None:
    """70 % above 500: the patient bears more than 500 from the first coin above 500 on; 501 is the roundest of the
    smallest that was asked for in whole yuan, 1,000 that with one digit."""
    verdict = tried(village(tmp_path, law("holds: patient_total <= 500元")))
    assert verdict.breach is not None
    (settlement,) = verdict.breach.this
    assert settlement.claim.id == "c1"
    assert settlement.claim.person.id == "p1"
    assert len(settlement.claim.lines) == 1
    assert settlement.minor("patient_total") > 50_000
    (line,) = settlement.claim.minor.amounts
    assert len(str(line).rstrip("0")) == 1, "an amount of one digit breaks the law"


def test_both_splits_and_the_sentence_where_they_part(tmp_path: Path) -> None:
    verdict = tried(village(tmp_path, law(*POOR, "holds: this.pooled_fund <= other.pooled_fund")))
    told = verdict.render()
    assert "BROKEN[E802] one one law" in told
    assert "the two reckonings part at of_the_poor" in told
    assert "cited: the notice “贫困人口提高10个百分点”" in told
    assert "--law one --examples 60 --seed 1" in told
    assert verdict.diagnostic is not None
    assert verdict.diagnostic.code == "E802"


def test_what_is_shown_breaks_the_law_again(tmp_path: Path) -> None:
    folder = village(tmp_path, law("holds: patient_total <= 500元"))
    first = tried(folder)
    assert first.breach is not None
    again = try_laws(made(folder), lives=[first.breach.life])[0]
    assert again.breach is not None
    assert again.breach.this[-1].split == first.breach.this[-1].split


def test_a_law_that_no_claim_is_about_has_not_passed(tmp_path: Path) -> None:
    never = "for_all: hospital_level == 三级 and hospital_grade == 一级甲等"
    verdict = tried(village(tmp_path, law(never, "holds: patient_total <= 0元")))
    assert not verdict.passed
    assert verdict.breach is None
    assert verdict.diagnostic is not None
    assert verdict.diagnostic.code == "E801"
    assert "NOT TRIED[E801]" in verdict.render()


def test_the_same_seed_tries_the_same_claims(tmp_path: Path) -> None:
    folder = village(tmp_path, law("for_all: registered_poor", "holds: patient_total <= bill"))
    assert tried(folder, seed=3).count == tried(folder, seed=3).count


def test_rules_of_a_day_are_those_that_the_day_had(tmp_path: Path) -> None:
    """From 2016 the ceiling is 10,000: more than the 8,000 of 2015 can be paid, never less."""
    rose = ("compare: {on: 2015-12-31}", "holds: new.pooled_fund >= old.pooled_fund")
    assert tried(village(tmp_path, law(*rose))).passed
    fell = ("compare: {on: 2015-12-31}", "holds: new.pooled_fund <= old.pooled_fund")
    verdict = tried(village(tmp_path, law(*fell)))
    assert verdict.breach is not None
    assert verdict.breach.this[-1].split_minor["pooled_fund"] > 800_000
    assert verdict.breach.other[-1].split_minor["pooled_fund"] == 800_000


def test_claims_that_the_day_has_the_same_rules_for_are_no_comparison(tmp_path: Path) -> None:
    folder = village(tmp_path, law("compare: {on: 2015-12-31}", "holds: new.pooled_fund >= old.pooled_fund"))
    claim = claim_of("2015-03-01", "100.00")
    (verdict,) = try_laws(made(folder), lives=[(claim,)])
    assert verdict.count == 0
    assert not verdict.passed


def test_other_numbers_are_those_that_the_law_names(tmp_path: Path) -> None:
    """100,000 × 70 % less the deductible is above every ceiling: 10,000 with the one, 9,000 with the other."""
    numbers = ("compare: {numbers: {ceiling_annual: 9000元}}", "holds: new.pooled_fund <= old.pooled_fund")
    folder = village(tmp_path, law(*numbers))
    (verdict,) = try_laws(made(folder), lives=[(claim_of("2016-03-01", "100000.00"),)])
    assert verdict.breach is not None
    assert verdict.breach.this[-1].split_minor["pooled_fund"] == 1_000_000
    assert verdict.breach.other[-1].split_minor["pooled_fund"] == 900_000


def test_another_rule_set_is_settled_behind_the_same_claims(tmp_path: Path) -> None:
    village(tmp_path, rules=RULES.replace("fund_share: 70%", "fund_share: 60%"), name="before")
    folder = village(tmp_path, law("compare: {with: ../before}", "holds: new.pooled_fund >= old.pooled_fund"))
    verdict = tried(folder)
    assert verdict.passed
    assert verdict.count > 50


def test_facts_of_the_own_rules_alone_are_not_stated_to_others(tmp_path: Path) -> None:
    """A county that knows of a fact is held against a city that does not: the claim says nothing of it there."""
    village(tmp_path, name="city")
    rules = RULES.replace("kept_back: {type: money, default: 0元}",
                          "kept_back: {type: money, default: 0元}\n  extra: {type: money, low: 0元}\n"
                          "  of_line: {type: money, of: row, low: 0元}")  # fmt: skip
    rules += "  - {id: reads, define: extra + sum(of_line), cite: notice}\n"
    folder = village(tmp_path, law("compare: {with: ../city}", "holds: new.pooled_fund == old.pooled_fund"), rules)
    verdict = tried(folder)
    assert verdict.passed
    assert verdict.count > 50


def test_a_year_is_what_its_meter_holds_with_the_claim(tmp_path: Path) -> None:
    assert tried(village(tmp_path, law("holds: after(paid_in_the_year) <= 10000元"))).passed
    verdict = tried(village(tmp_path, law("holds: after(paid_in_the_year) <= 8000元")))
    assert verdict.breach is not None
    assert verdict.breach.this[-1].claim.encounter.discharge_date.year >= 2016  # type: ignore[union-attr]


def test_a_tolerance_loosens_what_is_compared(tmp_path: Path) -> None:
    """10 points of the poor of what is above 500: at most 0.1 × 3,500 = 350 of a bill of 4,000."""
    claim = claim_of("2016-03-01", "4000.00", "registered_poor")
    for tolerance, kept in (("349.99元", False), ("350元", True)):
        holds = ("holds: other.patient_total == this.patient_total", f"tolerance: {tolerance}")
        (verdict,) = try_laws(made(village(tmp_path, law(*POOR, *holds))), lives=[(claim,)])
        assert verdict.passed is kept


def test_over_a_life_amounts_are_added_up(tmp_path: Path) -> None:
    """The poor reach the ceiling of 10,000 earlier, and bear more of the second bill; of both together they do not.

    First bill 12,500: 80 % of 12,000 is 9,600, 70 % is 8,400. Second bill 2,500: what is left is 400 for the poor,
    and for others 70 % of 2,000, 1,400. Together 10,000 and 9,800.
    """
    life = (claim_of("2016-03-01", "12500.00", "registered_poor"),
            claim_of("2016-04-01", "2500.00", "registered_poor", name="c2"))  # fmt: skip
    each = (*POOR, "each: life", "holds: this.patient_total <= other.patient_total")
    (verdict,) = try_laws(made(village(tmp_path, law(*each))), lives=[life])
    assert verdict.passed
    more = (*POOR, "each: life", "holds: this.pooled_fund - other.pooled_fund <= 199.99元")
    (verdict,) = try_laws(made(village(tmp_path, law(*more))), lives=[life])
    assert verdict.breach is not None
    values = {name: Fraction(value) for name, value in verdict.breach.values.items()}
    assert values["this.pooled_fund"] - values["other.pooled_fund"] > 19_999


def test_what_broke_a_law_once_is_tried_first(tmp_path: Path) -> None:
    folder = village(tmp_path, law("holds: patient_total * 3 != 3703.68元"))
    assert tried(folder).passed
    past = Past("one", (claim_of("2016-03-01", "2948.53"),), {})
    (verdict,) = try_laws(made(folder), 20, past=[past])
    assert verdict.breach is not None, "500 + 30 % of 2,448.53 is 1,234.56, three times that 3,703.68"


@pytest.mark.parametrize("text", ["registered_poor", "建档立卡贫困人口"])
def test_facts_are_called_in_either_language(tmp_path: Path, text: str) -> None:
    laws = law(f"for_all: {text}", f"compare: {{otherwise: {{{text}: no}}}}",
               "holds: this.个人负担总金额 <= other.patient_total")  # fmt: skip
    assert tried(village(tmp_path, laws)).passed


def test_a_rule_set_without_laws_has_none(tmp_path: Path) -> None:
    folder = village(tmp_path)
    assert find_laws(folder) == ()
    assert ready(str(folder), read_laws(())) == ()
    assert try_laws(()) == ()


def claim_of(day: str, amount: str, *tags: str, name: str = "c1") -> Claim:
    return Claim.model_validate(
        {
            "id": name,
            "person": {"id": "p1", "tags": list(tags)},
            "encounter": {"care_type": "inpatient", "discharge_date": day},
            "lines": [{"category": "surgery", "amount": amount, "catalogue_class": "a"}],
        }
    )


def test_laws_try_a_rule_set_that_is_written_otherwise(tmp_path: Path) -> None:
    """As mutants are: what stands in memory is tried, not the file. With 60 % in place of 70 % a bill of 4,000 costs
    the patient 500 + 40 % of 3,500, 1,900 in place of 1,550."""
    folder = village(tmp_path, law("holds: patient_total <= 1550元"))
    other = village(tmp_path, rules=RULES.replace("fund_share: 70%", "fund_share: 60%"), name="mutant")
    laws, place = read_laws(find_laws(folder)), locate(str(folder))
    mutant = locate(str(other))
    own = Written(flattened(parsed(mutant)), load(mutant.file))
    life = (claim_of("2016-03-01", "4000.00"),)
    assert try_laws(ready(str(folder), laws), lives=[life])[0].passed
    assert try_laws(ready_for(own, place, laws), lives=[life])[0].breach is not None


def test_a_window_that_begins_anew_with_a_claim_holds_nothing_before_it(tmp_path: Path) -> None:
    """With the first claim of a spell the accumulator holds what that claim was paid, and no coin more."""
    rules = RULES.replace("meters: {paid_in_the_year: {counts: basic.paid, in: benefit_year}}", (
        "windows: {spell: {reset_when: care_type == 住院}}\n"
        "meters: {paid_in_the_year: {counts: basic.paid, in: spell}}"
    ))  # fmt: skip
    first = ("for_all: care_type == 住院", "holds: after(paid_in_the_year) == pooled_fund")
    assert tried(village(tmp_path, law(*first), rules)).passed
    assert not tried(village(tmp_path, law(first[1]), rules)).passed


def test_what_an_accumulator_holds_that_counts_some_claims_alone(tmp_path: Path) -> None:
    """Stays are counted, visits are not: behind a stay it holds at least what the stay was paid, behind a visit not."""
    rules = RULES.replace("in: benefit_year}", "in: benefit_year, when: care_type == 住院}")
    holds = "holds: after(paid_in_the_year) >= pooled_fund"
    assert tried(village(tmp_path, law("for_all: care_type == 住院", holds), rules)).passed
    assert not tried(village(tmp_path, law("for_all: care_type == 门诊", holds), rules)).passed
