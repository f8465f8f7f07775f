"""Shares by amounts: of one amount by two others, of a payable among payers, a rate out of two amounts."""

from __future__ import annotations

from pathlib import Path

import pytest

from policyengine import Claim, RuleError, load, settle
from policyengine.laws import broken

RULES = """
ruleset: portions
rounding: {rounding}
facts:
  first: {{type: money, default: 0元}}
  second: {{type: money, default: 0元}}
  third: {{type: money, default: 0元}}
  days: {{type: count, low: 0, high: 366, default: 0}}
parts: [in_scope]
layers:
  - {{id: basic, payer: pooled_fund, on: in_scope{layer}}}
provisions:
{provisions}
"""
AMONG = "split: {pooled_fund: first, critical_illness: second, medical_assistance: third}, if_none: critical_illness"


def split(
    folder: Path, *provisions: str, rounding: str = "half_up 0.01元", layer: str = "", **facts: object
) -> dict[str, str]:
    file = folder / "portions.yaml"
    listed = "\n".join(f"  - {{{text}}}" for text in provisions)
    file.write_text(RULES.format(rounding=rounding, layer=layer, provisions=listed), encoding="utf-8")
    claim = {
        "id": "c",
        "person": {"id": "p"},
        "encounter": {"care_type": "inpatient", "discharge_date": "2024-03-09"},
        "lines": [{"category": "surgery", "amount": "600.00"}, {"category": "bed", "amount": "400.00"}],
        "facts": facts,
    }
    settlement = settle(load(file), Claim.model_validate(claim))
    assert broken(settlement) == ()
    return {payer: str(amount) for payer, amount in settlement.split.items() if payer != "patient" and amount}


@pytest.mark.parametrize(
    ("pay", "paid"),
    [
        ("pro_rata(100元, first, first + second, 7元)", "33.33"),  # 100 × 10 ÷ 30
        ("pro_rata(100元, second, first + second, 7元)", "66.67"),  # 100 × 20 ÷ 30
        ("pro_rata(100元, second, first + second, 7元, down, 1元)", "66.00"),
        ("pro_rata(100元, first, third, 7元)", "7.00"),  # nothing to divide by
        ("pro_rata(100元, first, third - second, 7元)", "7.00"),  # less than nothing
        ("pro_rata(365元, days, 366, 0元)", "99.73"),  # 365 × 100 ÷ 366 = 99.7267…
        ("pro_rata(50% of first, second, first, 0元)", "10.00"),  # 5 × 20 ÷ 10
        ("100元 * ratio(first, first + second, 0%, down, 1%)", "33.00"),
        ("100元 * ratio(first, first + second, 0%, up, 0.01%)", "33.34"),
        ("100元 * ratio(second, first, 0%, half_up, 1%)", "200.00"),
        ("100元 * ratio(first, third, 25%, half_up, 1%)", "25.00"),
        ("1元 * pro_rata(10, days, 30, 0, up, 1)", "34.00"),  # 10 × 100 ÷ 30 = 33.3…
    ],
)
def test_a_share_of_an_amount_by_two_others(tmp_path: Path, pay: str, paid: str) -> None:
    found = split(tmp_path, f"id: part, layer: basic, pay: '{pay}'", first="10.00", second="20.00", days=100)
    assert found == {"pooled_fund": paid}


def test_a_cap_divided_among_fee_lines(tmp_path: Path) -> None:
    """Of 1,000 only 100 count: 100 × 600 ÷ 1,000 of the first line, 100 × 400 ÷ 1,000 of the second."""
    rule = "id: counted, classify: true, take: 'left - pro_rata(100元, amount, sum(amount), 0元)', payer: hospital"
    assert split(tmp_path, rule, "id: all, layer: basic, fund_share: 100%") == {
        "hospital": "900.00",
        "pooled_fund": "100.00",
    }


@pytest.mark.parametrize(
    ("pay", "borne", "shares"),
    [
        # 0.10 × 1/7 = 0.0143, × 2/7 = 0.0286, the last takes what is left
        ("0.10元", "1 2 4", {"pooled_fund": "0.01", "critical_illness": "0.03", "medical_assistance": "0.06"}),
        # each 0.0033; what is left is the last one's
        ("0.01元", "1 1 1", {"medical_assistance": "0.01"}),
        # 0.015 is 0.02 for the first; no more than 0.01 is left
        ("0.03元", "1 1 0", {"pooled_fund": "0.02", "critical_illness": "0.01"}),
        ("5.00元", "0 0 0", {"critical_illness": "5.00"}),
    ],
)
def test_the_last_takes_what_rounding_leaves(tmp_path: Path, pay: str, borne: str, shares: dict[str, str]) -> None:
    first, second, third = borne.split()
    found = split(tmp_path, f"id: sum, layer: basic, pay: {pay}", f"id: who, layer: basic, {AMONG}",
                  first=first, second=second, third=third)  # fmt: skip
    assert found == shares


