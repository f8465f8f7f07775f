"""A parameter with one value is written without a list; it may replace the parent's and have a label."""

from __future__ import annotations

from pathlib import Path

import pytest

from policyengine import Claim, RuleError, load, settle
from policyengine.assemble import read
from policyengine.rulebook import locate

CITY = """\
ruleset: city
sources: {law: {title: the law}}
parameters:
  threshold: {value: 1000元, cite: law}
parts: [in_scope]
layers: [{id: basic, payer: pooled_fund, on: in_scope, cite: law}]
provisions:
  - {id: deductible, layer: basic, deductible: threshold, cite: law}
  - {id: share, layer: basic, fund_share: 60%, cite: law}
"""
COUNTY = "ruleset: county\nextends: city\nparameters:\n  threshold: {VALUE}\n"


def county(tmp_path: Path, value: str) -> Path:
    for name, text in (("city", CITY), ("county", COUNTY.replace("VALUE", value))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "ruleset.yaml").write_text(text, "utf-8")
    return tmp_path / "county" / "ruleset.yaml"


def test_it_replaces_the_parents(tmp_path: Path) -> None:
    encounter = {"care_type": "inpatient", "discharge_date": "2018-11-01"}
    lines = [{"category": "bed", "amount": "10000"}]
    claim = Claim.model_validate({"id": "c1", "person": {"id": "p1"}, "encounter": encounter, "lines": lines})
    settlement = settle(load(county(tmp_path, "value: 500元, replaces: yes, cite: law")), claim)
    assert str(settlement.split["pooled_fund"]) == "5700.00"  # 60 % of 9,500


def test_without_saying_so_it_does_not(tmp_path: Path) -> None:
    with pytest.raises(RuleError) as caught:
        load(county(tmp_path, "value: 500元, cite: law"))
    assert [d.code for d in caught.value.diagnostics] == ["E325"]


def test_it_has_a_label_and_a_period(tmp_path: Path) -> None:
    path = county(tmp_path, "value: 500元, replaces: yes, from: 2018-01-01, label: {zh: 起付标准}, cite: law")
    (parameter,) = read(locate(path)).parameters
    assert parameter.label == {"zh": "起付标准"}
    assert [str(value.valid[0]) for value in parameter.values] == ["2018-01-01"]
