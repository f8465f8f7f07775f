"""Bands, marginal and whole-amount, on the excess and on cost that includes the deductible, around their edges."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from policyengine import Claim, load, settle

RULES = """\
ruleset: demo
title: demo
parts: [in_scope]
layers:
  - {id: layer, payer: pooled_fund, on: in_scope, assumed: demo}
provisions:
  - {id: threshold, layer: layer, deductible: THRESHOLD, assumed: demo}
  - {id: bands, layer: layer, fund_share: {EXTRA bands: [[1000元, 50%], [2000元, 60%]]}, assumed: demo}
"""


def paid(tmp_path: Path, amount: str, extra: str = "", threshold: str = "0元") -> Decimal:
    """What the fund pays of ``amount`` under ``RULES``."""
    (tmp_path / "ruleset.yaml").write_text(RULES.replace("EXTRA", extra).replace("THRESHOLD", threshold), "utf-8")
    line = {"category": "bed", "catalogue_class": "a", "amount": amount}
    encounter = {"care_type": "inpatient", "discharge_date": "2018-01-09"}
    claim = Claim.model_validate({"id": "c1", "person": {"id": "p1"}, "encounter": encounter, "lines": [line]})
    return settle(load(tmp_path / "ruleset.yaml"), claim).split["pooled_fund"]


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("500.00", "0.00"),
        ("999.99", "0.00"),
        ("1000.00", "500.00"),
        ("1999.98", "999.99"),
        ("2000.00", "1200.00"),
        ("3000.00", "1800.00"),
    ],
)
def test_whole_bands_pay_the_entire_base_by_the_band_reached_and_nothing_below_the_first(
    tmp_path: Path, amount: str, expected: str
) -> None:
    assert paid(tmp_path, amount, "whole: yes,") == Decimal(expected)


@pytest.mark.parametrize(
    ("amount", "expected"),
    [("1000.00", "0.00"), ("1000.02", "0.01"), ("2000.00", "500.00"), ("2001.00", "500.60"), ("3000.00", "1100.00")],
)
def test_marginal_bands_pay_each_slice_by_its_own_share(tmp_path: Path, amount: str, expected: str) -> None:
    assert paid(tmp_path, amount) == Decimal(expected)


def test_edges_on_the_excess_or_on_cost_with_the_deductible(tmp_path: Path) -> None:
    # 3,000 less 1,000: on the excess only 1,000 to 2,000 count; with the deductible 1,000 to 2,000 and 2,000 to 3,000.
    assert paid(tmp_path, "3000.00", "", "1000元") == Decimal("500.00")
    assert paid(tmp_path, "3000.00", "position: deductible,", "1000元") == Decimal("1100.00")
    # Whole: the excess of 2,000 reaches 60 % on the excess, and the cost of 3,000 reaches 60 % as well.
    assert paid(tmp_path, "3000.00", "whole: yes,", "1000元") == Decimal("1200.00")
    assert paid(tmp_path, "2500.00", "whole: yes,", "1000元") == Decimal("750.00")
    assert paid(tmp_path, "2500.00", "position: deductible, whole: yes,", "1000元") == Decimal("900.00")


def test_one_whole_band_is_a_plain_share(tmp_path: Path) -> None:
    """40 % of 800.00 are 320.00."""
    one = RULES.replace("[[1000元, 50%], [2000元, 60%]]", "[[0元, 40%]]").replace("EXTRA", "whole: true,")
    (tmp_path / "ruleset.yaml").write_text(one.replace("THRESHOLD", "0元"), "utf-8")
    encounter = {"care_type": "inpatient", "discharge_date": "2018-01-09"}
    lines = [{"category": "bed", "amount": "800.00"}]
    claim = Claim.model_validate({"id": "c1", "person": {"id": "p1"}, "encounter": encounter, "lines": lines})
    assert settle(load(tmp_path / "ruleset.yaml"), claim).split["pooled_fund"] == 320
