"""What `new` writes works as it is written; and it never writes over anything."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from policyengine.mechanisms import BY_KEY
from policyengine.printing import format_text
from policyengine.rulebook import bundled_names
from policyengine.scaffold import mechanism_files
from tests.cli.runner import run
from tests.house.files import ROOT


def new(*args: str | Path) -> Path:
    """The folder of a new rule set."""
    made = run("new", "ruleset", *args)
    assert made.exit_code == 0, made.output
    return Path(made.stdout.split("policyengine check ")[1].split(";")[0])


def holds(folder: Path) -> str:
    """A rule set that is in order, in the house style, and passes its cases; what running them says."""
    checked = run("check", folder, "--strict")
    assert (checked.exit_code, checked.stdout) == (0, "1 rule set: 0 errors, 0 warnings\n")
    text = (folder / "ruleset.yaml").read_text(encoding="utf-8")
    assert format_text(text, "new") == text
    tested = run("test", folder)
    assert tested.exit_code == 0, tested.output
    return tested.stdout


def test_a_new_rule_set_works_as_it_is(tmp_path: Path) -> None:
    folder = new("our/county", "--dir", tmp_path)
    assert folder == tmp_path / "our" / "county"
    assert holds(folder) == "1 case: 1 passed, 0 failed\n"
    assert run("list", "--rulesets", tmp_path).stdout.split()[:2] == ["our/county", "county"]
    assert "draft" in run("list", "--rulesets", tmp_path).stdout


@pytest.mark.parametrize("parent", ["cn/heilongjiang/shuangyashan", "cn/shanxi/136", "examples/gongan_2018"])
def test_a_child_comes_to_the_same_as_its_parent(parent: str, tmp_path: Path) -> None:
    folder = new("our/county", "--extends", parent, "--dir", tmp_path)
    assert ", 0 failed" in holds(folder)


def test_a_child_of_a_rule_set_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new("city", "--dir", tmp_path)
    monkeypatch.setenv("POLICYENGINE_PATH", str(tmp_path))
    assert ", 0 failed" in holds(new("county", "--extends", "city"))


@pytest.mark.parametrize(
    ("name", "code"), [("Our County", "E602"), ("../x", "E602"), (bundled_names()[0], "E605"), ("there", "E608")]
)
def test_a_name_that_cannot_be_written(name: str, code: str, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "ruleset.yaml").write_text("mine", encoding="utf-8")
    refused = run("new", "ruleset", name, "--dir", tmp_path)
    assert refused.exit_code == 2
    assert f"error[{code}]" in refused.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["there"]
    assert (tmp_path / "there" / "ruleset.yaml").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", ["Pay", "a__b", "1st", *list(BY_KEY)[:1]])
def test_a_mechanism_needs_a_name_of_its_own(name: str) -> None:
    assert "error[E615]" in run("new", "mechanism", name).stderr


EXAMPLE = "examples/primitives/daily_sum"


def copy_of_the_library(tmp_path: Path) -> Path:
    copy = tmp_path / "copy"
    ignored = shutil.ignore_patterns(".git", ".venv", ".cache", "__pycache__", ".hypothesis", "*_cache")
    shutil.copytree(ROOT, copy, ignore=ignored)
    return copy


def inside(copy: Path, *command: str) -> str:
    """What a command says that runs in a copy of the library and must succeed."""
    environment = {**os.environ, "PYTHONPATH": str(copy), "POLICYENGINE_CACHE": "off"}
    done = subprocess.run([sys.executable, "-m", *command], cwd=copy, capture_output=True, text=True, check=False,
                          env=environment)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_new_mechanism_works_in_a_copy_of_the_library(tmp_path: Path) -> None:
    copy = copy_of_the_library(tmp_path)
    said = inside(copy, "policyengine", "new", "mechanism", "daily_sum")
    assert "policyengine/mechanisms/daily_sum.py written" in said
    assert (
        inside(copy, "policyengine", "check", "examples/primitives/daily_sum") == "1 rule set: 0 errors, 0 warnings\n"
    )
    assert inside(copy, "policyengine", "test", "examples/primitives/daily_sum") == "3 cases: 3 passed, 0 failed\n"
    files = [str(path.relative_to(ROOT)) for path in mechanism_files("daily_sum", ROOT)[0]]
    written = [name for name in files if name.endswith(".py")] + ["policyengine/mechanisms/__init__.py"]
    inside(copy, "ruff", "check", "-q", *written)
    inside(copy, "ruff", "format", "-q", "--check", *written)


@pytest.mark.agree
def test_a_new_mechanism_passes_the_checks_of_the_repository(tmp_path: Path) -> None:
    """Types, lint, the rules of the house, its own tests, and the back ends on generated members."""
    copy = copy_of_the_library(tmp_path)
    inside(copy, "policyengine", "new", "mechanism", "daily_sum")
    subprocess.run([sys.executable, "tools/reference.py"], cwd=copy, check=True, capture_output=True,
                   env={**os.environ, "PYTHONPATH": str(copy)})  # fmt: skip
    inside(copy, "mypy")
    inside(copy, "ruff", "check", "-q", "policyengine", "tests")
    agreement = (
        "tests/agreement/test_back_ends.py::test_evaluator_compiled_and_columns_agree[examples/primitives/daily_sum]"
    )
    chosen = ["tests/house", "tests/language/test_daily_sum.py", "tests/rulesets/test_coverage.py", agreement]
    inside(copy, "pytest", "-q", "-x", "-p", "no:cacheprovider", *chosen)
