"""The plugin in a repository of somebody else's: a folder with rule files, and one without."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.house.files import ROOT
from tests.lawfiles.village import RULES, law, village

pytest_plugins = ["pytester"]

Run = Callable[..., str]

CASES = """
given:
  person: {id: p1}
  encounter: {care_type: inpatient, discharge_date: 2016-03-01}
cases:
  - id: a_stay
    source: worked by hand
    claims:
      - claim: {id: c1, lines: [{category: surgery, catalogue_class: a, amount: 2500.00}]}
        # 70 % of 2,000
        expect: {split: {pooled_fund: 1400.00, patient: 1100.00}}
"""
KEPT = law("for_all: registered_poor", "compare: {otherwise: {registered_poor: no}}",
           "holds: this.patient_total <= other.patient_total")  # fmt: skip


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    """A repository with a village, its case, its law, and a test of its own."""
    village(tmp_path / "rules", KEPT)
    (tmp_path / "rules" / "village" / "cases").mkdir()
    (tmp_path / "rules" / "village" / "cases" / "village.yaml").write_text(CASES, encoding="utf-8")
    (tmp_path / "test_theirs.py").write_text("def test_theirs(): pass\n", encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --strict-markers\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def run(pytester: pytest.Pytester, theirs: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """pytest in that repository, in this process; what it writes."""
    monkeypatch.chdir(theirs)

    def ran(*options: str) -> str:
        plugins = ("-p", "policyengine.pytest_plugin", "-p", "no:xdist", "-p", "no:randomly")
        return str(pytester.runpytest_inprocess(*plugins, "--rootdir", str(theirs), *options).stdout)

    return ran


def alone(folder: Path, *options: str) -> str:
    """pytest in a process of its own, with no other plugin."""
    command = [sys.executable, "-m", "pytest", "-p", "policyengine.pytest_plugin", *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False, env=environment)
    return (done.stdout + done.stderr).decode()


def test_cases_and_laws_are_items_beside_other_tests(theirs: Path, run: Run) -> None:
    told = run("-v", "--policy-examples", "20")
    for item in ("rules/village/cases/village.yaml::a_stay PASSED", "rules/village/laws/village.yaml::one PASSED",
                 "test_theirs.py::test_theirs PASSED", "3 passed"):  # fmt: skip
        assert item in told


def test_in_a_process_of_its_own(theirs: Path) -> None:
    assert "3 passed" in alone(theirs, "--policy-examples", "10")
    (theirs / "rules" / "village" / "ruleset.yaml").unlink()
    assert "1 passed" in alone(theirs), "nothing is collected where there is no rule file"


def test_a_broken_law_tells_splits_traces_the_provision_and_the_command(theirs: Path, run: Run) -> None:
    mend(theirs, "add: 10pp", "add: -5pp")
    told = run("-m", "policy_law", "--policy-examples", "40", "--policy-seed", "2")
    for words in ("1 failed, 2 deselected", "BROKEN[E802] one", "65%     70%",
                  "the two reckonings part at of_the_poor", "cited: the notice “贫困人口提高10个百分点”",
                  "side by side, where they differ", "--law one --examples 40 --seed 2",
                  "pytest 'rules/village/laws/village.yaml::one' --policy-examples 40 --policy-seed 2"):  # fmt: skip
        assert words in told
    assert "Traceback" not in told
    assert "pytest_plugin.py" not in told


def test_a_failed_case_tells_what_differs(theirs: Path, run: Run) -> None:
    mend(theirs, "fund_share: 70%", "fund_share: 60%")
    told = run("-m", "policy_case")
    assert "FAILED a_stay" in told
    assert "split pooled_fund" in told
    assert "-200.00" in told


def test_what_broke_a_law_is_tried_first_the_next_time(theirs: Path, run: Run) -> None:
    """One member drawn does not break the law; what broke it before does, until the rules are mended."""
    mend(theirs, "add: 10pp", "add: -5pp")
    few = ("-m", "policy_law", "--policy-examples", "1", "--policy-seed", "5")
    assert "was never tried" in run(*few)
    assert "1 failed" in run("-m", "policy_law", "--policy-examples", "20")
    assert "BROKEN[E802]" in run(*few)
    mend(theirs, "add: -5pp", "add: 10pp")
    assert "1 passed" in run(*few), "what is kept was tried, and forgotten since it breaks nothing"
    assert "was never tried" in run(*few)


def test_an_installed_library_brings_the_plugin_along(theirs: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """What an installation writes of the entry points of `pyproject.toml` is enough."""
    installed = tmp_path_factory.mktemp("installed") / "reimbursement_policyengine-0.dist-info"
    installed.mkdir()
    points = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]["pytest11"]
    lines = "".join(f"{name} = {module}\n" for name, module in points.items())
    (installed / "entry_points.txt").write_text(f"[pytest11]\n{lines}", encoding="utf-8")
    (installed / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: reimbursement-policyengine\nVersion: 0\n", "utf-8"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(installed.parent))), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "pytest", "--policy-examples", "10", "-q"]
    found = subprocess.run(command, cwd=theirs, capture_output=True, check=False, env=environment)
    assert b"3 passed" in found.stdout, found.stderr.decode()


def test_laws_are_skipped_without_examples(theirs: Path, run: Run) -> None:
    assert "2 passed, 1 skipped" in run("--policy-examples", "0")


def test_a_file_that_cannot_be_read_is_told_with_its_place(theirs: Path, run: Run) -> None:
    mend(theirs, "holds:", "hold:", "laws/village.yaml")
    told = run()
    assert "error[E302]" in told
    assert "a law has no key `hold`" in told
    assert "did you mean `holds`?" in told
    assert "Traceback" not in told


def test_rule_sets_that_are_extended_are_found_where_the_configuration_says(theirs: Path, run: Run) -> None:
    above = theirs / "above" / "county"
    above.mkdir(parents=True)
    (above / "ruleset.yaml").write_text(RULES.replace("ruleset: village", "ruleset: county"), encoding="utf-8")
    own = "ruleset: village\ntitle: {en: a village}\nextends: county\nvalid: {from: 2015-01-01, to: 2018-01-01}\n"
    (theirs / "rules" / "village" / "ruleset.yaml").write_text(own, encoding="utf-8")
    assert "there is no rule set `county`" in run("-m", "policy_case")
    with (theirs / "pytest.ini").open("a", encoding="utf-8") as file:
        file.write("policy_rulesets = above\n")
    assert "3 passed" in run("--policy-examples", "20")


def test_the_plugin_loads_nothing_of_the_library_until_there_is_something_to_try() -> None:
    code = ("import sys, policyengine.pytest_plugin; "
            "print(*sorted(m for m in sys.modules if m.startswith('policyengine.')))")  # fmt: skip
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == ["policyengine.pytest_plugin"]


def mend(repository: Path, old: str, new: str, file: str = "ruleset.yaml") -> None:
    path = repository / "rules" / "village" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
