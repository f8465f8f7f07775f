"""Why the patient bears what is whole coins, even where a layer looks at a fraction of one."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from policyengine import Claim, load, settle
from tests.agreement.agreeing import hold_together

PLAN = """ruleset: plan
parts: [in_scope]
layers:
  - {id: basic, payer: pooled_fund, on: in_scope, less: 66.6666% of 100.00元}
provisions:
  - {id: threshold, layer: basic, deductible: 500元}
  - {id: share, layer: basic, fund_share: 50%}
"""


def test_a_deductible_of_less_than_the_base_is_told_in_whole_fen(tmp_path: Path) -> None:
    """Of 100.00 the layer looks at 100 − 66.6666 = 33.3334; all of it is deductible, 33.33 in whole fen."""
    (tmp_path / "ruleset.yaml").write_text(PLAN, encoding="utf-8")
    encounter = {"care_type": "inpatient", "discharge_date": "2024-03-05"}
    data = {"id": "c1", "person": {"id": "p1"}, "encounter": encounter, "lines": [{"category": "bed", "amount": "100"}]}
    settlement = settle(load(tmp_path / "ruleset.yaml"), Claim.model_validate(data))
    assert settlement.patient == {"deductible": Decimal("33.33"), "coinsurance": Decimal("66.67")}
    assert settlement.amount("patient_total") == 100
    assert str(settlement.national()["act_pay_dedc"]) == "33.33"
    assert hold_together([settlement], "plan") == 1
