"""Adjustments tell what they rest on, and one may change a quantity in several ways: set, then scale, add, limits."""

from __future__ import annotations

from pathlib import Path

import pytest

from policyengine import Claim, ClaimError, Settlement, load, settle
from policyengine.report.explain import explained
from policyengine.report.names import Lang

RULES = """\
ruleset: demo
title: demo
parts: [in_scope]
sources: {law: {title: the law}}
layers: [{id: basic, payer: pooled_fund, on: in_scope, cite: law}]
provisions:
  - {id: threshold, layer: basic, deductible: 1000元, cite: law}
  - {id: share, layer: basic, fund_share: 60%, cite: law}
"""


def settled(tmp_path: Path, *provisions: str, allow_assumed: bool = True) -> Settlement:
    """A bill of 10,000 under ``RULES`` and more provisions."""
    (tmp_path / "ruleset.yaml").write_text(RULES + "".join(f"  - {{{p}}}\n" for p in provisions), "utf-8")
    encounter = {"care_type": "inpatient", "discharge_date": "2018-11-01"}
    lines = [{"category": "bed", "amount": "10000"}]
    claim = Claim.model_validate({"id": "c1", "person": {"id": "p1"}, "encounter": encounter, "lines": lines})
    return settle(load(tmp_path / "ruleset.yaml"), claim, allow_assumed=allow_assumed)


@pytest.mark.parametrize(
    ("changes", "deductible"),
    [
        ("set: 600元, scale: 50%", "300.00"),
        ("scale: 50%, add: 100元", "600.00"),
        ("set: 600元, scale: 50%, add: 100元", "400.00"),
        ("set: 600元, scale: 50%, add: 100元, at_least: 450元", "450.00"),
        ("add: 100元, at_most: 700元", "700.00"),
    ],
)
def test_one_adjustment_in_several_ways(tmp_path: Path, changes: str, deductible: str) -> None:
    found = settled(tmp_path, f"id: change, adjust: threshold, {changes}, cite: law")
    assert str(found.patient["deductible"]) == deductible


def test_what_one_adjustment_adds_can_be_adjusted_by_another(tmp_path: Path) -> None:
    changes = "id: change, adjust: threshold, scale: 50%, add: 100元, cite: law"
    found = settled(tmp_path, changes, "id: more, adjust: change, scale: 300%, cite: law")
    assert str(found.patient["deductible"]) == "800.00"  # 500 + 3 x 100


@pytest.mark.parametrize(("limit", "share"), [("at_least: 65%", "65%"), ("at_most: 50%", "50%")])
def test_a_limit_is_a_step_with_its_sentence(tmp_path: Path, limit: str, share: str) -> None:
    found = settled(tmp_path, f"id: limit, adjust: share, {limit}, cite: {{law: no further}}")
    trace = {step.name: step for step in found.trace}
    assert trace["share"].value == share
    assert trace["limit"].value == share
    assert [cite.quote for cite in trace["limit"].cites] == ["no further"]


@pytest.mark.parametrize(
    ("lang", "title"), [("zh", "basic · 支付比例 · 不低于"), ("en", "basic · fund share · at least")]
)
def test_a_limit_is_told_with_the_quantity_that_it_limits(tmp_path: Path, lang: Lang, title: str) -> None:
    told = explained(settled(tmp_path, "id: limit, adjust: share, at_least: 65%, cite: law"), lang)
    assert [(step.title, step.value) for step in told if step.step == "limit"] == [(title, "65%")]


def test_a_limit_that_is_assumed_is_an_assumption_of_the_settlement(tmp_path: Path) -> None:
    limit = "id: limit, adjust: share, at_least: 65%, assumed: a guess"
    assert settled(tmp_path, limit).assumed == ("limit: a guess",)
    with pytest.raises(ClaimError) as caught:
        settled(tmp_path, limit, allow_assumed=False)
    assert {d.code for d in caught.value.diagnostics} == {"E562"}


@pytest.mark.parametrize(
    ("changes", "deductible"),
    [
        # the one that overrides comes last, wherever it stands
        (("id: a, set: 300元, overrides: b", "id: b, set: 400元"), "300.00"),
        (("id: b, set: 400元", "id: a, set: 300元, overrides: b"), "300.00"),
        (("id: a, set: 300元, overrides: c", "id: b, set: 500元, overrides: [a, c]", "id: c, set: 400元"), "500.00"),
        (("id: a, set: 300元, overrides: [b, c]", "id: b, set: 500元, overrides: c", "id: c, set: 400元"), "300.00"),
    ],
)
def test_who_overrides_has_the_last_word(tmp_path: Path, changes: tuple[str, ...], deductible: str) -> None:
    found = settled(tmp_path, *(f"{one}, adjust: threshold, cite: law" for one in changes))
    assert str(found.patient["deductible"]) == deductible
