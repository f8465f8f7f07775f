"""The price of a case: who bears what is above it; below it the cost counts, or the price is the bill."""

from __future__ import annotations

from pathlib import Path

import pytest

from policyengine import Settlement
from tests.language.test_options import BASIC, Bill, clauses, settled

SHARE = "id: s, layer: basic, fund_share: 70%"
OUTSIDE = "id: outside, classify: class == 丙, to: own_expense"


def one(folder: Path, bill: str | Bill, *provisions: str, text: str = BASIC) -> Settlement:
    return settled(folder, text + clauses(*provisions), bill)[0]


def texts(amounts: object) -> dict[str, str]:
    return {k: str(v) for k, v in dict(amounts).items()}  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("bill", "hospital", "fund", "patient"),
    [
        ("999.99", "0.00", "699.99", "300.00"),  # 70 % of 999.99 is 699.993
        ("1000.00", "0.00", "700.00", "300.00"),
        ("1000.01", "0.01", "700.00", "300.00"),
    ],
)
def test_the_actual_cost_counts_below_the_price(
    tmp_path: Path, bill: str, hospital: str, fund: str, patient: str
) -> None:
    found = one(tmp_path, bill, "id: price, quota_price: 1000元", SHARE)
    assert texts(found.split) == {"hospital": hospital, "pooled_fund": fund, "patient": patient}
    assert str(found.margin) == "0.00"


@pytest.mark.parametrize(
    ("bill", "margin", "hospital"),
    [("800.00", "200.00", "0.00"), ("1000.00", "0.00", "0.00"), ("1000.01", "0.00", "0.01")],
)
def test_the_price_counts_below_the_price_where_the_policy_says_so(
    tmp_path: Path, bill: str, margin: str, hospital: str
) -> None:
    """The bill is 1,000 for everybody: 700 from the fund, 300 from the patient. The margin is told beside it."""
    found = one(tmp_path, bill, "id: price, quota_price: 1000元, below: price", SHARE)
    assert texts(found.split) == {"hospital": hospital, "pooled_fund": "700.00", "patient": "300.00"}
    assert str(found.margin) == margin
    assert str(found.total) == ("1000.00" if hospital == "0.00" else "1000.01")
    assert str(found.national()["medfee_sumamt"]) == str(found.total)


def test_what_later_clauses_call_the_part_and_the_bill_is_the_price(tmp_path: Path) -> None:
    """90 % of in scope are 900 of the price, not 720 of the cost; a twentieth of the bill is 50."""
    found = one(tmp_path, "800.00", "id: price, quota_price: 1000元, below: price",
                "id: up, layer: basic, top_up: 90% of in_scope", "id: more, layer: basic, pay: 5% of bill")  # fmt: skip
    assert texts(found.split) == {"hospital": "0.00", "pooled_fund": "950.00", "patient": "50.00"}


def test_the_margin_is_in_the_last_part_that_the_price_covers(tmp_path: Path) -> None:
    """600 in scope and 100 outside are 700; the 300 up to the price are in scope: 70 % of 900."""
    found = one(
        tmp_path, [("600.00", "a"), ("100.00", "c")], OUTSIDE, "id: price, quota_price: 1000元, below: price", SHARE
    )
    assert texts(found.split) == {"hospital": "0.00", "pooled_fund": "630.00", "patient": "370.00"}
    assert texts(found.patient) == {"own_expense": "100.00", "coinsurance": "270.00"}


def test_each_line_carries_its_share_of_the_margin(tmp_path: Path) -> None:
    """600 and 200 in scope become 750 and 250; 70 % of each."""
    found = one(tmp_path, [("600.00", "a"), ("200.00", "b")], "id: price, quota_price: 1000元, below: price", SHARE)
    assert [str(line.amount) for line in found.by_line()] == ["750.00", "250.00"]
    assert [str(line.split["pooled_fund"]) for line in found.by_line()] == ["525.00", "175.00"]


def test_a_price_that_does_not_apply_restates_nothing(tmp_path: Path) -> None:
    found = one(tmp_path, "800.00", "id: price, quota_price: 1000元, below: price, when: registered_poor", SHARE)
    assert (str(found.total), str(found.margin), str(found.split["pooled_fund"])) == ("800.00", "0.00", "560.00")


def test_of_two_prices_each_restates_what_it_covers(tmp_path: Path) -> None:
    """Outside 100 becomes 150, in scope 600 becomes 1,000: 70 % of 1,000; the bill is 1,150."""
    found = one(tmp_path, [("600.00", "a"), ("100.00", "c")], OUTSIDE,
                "id: outer, quota_price: 150元, of: own_expense, below: price",
                "id: inner, quota_price: 1000元, of: in_scope, below: price", SHARE)  # fmt: skip
    assert (str(found.total), str(found.margin), str(found.split["pooled_fund"])) == ("1150.00", "450.00", "700.00")


def test_the_overrun_of_a_fund(tmp_path: Path) -> None:
    found = one(tmp_path, "1200.00", "id: price, quota_price: 1000元, overrun: other_fund", SHARE)
    assert texts(found.split) == {"other_fund": "200.00", "pooled_fund": "700.00", "patient": "300.00"}


def test_the_overrun_of_the_family(tmp_path: Path) -> None:
    """200 above the price leave the part that the fund looks at: 70 % of 1,000; the patient bears 300 and 200."""
    found = one(tmp_path, "1200.00", "id: price, quota_price: 1000元, overrun: own_expense", SHARE)
    assert texts(found.split) == {"pooled_fund": "700.00", "patient": "500.00"}
    assert texts(found.patient) == {"over_price": "200.00", "coinsurance": "300.00"}


def test_what_is_in_that_part_already_is_above_the_price_first(tmp_path: Path) -> None:
    """1,050 in scope and 150 outside: of the 200 above the price 150 are there already, 50 are moved."""
    found = one(tmp_path, [("1050.00", "a"), ("150.00", "c")], OUTSIDE,
                "id: price, quota_price: 1000元, overrun: own_expense", SHARE)  # fmt: skip
    assert texts(found.split) == {"pooled_fund": "700.00", "patient": "500.00"}
    assert texts(found.patient) == {"over_price": "50.00", "own_expense": "150.00", "coinsurance": "300.00"}


def test_a_later_layer_on_that_part_sees_the_overrun(tmp_path: Path) -> None:
    """A supplement pays half of what is outside: half of the 200 above the price."""
    text = BASIC.rstrip()[:-1] + ", {id: extra, payer: supplement, on: own_expense, cite: law}]\n"
    found = one(tmp_path, "1200.00", "id: price, quota_price: 1000元, overrun: own_expense", SHARE,
                "id: half, layer: extra, fund_share: 50%", text=text)  # fmt: skip
    assert texts(found.split) == {"pooled_fund": "700.00", "supplement": "100.00", "patient": "400.00"}


def test_a_price_that_restates_the_bill_is_told_in_whole_at_the_end(tmp_path: Path) -> None:
    """A cost of 800.00 is restated as 1,000.00: the part holds 1,000, 70 % of it are 700, and the margin is 200."""
    price = "id: price, quota_price: 1000元, below: price"
    found = one(tmp_path, "800.00", price, SHARE, text=f"rounding: end\n{BASIC}")
    told = {step.name: step.value for step in found.trace}
    assert (told["end.in_scope.gross"], str(found.margin)) == ("1000.00", "200.00")
    assert texts(found.split) == {"hospital": "0.00", "pooled_fund": "700.00", "patient": "300.00"}
