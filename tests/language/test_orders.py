"""Orders that move money and are stated nowhere: found by swapping, shown by a claim, silenced by saying why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from policyengine import Claim, load, settle
from policyengine.assemble import read
from policyengine.errors import Diagnostic
from policyengine.orders import undeclared
from policyengine.rulebook import bundled_names, locate

HEAD = """ruleset: plan
title: {en: made up}
sources: {law: {title: made up}}
parts: [own_expense, over_limit, first_share, in_scope]
layers:
  - {id: basic, payer: pooled_fund, on: in_scope, cite: law}
"""
SHARE = "  - {id: share, layer: basic, fund_share: 70%, cite: law}\n"
PRICE = "  - {id: price, classify: true, take: left - price_limit, to: over_limit, cite: law%s}\n"
FIRST = "  - {id: first, classify: class == 乙, take: 10%% of left, to: first_share, cite: law%s}\n"


def told(folder: Path, provisions: str, head: str = HEAD) -> list[Diagnostic]:
    file = folder / "plan" / "ruleset.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(head + "provisions:\n" + provisions, encoding="utf-8")
    return list(undeclared(read(locate(file.parent))))


def test_two_that_take_from_one_line(tmp_path: Path) -> None:
    (found,) = told(tmp_path, PRICE % "" + FIRST % "" + SHARE)
    assert found.code == "W433"
    assert found.message.startswith("swapping `price` and `first` moves ")
    assert "nothing says which comes first" in found.message


def test_the_claim_is_settled_otherwise_when_they_are_swapped(tmp_path: Path) -> None:
    (found,) = told(tmp_path, PRICE % "" + FIRST % "" + SHARE)
    claim = Claim.model_validate(json.loads(found.witness)["claim"])
    one = settle(load(tmp_path / "plan"), claim).split
    told(tmp_path, FIRST % "" + PRICE % "" + SHARE)
    other = settle(load(tmp_path / "plan"), claim).split
    moved = max(abs(one[payer] - other[payer]) for payer in one)
    assert f" moves {moved}," in found.message


def test_an_order_is_stated_by_way_of_others(tmp_path: Path) -> None:
    head = (
        HEAD
        + """  - {id: illness, payer: critical_illness, on: in_scope, cite: law, after: basic}
  - {id: help, payer: medical_assistance, on: in_scope, cite: law%s}
"""
    )
    shares = SHARE + "".join(
        f"  - {{id: {layer}_share, layer: {layer}, fund_share: 50%, cite: law}}\n" for layer in ("illness", "help")
    )
    swaps = ["swapping `basic` and `help`", "swapping `illness` and `help`"]
    assert [found.message.partition(" moves")[0] for found in told(tmp_path, shares, head % "")] == swaps
    assert told(tmp_path, shares, head % ", after: illness") == []


@pytest.mark.parametrize(
    "provisions",
    [
        PRICE % "" + FIRST % ", after: price" + SHARE,
        PRICE % ", assumed: {order: made up for this test}" + FIRST % "" + SHARE,
        FIRST % "" + PRICE % ", before: first" + SHARE,
    ],
)
def test_an_order_that_is_stated_is_no_finding(tmp_path: Path, provisions: str) -> None:
    assert told(tmp_path, provisions) == []


def test_two_that_look_at_other_lines_have_no_order(tmp_path: Path) -> None:
    third = "  - {id: third, classify: class == 丙, to: own_expense, cite: law}\n"
    assert told(tmp_path, third + FIRST % "" + SHARE) == []


def test_two_clauses_of_one_layer(tmp_path: Path) -> None:
    """10 % of 1,000 and 500 off: (1,000 - 500) x 10 % = 50, not 100, when the sum comes off first."""
    copay = "  - {id: copay, layer: basic, set_aside: 10% of base, cite: law}\n"
    floor = "  - {id: floor, layer: basic, deductible: 500元, cite: law}\n"
    (found,) = told(tmp_path, copay + floor + SHARE)
    assert (found.code, found.severity) == ("W434", "warning")
    assert "`copay` and `floor`" in found.message


def test_two_fixed_sums_have_no_order(tmp_path: Path) -> None:
    sums = "  - {id: one, layer: basic, pay: 100元, cite: law}\n  - {id: two, layer: basic, pay: 200元, cite: law}\n"
    assert told(tmp_path, sums) == []


def test_two_layers_are_a_note(tmp_path: Path) -> None:
    head = HEAD + "  - {id: help, payer: medical_assistance, on: in_scope, cite: law}\n"
    (found,) = told(tmp_path, SHARE + "  - {id: half, layer: help, fund_share: 50%, cite: law}\n", head)
    assert (found.code, found.severity) == ("W435", "note")


def test_layers_of_different_people_have_no_order(tmp_path: Path) -> None:
    head = HEAD.replace("on: in_scope, cite: law}", "on: in_scope, when: retired, cite: law}")
    head += "  - {id: help, payer: medical_assistance, on: in_scope, when: not retired, cite: law}\n"
    assert told(tmp_path, SHARE + "  - {id: half, layer: help, fund_share: 50%, cite: law}\n", head) == []


def test_adjustments_have_no_order(tmp_path: Path) -> None:
    changes = (
        "  - {id: more, adjust: share, when: retired, add: 5pp, cite: law}\n"
        "  - {id: scaled, adjust: share, when: student, scale: 90%, cite: law}\n"
    )
    assert told(tmp_path, SHARE + changes) == []


@pytest.mark.agree
@pytest.mark.parametrize("name", bundled_names())
def test_every_bundled_rule_set_says_which_of_two_sentences_comes_first(name: str) -> None:
    """Orders of layers are notes: their list is an order already."""
    found = [d for d in undeclared(read(locate(name))) if d.severity != "note"]
    assert found == [], "\n" + "\n".join(d.render() for d in found)
