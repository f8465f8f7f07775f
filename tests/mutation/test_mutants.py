"""Mutants of a rule file small enough to list every one of them, and what comes of each, by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from policyengine.errors import RuleError
from policyengine.mutation import Search, Tally, Verdict, tally
from policyengine.rulebook import locate
from tests.cli.runner import run
from tests.mutation.tiny import tiny

RULES = """\
ruleset: tiny
title: {zh: 小例, en: Tiny}
valid: {from: 2020-01-01}
parts: [in_scope]
layers:
  - {id: basic, payer: pooled_fund, on: in_scope, assumed: made up for this example}
provisions:
  - {id: threshold, layer: basic, deductible: 500元, assumed: made up for this example}
  - {id: share, layer: basic, fund_share: 70%, assumed: made up for this example}
"""
CASES = """\
given:
  person: {id: p1}
  encounter: {care_type: inpatient, discharge_date: 2020-03-02}
cases:
  - id: thousand
    title: (1,000 − 500) × 70 % = 350
    source: worked by hand
    claims:
      - claim: {id: c1, lines: [{category: surgery, amount: 1000.00}]}
        expect: {split: {pooled_fund: 350.00, patient: 650.00}}
"""

PAID_YEARLY = """\
ruleset: tiny
title: {zh: 小例, en: Tiny}
valid: {from: 2019-01-01, to: 2021-06-15}
run: {each: member, over: calendar_year, after: year_end}
rows: {of: given, bill: due, fields: {due: {type: money, label: {zh: 缴费, en: contribution}}}}
parts: {due_in_full: in_scope}
layers:
  - {id: help, payer: medical_assistance, on: due_in_full, assumed: made up for this example}
provisions:
  - {id: share, layer: help, fund_share: 70%, assumed: made up for this example}
"""
YEAR_OF_HELP = """\
given: {day: 2019-12-31}
cases:
  - id: member
    title: 200 × 70 % = 140
    source: worked by hand
    settlements: {rows: [{id: r1, person: {id: p1}, fields: {due: 200.00}}]}
    units: [{of: p1, expect: {split: {medical_assistance: 140.00, patient: 60.00}}}]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A root with the rule set and its one case."""
    return tiny(tmp_path, RULES, CASES)


def tried(folder: Path) -> Tally:
    return tally(locate("tiny", folder), Search(20))


def by_change(found: Tally) -> dict[tuple[str, str], Verdict]:
    return {(v.mutant.of, v.mutant.change.after or v.mutant.change.kind): v for v in found.verdicts}


def test_every_slip_is_made_and_judged(folder: Path) -> None:
    found = by_change(tried(folder))
    assert {key: verdict.result for key, verdict in found.items()} == {
        # (1,000 − 499.99) × 70 % = 350.007, rounded 350.01; (1,000 − 500.01) × 70 % = 349.993, rounded 349.99
        ("provision threshold", "499.99元"): "killed",
        ("provision threshold", "500.01元"): "killed",
        ("provision threshold", "dropped"): "killed",  # 700
        ("provision share", "69%"): "killed",  # 345
        ("provision share", "dropped"): "killed",  # nothing
        ("provision threshold", "share, threshold"): "refused",  # a share of a base that is still lowered
        ("layer basic", "dropped"): "refused",  # clauses of no layer
        ("rounding", "down"): "survived",  # 350.00 is whole either way
        ("valid", "from: 2019-12-31"): "survived",  # the case is of March
        ("valid", "from: 2020-01-02"): "survived",
    }
    assert found["provision threshold", "share, threshold"].by == "E338"
    assert found["provision share", "69%"].by == "thousand"


def test_a_survivor_comes_with_the_claim_that_tells_it_apart(folder: Path) -> None:
    found = by_change(tried(folder))
    early = found["valid", "from: 2019-12-31"].apart
    assert early is not None
    assert str(early.claims[-1].encounter.discharge_date) == "2019-12-31"
    assert early.as_it_stands == {"refused": "E561"}
    rounded = found["rounding", "down"].apart
    assert rounded is not None
    fen = [int(x["pooled_fund"].replace(".", "")) for x in (rounded.as_it_stands, rounded.changed)]
    assert fen[0] == fen[1] + 1  # half a fen or more, up or down


def test_the_figures(folder: Path) -> None:
    found = tried(folder)
    assert (found.told, found.count("killed"), found.count("survived")) == (8, 5, 3)
    assert found.reaches(62)
    assert not found.reaches(63)  # 5 / 8 = 62.5 %


def test_a_case_that_kills_the_survivor(folder: Path) -> None:
    """(500.05 − 500) × 70 % = 0.035, half up 0.04, cut off 0.03."""
    file = folder / "tiny" / "cases" / "tiny.yaml"
    more = """\
  - id: half_a_fen
    source: worked by hand
    claims:
      - claim: {id: c1, lines: [{category: surgery, amount: 500.05}]}
        expect: {split: {pooled_fund: 0.04, patient: 500.01}}
