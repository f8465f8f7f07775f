"""What a layer's condition cites and assumes is told with the layer; which layer's share is the pool's share."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from policyengine import Claim, Settlement, load, settle

RULES = """\
ruleset: demo
title: demo
parts: [in_scope]
sources: {law: {title: the law}}
parameters:
  started: {value: true, cite: law, assumed: the day is a guess}
  ended: {value: false, assumed: demo}
layers:
  - {id: special, payer: pooled_fund, on: in_scope, when: care_type == 门诊 and started, assumed: demo}
  - {id: basic, payer: pooled_fund, on: in_scope, when: care_type == 住院, assumed: demo}
  - {id: aid, payer: medical_assistance, on: in_scope, assumed: demo}
  - {id: visits, payer: other_fund, on: in_scope, when: care_type == 门诊, assumed: visits only}
provisions:
  - {id: price, quota_price: 90元, when: care_type == 生育住院, assumed: births only}
  - {id: never, adjust: share, when: ended, set: 1%, assumed: before the start only}
  - {id: special_share, layer: special, fund_share: 70%, assumed: demo}
  - {id: share, layer: basic, fund_share: 60%, assumed: demo}
  - {id: aid_share, layer: aid, fund_share: 50%, assumed: demo}
"""


def settled(tmp_path: Path, care_type: str) -> Settlement:
    (tmp_path / "ruleset.yaml").write_text(RULES, "utf-8")
    encounter = {"care_type": care_type, "discharge_date": "2018-11-01"}
    lines = [{"category": "bed", "amount": "100"}]
    claim = Claim.model_validate({"id": "c1", "person": {"id": "p1"}, "encounter": encounter, "lines": lines})
    return settle(load(tmp_path / "ruleset.yaml"), claim)


def test_a_condition_is_told_with_its_layer_and_nowhere_else(tmp_path: Path) -> None:
    trace = {step.name: step for step in settled(tmp_path, "outpatient").trace}
    guess = "started: the day is a guess"
    assert guess in trace["special.on"].assumed
    assert [cite.source for cite in trace["special.on"].cites] == ["law"]
    assert not any(guess in step.assumed for name, step in trace.items() if not name.startswith("special."))


@pytest.mark.parametrize(("care_type", "share"), [("outpatient", "0.7"), ("inpatient", "0.6"), ("emergency", "0")])
def test_the_pool_share_is_that_of_the_layer_which_acted(tmp_path: Path, care_type: str, share: str) -> None:
    found = settled(tmp_path, care_type).national()["pool_prop_selfpay"]
    assert found == Decimal(share)


def test_what_did_not_apply_is_not_rested_on(tmp_path: Path) -> None:
    found = settled(tmp_path, "inpatient").assumed
    unwanted = ("visits only", "births only", "before the start only")
    assert not [text for text in found if text.endswith(unwanted)]
    assert any(text.endswith("births only") for text in settled(tmp_path, "maternity").assumed)
    assert any(text.endswith("visits only") for text in settled(tmp_path, "outpatient").assumed)
