"""What `check` says of rule files that settle, but that a careful author would mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from policyengine import RuleError, load
from policyengine.assemble import read
from policyengine.check import findings
from policyengine.rulebook import locate
from tests.language.test_small_mends import HEAD

LAYER = "layers: [{id: basic, payer: pooled_fund, on: in_scope, cite: law}]\n"
SHARE = "provisions:\n  - {id: share, layer: basic, fund_share: 70%, cite: law}\n"
FLOOR = "  - {id: floor, layer: basic, before: share, deductible: t.off, cite: law}\n"


def table(keys: str, *rows: str, more: str = "") -> str:
    listed = "".join(f"\n      - [{row}]" for row in rows)
    return f"tables:\n  t:\n    keys: [{keys}]\n    columns: [off]\n    rows:{listed}\n    cite: law\n{more}"


def told(folder: Path, text: str) -> list[tuple[str, str]]:
    file = folder / "plan" / "ruleset.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(HEAD + text, encoding="utf-8")
    return [(d.code, d.message) for d in findings(read(locate(file.parent)), load(file.parent).programs)]


def test_a_clean_file_has_nothing_to_tell(tmp_path: Path) -> None:
    assert told(tmp_path, LAYER + SHARE) == []


@pytest.mark.parametrize(
    ("keys", "rows", "missing"),
    [
        ("hospital_level", ["三级, 5元", "二级, 4元"], "hospital_level = primary"),
        ("retired", ["yes, 5元"], "retired = False"),
        ("age", ["0..60, 5元"], "age = 60"),
        ("age", ["18.., 5元"], "age = 17"),
        ("total_charge", ["0元..1000元, 5元"], "total_charge = 1000.00"),
        ("retired, age", ["yes, any, 5元", "no, 0..60, 4元"], "retired = False, age = 60"),
        ("retired, hospital_level", ["any, 三级|二级|一级, 5元"], "retired = False, hospital_level = ungraded"),
    ],
)
def test_a_gap_is_shown_by_keys_that_no_row_matches(tmp_path: Path, keys: str, rows: list[str], missing: str) -> None:
    found = told(tmp_path, table(keys, *rows) + LAYER + SHARE + FLOOR)
    assert found == [("W413", f"no row of `t` matches {missing}")]


def test_a_gap_with_a_reason_is_no_finding(tmp_path: Path) -> None:
    text = table("retired", "yes, 5元", more="    gaps: the plan speaks of the retired only\n")
    assert told(tmp_path, text + LAYER + SHARE + FLOOR) == []


def test_a_whole_table_has_no_gap(tmp_path: Path) -> None:
    text = table("age", "..18, 5元", "18..60, 4元", "60.., 3元")
    assert told(tmp_path, text + LAYER + SHARE + FLOOR) == []


def test_a_value_without_evidence(tmp_path: Path) -> None:
    found = told(tmp_path, LAYER + SHARE.replace(", cite: law", ""))
    assert found == [("W411", "nobody is cited for the provision `share`")]


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ("parameters: {p: {value: 5元, cite: law}}\n", "nothing uses the parameter `p`"),
        ("formulas: {f: {of: x, is: x * 2}}\n", "nothing uses the formula `f`"),
        ("meters: {m: {counts: basic.paid, in: lifetime}}\n", "nothing uses the meter `m`"),
        (table("retired", "any, 5元"), "nothing uses the table `t`"),
    ],
)
def test_what_nothing_uses(tmp_path: Path, section: str, message: str) -> None:
    assert told(tmp_path, section + LAYER + SHARE) == [("W410", message)]


def test_what_a_child_no_longer_uses_of_its_parent_is_not_its_own(tmp_path: Path) -> None:
    """The share by table of the parent is replaced; the child cannot take the table out."""
    share = "provisions:\n  - {id: share, layer: basic, fund_share: t.off, cite: law}\n"
    assert told(tmp_path, table("retired", "yes, 60%", "no, 50%") + LAYER + share) == []
    file = tmp_path / "county" / "ruleset.yaml"
    file.parent.mkdir()
    replaced = "provisions: [{id: flat, replaces: share, layer: basic, fund_share: 70%, cite: law}]\n"
    file.write_text("ruleset: county\ntitle: 样例\nextends: plan\n" + replaced, encoding="utf-8")
    assert list(findings(read(locate(file.parent)), load(file.parent).programs)) == []


def test_what_a_file_covers_cites_a_source_too(tmp_path: Path) -> None:
    cover = "covers: {when: retired, cite: %s}\n"
    rest = (LAYER + SHARE).replace("cite: law", "assumed: made up for this test")
    assert told(tmp_path, cover % "law" + rest) == []
    with pytest.raises(RuleError, match=r"error\[E402\]: there is no source `lwa`"):
        told(tmp_path, cover % "lwa" + rest)


def test_a_condition_that_contradicts_itself(tmp_path: Path) -> None:
    adjust = "  - {id: x, adjust: share, when: retired and not retired, add: 5pp, cite: law}\n"
    assert told(tmp_path, LAYER + SHARE + adjust) == [("W415", "no claim can meet the condition of `x`")]


def test_a_condition_on_an_interval_without_a_member(tmp_path: Path) -> None:
    adjust = "  - {id: x, adjust: share, when: age > 60 and age <= 60, add: 5pp, cite: law}\n"
    assert told(tmp_path, LAYER + SHARE + adjust) == [("W415", "no claim can meet the condition of `x`")]


def test_a_condition_on_one_age_can_be_met(tmp_path: Path) -> None:
    adjust = "  - {id: x, adjust: share, when: age > 59 and age <= 60, add: 5pp, cite: law}\n"
    assert told(tmp_path, LAYER + SHARE + adjust) == []


def test_wide_numbers_are_told(tmp_path: Path) -> None:
    parts = "layers: [{id: basic, payer: pooled_fund, on: in_scope, cite: law}]\n"
    share = (
        "provisions:\n  - {id: a, define: 33.3333% of in_scope, label: a, cite: law}\n"
        "  - {id: b, define: 33.3333% of a, label: b, cite: law}\n"
        "  - {id: c, define: 33.3333% of b, label: c, cite: law}\n"
        "  - {id: share, layer: basic, pay: c, cite: law}\n"
    )
    found = told(tmp_path, parts + share)
    assert {code for code, _ in found} == {"W414"}
    assert [message.split("`")[1] for _, message in found] == ["b"]


def test_only_the_first_of_wide_steps_is_told(tmp_path: Path) -> None:
    found = told(tmp_path, CONVERTED.format(converts="cost"))
    assert [message.split("`")[1] for code, message in found if code == "W414"] == ["basic.over_cost"]


def test_a_converted_cost_that_is_rounded_is_not_wide(tmp_path: Path) -> None:
    assert told(tmp_path, CONVERTED.format(converts="rounded_cost")) == []


CONVERTED = """\
layers:
  - {{id: basic, payer: pooled_fund, on: in_scope, cite: law}}
  - {{id: large, payer: large_expense, on: in_scope, base: basic.over_cost, cite: law}}
provisions:
  - id: share
    layer: basic
    fund_share: {{bands: [[0元, 85%], [10000元, 87%], [20000元, 89%], [40000元, 91%]]}}
    cite: law
  - {{id: more, adjust: share, when: registered_poor, add: 2pp, cite: law}}
  - {{id: top, layer: basic, ceiling: 65000元, converts: {converts}, cite: law}}
  - {{id: large_share, layer: large, fund_share: 90%, cite: law}}
"""


def test_the_day_of_a_stay_is_counted_from_one(tmp_path: Path) -> None:
    early = "provisions:\n  - {id: early, classify: day_of_stay < 1, to: own_expense, cite: law}\n" + SHARE[12:]
    found = told(tmp_path, LAYER + early)
    assert [code for code, _ in found if code in ("W415", "W427")]
