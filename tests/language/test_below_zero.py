"""Nothing of a layer is below zero, whatever a formula gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from policyengine import Claim, load, settle
from policyengine.laws import broken

RULES = """
ruleset: floors
facts: {{other: {{type: money, default: 0元}}}}
parts: [in_scope]
layers:
  - {{id: basic, payer: pooled_fund, on: in_scope{layer}}}
provisions:
{provisions}
"""


def settled(folder: Path, layer: str, *provisions: str, other: str = "5000.00"):
    file = folder / "floors.yaml"
    listed = "\n".join(f"  - {{{text}}}" for text in provisions)
    file.write_text(RULES.format(layer=layer, provisions=listed), encoding="utf-8")
    claim = {
        "id": "c",
        "person": {"id": "p"},
        "encounter": {"care_type": "inpatient", "discharge_date": "2024-03-09"},
        "lines": [{"category": "surgery", "amount": "1000.00"}],
        "facts": {"other": other},
    }
    settlement = settle(load(file), Claim.model_validate(claim))
    assert broken(settlement) == ()
    return settlement


@pytest.mark.parametrize(
    ("layer", "provisions", "paid"),
    [
        ("", ["id: a, layer: basic, pay: in_scope - other"], "0.00"),
        ("", ["id: a, layer: basic, pay: in_scope - other", "id: b, layer: basic, pay: 4100元"], "100.00"),
        ("", ["id: a, layer: basic, fund_share: 50%", "id: b, layer: basic, pay: 300元 - other"], "0.00"),
        ("", ["id: a, layer: basic, pay: 100元", "id: b, adjust: basic.payable, add: 0元 - other"], "0.00"),
        (", per: row", ["id: a, layer: basic, pay: amount - other"], "0.00"),
        (", base: in_scope - other", ["id: d, layer: basic, deductible: 1元", "id: a, layer: basic, pay: 7元"], "7.00"),
        (", less: in_scope - other", ["id: a, layer: basic, fund_share: 50%"], "500.00"),
        (", base: 700元 - other", ["id: a, layer: basic, fund_share: 50%"], "0.00"),
    ],
)
def test_an_amount_below_zero_is_nothing(tmp_path: Path, layer: str, provisions: list[str], paid: str) -> None:
    assert str(settled(tmp_path, layer, *provisions).split["pooled_fund"]) == paid


def test_above_zero_the_formula_stands(tmp_path: Path) -> None:
    """1,000 − 400 = 600."""
    found = settled(tmp_path, "", "id: a, layer: basic, pay: in_scope - other", other="400.00")
    assert str(found.split["pooled_fund"]) == "600.00"


@pytest.mark.parametrize(
    "pay", ["50% of in_scope", "'min(in_scope, other)'", "'in_scope - min(in_scope, other)'", "7元"]
)
def test_what_never_is_below_zero_has_no_floor(tmp_path: Path, pay: str) -> None:
    program = settled(tmp_path, "", f"id: a, layer: basic, pay: {pay}").layout.program
    assert "Max" not in repr(program.step("basic.payable").expr)
