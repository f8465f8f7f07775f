"""`--known-on` of settle, test, show and verify: what had been published by a day."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from policyengine.cli import main
from tests.time.support import book, stay

CASES = """\
cases:
  - id: march
    source: 60 % × (11,000 − 1,000), worked by hand
    claims:
      - claim: {id: c1, person: {id: p1}, encounter: {care_type: inpatient, discharge_date: 2024-03-09},
                lines: [{category: surgery, amount: 11000.00}]}
        expect: {split: {pooled_fund: 6000.00, patient: 5000.00}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    book(tmp_path)
    (tmp_path / "county" / "cases").mkdir()
    (tmp_path / "county" / "cases" / "march.yaml").write_text(CASES, encoding="utf-8")
    claim = stay("c1", "2024-03-09", "11000.00").model_dump_json(exclude_unset=True)
    (tmp_path / "claim.json").write_text(claim, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(main, words)


@pytest.mark.usefixtures("folder")
def test_settle() -> None:
    early = run("settle", "county", "claim.json", "--known-on", "2024-05-31").output
    assert early.startswith("claim c1 · 2024-03-09 · county · CNY · as known on 2024-05-31")
    assert "6,000.00" in early
    late = run("settle", "county", "claim.json", "--known-on", "2024-07-01", "--lang", "zh").output
    assert "按 2024-07-01 已发布的规定" in late
    assert "7,000.00" in late
    assert "as known" not in run("settle", "county", "claim.json").output
    assert run("settle", "county", "claim.json", "--known-on", "in May").exit_code == 2


def test_cases(folder: Path) -> None:
    assert run("test", "county").exit_code == 1
    assert run("test", "county", "--known-on", "2024-05-31").exit_code == 0
    file = folder / "county" / "cases" / "march.yaml"
    file.write_text(CASES.replace("  - id: march\n", "  - id: march\n    known_on: 2024-05-31\n"), encoding="utf-8")
    assert run("test", "county").exit_code == 0
    assert run("test", "county", "--known-on", "2024-07-01").exit_code == 0, "the case says its own day"


@pytest.mark.usefixtures("folder")
def test_show() -> None:
    assert "share = 70%  (from 2024-01-01, published 2024-06-15)" in run("show", "county").output
    early = run("show", "county", "--known-on", "2024-05-31").output
    assert "share = 60%" in early
    assert "70%" not in early
    both = run("show", "county", "--on", "2024-03-09").output
    assert "share = 70%" in both
    assert "share = 60%" not in both


def test_show_before_anything_was_published(folder: Path) -> None:
    file = folder / "county" / "ruleset.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("parts:", "published: 2023-11-20\nparts:"), encoding="utf-8"
    )
    shown = run("show", "county", "--known-on", "2023-11-19")
    assert shown.exit_code == 2
    assert "nothing of the rule set had been published by 2023-11-19" in shown.output


def test_verify(folder: Path) -> None:
    early = run("settle", "county", "claim.json", "--known-on", "2024-05-31", "--json").output
    (folder / "early.json").write_text(early, encoding="utf-8")
    words = ("verify", "early.json", "--claim", "claim.json", "--ruleset", "county")
    assert run(*words).exit_code == 0
    other = run(*words, "--known-on", "2024-07-01")
    assert other.exit_code == 1
    assert "split differs" in other.output
