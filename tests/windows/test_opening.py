"""Opening balances: the answer of interface 5206 as the history that a member begins with.

The node and its fields are those of the interface description; the codes and values are made up for these tests.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from policyengine import Claim, ClaimError, Rulebook, load, settle
from policyengine.opening import cuminfo_of, opening_history

RULES = """ruleset: opening
parts: [in_scope]
meters:
  met: {counts: basic.deductible, in: benefit_year, opening: Q0000}
  paid: {counts: basic.paid, in: benefit_year, opening: [D310101, D390101]}
  month: {counts: basic.paid, in: month, opening: [D310101, D390101]}
  ever: {counts: 1, in: lifetime, opening: C0000}
  own: {counts: 1, in: visit, label: not kept elsewhere}
layers: [{id: basic, payer: pooled_fund, on: in_scope, assumed: x}]
provisions:
  - {id: threshold, layer: basic, deductible: 1000元, meter: met, assumed: x}
  - {id: share, layer: basic, fund_share: 50%, assumed: x}
  - {id: top, layer: basic, ceiling: 5000元, meter: paid, assumed: x}
  - {id: third_stay, adjust: share, when: used(ever) >= 2, add: 10pp, assumed: x}
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    folder = tmp_path_factory.mktemp("rules") / "opening"
    folder.mkdir()
    (folder / "ruleset.yaml").write_text(RULES, encoding="utf-8")
    return load(str(folder))


def row(code: str, value: str, month: str = "202403", **other: str) -> dict[str, str]:
    return {"insutype": "390", "year": month[:4], "cum_ym": month, "cum_type_code": code, "cum": value, **other}


def test_codes_become_rows_of_their_meters(book: Rulebook) -> None:
    rows = [
        row("Q0000", "800.00"),
        row("D390101", "300.5", "202401"),
        row("D310101", "0.25"),
        row("D390101", "1.00", "202312"),
        row("C0000", "2.00"),
        row("S0000", "9"),
    ]
    found = opening_history(book, rows, "p")
    # 2024: 300.50 + 0.25; the month is that of the row; a lifetime takes all years
    assert found.history.used == {
        ("met", ("p",), "2024"): 80_000,
        ("paid", ("p",), "2024"): 30_075,
        ("paid", ("p",), "2023"): 100,
        ("month", ("p",), "2024-01"): 30_050,
        ("month", ("p",), "2024-03"): 25,
        ("month", ("p",), "2023-12"): 100,
        ("ever", ("p",), "lifetime"): 2,
    }
    assert found.unread == ("S0000",)


def test_a_claim_is_settled_after_it(book: Rulebook) -> None:
    rows = [row("Q0000", "800"), row("D390101", "4900"), row("C0000", "2")]
    claim = Claim.model_validate(
        {
            "id": "c",
            "person": {"id": "p"},
            "encounter": {"care_type": "inpatient", "discharge_date": "2024-04-01"},
            "lines": [{"category": "surgery", "amount": "1000"}],
        }
    )
    # 200 of the deductible are left; 60 % × 800 = 480, of which 5,000 − 4,900 = 100 are paid
    settled = settle(book, claim, opening_history(book, rows, "p").history)
    assert settled.split == {"pooled_fund": Decimal("100.00"), "patient": Decimal("900.00")}
    assert settled.patient["deductible"] == Decimal("200.00")


@pytest.mark.parametrize("message", [
    {"infcode": 0, "output": {"cuminfo": []}},
    {"cuminfo": []},
])  # fmt: skip
def test_the_rows_are_found_in_the_whole_message_or_its_output(message: dict[str, Any]) -> None:
    assert cuminfo_of(message) == []
    assert cuminfo_of({"accumulators": []}) is None


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([row("Q0000", "1", year="24")], "E572"),
        ([row("Q0000", "1", cum_ym="202413")], "E572"),
        ([row("Q0000", "1.005")], "E572"),
        ([row("C0000", "1.5")], "E572"),
        ([row("Q0000", "-1.00")], "E572"),
        ([row("Q0000", "1"), row("Q0000", "1")], "E573"),
        ([row("Q0000", "1"), row("Q0000", "1", insutype="310")], "E574"),
        ([{"cum_type_code": "Q0000"}], "E506"),
        ([{**row("Q0000", "1"), "more": "x"}], "E507"),
    ],
)
def test_what_is_refused(book: Rulebook, rows: list[dict[str, str]], code: str) -> None:
    with pytest.raises(ClaimError) as caught:
        opening_history(book, rows, "p")
    assert {found.code for found in caught.value.diagnostics} == {code}


def test_one_of_several_schemes_is_chosen(book: Rulebook) -> None:
    rows = [row("Q0000", "1"), row("Q0000", "5", insutype="310")]
    assert opening_history(book, rows, "p", scheme="310").history.used == {("met", ("p",), "2024"): 500}
    with pytest.raises(ClaimError, match="no row is of the scheme"):
        opening_history(book, rows, "p", scheme="380")
