"""Mutants of a run: what survives comes with rows that tell it apart, and the drafts, once filled in, kill."""

from __future__ import annotations

from pathlib import Path

import pytest

from policyengine.exercise import reach
from policyengine.mutation import FULL, Tally, tally
from policyengine.report.mutation import mutation_data, mutation_text
from policyengine.rulebook import locate
from tests.mutation.tiny import tiny

RULES = """\
ruleset: tiny
title: {zh: 小例, en: Tiny}
valid: {from: 2019-01-01, to: 2021-06-15}
run: {each: member, over: calendar_year, after: year_end}
rows:
  of: given
  bill: due
  fields:
    due: {type: money, label: {zh: 缴费, en: contribution}}
    kind: {type: code, values: [first, second], label: {zh: 类别, en: kind}}
    ward: {type: id}
parts: {due_in_full: in_scope}
layers:
  - {id: help, payer: medical_assistance, on: due_in_full, assumed: made up for this example}
provisions:
  - id: share
    layer: help
    fund_share: 90% if destitute else 70%
    when: sum(due) > 100元
    assumed: made up for this example
"""
CASES = """\
given: {day: 2019-12-31}
cases:
  - id: member
    title: 200 × 70 % = 140
    source: worked by hand
    settlements: {rows: [{id: r1, person: {id: p1}, fields: {due: 200.00, kind: first, ward: w1}}]}
    units: [{of: p1, expect: {split: {medical_assistance: 140.00, patient: 60.00}}}]
"""
DESTITUTE = """\
  - id: destitute
    title: 1,000 × 90 % = 900
    source: worked by hand
    settlements: {rows: [{id: r1, person: {id: p1, tags: [destitute]}, fields: {due: 1000.00, kind: first, ward: w1}}]}
    units: [{of: p1, expect: {split: {medical_assistance: 900.00, patient: 100.00}}}]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A root with the rule set and its one case."""
    return tiny(tmp_path, RULES, CASES)


def tried(folder: Path) -> Tally:
    return tally(locate("tiny", folder), FULL)


def filled(found: Tally) -> str:
    """The drafts, each with what its rows come to as the file stands."""
    _, *drafts = mutation_text(found).split("  - id: ")
    survivors = [v.apart for v in found.verdicts if v.result == "survived"]
    text = ""
    for draft, apart in zip(drafts, survivors, strict=True):
        assert apart is not None, draft
        kept = [line for line in draft.splitlines() if line.startswith("    ") and line.strip()]
        body = "\n".join(kept).replace("source: …", "source: worked by hand")
        for name, amount in apart.as_it_stands.items():
            body = body.replace(f"{name}: …", f"{name}: {amount}")
        text += f"  - id: filled_{len(text)}\n{body}\n"
    return text


def test_every_survivor_has_rows_that_tell_it_apart(folder: Path) -> None:
    found = {
        (v.mutant.change.kind, v.mutant.change.after): v.apart for v in tried(folder).verdicts if v.result == "survived"
    }
    edge = found["bound", "sum(due) >= 100元"]
    assert edge is not None
    assert [row.fields for row in edge.rows] == [{"due": "100.00", "kind": "first", "ward": "ward_1"}]
    assert edge.as_it_stands["patient"] == "100.00"
    assert edge.changed["medical_assistance"] == "70.00"
    poor = found["tag", "low_income"]
    assert poor is not None
    assert poor.rows[0].person.tags == {"destitute"}
    early = found["day", "from: 2018-12-31"]
    assert early is not None
    assert (str(early.rows[0].day), early.as_it_stands) == ("2018-12-31", {"refused": "E561"})


def test_the_drafts_once_filled_in_kill_every_mutant(folder: Path) -> None:
    before = tried(folder)
    assert before.count("survived") == 8
    file = folder / "tiny" / "cases" / "tiny.yaml"
    file.write_text(CASES + filled(before), encoding="utf-8")
    after = tried(folder)
    assert (after.count("survived"), after.count("killed")) == (0, before.told)


def test_as_data_a_survivor_has_rows_in_place_of_claims(folder: Path) -> None:
    open_ones = [v for v in mutation_data(tried(folder))["verdicts"] if v["result"] == "survived"]
    assert all("rows" in one and "claims" not in one for one in open_ones)


def test_coverage_drafts_the_rows_that_close_a_gap(folder: Path) -> None:
    """That `destitute` decides is closed by the draft; a case of it by hand: 1,000 × 90 % = 900."""
    gaps = {gap.target.text: gap.claim for gap in reach(locate("tiny", folder)).gaps}
    drafted = gaps["destitute = yes"]
    assert drafted is not None
    assert (drafted["of"], drafted["rows"][0]["person"]["tags"]) == ("p1", ["destitute"])
    assert drafted["rows"][0]["fields"] == {"due": "1000.00", "kind": "first", "ward": "ward_1"}
    (folder / "tiny" / "cases" / "tiny.yaml").write_text(CASES + DESTITUTE, encoding="utf-8")
    assert [gap.target.text for gap in reach(locate("tiny", folder)).gaps] == ["sum(due) > 100.00 = no"]
