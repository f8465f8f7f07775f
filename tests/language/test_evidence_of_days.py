"""The days on which something holds may have a source and an assumption of their own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from policyengine import Claim, RuleError, Settlement, load, settle
from policyengine.parse import parse
from policyengine.printing import print_ruleset
from policyengine.printing.compare import same
from policyengine.source import read_file, read_text
from tests.cli.runner import run
from tests.language.test_small_mends import claim, plan

RULES = """
layers: [{id: basic, payer: pooled_fund, on: in_scope, cite: law}]
provisions:
  - {id: share, layer: basic, fund_share: 50%, cite: law, assumed: in all hospitals,
     valid: {from: 2016-06-01, cite: {law: 自6月起}, assumed: {from: the sentence names the month only}}}
  - {id: more, adjust: share, add: 5pp, cite: law, valid: {to: 2018-01-01, assumed: until somebody says otherwise}}
"""


def test_they_are_told_with_the_rest(tmp_path: Path) -> None:
    settlement = settle(plan(tmp_path, RULES), claim(1, "1000.00"))
    assert str(settlement.split["pooled_fund"]) == "550.00"
    assert sorted(str(one).split(": ", 1)[1] for one in settlement.assumed) == [
        "from: the sentence names the month only",
        "in all hospitals",
        "valid: until somebody says otherwise",
    ]
    (share,) = [step for step in settlement.layout.program.steps if step.name == "share.stated"]
    assert [cite.quote for cite in share.cites] == ["", "自6月起"]


def test_a_period_has_no_other_keys(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="E302"):
        plan(tmp_path, RULES.replace("valid: {to", "valid: {grade: A, to"))


def test_it_ends_before_it_starts(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="E307"):
        plan(tmp_path, RULES.replace("valid: {to", "valid: {from: 2019-01-01, to"))


FILE = """ruleset: plan
valid:
  from: 2015-01-01
  attested: {from: 2016-07-08, to: 2020-01-01}
  cite: {speech: 2015年以来}
  assumed:
    - aspect: from
      why: {zh: 取所述年度的第一天, en: the first of the year it tells of}
      settled_by: {zh: 通知, en: the notice}
    - no later paper ends it [I]
sources: {speech: {title: 讲话}}
parts: [in_scope]
layers: [{id: basic, payer: pooled_fund, on: in_scope, cite: speech}]
provisions: [{id: share, layer: basic, fund_share: 50%, cite: speech}]
"""
BOTH = (
    "ruleset.valid: from: the first of the year it tells of",
    "ruleset.valid: no later paper ends it [I]",
)
CHILD = """ruleset: child
extends: plan
valid: {from: 2017-01-01}
"""


def written(folder: Path, text: str) -> Path:
    name = text.split()[1]
    (folder / name).mkdir(exist_ok=True)
    (folder / name / "ruleset.yaml").write_text(text, encoding="utf-8")
    return folder / name


def on(rules: Path, day: str) -> Settlement:
    encounter = {"care_type": "inpatient", "discharge_date": day}
    lines = [{"category": "bed", "amount": "1000.00"}]
    data = {"id": "c1", "person": {"id": "p"}, "encounter": encounter, "lines": lines}
    return settle(load(rules), Claim.model_validate(data))


@pytest.mark.parametrize(
    ("day", "said"),
    [("2016-07-07", BOTH), ("2016-07-08", ()), ("2019-12-31", ()), ("2020-01-01", BOTH)],
)
def test_a_settlement_tells_of_the_days_of_its_file_where_no_source_shows_it_in_force(
    tmp_path: Path, day: str, said: tuple[str, ...]
) -> None:
    settlement = on(written(tmp_path, FILE), day)
    assert settlement.assumed == said
    assert str(settlement.split["pooled_fund"]) == "500.00"


def test_without_attested_days_it_is_only_shown(tmp_path: Path) -> None:
    plain = written(tmp_path, FILE.replace("  attested: {from: 2016-07-08, to: 2020-01-01}\n", ""))
    assert on(plain, "2016-01-01").assumed == ()
    assert "no later paper ends it" in run("show", plain, "--assumed").stdout
    assert "no later paper ends it [I]" in run("show", plain).stdout


def test_days_are_inherited_with_what_is_said_of_them_or_not_at_all(tmp_path: Path) -> None:
    written(tmp_path, FILE)
    child = written(tmp_path, CHILD.replace("valid: {from: 2017-01-01}\n", ""))
    assert on(child, "2016-07-07").assumed == BOTH
    own = written(tmp_path, CHILD)
    assert on(own, "2020-01-01").assumed == ()


def test_days_are_written_as_they_are_read(tmp_path: Path) -> None:
    file = written(tmp_path, FILE) / "ruleset.yaml"
    said = parse(read_file(file, "plan"), "plan")
    again = parse(read_text(print_ruleset(said), "plan"), "plan")
    assert said.grounds.attested == (date(2016, 7, 8), date(2020, 1, 1))
    assert same(said, again)


def test_a_page_tells_it_in_its_language(tmp_path: Path) -> None:
    page = run("render", written(tmp_path, FILE), "--lang", "zh").stdout
    assert "有效期**：自 2015-01-01 起（有资料为据的日期：自 2016-07-08 起至 2020-01-01 前）" in page
    assert "起始日期：取所述年度的第一天；待查：通知" in page
