"""What every command writes as JSON fits the schema that `policyengine schema` prints."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from policyengine.cli.schema import KINDS, schema_of
from tests.cli.runner import json_lines, run

PLAN = """\
ruleset: plan
meters:
  paid: {counts: basic.paid, in: calendar_year}
  visits: {counts: 1, in: calendar_year}
parts: [in_scope]
layers:
  - {id: basic, payer: pooled_fund, on: in_scope}
provisions:
  - {id: threshold, layer: basic, deductible: 500元}
  - {id: share, layer: basic, fund_share: 70%}
  - {id: poor, adjust: share, when: registered_poor, add: 5pp}
  - {id: county, adjust: share, when: tier == 县级, add: 5pp}
  - {id: yearly, layer: basic, ceiling: 8000元, meter: paid}
"""
SECOND = """\
ruleset: second
run: {each: member, over: calendar_year, after: year_end}
rows: {of: plan, bill: own, fields: {own: {type: money, from: patient_total}}}
parameters:
  second_share: {type: rate, low: 5%, high: 10%}
parts: [in_scope]
layers:
  - {id: second, payer: pooled_fund, on: in_scope}
provisions:
  - {id: share, layer: second, fund_share: second_share}
"""


def claim(number: int, **other: Any) -> dict[str, Any]:
    stay = {"care_type": "inpatient", "discharge_date": f"2024-0{number}-05", "hospital": {"tier": "city"}}
    lines = [{"category": "surgery", "amount": "9000.00"}]
    return {"id": f"c{number}", "person": {"id": "p1"}, "encounter": stay, "lines": lines} | other


def fits(kind: str, written: str) -> list[Any]:
    """Every line of an output, each held against the schema."""
    schema = schema_of(kind)
    jsonschema.Draft7Validator.check_schema(schema)
    found = json_lines(written)
    assert found
    for one in found:
        jsonschema.Draft7Validator(schema).validate(one)
    return found


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in (("plan", PLAN), ("second", SECOND)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "ruleset.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "year.json").write_text(json.dumps([claim(1), claim(3)]), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("kind", KINDS)
def test_every_schema_is_one(kind: str) -> None:
    jsonschema.validators.validator_for(schema_of(kind)).check_schema(schema_of(kind))


def test_bounds(folder: Path) -> None:
    asked = claim(1, unknown=["registered_poor", "tier"], encounter={**claim(1)["encounter"], "hospital": {}})
    (folder / "asked.json").write_text(json.dumps(asked), encoding="utf-8")
    (found,) = fits("bounds", run("settle", "plan", "asked.json", "--bounds", "--json").stdout)
    assert found["bounds"]["missing"]


def test_a_settlement_with_all_that_can_be_asked_for(folder: Path) -> None:
    written = run("settle", "plan", "year.json", "--why-not", "--lines", "--trace", "--json").stdout
    first, second = fits("settlement", written)
    assert list(first)[:10] == [
        "claim", "preliminary", "ruleset", "valid", "day", "known_on", "currency", "total", "margin", "split",
    ]  # fmt: skip
    assert list(first).index("split") < list(first).index("about")
    assert second["why_not"]["unapplied"]
    assert second["why_not"]["limits"]
    fits("why_not", json.dumps(second["why_not"]))


def test_a_resettlement(folder: Path) -> None:
    (found,) = fits("resettlement", run("resettle", "plan", "year.json", "--reverse", "c1", "--json").stdout)
    assert [change["kind"] for change in found["changes"]] == ["reversed", "changed"]


def test_accumulators(folder: Path) -> None:
    *_, last = json_lines(run("settle", "plan", "year.json", "--json").stdout)
    (folder / "after.json").write_text(json.dumps(last), encoding="utf-8")
    (found,) = fits("accumulators", run("history", "plan", "after.json", "--json").stdout)
    assert {holding["meter"]: holding["value"] for holding in found["holds"]} == {"paid": "8000.00", "visits": 2}


def test_a_run_writes_settlements(folder: Path) -> None:
    fits("settlement", run("year-end", "second", "year.json", "--param", "second_share=8%", "--json").stdout)


def test_a_value_that_is_sought(folder: Path) -> None:
    sought = ("year-end", "second", "year.json", "--seek", "second_share", "--json", "--surplus")
    (found,) = fits("affordable", run(*sought, "900.00").stdout)
    assert found["found"] is not None
    (none,) = fits("affordable", run(*sought, "1.00").stdout)
    assert none["found"] is None
