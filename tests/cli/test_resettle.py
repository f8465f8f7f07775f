"""`policyengine resettle`: what changes and what is due, as text and as JSON; mistakes with their places."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from policyengine.cli import main
from tests.time.support import book, stay

FEB, MAR = stay("feb", "2024-02-01", "600.00"), stay("mar", "2024-03-09", "2400.00")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    book(tmp_path)
    monkeypatch.chdir(tmp_path)
    write("year.jsonl", FEB, MAR)
    return tmp_path


def write(name: str, *claims: object) -> None:
    lines = (claim.model_dump_json(exclude_unset=True) for claim in claims)  # type: ignore[attr-defined]
    Path(name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["resettle", "county", *words])


@pytest.mark.usefixtures("folder")
def test_a_reversal_as_text() -> None:
    lines = [line.split() for line in run("year.jsonl", "--reverse", "feb").output.splitlines()]
    assert lines[0] == ["settled", "again:", "0", "equal,", "2", "changed"]
    assert ["feb", "·", "2024-02-01", "·", "reversed"] in lines
    assert ["pooled", "fund", "1,400.00", "980.00", "−420.00"] in lines  # 70 % × 2,000 and × 1,400
    assert ["patient", "420.00", "600.00"] in lines[-2:]


@pytest.mark.usefixtures("folder")
def test_in_chinese() -> None:
    output = run("year.jsonl", "--reverse", "feb", "--lang", "zh").output
    assert "重新结算：0 笔不变，2 笔变更" in output
    assert "冲正" in output
    assert "应退回" in output


@pytest.mark.usefixtures("folder")
def test_as_json() -> None:
    found = json.loads(run("year.jsonl", "--now", "2024-05-31", "--json").output)
    (moved,) = found["changes"]
    assert (found["equal"], moved["claim"], moved["kind"]) == (1, "mar", "changed")
    assert moved["difference"] == {"pooled_fund": "-200.00", "patient": "200.00"}
    assert moved["reversal"]["hifp_pay"] == "-1400.00"
    assert (moved["before"]["split"]["pooled_fund"], moved["after"]["split"]["pooled_fund"]) == ("1400.00", "1200.00")
    assert found["paid_back"]["pooled_fund"] == found["paid_after"]["patient"] == "200.00"


@pytest.mark.usefixtures("folder")
def test_every_change_has_an_option() -> None:
    write("late.json", stay("late", "2024-01-05", "1000.00"))
    write("right.json", stay("mar", "2024-03-09", "2500.00"))
    words = ("--insert", "late.json", "--correct", "right.json", "--tag", "p1=registered_poor", "--from", "2024-03-01")
    found = json.loads(run("year.jsonl", *words, "--json").output)
    # the late claim meets the deductible; February 70 % × 600; March 75 % × 2,500, 1,400 before
    assert [(m["claim"], m["difference"]["pooled_fund"]) for m in found["changes"]] == [
        ("late", "0.00"),
        ("feb", "420.00"),
        ("mar", "475.00"),
    ]


@pytest.mark.usefixtures("folder")
def test_other_rules() -> None:
    text = "ruleset: reform\nextends: county\nprovisions:\n  - {id: more, adjust: basic_share, add: 10pp, assumed: x}\n"
    Path("reform").mkdir()
    Path("reform/ruleset.yaml").write_text(text, encoding="utf-8")
    found = json.loads(run("year.jsonl", "--new-rules", "reform", "--json").output)
    assert [(m["claim"], m["difference"]["pooled_fund"]) for m in found["changes"]] == [("mar", "200.00")]


@pytest.mark.usefixtures("folder")
def test_nothing_otherwise() -> None:
    assert run("year.jsonl").output == "settled again: 2 equal, 0 changed\n"


@pytest.mark.usefixtures("folder")
def test_mistakes_are_told_with_their_places() -> None:
    wrong = run("year.jsonl", "--reverse", "fab")
    assert (wrong.exit_code, "E582" in wrong.output, "feb" in wrong.output) == (2, True, True)
    write("late.json", stay("late", "2024-01-05", "1000.00", tags=["no_such_tag"]))
    wrong = run("year.jsonl", "--insert", "late.json")
    assert wrong.exit_code == 2
    assert wrong.output.startswith("late.json:1:")
    assert "E533" in wrong.output
    assert "settled again, " in wrong.output
    Path("broken.json").write_text('{"id": 1}', encoding="utf-8")
    assert run("broken.json").exit_code == 2


@pytest.mark.usefixtures("folder")
def test_a_tag_has_its_first_day() -> None:
    wrong = run("year.jsonl", "--tag", "p1=registered_poor")
    assert (wrong.exit_code, "--tag and --from go together" in wrong.output) == (2, True)
    assert run("year.jsonl", "--tag", "p1", "--from", "2024-01-01").exit_code == 2
