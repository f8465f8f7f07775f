"""A limit whose meter counts what its own layer looks at: this claim is not taken off its own room."""

from __future__ import annotations

from pathlib import Path

import pytest

from policyengine import Claim, load, settle_many

RULES = """
ruleset: monthly
parts: [in_scope]
meters:
  counted: {counts: basic.base - basic.over_base, in: month}
layers:
  - {id: basic, payer: pooled_fund, on: in_scope}
provisions:
  - {id: monthly, layer: basic, ceiling: 1000元, limits: base, meter: counted}
  - {id: share, layer: basic, fund_share: 80%}
"""


@pytest.mark.parametrize(
    ("amounts", "paid"),
    [
        (["900.00"], ["720.00"]),
        (["900.00", "300.00", "50.00"], ["720.00", "80.00", "0.00"]),  # 100 are left for the second bill, then nothing
        (["1500.00", "1.00"], ["800.00", "0.00"]),
    ],
)
def test_a_monthly_limit_on_the_cost_that_counts(tmp_path: Path, amounts: list[str], paid: list[str]) -> None:
    file = tmp_path / "monthly.yaml"
    file.write_text(RULES, encoding="utf-8")
    encounter = {"care_type": "inpatient", "discharge_date": "2024-03-09"}
    claims = [
        Claim.model_validate(
            {
                "id": f"c{n}",
                "person": {"id": "p"},
                "encounter": encounter,
                "lines": [{"category": "bed", "amount": amount}],
            }
        )
        for n, amount in enumerate(amounts)
    ]
    assert [str(one.split["pooled_fund"]) for one in settle_many(load(file), claims)] == paid
