"""A history before a case: of one person it bears on that person, and not on the others of the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from policyengine.casebook import Outcome, read_cases, run_case
from policyengine.chain import Chain
from policyengine.claim import Claim
from policyengine.errors import ClaimError
from policyengine.loading import load
from tests.cases.demo import rule_file

RULES = """
ruleset: demo
parts: [in_scope]
meters:
  paid_so_far: {counts: basic.paid, in: calendar_year}
layers:
  - {id: basic, payer: pooled_fund, on: in_scope}
provisions:
  - {id: share, layer: basic, fund_share: 50%}
  - {id: top, layer: basic, ceiling: 1000元, meter: paid_so_far}
"""
CASES = """
given:
  encounter: {care_type: outpatient, discharge_date: 2017-06-08}
  lines: [{category: treatment, amount: "1000.00"}]
cases:
  - id: two members of whom one has had 800 of the year
    source: made up
    history:
      - {meter: paid_so_far, scope: {person_id: p-1}, window: "2017", kind: money, value: "800.00"}
    claims:
      - claim: {id: c-1, person: {id: p-2}}
        expect: {split: {pooled_fund: 500.00, patient: 500.00}}
      - claim: {id: c-2, person: {id: p-1}, encounter: {discharge_date: 2017-06-12}}
        expect: {split: {pooled_fund: 200.00, patient: 800.00}}
      - claim: {id: c-3, person: {id: p-2}}
        expect: {split: {pooled_fund: 500.00, patient: 500.00}}
"""


def outcome(folder: Path, cases: str) -> Outcome:
    path = rule_file(folder, RULES, cases)
    (case,) = read_cases(path.parent / "cases" / "demo.yaml")
    return run_case(load(path), case)


def test_what_one_person_has_had_bears_on_that_person_alone(tmp_path: Path) -> None:
    """Half of 1,000 for whoever has had nothing yet, 1,000 − 800 for the other."""
    found = outcome(tmp_path, CASES)
    assert found.passed, found.render()


def test_a_history_of_nobody_in_the_case_is_still_refused(tmp_path: Path) -> None:
    found = outcome(tmp_path, CASES.replace("{person_id: p-1}", "{person_id: p-9}"))
    assert "error[E559]" in found.render()


def test_claims_of_others_are_refused_where_nobody_says_that_there_are_some(tmp_path: Path) -> None:
    path = rule_file(tmp_path, RULES, CASES)
    (case,) = read_cases(path.parent / "cases" / "demo.yaml")
    claim = case.turns[0].claim
    assert isinstance(claim, Claim)
    with pytest.raises(ClaimError, match="E559"):
        Chain(load(path), case.history).settle(claim)
