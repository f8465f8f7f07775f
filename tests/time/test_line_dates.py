"""``dated_by: row.service_date``: each fee line takes the version of its own day, the rest that of the claim's day."""

from __future__ import annotations

from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from policyengine import Claim, ClaimError, RuleError, Settlement, load, settle
from policyengine.analysis import edges_of
from policyengine.assemble import read
from policyengine.check import findings
from policyengine.generate import claims as generated
from policyengine.laws import broken
from policyengine.report.law import ruleset_text
from policyengine.rulebook import Rulebook, locate
from tests.agreement.agreeing import hold_together

LIST = """ruleset: plan
title: 样例
sources: {law: {title: 样例办法}}
tables:
  price:
    - dated_by: row.service_date
      keys: [category]
      columns: [limit]
      rows: [[lab, 100元], [surgery, 900元]]
      valid: {to: 2024-07-01}
      cite: law
    - dated_by: row.service_date
      keys: [category]
      columns: [limit]
      rows: [[lab, 80元], [surgery, 1000元]]
      valid: {from: 2024-07-01}
      cite: law
      published: 2024-06-10
"""
RULES = """
parts: [over_limit, in_scope]
layers: [{id: basic, payer: pooled_fund, on: in_scope, cite: law}]
provisions:
  - {id: above, classify: "category in [lab, surgery]", take: left - price.limit, to: over_limit, cite: law}
  - {id: share, layer: basic, fund_share: 50%, cite: law}
"""
CORRECTED = """
    - dated_by: row.service_date
      keys: [category]
      columns: [limit]
      rows: [[lab, 60元], [surgery, 1000元]]
      valid: {from: 2024-07-01, to: 2024-08-01}
      cite: law
      published: 2024-09-01
"""


def book(folder: Path, rules: str) -> Rulebook:
    place = folder / "plan"
    place.mkdir(exist_ok=True)
    (place / "ruleset.yaml").write_text(rules, encoding="utf-8")
    return load(place)


def claim(*lines: tuple[str, str, str], left: str = "2024-07-03", **more: Any) -> Claim:
    """Lines are a category, an amount and a day, which may be empty."""
    rows = [
        {"category": category, "catalogue_class": "a", "amount": amount, **({"service_date": on} if on else {})}
        for category, amount, on in lines
    ]
    stay = {"care_type": "inpatient", "admission_date": "2024-01-01", "discharge_date": left}
    return Claim.model_validate({"id": "c", "person": {"id": "p"}, "encounter": stay, "lines": rows, **more})


def settled(book: Rulebook, of: Claim, **more: Any) -> Settlement:
    """The settlement, which holds every law and which all back ends make alike."""
    settlement = settle(book, of, **more)
    assert not broken(settlement)
    assert hold_together([settlement], "plan") == 1
    return settlement


def above(settlement: Settlement) -> str:
    return str(settlement.patient["over_limit"])


@pytest.mark.parametrize(
    ("day", "over"),
    [("2024-06-29", "20.00"), ("2024-06-30", "20.00"), ("2024-07-01", "40.00"), ("2024-07-02", "40.00")],
)
def test_a_line_is_held_against_the_version_of_its_own_day(tmp_path: Path, day: str, over: str) -> None:
    # lab of 120: 100 until 30 June, 80 from 1 July
    assert above(settled(book(tmp_path, LIST + RULES), claim(("lab", "120.00", day)))) == over


def test_lines_of_one_claim_take_different_versions(tmp_path: Path) -> None:
    # 120 − 100 = 20; 120 − 80 = 40; 1,000 − 900 = 100; nothing above 1,000
    lines = [("lab", "120.00", "2024-06-30"), ("lab", "120.00", "2024-07-01"),
             ("surgery", "1000.00", "2024-06-30"), ("surgery", "1000.00", "2024-07-01")]  # fmt: skip
    assert above(settled(book(tmp_path, LIST + RULES), claim(*lines))) == "160.00"


def test_a_claim_settled_line_by_line_does_the_same(tmp_path: Path) -> None:
    rules = LIST.replace("sources:", "settle_by: row\nsources:") + RULES
    of = claim(("lab", "120.00", "2024-07-01"), ("lab", "120.00", "2024-06-30"))
    assert above(settle(book(tmp_path, rules), of)) == "60.00"


def test_versions_by_line_make_no_epochs(tmp_path: Path) -> None:
    assert len(book(tmp_path, LIST + RULES).programs) == 1


def test_a_parameter_by_line_is_a_table_of_its_name(tmp_path: Path) -> None:
    rules = """ruleset: plan
sources: {law: {title: 样例办法}}
parameters:
  bed:
    dated_by: row.service_date
    values: [{value: 30元, to: 2024-07-01, cite: law}, {value: 40元, from: 2024-07-01, cite: law}]
parts: [over_limit, in_scope]
layers: [{id: basic, payer: pooled_fund, on: in_scope, per: row, cite: law}]
provisions:
  - {id: above, classify: true, take: left - bed, to: over_limit, cite: law}
  - {id: share, layer: basic, fund_share: 100%, cite: law}
  - {id: top, layer: basic, ceiling: "min(bed, 35元)", cite: law}
"""
    # 50 − 30 = 20 and 30 paid; 50 − 40 = 10 and 35 of 40 paid
    found = settled(book(tmp_path, rules), claim(("bed", "50.00", "2024-06-30"), ("bed", "50.00", "2024-07-01")))
    assert above(found) == "30.00"
    assert str(found.split["pooled_fund"]) == "65.00"


