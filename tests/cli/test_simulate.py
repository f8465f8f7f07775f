"""policyengine simulate, from files to tables, JSON, Parquet and exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pyarrow.parquet as pq
import pytest
from click.testing import Result

from policyengine.report.simulation_data import simulation_schema
from tests.cli.runner import run
from tests.simulate.town import CLAIMS, files, table

COLUMNS = """\
columns: town
constants: {care_type: inpatient}
lines:
  - {amount: {column: amount, unit: 分}, category: western_drug}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    files(tmp_path)
    pq.write_table(table(), tmp_path / "claims.parquet")
    (tmp_path / "columns.yaml").write_text(COLUMNS, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def simulated(*words: str) -> Result:
    return run("simulate", "town", "claims.parquet", "--columns", "columns.yaml", *words)


def test_totals_changes_and_refusals_as_text(folder: Path) -> None:
    """By hand in ``tests.simulate.test_simulate``: the fund pays 1,160元, with the ceiling of 1,500元 200元 more."""
    result = simulated("--reform", "higher_ceiling", "--budget", "pooled_fund=1200", "--rejects", "rejects.csv")
    assert result.exit_code == 0
    assert line(result, "pooled fund") == ["1,160.00", "1,360.00", "+200.00"]
    assert line(result, "people") == ["4", "1", "200.00", "200.00", "200.00", "0"]
    assert "40.00 left" in result.stdout
    assert "160.00 short" in result.stdout
    assert "row 5, e: E560" in result.stdout
    assert (folder / "rejects.csv").read_text().count("\n") == 4, "a head and three claims"


def line(result: Result, name: str) -> list[str]:
    """The numbers of the first line that begins with a name."""
    found = next(text.strip() for text in result.stdout.splitlines() if text.strip().startswith(name))
    return found.removeprefix(name).split()


def test_chinese(folder: Path) -> None:
    result = simulated("--reform", "no_effect", "--group-by", "registered_poor,year", "--lang", "zh")
    assert "没有任何结算单发生变化" in result.stdout
    assert "建档立卡贫困人口、2020 · 结算单 3 份" in result.stdout
    assert line(result, "个人负担")[0] == "1,590.00"


def test_a_condition_that_comes_true_is_an_exit_code(folder: Path) -> None:
    worse = simulated("--reform", "higher_deductible", "--fail-if", "patient_total increases by more than 55元")
    assert worse.exit_code == 1
    assert "claim f: of a bill of 200.00, 140.00 → 200.00" in worse.stdout
    assert simulated("--reform", "higher_ceiling", "--fail-if", "patient_total increases").exit_code == 0


def test_json_is_as_the_schema_says(folder: Path) -> None:
    result = simulated("--reform", "higher_ceiling", "--group-by", "tier", "--exercised", "--budget", "pooled_fund=5",
                       "--fail-if", "pooled_fund increases", "--json")  # fmt: skip
    found = json.loads(result.stdout)
    jsonschema.validate(found, simulation_schema())
    assert json.loads(run("schema", "simulation").stdout) == simulation_schema()
    assert found["reforms"][0]["difference"]["pooled_fund"] == "200.00"
    assert found["reforms"][0]["conditions"][0]["cases"][0]["claim"] == "b"
    assert found["budget"][0]["left"] == {"town": "-1155.00", "higher_ceiling": "-1355.00"}


def test_incomes_from_a_table_of_people(folder: Path) -> None:
    rows = "".join(f"p{n},h{n},{n}000.00\n" for n in range(1, 6))
    (folder / "people.csv").write_text("person_id,household_id,income_annual\n" + rows, encoding="utf-8")
    result = simulated("--incomes", "people.csv", "--poverty-line", "900")
    assert result.exit_code == 0
    assert line(result, "pay more than 10 % of their income")[0] == "1", "1,200 of 1,000; 200 of 2,000 is just 10 %"
    assert line(result, "are made poor by paying")[0] == "1"


def test_results_go_into_a_folder(folder: Path) -> None:
    assert simulated("--group-by", "tier", "-o", "found").exit_code == 0
    groups = pq.read_table(folder / "found" / "groups.parquet").to_pylist()
    assert [(g["tier"], g["claims"], g["pooled_fund"]) for g in groups if g["tier"] == "city"] == [("city", 1, 10_000)]
    jsonschema.validate(json.loads((folder / "found" / "simulation.json").read_text()), simulation_schema())


def test_wrong_input_is_told_and_nothing_written(folder: Path) -> None:
    result = simulated("--group-by", "colour", "-o", "found.json")
    assert result.exit_code == 2
    assert "E741" in result.stderr
    assert not (folder / "found.json").exists()
    assert simulated("--group-by", "tier,tier").exit_code == 2
    assert run("simulate", "town", "nothing.parquet").exit_code == 2


def test_a_tag_that_nobody_states_is_a_group_of_its_own(folder: Path) -> None:
    """A claim that does not say whether its person is poor, and those that cannot be read, are not told as poor."""
    rows = [(*row[:4], None if row[0] == "c" else row[4], row[5]) for row in CLAIMS]
    pq.write_table(table(rows), folder / "claims.parquet")
    said = simulated("--group-by", "registered_poor").stdout
    assert "registered poor not stated · 2 claims, 1 not settled" in said, "c; g, whose amount is below zero"
    assert "\nregistered poor · 3 claims\n" in said


@pytest.mark.parametrize(
    "words",
    [("-o", "people.csv"), ("--rejects", "people.csv"), ("-o", "claims/groups.csv"), ("--rejects", "claims/some.csv"),
     ("-o", "nowhere/found.json"), ("-o", "found"), ("--checkpoint", "nowhere/run")],
)  # fmt: skip
def test_what_is_read_is_never_written_over(folder: Path, words: tuple[str, str]) -> None:
    """And a place where nothing can be written is told before the first claim is settled."""
    (folder / "claims").mkdir()
    pq.write_table(table(), folder / "claims" / "all.parquet")
    rows = "".join(f"p{n},h{n},{n}000.00\n" for n in range(1, 6))
    (folder / "people.csv").write_text("person_id,household_id,income_annual\n" + rows, encoding="utf-8")
    (folder / "found").write_text("", encoding="utf-8")
    before = {file: file.read_bytes() for file in folder.rglob("*.*") if file.is_file()}
    result = run("simulate", "town", "claims", "--columns", "columns.yaml", "--incomes", "people.csv", *words)
    assert result.exit_code == 2
    assert f"{words[1]}: error[E715]" in result.stderr
    assert before == {file: file.read_bytes() for file in folder.rglob("*.*") if file.is_file()}


def test_not_a_single_claim_settled_is_bad_input(folder: Path) -> None:
    pq.write_table(table().slice(4, 1), folder / "claims.parquet")
    assert simulated().exit_code == 2
