"""What cases reach of a rule file small enough to list every target, by hand."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from policyengine import Claim, load, settle
from policyengine.exercise import Reach, reach
from policyengine.rulebook import locate
from tests.cli.runner import run
from tests.mutation.tiny import tiny

RULES = """\
ruleset: tiny
title: {zh: 小例, en: Tiny}
valid: {from: 2020-01-01}
parts: [in_scope]
tables:
  shares:
    keys: [tier]
    columns: [share]
    rows:
      - [村级|乡镇级, 80%]
      - [县级, 70%]
      - [市级|省级, 60%]
    assumed: made up for this example
layers:
  - {id: basic, payer: pooled_fund, on: in_scope, assumed: made up for this example}
provisions:
  - {id: threshold, layer: basic, deductible: 500元, when: not destitute, assumed: made up for this example}
  - {id: share, layer: basic, fund_share: shares.share, assumed: made up for this example}
  - {id: more, adjust: share, when: destitute or subsistence, add: 10pp, assumed: made up for this example}
  - {id: never, adjust: threshold, when: destitute and not destitute, set: 0元, assumed: made up for this example}
"""
CASES = """\
given:
  encounter: {care_type: inpatient, discharge_date: 2020-03-02, hospital: {tier: county}}
cases:
  - id: nobody_special
    source: (1,000 − 500) × 70 %, by hand
    claims:
      - claim: {id: c1, person: {id: p1}, lines: [{category: surgery, amount: 1000.00}]}
        expect: {split: {pooled_fund: 350.00, patient: 650.00}}
  - id: destitute
    source: 1,000 × 80 %, by hand
    claims:
      - claim: {id: c1, person: {id: p1, tags: [destitute]}, lines: [{category: surgery, amount: 1000.00}]}
        expect: {split: {pooled_fund: 800.00, patient: 200.00}}
"""

TOLD = """\
  told:
    keys: [stated]
    columns: [counts]
    rows:
      - [yes, true]
    gaps: a claim must state everything
    assumed: made up for this example
facts: {stated: {type: flag, label: {zh: 已填报, en: stated}}}
layers:
"""
ASKED = """\
cases:
  - id: all_stated
    source: (1,000 − 500) × 70 %, by hand
    claims:
      - claim:
          id: c1
          person: {id: p1}
          encounter: {care_type: inpatient, discharge_date: 2020-03-02, hospital: {tier: county}}
          lines: [{category: surgery, amount: 1000.00}]
          facts: {stated: true}
        expect: {split: {pooled_fund: 350.00, patient: 650.00}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A root with the rule set and its two cases."""
    return tiny(tmp_path, RULES, CASES)


def told(found: Reach) -> set[tuple[str, str, bool]]:
    return {(gap.target.of, gap.target.text, gap.impossible) for gap in found.gaps}


def test_every_gap_is_found_and_nothing_else(folder: Path) -> None:
    """Nobody special: the threshold applies (not destitute = yes decides), `more` does not, with both conditions false:
    each would turn it over, so both are seen to decide as `no`. Destitute: the threshold does not apply, `more` does,
    through `destitute` alone: it decides as `yes`. Subsistence has nobody."""
    found = reach(locate("tiny", folder))
    assert told(found) == {
        ("shares", "村级|乡镇级", False),
        ("shares", "市级|省级", False),
        ("more", "subsistence = yes", False),
        ("never", "", True),  # nobody is and is not destitute: proved
        ("never", "destitute = yes", True),
        ("never", "destitute = no", True),
    }


def test_what_only_claims_outside_the_file_reach_is_out_of_reach(folder: Path) -> None:
    """The file covers nobody in village and town hospitals: their row is looked up by no claim that it settles. What
    decides whom it covers is reached by those, too. That is proved with no claim sought."""
    rules = RULES.replace("parts: [in_scope]", "parts: [in_scope]\ncovers: tier in [县级, 市级, 省级]")
    (folder / "tiny" / "ruleset.yaml").write_text(rules, encoding="utf-8")
    gaps = {gap.target.text: gap.impossible for gap in reach(locate("tiny", folder), claims=False).gaps}
    assert gaps["村级|乡镇级"]
    assert not gaps["市级|省级"]
    assert {impossible for text, impossible in gaps.items() if "tier" in text} == {False}


def test_the_figures(folder: Path) -> None:
    """Possible: the layer and 3 provisions that can apply; 3 rows; of `threshold` 2 outcomes, of `more` 4."""
    found = reach(locate("tiny", folder))
    assert found.of_kind("provision") == (4, 4)
    assert found.of_kind("row") == (1, 3)
    assert found.of_kind("outcome") == (5, 6)
    assert (found.reached, found.possible, found.claims) == (10, 13, 2)
    assert found.reaches(76)
    assert not found.reaches(77)  # 10 / 13 = 76.9 %


def test_what_no_claim_reaches_is_proved_without_seeking_claims(folder: Path) -> None:
    found = reach(locate("tiny", folder), claims=False)
    assert {gap.target.of for gap in found.gaps if gap.impossible} == {"never"}
    assert all(gap.claim is None for gap in found.gaps)
    assert found.possible == 13


def test_a_condition_that_a_table_never_denies_has_one_outcome(folder: Path) -> None:
    """The table has a row for the claims that state everything and no other: the rest is refused."""
    rules = RULES.replace("layers:\n", TOLD, 1).replace("when: not destitute,", "when: told.counts,", 1)
    (folder / "tiny" / "ruleset.yaml").write_text(rules, encoding="utf-8")
    (folder / "tiny" / "cases" / "tiny.yaml").write_text(ASKED, encoding="utf-8")
    found = reach(locate("tiny", folder), claims=False)
    assert [t.text for t in found.targets if t.of == "threshold" and t.kind == "outcome"] == [
        "told.counts[stated] = yes"
    ]
    assert not [gap for gap in found.gaps if gap.target.of == "threshold"]


def test_the_claim_for_a_gap_closes_it(folder: Path) -> None:
    book = load("tiny", folder)
    found = reach(locate("tiny", folder))
    claims = {g.target.text: g.claim["claim"] for g in found.gaps if g.claim is not None}
    assert settle(book, Claim.model_validate(claims["市级|省级"])).known()["share"] == Fraction(60, 100)
    assert claims["subsistence = yes"]["person"]["tags"] == ["subsistence"]


def test_on_the_command_line(folder: Path) -> None:
    done = run("coverage", "tiny", "--rulesets", str(folder))
    assert done.exit_code == 0
    assert done.stdout.startswith("tiny: 2 cases reach 10 of 13 (76.9 %)\n      4 / 4  provisions\n")
    assert "more `subsistence = yes` never decides" in done.stdout
    assert "no claim can reach these, which was proved:" in done.stdout
    assert run("coverage", "tiny", "--rulesets", str(folder), "--fail-under", "100").exit_code == 1
    chinese = run("coverage", "tiny", "--rulesets", str(folder), "--lang", "zh")
    assert chinese.stdout.startswith("tiny：2 个案例覆盖 13 项中的 10 项（76.9 %）")
    data = json.loads(run("coverage", "tiny", "--rulesets", str(folder), "--json").stdout)
    assert data["kinds"]["row"] == {"reached": 1, "possible": 3}
    assert run("coverage").exit_code == 2
