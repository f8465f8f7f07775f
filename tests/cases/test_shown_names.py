"""Messages name a file as it is seen from where the command runs, not by its place on the machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from policyengine import RuleError
from policyengine.casebook import find_cases, read_cases
from policyengine.rulebook import bundled_names, locate
from tests.cases.demo import rule_file


def test_a_case_file_below_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rule_file(tmp_path)
    monkeypatch.chdir(tmp_path)
    (path,) = find_cases("demo")
    assert {case.span.file for case in read_cases(path)} == {"demo/cases/demo.yaml"}


def test_a_case_file_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = rule_file(tmp_path).parent
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    (path,) = find_cases(home)
    assert {case.span.file for case in read_cases(path)} == {str(home / "cases" / "demo.yaml")}


def test_a_bundled_case_file_is_named_from_the_rule_sets_on() -> None:
    found = [path for name in bundled_names() for path in find_cases(name)]
    assert found
    assert all(case.span.file.startswith("rulesets/") for path in found[:2] for case in read_cases(path))


def test_a_rule_file_that_is_no_yaml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rule_file(tmp_path, "ruleset: demo\ntitle: {en: one, two}\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RuleError) as caught:
        locate("demo")
    assert [str(d.span) for d in caught.value.diagnostics] == ["demo/ruleset.yaml:2:18"]
