"""What no source says: how it may be written, how it is told, and the list of all of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from policyengine import Claim, RuleError, load, settle
from policyengine.codec import dumps, loads
from policyengine.ir import Assumption
from policyengine.parse.evidence import Assumed
from policyengine.printing.values import assumed as written
from policyengine.report.text import settlement_text
from policyengine.source import read_text
from tests.cli.runner import run

PLAN = """ruleset: plan
parts: [in_scope]
layers:
  - {id: basic, payer: pooled_fund, on: in_scope, assumed: made up}
provisions:
  - id: share
    layer: basic
    fund_share: 50%
    assumed:
      - aspect: date
        why: {zh: 通知没有日期，取当年第一天, en: 'the notice has no day; the first of the year is taken'}
        grade: I
        settled_by: {zh: 医保局通知原件或公报, en: 'the notice of the bureau, or its gazette'}
      - half is the usual share here [C]
"""


def read(text: str) -> tuple[Assumption, ...]:
    found: tuple[Assumption, ...] = Assumed().read(read_text(f"assumed: {text}", "file").entries[0][1])
    return found


SPELLINGS = {
    "a guess": (Assumption("a guess"),),
    "'a guess [I]'": (Assumption("a guess", grade="I"),),
    "'a guess [A/M]'": (Assumption("a guess", grade="A/M"),),
    "'see [2]'": (Assumption("see [2]"),),
    "{date: 'a guess [B]', whom: everybody}": (
        Assumption("a guess", aspect="date", grade="B"), Assumption("everybody", aspect="whom")),
    "{why: a guess, grade: I}": (Assumption("a guess", grade="I"),),
    "{aspect: date, why: {zh: 猜的, en: a guess}}": (Assumption("a guess", zh="猜的", aspect="date"),),
    "{why: {zh: 猜的}}": (Assumption("猜的"),),
    "[a guess, {why: another, settled_by: the notice}]": (
        Assumption("a guess"), Assumption("another", settled_by="the notice")),
    "{why: a guess, settled_by: {zh: 通知, en: the notice}}": (
        Assumption("a guess", settled_by="the notice", settled_zh="通知"),),
    "{why: a guess, settled_by: {zh: 通知}}": (Assumption("a guess", settled_by="通知"),),
    "{why: a guess, settled_by: {zh: CMS, en: CMS}}": (Assumption("a guess", settled_by="CMS"),),
}  # fmt: skip


@pytest.mark.parametrize("text", SPELLINGS)
def test_every_spelling_means_one_thing(text: str) -> None:
    assert read(text) == SPELLINGS[text]


def test_what_is_written_is_the_shortest_spelling() -> None:
    assert written(read("{why: a guess, grade: I}")) == "a guess [I]"
    assert written(read("[{aspect: date, why: a guess, grade: B}]")) == {"date": "a guess [B]"}
    assert written(read("{why: 'a guess [I]'}")) == {"why": "a guess [I]"}, "it is the text that ends so, not the grade"


def test_what_is_written_has_both_languages() -> None:
    both = {"why": {"zh": "猜的", "en": "a guess"}, "settled_by": {"zh": "通知", "en": "the notice"}}
    assert written(read("{settled_by: {en: the notice, zh: 通知}, why: {en: a guess, zh: 猜的}}")) == both
    assert written(read("{why: a guess, settled_by: {zh: 通知}}")) == {"why": "a guess", "settled_by": "通知"}


def test_the_cure_is_told_in_the_language_of_its_reader() -> None:
    (both,), (one,) = read("{why: a, settled_by: {zh: 通知, en: notice}}"), read("{why: a, settled_by: CMS}")
    assert [both.cure(), both.cure(zh=True), one.cure(zh=True)] == ["notice", "通知", "CMS"]
    assert loads(dumps(both)) == both


def test_a_grade_is_one_of_the_sheet() -> None:
    with pytest.raises(RuleError, match="E386"):
        read("{why: a guess, grade: sure}")


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    (tmp_path / "plan").mkdir()
    (tmp_path / "plan" / "ruleset.yaml").write_text(PLAN, encoding="utf-8")
    return tmp_path / "plan"


def test_a_settlement_tells_it_in_the_language_of_its_reader(plan: Path) -> None:
    encounter = {"care_type": "inpatient", "discharge_date": "2024-03-05"}
    data = {"id": "c1", "person": {"id": "p1"}, "encounter": encounter, "lines": [{"category": "bed", "amount": "10"}]}
    settlement = settle(load(plan), Claim.model_validate(data))
    assert "share: date: the notice has no day; the first of the year is taken [I]" in settlement.assumed
    from policyengine.cli.output import text_of

    told = {lang: text_of(settlement_text(settlement, lang)) for lang in ("en", "zh")}
    assert "- date: the notice has no day; the first of the year is taken [I]  [share]" in told["en"]
    assert "- date: 通知没有日期，取当年第一天 [I]  [share]" in told["zh"]
    assert "- half is the usual share here [C]  [share]" in told["zh"], "what is said in one language serves both"


def test_show_lists_the_least_known_first(plan: Path) -> None:
    assert (
        run("show", plan, "--assumed").stdout
        == """plan: 3 assumptions

no grade
  layers · basic
    made up
    plan/ruleset.yaml:4:60

grade I
  provisions · share · date
    the notice has no day; the first of the year is taken
    settled by: the notice of the bureau, or its gazette
    plan/ruleset.yaml:10:9

grade C
  provisions · share
    half is the usual share here
    plan/ruleset.yaml:14:9
"""
    )
    told = run("show", plan, "--assumed", "--lang", "zh").stdout
    assert "等级 I" in told
    assert "通知没有日期，取当年第一天\n    待查：医保局通知原件或公报\n" in told
    assert run("show", plan, "--assumed", "--flat").exit_code == 2
