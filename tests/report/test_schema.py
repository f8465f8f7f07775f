"""The JSON Schema of rule files: every bundled file fits it, what it refuses the reader refuses too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest

from policyengine.casebook.tree import plain
from policyengine.errors import RuleError
from policyengine.loading import load
from policyengine.mechanisms import ALL
from policyengine.rulebook import bundled_names, locate
from policyengine.schema import DRAFT, ruleset_schema
from policyengine.source import read_file, read_text
from tests.cases.demo import RULES, rule_file

SCHEMA = ruleset_schema()
FITS = jsonschema.Draft7Validator(SCHEMA)


def faults(text: str) -> list[str]:
    return [error.message for error in FITS.iter_errors(plain(read_text(text, "x.yaml")))]


def test_the_schema_is_draft_7() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == DRAFT


@pytest.mark.parametrize("name", bundled_names())
def test_every_bundled_rule_file_fits(name: str) -> None:
    FITS.validate(plain(read_file(locate(name).file, name)))


def test_the_demo_fits() -> None:
    assert faults(RULES) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title:", "titel:"),
        ("parts: [own_expense, in_scope]", "parts: [own, in_scope]"),
        ("rows: [[county", "row: [[county"),
        ("in: benefit_year, label", "within: benefit_year, label"),
        ("{id: floor, layer", "{layer"),
        ("deductible: 400元", "deductable: 400元"),
        ("timing: one_stop", "timing: at_once"),
        ("deductible: 400元", "deductible: 400元, fund_share: 5%"),
        ("on: in_scope, label", "on: in_scope, lable"),
        ("valid: {from: 2017-01-01}", "valid: {since: 2017-01-01}"),
        ("ruleset: demo\n", "ruleset: demo\nstatus: ready\n"),
    ],
)
def test_what_the_schema_refuses_the_reader_refuses(tmp_path: Path, old: str, new: str) -> None:
    assert old in RULES
    changed = RULES.replace(old, new, 1)
    assert faults(changed)
    with pytest.raises(RuleError):
        load(rule_file(tmp_path, changed))


def test_every_mechanism_with_its_fields_is_in_the_schema() -> None:
    kinds: dict[str, Any] = {kind["title"]: kind for kind in SCHEMA["properties"]["provisions"]["items"]["anyOf"]}
    for mechanism in ALL:
        kind = kinds[mechanism.key]
        assert {field.name for field in mechanism.fields} <= kind["properties"].keys()
        assert mechanism.key in kind["required"]
        assert all(field.doc == kind["properties"][field.name]["description"] for field in mechanism.fields)
    assert {"restates", "repeals"} <= kinds.keys()


@pytest.mark.parametrize("mechanism", ALL, ids=lambda m: m.key)
def test_the_example_of_every_mechanism_fits(mechanism: Any) -> None:
    assert faults(f"ruleset: x\nprovisions:\n{mechanism.example}\n") == []