"""
    file.write_text(CASES + more, encoding="utf-8")
    found = by_change(tried(folder))
    assert found["rounding", "down"].by == "half_a_fen"


def test_what_is_the_same_program_is_no_mutant(folder: Path) -> None:
    """What is said twice may be joined by `or` or by `and`."""
    rules = RULES.replace("deductible: 500元,", "deductible: 500元, when: not destitute or not destitute,")
    (folder / "tiny" / "ruleset.yaml").write_text(rules, encoding="utf-8")
    found = by_change(tried(folder))
    assert found["provision threshold", "not destitute and not destitute"].result == "equivalent"
    assert found["provision threshold", "always"].result == "survived"  # the case has nobody who is destitute


@pytest.mark.parametrize(
    ("share", "result"), [("100%", "equivalent"), ("200% - 100%", "equivalent"), ("99.99%", "survived")]
)
def test_what_is_whole_is_rounded_by_no_way_of_rounding(folder: Path, share: str, result: str) -> None:
    """A contribution that is paid in full lies on whole fen as it is."""
    (folder / "tiny" / "ruleset.yaml").write_text(PAID_YEARLY.replace("70%", share), encoding="utf-8")
    paid = {"99.99%": "199.98, patient: 0.02"}.get(share, "200.00")
    (folder / "tiny" / "cases" / "tiny.yaml").write_text(
        YEAR_OF_HELP.replace("140.00, patient: 60.00", paid), encoding="utf-8"
    )
    assert by_change(tried(folder))["rounding", "down"].result == result


def test_a_day_inside_the_window_of_a_run_is_no_slip(folder: Path) -> None:
    """A year is settled on its last day: whether the file holds from the first or the second of January, or to a day in
    June or the next, is the same. From the last day of 2018 on it would settle that year, too."""
    (folder / "tiny" / "ruleset.yaml").write_text(PAID_YEARLY, encoding="utf-8")
    (folder / "tiny" / "cases" / "tiny.yaml").write_text(YEAR_OF_HELP, encoding="utf-8")
    found = by_change(tried(folder))
    assert {after: v.result for (of, after), v in found.items() if of == "valid"} == {
        "from: 2018-12-31": "survived",
        "from: 2019-01-02": "equivalent",
        "to: 2021-06-14": "equivalent",
        "to: 2021-06-16": "equivalent",
    }


def test_a_file_whose_case_fails_is_refused(folder: Path) -> None:
    file = folder / "tiny" / "cases" / "tiny.yaml"
    file.write_text(CASES.replace("350.00, patient: 650.00", "360.00, patient: 640.00"), encoding="utf-8")
    with pytest.raises(RuleError, match="thousand"):
        tried(folder)


def test_on_the_command_line(folder: Path) -> None:
    done = run("mutate", "tiny", "--rulesets", str(folder), "--lives", "20")
    assert done.exit_code == 0
    assert "tiny: 5 of 8 mutants killed by 1 case (62.5 %), 3 survived" in done.stdout
    assert "  2 more are no rule files at all" in done.stdout
    assert "expect: {split: {pooled_fund: …, patient: …}}" in done.stdout
    assert run("mutate", "tiny", "--rulesets", str(folder), "--lives", "20", "--fail-under", "95").exit_code == 1
    chinese = run("mutate", "tiny", "--rulesets", str(folder), "--lives", "20", "--lang", "zh", "--brief")
    assert "tiny：8 处改动中 1 个案例发现 5 处（62.5 %），3 处未被发现" in chinese.stdout
    data = json.loads(run("mutate", "tiny", "--rulesets", str(folder), "--lives", "20", "--json").stdout)
    assert (data["mutants"], data["killed"], data["survived"], data["refused"]) == (8, 5, 3, 2)
    assert data["verdicts"][0]["place"]["line"] == 1
    assert run("mutate").exit_code == 2