def test_the_day_is_asked_only_where_a_version_is_chosen(tmp_path: Path) -> None:
    of = claim(("lab", "120.00", ""), ("lab", "120.00", "2024-07-01"))
    unread = LIST + RULES.replace("price.limit", "100元")
    assert above(settled(book(tmp_path, unread), of)) == "40.00"
    with pytest.raises(ClaimError) as refused:
        settle(book(tmp_path, LIST + RULES), of)
    (found,) = refused.value.diagnostics
    assert (found.code, found.field) == ("E530", "lines[0].service_date")
    assert "this line does not state its day" in found.message


def test_a_line_of_a_day_without_version_is_refused_by_name(tmp_path: Path) -> None:
    rules = LIST.replace("valid: {to: 2024-07-01}", "valid: {from: 2024-03-01, to: 2024-07-01}") + RULES
    of = claim(("bed", "120.00", "2024-02-01"), ("lab", "120.00", "2024-02-29"), ("lab", "120.00", "2024-03-01"))
    with pytest.raises(ClaimError) as refused:
        settle(book(tmp_path, rules), of)
    (found,) = refused.value.diagnostics
    assert (found.code, found.field) == ("E560", "lines[1].service_date")
    assert "`price` of plan has no version for fee lines of 2024-02-29" in found.message


def test_a_category_without_a_row_is_told_with_the_day(tmp_path: Path) -> None:
    rules = LIST + RULES.replace('"category in [lab, surgery]"', "true")
    with pytest.raises(ClaimError, match=r"has no row for row\.service_date = 2024-07-02, category = bed"):
        settle(book(tmp_path, rules), claim(("bed", "120.00", "2024-07-02")))


def test_of_two_versions_for_one_day_the_one_published_last_holds(tmp_path: Path) -> None:
    corrected = book(tmp_path, LIST + CORRECTED.lstrip("\n") + RULES)
    june, july, august = ((("lab", "120.00", day),) for day in ("2024-06-30", "2024-07-15", "2024-08-01"))
    assert [above(settled(corrected, claim(*of, left="2024-08-03"))) for of in (june, july, august)] == [
        "20.00", "60.00", "40.00",
    ]  # fmt: skip


def test_as_known_earlier_the_correction_is_not_yet_there(tmp_path: Path) -> None:
    corrected = book(tmp_path, LIST + CORRECTED.lstrip("\n") + RULES)
    july, left = ("lab", "120.00", "2024-07-15"), "2024-08-03"
    assert above(settled(corrected, claim(july, left=left), known_on=date(2024, 8, 31))) == "40.00"
    with pytest.raises(ClaimError, match="has no version for fee lines of 2024-07-15"):
        settle(corrected, claim(july, left=left), known_on=date(2024, 6, 9))


def test_rows_of_different_versions_never_contradict_each_other(tmp_path: Path) -> None:
    twice = LIST.replace("rows: [[lab, 80元]", "rows: [[lab, 80元], [lab|bed, 90元]")
    with pytest.raises(RuleError, match=r"two rows of `price` match category = lab") as refused:
        book(tmp_path, twice + RULES)
    assert [d.code for d in refused.value.diagnostics] == ["E403"]


def test_generated_lines_stand_on_both_sides_of_each_change(tmp_path: Path) -> None:
    rules = book(tmp_path, LIST + CORRECTED.lstrip("\n") + RULES)
    table = rules.programs[0].table("price")
    assert edges_of(table, 0) == (20240701, 20240801)
    days = [str(line.service_date) for of in generated(rules, 5, 200) for line in of.lines]
    assert "None" not in days
    assert {"2024-06-30", "2024-07-01", "2024-07-31", "2024-08-01"} <= set(days)


def test_a_child_replaces_all_versions_at_once(tmp_path: Path) -> None:
    book(tmp_path, LIST + RULES)
    child = tmp_path / "child"
    child.mkdir()
    (child / "ruleset.yaml").write_text(
        "ruleset: child\nextends: plan\ntables:\n  price:\n    replaces: yes\n    keys: [category]\n"
        "    columns: [limit]\n    rows: [[any, 70元]]\n    cite: law\n", encoding="utf-8",
    )  # fmt: skip
    # 120 − 70 = 50, whatever the day, which the line need not state
    assert above(settled(load(child), claim(("lab", "120.00", "")))) == "50.00"


def test_check_names_days_without_a_version(tmp_path: Path) -> None:
    rules = LIST.replace("valid: {to: 2024-07-01}", "valid: {from: 2024-03-01, to: 2024-07-01}")
    rules = rules.replace("valid: {from: 2024-07-01}", "valid: {from: 2024-07-01, to: 2025-01-01}") + RULES
    assert warned(tmp_path, rules) == [
        "`price` has no version for fee lines before 2024-03-01: they will be refused",
        "`price` has no version for fee lines from 2025-01-01: they will be refused",
    ]
    assert warned(tmp_path, rules.replace("sources:", "valid: {to: 2025-01-01}\nsources:")) == [
        "`price` has no version for fee lines before 2024-03-01: they will be refused",
    ]
    explained = rules.replace("      cite: law\n", "      cite: law\n      gaps: no list is known\n", 1)
    assert warned(tmp_path, explained) == []


def warned(folder: Path, rules: str) -> list[str]:
    """W421 of a rule file."""
    made = book(folder, rules)
    place = locate(folder / "plan")
    return [d.message for d in findings(read(place), made.programs) if d.code == "W421"]


def test_all_versions_are_shown_whatever_the_day(tmp_path: Path) -> None:
    book(tmp_path, LIST + RULES)
    out = StringIO()
    Console(file=out, width=100).print(ruleset_text(read(locate(tmp_path / "plan")), date(2024, 8, 1)))
    assert "price  (before 2024-07-01)  by the day of the fee line" in out.getvalue()
    assert "price  (from 2024-07-01, published 2024-06-10)  by the day of the fee line" in out.getvalue()
