"""A layer on several parts: what it sets aside stays with the patient in the part that it was taken from."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from policyengine import Claim, load, settle

RULES = """\
ruleset: demo
title: demo
parts: {class_b: in_scope, class_a: in_scope}
layers:
  - {id: basic, payer: pooled_fund, on: [class_b, class_a], assumed: demo}
provisions:
  - {id: second_list, classify: class == 乙, to: class_b, assumed: demo}
  - {id: first_stage, layer: basic, deductible: 1200元, assumed: demo}
  - {id: own_tenth, layer: basic, set_aside: 10% of base, of: class_b, as: first_share, assumed: demo}
  - {id: share, layer: basic, fund_share: SHARE, assumed: demo}
"""


def settled(tmp_path: Path, share: str, class_a: str, class_b: str) -> tuple[dict[str, Decimal], dict[str, Decimal]]:
    """Split and reasons of a bill of two lines under ``RULES`` with a share of the fund."""
    (tmp_path / "ruleset.yaml").write_text(RULES.replace("SHARE", share), "utf-8")
    lines = [
        {"category": "treatment", "catalogue_class": "a", "amount": class_a},
        {"category": "western_drug", "catalogue_class": "b", "amount": class_b},
    ]
    encounter = {"care_type": "inpatient", "discharge_date": "2018-11-01"}
    claim = Claim.model_validate({"id": "c1", "person": {"id": "p1"}, "encounter": encounter, "lines": lines})
    result = settle(load(tmp_path / "ruleset.yaml"), claim)
    return result.split, result.patient


def amounts(**texts: str) -> dict[str, Decimal]:
    return {name: Decimal(text) for name, text in texts.items()}


def test_deductible_and_first_share_keep_their_names(tmp_path: Path) -> None:
    # Class B: 3,000 less 1,200, less 10 % (180) leaves 1,620; with 4,000 of class A the fund pays 60 % of 5,620.
    split, patient = settled(tmp_path, "60%", "4000", "3000")
    assert split == amounts(pooled_fund="3372.00", patient="3628.00")
    assert patient == amounts(deductible="1200.00", first_share="180.00", coinsurance="2248.00")


def test_deductible_over_both_parts(tmp_path: Path) -> None:
    # 800 of the deductible come off class B, 400 off class A; 60 % of 3,600.
    split, patient = settled(tmp_path, "60%", "4000", "800")
    assert split == amounts(pooled_fund="2160.00", patient="2640.00")
    assert patient == amounts(deductible="1200.00", coinsurance="1440.00")


@pytest.mark.parametrize("share", ["0%", "1%", "99.99%", "100%"])
def test_what_is_set_aside_does_not_depend_on_the_share(tmp_path: Path, share: str) -> None:
    _, patient = settled(tmp_path, share, "4000.01", "3000.01")
    assert (patient["deductible"], patient["first_share"]) == (Decimal("1200.00"), Decimal("180.00"))
