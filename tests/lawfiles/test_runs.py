"""Laws of a run: tried on members with rows of a year, and broken by the fewest and roundest of them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from policyengine import RuleError
from policyengine.lawfiles import try_laws
from policyengine.mutation import tally
from policyengine.rulebook import locate
from tests.cli.runner import run
from tests.lawfiles.village import law, made, tried, village

RULES = """
ruleset: village
title: {zh: 小例, en: Tiny}
valid: {from: 2019-01-01, to: 2022-01-01}
sources: {notice: {title: the notice}}
run: {each: member, over: calendar_year, after: year_end}
rows:
  of: given
  bill: due
  fields:
    due: {type: money, label: {zh: 缴费, en: contribution}}
    kind: {type: code, values: [first, second], label: {zh: 类别, en: kind}}
    ward: {type: id}
parts: {due_in_full: in_scope}
parameters:
  highest:
    - {value: 500元, to: 2020-01-01, cite: notice}
    - {value: 600元, from: 2020-01-01, cite: notice}
layers: [{id: help, payer: medical_assistance, on: due_in_full, cite: notice}]
provisions:
  - {id: share, layer: help, fund_share: 90% if destitute else 70%, when: sum(due) > 100元, cite: notice}
  - {id: ceiling, layer: help, ceiling: highest, cite: notice}
"""
ROWS = """\
{"id": "r1", "day": "2019-05-02", "person": {"id": "p1"}, "fields": {"due": "60.00", "kind": "first", "ward": "w1"}}
{"id": "r2", "day": "2019-09-02", "person": {"id": "p1"}, "fields": {"due": "40.00", "kind": "first", "ward": "w2"}}
{"id": "r3", "day": "2020-03-02", "person": {"id": "p1"}, "fields": {"due": "900.00", "kind": "first", "ward": "w1"}}
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
POOR = ("for_all: destitute", "compare: {otherwise: {destitute: no}}")


def test_laws_that_a_run_keeps(tmp_path: Path) -> None:
    assert tried(village(tmp_path, law(*POOR, "holds: this.patient_total <= other.patient_total"), RULES)).passed
    assert tried(village(tmp_path, law("holds: medical_assistance <= 600元"), RULES)).passed
    raised = ("compare: {on: 2019-06-30}", "holds: new.medical_assistance >= old.medical_assistance")
    assert tried(village(tmp_path, law(*raised), RULES)).passed
    each = ("each: life", "compare: {numbers: {highest: 500元}}", "holds: new.patient <= old.patient")
    assert tried(village(tmp_path, law(*each), RULES)).passed


def test_the_smallest_rows_that_break_a_law(tmp_path: Path) -> None:
    """Help begins above 100, and at 100 there is none: one row of 100.00 for somebody of whom nothing is stated."""
    beyond = ("for_all: sum(due) >= 100元", "holds: medical_assistance >= 70元")
    verdict = tried(village(tmp_path, law(*beyond), RULES), examples=300)
    assert verdict.breach is not None
    *_, shown, again = verdict.render().splitlines()
    row = json.loads(shown)
    assert (row["person"], row["fields"]["due"]) == ({"id": "p1"}, "100.00")
    assert "p1 · due 100.00, kind first" in verdict.render()
    assert again.endswith("--law one --examples 300 --seed 1")


def test_by_column_the_same_edge_is_found(tmp_path: Path) -> None:
    folder = village(tmp_path, law("for_all: sum(due) >= 100元", "holds: medical_assistance >= 70元"), RULES)
    (verdict,) = try_laws(made(folder), examples=0, volume=20_000)
    assert verdict.breach is not None
    assert str(verdict.breach.this[-1].total) == "100.00"


def test_a_slip_against_the_poor_is_seen(tmp_path: Path) -> None:
    """60 % for the destitute: of 200 they bear 80, others 60."""
    folder = village(
        tmp_path, law(*POOR, "holds: this.patient_total <= other.patient_total"), RULES.replace("90%", "60%")
    )
    breach = tried(folder).breach
    assert breach is not None
    assert (breach.this[-1].minor("patient"), breach.other[-1].minor("patient")) == (8_000, 6_000)


def test_rows_of_a_file_in_place_of_drawn_ones(tmp_path: Path) -> None:
    """2019: 60 + 40 is not above 100. 2020: 70 % of 900 is 630, and the ceiling 600."""
    folder = village(tmp_path, law("holds: patient_total <= 200元"), RULES)
    file = tmp_path / "rows.jsonl"
    file.write_text(ROWS, encoding="utf-8")
    done = run("test", str(folder), "--lives", str(file))
    assert done.exit_code == 1
    assert re.search(r"patient_total +300\.00$", done.output, re.MULTILINE)
    again = run("test", str(village(tmp_path, law("holds: patient_total <= 300元"), RULES)), "--lives", str(file))
    assert (again.exit_code, again.output.strip()) == (0, "1 law: 1 kept, 0 broken")


def test_claims_that_nobody_has_settled_are_no_rows(tmp_path: Path) -> None:
    folder = village(tmp_path, law("holds: patient_total <= 200元"), RULES)
    file = tmp_path / "claims.jsonl"
    file.write_text('{"id": "c1", "person": {"id": "p1"}, "encounter": {"care_type": "inpatient"}, "lines": '
                    '[{"category": "bed", "amount": "1.00"}]}\n', encoding="utf-8")  # fmt: skip
    done = run("test", str(folder), "--lives", str(file))
    assert done.exit_code == 2
    assert "claims.jsonl:1:1: error[E660]: a claim that nobody has settled yet" in done.output


def test_a_row_that_is_wrong_is_shown_where_it_stands(tmp_path: Path) -> None:
    folder = village(tmp_path, law("holds: patient_total <= 200元"), RULES)
    file = tmp_path / "rows.jsonl"
    file.write_text(ROWS.replace('"40.00"', '"40.005"'), encoding="utf-8")
    done = run("test", str(folder), "--lives", str(file))
    assert done.exit_code == 2
    assert re.search(r"rows.jsonl:2:\d+: error\[E577\]: `due` is no amount: more than 2 decimals", done.output)


def test_a_run_is_compared_with_a_run_alone(tmp_path: Path) -> None:
    claims = "holds: new.patient_total >= old.patient_total"
    village(tmp_path, name="hamlet")
    with pytest.raises(RuleError, match=r"E797\]: hamlet settles claims"):
        made(village(tmp_path, law("compare: {with: ../hamlet}", claims), RULES))


def test_a_law_kills_mutants_of_a_run(tmp_path: Path) -> None:
    """That of 100 to 500 the destitute bear a tenth: no case says so, and 89 % for 90 % breaks it, another tag too."""
    tenth = ("for_all: destitute and sum(due) > 100元 and sum(due) <= 500元", "holds: patient_total <= 10% of bill")
    folder = village(tmp_path, law(*tenth, "tolerance: 0.01元"), RULES)
    (folder / "cases").mkdir()
    (folder / "cases" / "village.yaml").write_text(CASES, encoding="utf-8")
    found = {(v.mutant.change.kind, v.mutant.change.after): v.by for v in tally(locate(str(folder))).verdicts}
    assert (found["point", "89%"], found["tag", "low_income"]) == ("law: one", "law: one")
