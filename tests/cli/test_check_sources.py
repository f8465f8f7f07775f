"""`check --sources`: documents that cannot be looked up, and words that they do not have."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.runner import run

PLAN = """\
ruleset: plan
sources:
  notice: {title: 通知, file: notice.txt, grade: A}
  speech: {title: 讲话}
parts: [in_scope]
layers:
  - {id: basic, payer: pooled_fund, on: in_scope, cite: speech}
provisions:
  - {id: share, layer: basic, fund_share: 70%, cite: {notice: 支付比例为70%}}
"""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    folder = tmp_path / "plan"
    folder.mkdir()
    (folder / "ruleset.yaml").write_text(PLAN, encoding="utf-8")
    return folder


def told(folder: Path) -> list[str]:
    return [line for line in run("check", folder, "--sources").stdout.splitlines() if "[W43" in line]


def test_a_source_says_where_it_is_and_how_good(plan: Path) -> None:
    (found,) = told(plan)
    assert "W436" in found
    assert "`speech` does not say where it is or how good it is" in found
    assert "W436" not in run("check", plan).stdout


def test_words_are_looked_for_in_the_stored_file(plan: Path) -> None:
    (plan / "notice.txt").write_text("住院费用\n支付比例\n为 70%。", encoding="utf-8")
    assert len(told(plan)) == 1
    (plan / "notice.txt").write_text("支付比例为75%。", encoding="utf-8")
    assert any("W437" in line and "does not have the words" in line for line in told(plan))
