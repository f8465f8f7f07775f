"""policyengine sweep and seek, from files to tables, JSON, Parquet and exit codes. Figures: ``tests.sweep``."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import Result

from tests.cli.runner import run
from tests.cli.test_simulate import COLUMNS
from tests.simulate.town import table
from tests.sweep.village import DATED, RULES, SETTLED


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "village").mkdir()
    (tmp_path / "village" / "ruleset.yaml").write_text(DATED, encoding="utf-8")
    pq.write_table(table(SETTLED), tmp_path / "claims.parquet")
    (tmp_path / "columns.yaml").write_text(COLUMNS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def moved(command: str, *words: str) -> Result:
    return run(command, "village", "claims.parquet", *words, "--columns", "columns.yaml")


def test_levers_with_their_values_and_days(folder: Path) -> None:
    assert folder
    result = run("sweep", "village", "--levers")
    rows = [line.split() for line in result.stdout.splitlines()]
    assert ["top_of_year", "800元", "to", "2020-03-01"] in rows
    assert ["1000元", "from", "2020-03-01"] in rows
    [first, *_] = json.loads(run("sweep", "village", "--levers", "--json").stdout)
    assert (first["lever"], [one["value"] for one in first["values"]]) == ("top_of_year", ["800元", "1000元"])


def test_the_value_of_a_day(folder: Path) -> None:
    """From March on the ceiling is 900 or 1,100: b is paid what of it a, paid 600, has left; the others 160."""
    result = moved("sweep", "top_of_year=900:1100:200", "--on", "2020-05-01", "--json", "-o", "curve.parquet")
    points = json.loads(result.stdout)["points"]
    assert [point["values"] for point in points] == [["900元"], ["1100元"]]
    assert [point["amounts"]["pooled_fund"] for point in points] == ["1060.00", "1260.00"]
    assert points[1]["per_unit"]["pooled_fund"] == "1"
    assert [(point["claims_at_limit"], point["people_at_limit"]) for point in points] == [(1, 1), (1, 1)]
    rows = pq.read_table(folder / "curve.parquet").to_pylist()
    assert [row["pooled_fund"] for row in rows] == [106_000, 126_000]
    assert [row["digest"] for row in rows] == [point["digest"] for point in points]


@pytest.mark.parametrize(("values", "paid"), [("500:700:200", ["660.00", "860.00"])])
def test_all_values_together(folder: Path, values: str, paid: list[str]) -> None:
    assert folder
    result = moved("sweep", f"top_of_year={values}", "--on", "all", "--json")
    assert [point["amounts"]["pooled_fund"] for point in json.loads(result.stdout)["points"]] == paid


def test_a_curve_as_text_in_both_languages(folder: Path) -> None:
    assert folder
    said = moved("sweep", "start=100:200:100", "--group-by", "year").stdout
    assert "start: now 100元 (village/ruleset.yaml:" in said
    assert "for each 1元 of start, in yuan" in said
    assert "不变" not in moved("sweep", "start=100:200:100", "--lang", "zh").stdout
    assert "统筹基金" in moved("sweep", "start=100:200:100", "--lang", "zh").stdout


def test_a_seek_with_its_proof(folder: Path) -> None:
    assert folder
    words = ("top_of_year=200:1500", "--on", "all", "--target", "pooled_fund <= 1000")
    found = json.loads(moved("seek", *words, "--json").stdout)
    assert (found["value"], found["meets"]["total"]) == ("840元", "1000.00")
    assert found["does_not"] == {"value": "840.01元", "total": "1000.01"}
    assert {"value": "200元", "total": "360.00"} in found["tried"]
    assert "840.01元" in moved("seek", *words).stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("sweep", "top_of_year=500:700:200"), "E761"),
        (("sweep", "tops=500:700:200"), "E760"),
        (("sweep", "start=500:700"), "E762"),
        (("sweep", "start"), "is not LEVER=low:high"),
        (("sweep",), "say which claims, and which lever"),
        (("seek", "start=100:200", "--target", "cheap"), "E764"),
        (("seek", "start=100:200", "--target", "pooled_fund <= 1"), "E766"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_else(folder: Path, words: tuple[str, ...], says: str) -> None:
    assert folder
    result = moved(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert says in result.stderr


def test_what_is_not_settled_is_told(folder: Path) -> None:
    """Of the eight claims e has no row, g is below zero, and h waits for g."""
    pq.write_table(table(), folder / "claims.parquet")
    (folder / "village" / "ruleset.yaml").write_text(
        RULES.replace("      - [村级|乡镇级, 90%]\n", "    gaps: made up\n")
    )
    found = moved("seek", "top=200:1500", "--target", "pooled_fund <= 1000")
    assert "8 claims (3 not settled), read" in found.stdout
    pq.write_table(table().slice(6, 2), folder / "claims.parquet")
    nobody = moved("seek", "top=200:1500", "--target", "pooled_fund <= 1000")
    assert (nobody.exit_code, "none of 2 claims is settled" in nobody.stderr) == (2, True)
    assert moved("sweep", "top=200:400:200").exit_code == 2


def test_a_seek_from_high_to_low_is_refused_for_what_it_is(folder: Path) -> None:
    assert folder
    said = moved("seek", "top_of_year=1500:200", "--on", "all", "--target", "pooled_fund <= 1000").stderr
    assert "E762" in said
    assert "begins at 1500 and does not end above it, at 200" in said
