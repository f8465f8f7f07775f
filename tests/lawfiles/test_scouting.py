"""Laws tried by column: what breaks one there is settled as a claim, and breaks it again."""

from __future__ import annotations

from pathlib import Path

import pytest

from policyengine.lawfiles import try_laws
from policyengine.lawfiles.scouting import hints
from tests.lawfiles.test_bundled_laws import WITH_LAWS, laws_of
from tests.lawfiles.village import RULES, law, made, village

POOR = ("for_all: registered_poor", "compare: {otherwise: {registered_poor: no}}")
BROKEN = {
    "alone": ("holds: patient_total <= 500元",),
    "otherwise": (*POOR, "holds: this.pooled_fund <= other.pooled_fund"),
    "on": ("compare: {on: 2015-12-31}", "holds: new.pooled_fund <= old.pooled_fund"),
    "numbers": ("compare: {numbers: {ceiling_annual: 9000元}}", "holds: new.pooled_fund == old.pooled_fund"),
    "with": ("compare: {with: ../before}", "holds: new.pooled_fund <= old.pooled_fund"),
    "life": (*POOR, "each: life", "holds: this.pooled_fund <= other.pooled_fund"),
    "lines": ("holds: patient.own_expense == 0元",),
    "facts": ("for_all: kept_back > 0元", "holds: bill <= kept_back"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_law_that_columns_break_is_broken_by_a_claim(tmp_path: Path, what: str) -> None:
    village(tmp_path, rules=RULES.replace("fund_share: 70%", "fund_share: 60%"), name="before")
    (verdict,) = try_laws(made(village(tmp_path, law(*BROKEN[what]))), examples=0, volume=1_000)
    assert verdict.breach is not None
    assert len(verdict.breach.this) == 1
    assert len(verdict.breach.this[0].claim.lines) == 1


def test_a_claim_states_what_its_accumulators_are_kept_by(tmp_path: Path) -> None:
    """Without a household the claim would be refused, and the breach be lost."""
    rules = RULES.replace("in: benefit_year}}", "in: benefit_year, per: household}}")
    (verdict,) = try_laws(made(village(tmp_path, law(*BROKEN["alone"]), rules)), examples=0, volume=1_000)
    assert verdict.breach is not None


def test_a_claim_states_the_days_that_facts_are_counted_from(tmp_path: Path) -> None:
    """Nights follow from the days of the stay, and the days insured from days that the rule file declares."""
    rules = RULES.replace(
        "  kept_back: {type: money, default: 0元}",
        """
  nights: {counts: days, since: admission_date, until: discharge_date}
  insured_from: {type: date}
  insured: {counts: days, since: insured_from, until: discharge_date, low: 0, high: 400}""",
    )
    rules += "  - {id: reads, define: nights + insured, cite: notice}\n"
    broken = law("holds: patient_total <= bill - 300元 if nights == 7 and insured >= 365 else 0元 <= bill")
    (verdict,) = try_laws(made(village(tmp_path, broken, rules)), examples=0, volume=20_000)
    assert verdict.breach is not None
    (settlement,) = verdict.breach.this
    stay = settlement.claim.encounter
    assert stay.admission_date is not None
    assert stay.discharge_date is not None
    assert (stay.discharge_date - stay.admission_date).days == 7


def test_a_law_that_is_kept_gives_no_hint(tmp_path: Path) -> None:
    folder = village(tmp_path, law(*POOR, "holds: this.patient_total <= other.patient_total"))
    told = hints(made(folder), 1_000, seed=1)["one"]
    assert told.count > 200
    assert told.found == ()
    (verdict,) = try_laws(made(folder), examples=0, volume=1_000)
    assert verdict.passed


def test_claims_of_the_compared_day_are_no_comparison(tmp_path: Path) -> None:
    """Of the two versions one is that of the day: half of the claims are held against nothing."""
    told = hints(made(village(tmp_path, law("compare: {on: 2015-12-31}", "holds: new.bill == old.bill"))), 1_000, 1)
    assert 450 < told["one"].count <= 501


@pytest.mark.agree
@pytest.mark.parametrize("name", WITH_LAWS)
def test_every_bundled_law_is_kept_by_a_hundred_thousand_claims(name: str) -> None:
    for verdict in try_laws(laws_of(name), examples=0, volume=100_000):
        assert verdict.breach is None, "\n" + verdict.render()