def test_another_payer_takes_what_rounding_leaves(tmp_path: Path) -> None:
    """The second is reckoned last: 1.00 − 0.33 − 0.33."""
    who = f"id: who, layer: basic, {AMONG}, remainder: critical_illness"
    found = split(tmp_path, "id: sum, layer: basic, pay: 1元", who, first="1", second="1", third="1")
    assert found == {"pooled_fund": "0.33", "critical_illness": "0.34", "medical_assistance": "0.33"}


@pytest.mark.parametrize(
    ("pay", "borne", "shares"),
    [
        # 1.43, 2.86, 5.71 fen: 1, 2, 5 and two more fen for the remainders 0.86 and 0.71
        ("0.10元", "1 2 4", {"pooled_fund": "0.01", "critical_illness": "0.03", "medical_assistance": "0.06"}),
        # 33.3 fen each; of equal remainders the first gets the fen
        ("1元", "1 1 1", {"pooled_fund": "0.34", "critical_illness": "0.33", "medical_assistance": "0.33"}),
        # 16.2, 16.9, 66.9 fen of 100: the two fen that are left go to the second and the third
        ("1元", "16.2 16.9 66.9", {"pooled_fund": "0.16", "critical_illness": "0.17", "medical_assistance": "0.67"}),
        ("1元", "0 0 0", {"critical_illness": "1.00"}),
    ],
)
def test_the_largest_remainders_get_what_rounding_leaves(
    tmp_path: Path, pay: str, borne: str, shares: dict[str, str]
) -> None:
    first, second, third = borne.split()
    found = split(tmp_path, f"id: sum, layer: basic, pay: {pay}",
                  f"id: who, layer: basic, {AMONG}, remainder: largest",
                  first=first, second=second, third=third)  # fmt: skip
    assert found == shares


def test_largest_remainders_of_shares(tmp_path: Path) -> None:
    """0.10 by 55, 35 and 10 %: 5.5, 3.5, 1 fen; the fen that is left goes to the first of the two equal remainders."""
    who = "id: who, layer: basic, split: {pooled_fund: 55%, critical_illness: 35%, hospital: 10%}, remainder: largest"
    found = split(tmp_path, "id: sum, layer: basic, pay: 0.10元", who)
    assert found == {"pooled_fund": "0.06", "critical_illness": "0.03", "hospital": "0.01"}


def test_nobody_gives_back_what_others_were_rounded_up(tmp_path: Path) -> None:
    """Four quarters of 0.02 are 0.005 each; three rounded up would be 0.03."""
    quarters = "{pooled_fund: 25%, critical_illness: 25%, medical_assistance: 25%, other_fund: 25%}"
    found = split(tmp_path, "id: sum, layer: basic, pay: 0.02元", f"id: who, layer: basic, split: {quarters}")
    assert found == {"pooled_fund": "0.01", "critical_illness": "0.01"}


def test_rounding_to_whole_coins_never_gives_more_than_there_is(tmp_path: Path) -> None:
    """90 % of 0.60 are 0.54, a whole yuan; there are 0.60."""
    found = split(tmp_path, "id: sum, layer: basic, pay: 0.60元",
                  "id: who, layer: basic, split: {pooled_fund: 90%, hospital: 10%}",
                  rounding="half_up 1元", layer=", round: half_up 0.01元")  # fmt: skip
    assert found == {"pooled_fund": "0.60"}


def test_a_negative_amount_has_no_share(tmp_path: Path) -> None:
    who = "id: who, layer: basic, split: {pooled_fund: first, hospital: 'third - second'}, if_none: hospital"
    assert split(tmp_path, "id: sum, layer: basic, pay: 9元", who, first="1", second="2") == {"pooled_fund": "9.00"}


@pytest.mark.parametrize("call", ["pro_rata(1元, first, second)", "ratio(first, second)"])
def test_what_holds_where_there_is_nothing_to_divide_by_must_be_said(tmp_path: Path, call: str) -> None:
    with pytest.raises(RuleError, match="E381"):
        split(tmp_path, f"id: part, layer: basic, pay: '{call}'")


def test_a_share_of_the_bill_is_an_amount_to_split_by(tmp_path: Path) -> None:
    """A share of an amount is not yet a whole coin: 10 % and 30 % of the bill of 1,000 divide 80 as 1 to 3."""
    who = "id: who, layer: basic, split: {pooled_fund: 10% of bill, hospital: 30% of bill}, if_none: hospital"
    found = split(tmp_path, "id: sum, layer: basic, pay: 80元", who)
    assert found == {"pooled_fund": "20.00", "hospital": "60.00"}


def test_a_deposit_is_told_with_its_place_and_its_source(tmp_path: Path) -> None:
    file = tmp_path / "advance.yaml"
    rules = RULES.format(
        rounding="half_up 0.01元",
        layer="",
        provisions="""
  - {id: share, layer: basic, fund_share: 70%}
  - {id: later, timing: one_stop, when: first > 0元, deposit: second, cite: notice}""",
    )
    file.write_text(rules.replace("ruleset: portions", "ruleset: advance\nsources: {notice: {title: the notice}}"))
    steps = {step.name: step for step in load(file).programs[0].steps}
    for name in ("later.timing", "later.deposit"):
        assert [cite.source for cite in steps[name].cites] == ["notice"]
        assert "advance.yaml" in str(steps[name].span)
