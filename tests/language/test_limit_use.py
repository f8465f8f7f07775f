"""What is limited: the list beside the steps, and how much of each limit a claim finds, uses and leaves."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from policyengine import Claim, History, Rulebook, RuleError, Settlement, load, settle

TWO_LAYERS = """ruleset: two
parts: [in_scope]
meters: {paid: {counts: [basic.paid, large.paid], in: benefit_year}}
layers:
  - {id: basic, payer: pooled_fund, on: in_scope, when: not retired, assumed: x}
  - {id: large, payer: large_expense, on: in_scope, assumed: x}
provisions:
  - {id: threshold, layer: basic, deductible: 1000元, assumed: x}
  - {id: share, layer: basic, fund_share: 50%, assumed: x}
  - {id: large_share, layer: large, fund_share: 50%, assumed: x}
  - {id: of_each_claim, layer: large, ceiling: 600元, assumed: x}
  - {id: total, layer: [basic, large], ceiling: 3000元, meter: paid, assumed: x}
  - {id: more_for_students, adjust: total, when: student, add: 500元, assumed: x}
"""


def book(folder: Path, text: str) -> Rulebook:
    made = folder / text.split("\n", 1)[0].removeprefix("ruleset: ")
    made.mkdir()
    (made / "ruleset.yaml").write_text(text, encoding="utf-8")
    return load(str(made))


def claim(name: str, amount: str, *tags: str) -> Claim:
    data = {
        "id": name,
        "person": {"id": "p", "tags": tags},
        "encounter": {"care_type": "inpatient", "discharge_date": "2024-03-05"},
        "lines": [{"category": "surgery", "amount": amount}],
    }
    return Claim.model_validate(data)


def uses(settlement: Settlement) -> dict[str, tuple[str, str, str, str]]:
    return {
        use.provision: (str(use.limit), str(use.used_before), str(use.used_now), str(use.left))
        for use in settlement.limits
        if use.applies
    }


def test_every_limit_tells_what_was_used_and_what_is_left(tmp_path: Path) -> None:
    rules = book(tmp_path, TWO_LAYERS)
    # 5,000 less 1,000 are 4,000, half of it 2,000; of the 3,000 left half would be 1,500, and 600 are paid
    first = settle(rules, claim("c1", "5000"))
    assert uses(first) == {
        "threshold": ("1000.00", "0.00", "1000.00", "0.00"),
        "of_each_claim": ("600.00", "0.00", "600.00", "0.00"),
        "total": ("3000.00", "0.00", "2600.00", "400.00"),
    }
    # 700 lie under the threshold; basic pays nothing, large half of 700, which 400 hold
    second = settle(rules, claim("c2", "700"), first.history)
    assert uses(second)["threshold"] == ("1000.00", "0.00", "700.00", "300.00")
    assert uses(second)["total"] == ("3000.00", "2600.00", "350.00", "50.00")
    assert [use.layers for use in second.limits if use.provision == "total"] == [("basic", "large")]


def test_an_adjusted_limit_is_told_as_adjusted(tmp_path: Path) -> None:
    found = settle(book(tmp_path, TWO_LAYERS), claim("c1", "5000", "student"))
    assert uses(found)["total"] == ("3500.00", "0.00", "2600.00", "900.00")


def test_a_shared_ceiling_holds_where_its_first_layer_is_off(tmp_path: Path) -> None:
    rules = book(tmp_path, TWO_LAYERS.replace(", ceiling: 600元", ", ceiling: 90000元"))
    # basic is off; large pays half of 5,000, which the shared 3,000 (3,500 for a student) hold
    assert settle(rules, claim("c1", "5000", "retired")).split["large_expense"] == Decimal("2500.00")
    assert settle(rules, claim("c2", "9000", "retired")).split["large_expense"] == Decimal("3000.00")
    assert settle(rules, claim("c3", "9000", "retired", "student")).split["large_expense"] == Decimal("3500.00")
    assert "threshold" not in uses(settle(rules, claim("c1", "5000", "retired")))


FAMILY = """ruleset: family
parts: [in_scope]
meters:
  person: {counts: plan.deductible, in: benefit_year}
  family: {counts: plan.deductible, per: household, in: benefit_year}
layers: [{id: plan, payer: pooled_fund, on: in_scope, assumed: x}]
provisions:
  - {id: deductible, layer: plan, deductible: {person: 400元, family: 1000元}, assumed: x}
  - {id: for_students, adjust: deductible.person, when: student, scale: 50%, assumed: x}
  - {id: share, layer: plan, fund_share: 80%, assumed: x}
