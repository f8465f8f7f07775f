"""The days on which something holds may have a source and an assumption of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from policyengine import RuleError, settle
from tests.language.test_small_mends import claim, plan

RULES = """
layers: [{id: basic, payer: pooled_fund, on: in_scope, cite: law}]
provisions:
  - {id: share, layer: basic, fund_share: 50%, cite: law, assumed: in all hospitals,
     valid: {from: 2016-06-01, cite: {law: 自6月起}, assumed: {from: the sentence names the month only}}}
  - {id: more, adjust: share, add: 5pp, cite: law, valid: {to: 2018-01-01, assumed: until somebody says otherwise}}
"""


def test_they_are_told_with_the_rest(tmp_path: Path) -> None:
    settlement = settle(plan(tmp_path, RULES), claim(1, "1000.00"))
    assert str(settlement.split["pooled_fund"]) == "550.00"
    assert sorted(str(one).split(": ", 1)[1] for one in settlement.assumed) == [
        "from: the sentence names the month only",
        "in all hospitals",
        "valid: until somebody says otherwise",
    ]
    (share,) = [step for step in settlement.layout.program.steps if step.name == "share.stated"]
    assert [cite.quote for cite in share.cites] == ["", "自6月起"]


def test_a_period_has_no_other_keys(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="E302"):
        plan(tmp_path, RULES.replace("valid: {to", "valid: {grade: A, to"))


def test_it_ends_before_it_starts(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="E307"):
        plan(tmp_path, RULES.replace("valid: {to", "valid: {from: 2019-01-01, to"))
