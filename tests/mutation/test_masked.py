"""Slips that change no claim: what is proved of them, and that nothing proved is told apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from policyengine.errors import RuleError
from policyengine.mutation import Search, mutants, tally
from policyengine.mutation.apart import Field, told_apart
from policyengine.mutation.book import changed_book, stand_of
from policyengine.mutation.normal import Forms
from policyengine.rulebook import locate
from tests.mutation.tiny import tiny

RULES = """\
ruleset: tiny
title: {zh: 小例, en: Tiny}
valid: {from: 2020-01-01}
parts: [in_scope]
layers:
  - {id: basic, payer: pooled_fund, on: in_scope, when: destitute, assumed: made up for this example}
provisions:
  - {id: share, layer: basic, fund_share: 80% if destitute else 70%, assumed: made up for this example}
"""
TABLE = """\
tables:
  rates:
    keys: [destitute]
    columns: [rate]
    rows:
      - [yes, 80%]
      - [no, 70%]
    assumed: made up for this example
"""
CASES = """\
given:
  person: {id: p1, tags: [destitute]}
  encounter: {care_type: inpatient, discharge_date: 2020-03-02}
cases:
  - id: thousand
    title: 1,000 × 80 % = 800
    source: worked by hand
    claims:
      - claim: {id: c1, lines: [{category: surgery, amount: 1000.00}]}
        expect: {split: {pooled_fund: 800.00, patient: 200.00}}
"""


def test_what_a_layer_never_looks_at_changes_nothing(tmp_path: Path) -> None:
    """The layer acts for the destitute alone, so that the other branch of its share is nobody's."""
    tiny(tmp_path, RULES, CASES)
    verdicts = tally(locate("tiny", tmp_path), None).verdicts
    found = {(v.mutant.of, v.mutant.change.kind, v.mutant.change.after): v for v in verdicts}
    assert found["provision share", "point", "69%"].result == "equivalent"
    assert found["provision share", "point", "79%"].by == "thousand"
    assert found["layer basic", "always", ""].result == "survived"


def test_a_row_that_no_claim_meets_may_say_anything(tmp_path: Path) -> None:
    """Rows for others than those whom the layer is for: nothing in them is ever looked up."""
    rules = RULES.replace("parts:", TABLE + "parts:").replace("80% if destitute else 70%", "rates.rate")
    tiny(tmp_path, rules, CASES)
    verdicts = tally(locate("tiny", tmp_path), None).verdicts
    found = {(v.mutant.change.kind, v.mutant.change.span.line): v.result for v in verdicts}
    assert found["point", 9] == "killed"
    assert found["point", 10] == "equivalent"


@pytest.mark.parametrize("name", ["cn/shanxi/assistance", "cn/fujian"])
def test_nothing_that_is_proved_is_told_apart(name: str) -> None:
    """Whatever else is drawn."""
    stand, forms = stand_of(locate(name)), Forms()
    form, ground = forms.of_book(stand.book), Field.of(stand.book, [], 3, 60)
    for mutant in mutants(stand.chain[0], stand.chain[1:]):
        try:
            book = changed_book(stand, mutant)
        except RuleError:
            continue
        if forms.of_book(book) != form and forms.of_book(book, stand.book) == form:
            assert told_apart(ground, book, small=False, most=400)[0] is None, mutant.change


def test_payers_named_in_another_order_are_the_same() -> None:
    """Two layers on parts of their own: which stands first moves no fen."""
    found = tally(locate("examples/misprint_zhenyuan"), Search(40, small=False, most=400))
    turned = [v for v in found.verdicts if v.mutant.change.kind == "order" and v.mutant.of.startswith("layer")]
    assert turned
    assert {v.result for v in turned} <= {"killed", "alike", "equivalent"}