"""


def test_a_limit_for_each_meter_is_listed_for_each(tmp_path: Path) -> None:
    rules = book(tmp_path, FAMILY)
    rows = [
        {"meter": "person", "scope": {"person_id": "p"}, "window": "2024", "value": 100, "kind": "money"},
        {"meter": "family", "scope": {"household_id": "h"}, "window": "2024", "value": "850.00", "kind": "money"},
    ]
    data = claim("c1", "500").model_dump(mode="json", exclude_unset=True)
    data["person"] = {"id": "p", "household": "h"}
    found = settle(rules, Claim.model_validate(data), History.model_validate({"accumulators": rows}))
    # the person has 300 left, the family 150: 150 are set aside, the plan pays 80 % of 350
    assert found.split["pooled_fund"] == Decimal("280.00")
    seen = [(u.meter.name if u.meter else "", str(u.limit), str(u.used_now), str(u.left)) for u in found.limits]
    assert seen == [("person", "400.00", "150.00", "150.00"), ("family", "1000.00", "150.00", "0.00")]


def test_a_slot_of_one_meter_can_be_adjusted(tmp_path: Path) -> None:
    data = claim("c1", "500").model_dump(mode="json", exclude_unset=True)
    data["person"] = {"id": "p", "household": "h", "tags": ["student"]}
    found = settle(book(tmp_path, FAMILY), Claim.model_validate(data))
    # half of 400 for a student: 80 % of 300
    assert found.split["pooled_fund"] == Decimal("240.00")


OVER_A_YEAR = """ruleset: year
parts: [in_scope]
layers: [{id: illness, payer: critical_illness, on: in_scope, to_date: benefit_year, assumed: x}]
provisions:
  - {id: threshold, layer: illness, deductible: 1000元, assumed: x}
  - {id: share, layer: illness, fund_share: 50%, assumed: x}
  - {id: most, layer: illness, ceiling: 800元, assumed: x}
"""


def test_a_layer_over_a_window_tells_its_limits_over_the_window(tmp_path: Path) -> None:
    rules = book(tmp_path, OVER_A_YEAR)
    first = settle(rules, claim("c1", "700"))
    assert uses(first) == {
        "threshold": ("1000.00", "0.00", "700.00", "300.00"),
        "most": ("800.00", "0.00", "0.00", "800.00"),
    }
    # 700 and 1,500 are 2,200; half of 1,200 is 600
    second = settle(rules, claim("c2", "1500"), first.history)
    assert uses(second) == {
        "threshold": ("1000.00", "700.00", "300.00", "0.00"),
        "most": ("800.00", "0.00", "600.00", "200.00"),
    }


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("{id: d, layer: basic, deductible: 5元, meter: stays, assumed: x}", "E352"),
        ("{id: d, layer: basic, deductible: {paid: 5元}, meter: paid, assumed: x}", "E353"),
    ],
)
def test_what_cannot_be_a_limit(tmp_path: Path, written: str, code: str) -> None:
    meters = "meters: {stays: {counts: 1, in: lifetime}, paid: {counts: basic.paid, in: lifetime}}"
    text = f"ruleset: bad\nparts: [in_scope]\n{meters}\nlayers: [{{id: basic, payer: pooled_fund, on: in_scope}}]\n"
    with pytest.raises(RuleError) as caught:
        book(tmp_path, f"{text}provisions:\n  - {written}\n")
    assert code in {found.code for found in caught.value.diagnostics}


def test_a_deductible_off_the_grid_is_shown_as_it_is_taken(tmp_path: Path) -> None:
    """Half of 10.01 is 5.005, which the file rounds to 5.01: so much is taken, so much is the limit."""
    text = """ruleset: half
parts: [in_scope]
layers: [{id: basic, payer: pooled_fund, on: in_scope, assumed: x}]
provisions:
  - {id: threshold, layer: basic, deductible: 10.01元, assumed: x}
  - {id: halved, adjust: threshold, when: retired, scale: 50%, assumed: x}
  - {id: share, layer: basic, fund_share: 50%, assumed: x}
"""
    found = settle(book(tmp_path, text), claim("c1", "100.00", "retired")).limits[0]
    assert (found.limit, found.used_now, found.left) == (Decimal("5.01"), Decimal("5.01"), Decimal(0))
