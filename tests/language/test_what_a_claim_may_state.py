"""A claim may use either language for a declared code, and may state what only some versions of the rules read."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from policyengine import Claim, ClaimError, Settlement, load, settle

RULES = """\
ruleset: demo
title: demo
facts:
  disease: {values: {gastric_cancer: 胃癌}}
  ward: {type: code, values: {single: 单人间, shared: 多人间}, default: shared}
  aid_asked: {type: flag, default: false}
parameters:
  year_end_share: {type: rate, low: 5%, high: 10%, assumed: demo}
parts: [in_scope]
layers:
  - {id: basic, payer: pooled_fund, on: in_scope, assumed: demo}
  - {id: aid, payer: medical_assistance, on: in_scope, when: aid_asked, valid: {from: 2017-01-01}, assumed: demo}
provisions:
  - {id: share, layer: basic, fund_share: 50%, assumed: demo}
  - {id: share_disease, adjust: share, when: disease == 胃癌, set: 70%, assumed: demo}
  - {id: share_single, adjust: share, when: ward == 单人间, scale: 50%, assumed: demo}
  - {id: aid_share, layer: aid, fund_share: 100%, assumed: demo}
"""


def settled(tmp_path: Path, day: str = "2017-06-20", parameters: Any = None, **stated: Any) -> Settlement:
    (tmp_path / "ruleset.yaml").write_text(RULES, "utf-8")
    encounter = {"care_type": "inpatient", "discharge_date": day, "disease": stated.pop("disease", None)}
    lines = [{"category": "bed", "amount": "100"}]
    claim = {"id": "c1", "person": {"id": "p1"}, "encounter": encounter, "lines": lines, "facts": stated}
    return settle(load(tmp_path / "ruleset.yaml"), Claim.model_validate(claim), parameters=parameters)


@pytest.mark.parametrize(("disease", "share"), [("gastric_cancer", 70), ("胃癌", 70), ("感冒", 50), (None, 50)])
def test_an_open_code_is_known_by_either_word(tmp_path: Path, disease: str | None, share: int) -> None:
    assert settled(tmp_path, disease=disease).split["pooled_fund"] == Decimal(share)


@pytest.mark.parametrize(("ward", "share"), [("single", 25), ("单人间", 25), ("多人间", 50)])
def test_a_declared_code_is_known_by_either_word(tmp_path: Path, ward: str, share: int) -> None:
    assert settled(tmp_path, ward=ward).split["pooled_fund"] == Decimal(share)


def test_a_closed_code_knows_no_other_word(tmp_path: Path) -> None:
    with pytest.raises(ClaimError) as caught:
        settled(tmp_path, ward="双人间")
    assert [d.code for d in caught.value.diagnostics] == ["E531"]


def test_a_fact_of_later_versions_may_be_stated_earlier(tmp_path: Path) -> None:
    assert settled(tmp_path, "2016-12-31", aid_asked=True).split["patient"] == 50
    assert settled(tmp_path, "2017-01-01", aid_asked=True).split["patient"] == 0


def test_a_parameter_that_no_claim_needs_may_be_given(tmp_path: Path) -> None:
    assert settled(tmp_path, parameters={"year_end_share": "8%"}).split["patient"] == 50


def test_it_must_lie_within_its_bounds_nevertheless(tmp_path: Path) -> None:
    with pytest.raises(ClaimError) as caught:
        settled(tmp_path, parameters={"year_end_share": "11%"})
    assert [d.code for d in caught.value.diagnostics] == ["E542"]


def test_an_unknown_parameter_is_still_refused(tmp_path: Path) -> None:
    with pytest.raises(ClaimError) as caught:
        settled(tmp_path, parameters={"year_end_rate": "8%"})
    assert [d.code for d in caught.value.diagnostics] == ["E541"]
