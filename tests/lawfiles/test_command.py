"""`policyengine test` with laws: exit codes, options, what is said; and the schema of law files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from click.testing import CliRunner, Result

from policyengine.cli import main
from policyengine.lawfiles import find_laws, law_schema
from policyengine.rulebook import bundled_names
from tests.lawfiles.village import law, village

TWO = (
    law("holds: after(paid_in_the_year) <= 10000元")
    + """
  - id: two
    name: a law that is broken
    cite: notice
    holds: patient_total <= 500元
"""
)


def ran(*args: object) -> Result:
    return CliRunner().invoke(main, ["test", *map(str, args)])


def test_laws_are_counted_beside_cases(tmp_path: Path) -> None:
    told = ran(village(tmp_path, law("holds: after(paid_in_the_year) <= 10000元")), "--examples", 20)
    assert (told.exit_code, told.output) == (0, "1 law: 1 kept, 0 broken\n")


def test_a_broken_law_is_a_finding(tmp_path: Path) -> None:
    folder = village(tmp_path, TWO)
    told = ran(folder, "--examples", 20, "--verbose")
    assert told.exit_code == 1
    assert "kept one one law" in told.output
    assert "BROKEN[E802] two" in told.output
    assert told.output.endswith("2 laws: 1 kept, 1 broken\n")


def test_the_command_that_is_told_breaks_the_law_again(tmp_path: Path) -> None:
    told = ran(village(tmp_path, TWO), "--examples", 20)
    command = next(line for line in told.output.splitlines() if "try it again" in line).partition("policyengine ")[2]
    again = CliRunner().invoke(main, command.split())
    assert again.exit_code == 1
    assert again.output.endswith("1 law: 0 kept, 1 broken\n")


def test_the_claims_that_are_told_break_it_again(tmp_path: Path) -> None:
    folder = village(tmp_path, TWO)
    lines = [line.strip() for line in ran(folder, "--examples", 20).output.splitlines() if line.startswith("    {")]
    (tmp_path / "life.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    told = ran(folder, "--law", "two", "--lives", tmp_path / "life.jsonl")
    assert told.exit_code == 1
    assert "1 law: 0 kept, 1 broken" in told.output


def test_a_law_that_was_never_tried_is_a_finding(tmp_path: Path) -> None:
    never = law("for_all: hospital_level == 三级 and hospital_grade == 一级甲等", "holds: patient_total <= 0元")
    told = ran(village(tmp_path, never), "--examples", 5)
    assert told.exit_code == 1
    assert "none of 5 lives has a claim that it is about" in told.output
    assert told.output.endswith("1 law: 0 kept, 0 broken, 1 not tried\n")


def test_without_examples_no_law_is_tried(tmp_path: Path) -> None:
    told = ran(village(tmp_path, TWO), "--examples", 0)
    assert told.output == "village: no cases\n0 cases: 0 passed, 0 failed\n".replace(
        "village", str(tmp_path / "village")
    )


def test_an_unknown_law_is_told(tmp_path: Path) -> None:
    told = ran(village(tmp_path, TWO), "--law", "twoo")
    assert told.exit_code == 2
    assert "did you mean `two`?" in told.output


def test_a_law_file_with_a_fault_is_bad_input(tmp_path: Path) -> None:
    told = ran(village(tmp_path, TWO.replace("holds: patient_total", "holds: patient_totl")))
    assert told.exit_code == 2
    assert "error[E310]: unknown name `patient_totl`" in told.output


# -- the schema --------------------------------------------------------------------------------------------------------


def plain(text: str) -> Any:
    return yaml.safe_load(text)


@pytest.mark.parametrize("name", [name for name in bundled_names() if find_laws(name)])
def test_the_schema_takes_what_the_reader_takes(name: str) -> None:
    for file in find_laws(name):
        found = plain(file.read_text("utf-8"))
        for one in found["laws"]:
            if "on" in one.get("compare", {}) or True in one.get("compare", {}):
                one["compare"] = {"on": "2015-12-31"}  # YAML 1.1 reads a bare `on` as yes; the reader does not
        jsonschema.validate(found, law_schema())


@pytest.mark.parametrize(
    ("old", "new"),
    [("holds:", "hold:"), ("cite: notice", "cites: notice"), ("    name: one law\n", ""), ("laws:", "law:")],
)
def test_the_schema_refuses_what_the_reader_refuses(old: str, new: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(plain(law("holds: patient_total <= bill").replace(old, new)), law_schema())
