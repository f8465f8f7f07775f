"""Rounding: once at the end, layer by layer, in words of the policy; each figure by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.language.test_row_layers import settled, texts

BOTH = """
rounding: {rounding}
parts: [own_expense, in_scope]
meters: {{paid: {{counts: first.paid, in: lifetime}}}}
layers:
  - {{id: first, payer: pooled_fund, on: in_scope, cite: law}}
  - {{id: second, payer: other_fund, on: in_scope, cite: law}}
  - {{id: savings, payer: account, on: in_scope, cite: law}}
provisions:
  - {{id: floor, layer: first, deductible: 0.01元, cite: law}}
  - {{id: share, layer: first, fund_share: 33%, cite: law}}
  - {{id: rest, layer: second, fund_share: 50%, cite: law}}
  - {{id: half, layer: savings, fund_share: 50%, cite: law}}
"""


def test_layer_by_layer(tmp_path: Path) -> None:
    """33 % × 1.00 = 0.33; 50 % × 0.68 = 0.34; 50 % × 0.34 = 0.17; 0.17 stay in cash."""
    found = settled(tmp_path, BOTH.format(rounding="half_up 0.01元"), [{"amount": "1.01"}])
    assert texts(found.split) == {"pooled_fund": "0.33", "other_fund": "0.34", "account": "0.17", "patient": "0.17"}


def test_at_the_end_the_patient_takes_the_rest(tmp_path: Path) -> None:
    """33 % × 0.49 = 0.1617; 50 % × 0.3383 = 0.16915; 50 % of that is 0.084575: 0.16, 0.17, 0.08; cash 0.09.
    The deductible of 0.01 and 0.16 of coinsurance are borne, out of the account or in cash; the meter counts 0.16."""
    found = settled(tmp_path, BOTH.format(rounding="end half_up 0.01元"), [{"amount": "0.50"}])
    assert texts(found.split) == {"pooled_fund": "0.16", "other_fund": "0.17", "account": "0.08", "patient": "0.09"}
    assert texts(found.patient) == {"deductible": "0.01", "coinsurance": "0.16"}
    assert found.minor("meter.paid") == 16
    with pytest.raises(KeyError):
        found.amount("first.paid")


FIRST_SHARE = """
rounding: end
parts: [first_share, in_scope]
layers:
  - {id: basic, payer: pooled_fund, on: in_scope, cite: law}
provisions:
  - {id: own, layer: basic, set_aside: 10% of base, as: first_share, to: first_share, cite: law}
  - {id: drugs, layer: basic, set_aside: 20% of base, as: first_share, to: first_share, cite: law}
  - {id: share, layer: basic, fund_share: 50%, cite: law}
"""


def test_at_the_end_first_shares_that_were_moved_are_told(tmp_path: Path) -> None:
    """10 % × 333.33 = 33.333 and 20 % × 299.997 = 59.9994 are moved; 50 % × 239.9976 = 119.9988 is 120.00.
    The patient bears 33.33 + 60.00 of first share and the rest, 120.00."""
    found = settled(tmp_path, FIRST_SHARE, [{"amount": "333.33"}])
    assert texts(found.split) == {"pooled_fund": "120.00", "patient": "213.33"}
    assert texts(found.patient) == {"first_share": "93.33", "coinsurance": "120.00"}
    assert str(found.national()["preselfpay_amt"]) == "93.33"


def test_at_the_end_in_whole_yuan(tmp_path: Path) -> None:
    """32.9967 and 33.50165 are paid down to 32 and 33; the account's 16.750825 to 16; the patient bears 19.00."""
    found = settled(tmp_path, BOTH.format(rounding="end down 1元"), [{"amount": "100.00"}])
    assert texts(found.split) == {"pooled_fund": "32.00", "other_fund": "33.00", "account": "16.00", "patient": "19.00"}


def test_a_layer_with_its_own_rounding_is_rounded_at_once(tmp_path: Path) -> None:
    """33 % × 99.99 = 32.9967 is 32 at once; 50 % × 68 = 34, 17."""
    rules = BOTH.format(rounding="end half_up 0.01元").replace(
        "on: in_scope, cite", "on: in_scope, round: down 1元, cite", 1
    )
    found = settled(tmp_path, rules, [{"amount": "100.00"}])
    assert texts(found.split) == {"pooled_fund": "32.00", "other_fund": "34.00", "account": "17.00", "patient": "17.00"}


EXPLICIT = """
parts: [in_scope]
layers: [{{id: basic, payer: pooled_fund, on: in_scope, cite: law}}]
provisions: [{{id: sum, layer: basic, cite: law, pay: "{formula}"}}]
"""


@pytest.mark.parametrize(
    ("formula", "paid"),
    [
        ("10% of round(base, up, 100元)", "130.00"),  # each started 100 of 1,234.50: 1,300
        ("10% of round(base, down, 100元)", "120.00"),
        ("round(30% of base, half_up, 10元)", "370.00"),  # 370.35
        ("round(30% of base)", "370.35"),
        ("2元 * round(days_of_stay, up, 10)", "20.00"),  # 8 days: one started decade
        ("2元 * round(days_of_stay, down, 5)", "10.00"),
    ],
)
def test_rounding_said_in_a_formula(tmp_path: Path, formula: str, paid: str) -> None:
    stay = {"care_type": "inpatient", "admission_date": "2024-03-01", "discharge_date": "2024-03-09"}
    found = settled(tmp_path, EXPLICIT.format(formula=formula), [{"amount": "1234.50"}], encounter=stay)
    assert str(found.split["pooled_fund"]) == paid
