"""The national settlement message: its fields, and the detail of each fund that pays (facts sheet, section 16)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from policyengine import Claim, load, settle
from policyengine.settlement import Settlement

PERSON = {"id": "p1", "scheme": "resident", "tags": ["registered_poor"]}
STAY = {
    "care_type": "inpatient", "discharge_date": "2018-03-09", "area": "within_county",
    "hospital": {"grade": "secondary_a", "tier": "county"},
}  # fmt: skip
LINES = [
    {"category": "surgery", "catalogue_class": "a", "amount": "27000.00"},
    {"category": "material", "catalogue_class": "c", "amount": "3000.00"},
]

RULES = """
ruleset: all_schemes
parts: [in_scope]
layers:
  - {id: basic, payer: pooled_fund, on: in_scope}
provisions:
  - {id: share, layer: basic, fund_share: 70%}
"""


def shanxi() -> Settlement:
    claim = {"id": "c1", "person": PERSON, "encounter": STAY, "lines": LINES}
    return settle(load("cn/shanxi/136"), Claim.model_validate(claim))


def test_every_fund_that_pays_has_its_detail() -> None:
    """Basic cover 75 % × (27,000 − 400) = 19,950; critical illness 75 % × (7,050 − 5,000) = 1,537.50; the cap on own
    cost of 1,000 leaves 27,000 − 19,950 − 1,537.50 − 1,000 = 4,512.50 to the pooled fund; the supplement pays
    85 % × 3,000 = 2,550.
    """
    message = shanxi().national()
    details = [
        (one["fund_pay_type"], one["fund_pay_type_name"], one["inscp_scp_amt"], one["fund_payamt"])
        for one in message["setldetail"]
    ]
    assert details == [
        ("390100", "统筹基金", 27000, Decimal("24462.50")),
        ("390200", "大病保险", 27000, Decimal("1537.50")),
        ("610104", "补充医疗保险", 27000, 2550),
    ]
    assert message["fund_pay_sumamt"] == sum(amount for *_, amount in details)
    assert (message["insutype"], message["med_type"], message["interface"]) == ("390", "21", "2304")


@pytest.mark.parametrize(("scheme", "insutype", "pool"), [
    ("employee", "310", "310100"),  # 职工统筹
    ("resident", "390", "390100"),  # 城乡居民基本
])  # fmt: skip
def test_the_fund_type_follows_the_scheme(scheme: str, insutype: str, pool: str, tmp_path: Path) -> None:
    (tmp_path / "ruleset.yaml").write_text(RULES, encoding="utf-8")
    claim = {"id": "c1", "person": {"id": "p1", "scheme": scheme}, "encounter": STAY, "lines": LINES}
    message = settle(load(tmp_path), Claim.model_validate(claim)).national()
    assert message["insutype"] == insutype
    assert message["setldetail"][0]["fund_pay_type"] == pool
