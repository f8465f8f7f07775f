"""The JSON of a settlement: one documented shape, exact amounts as texts, keys in a fixed order."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from policyengine.claim import Claim, History
from policyengine.engine import settle
from policyengine.errors import Diagnostic, Span
from policyengine.loading import load
from policyengine.report.data import diagnostic_data, error_data, json_text, settlement_data, settlement_schema
from policyengine.report.findings import as_json, as_sarif
from policyengine.settlement import Settlement
from tests.cases.demo import claim, rule_file

KEYS = [
    "claim", "preliminary", "ruleset", "valid", "day", "known_on", "currency", "total", "margin", "split",
    "patient", "about", "grants", "payments", "assumed", "unread", "national", "history", "receipt",
]  # fmt: skip


@pytest.fixture
def settlement(tmp_path: Path) -> Settlement:
    made = Claim.model_validate(claim(tags=["registered_poor"]))
    return settle(load(rule_file(tmp_path)), made, parameters={"second_share": "5%"})


def test_the_shape_is_the_documented_one(settlement: Settlement) -> None:
    schema = settlement_schema()
    jsonschema.Draft7Validator.check_schema(schema)
    for trace in (False, True):
        data = settlement_data(settlement, trace)
        jsonschema.Draft7Validator(schema).validate(data)
        assert list(data) == KEYS + ["trace"] * trace
    assert list(schema["properties"]) == [*KEYS, "lines", "why_not", "translated", "trace"]


def test_amounts_are_texts_and_numbers_are_never_floats(settlement: Settlement) -> None:
    data = settlement_data(settlement, trace=True)
    assert data["total"] == "2500.00"
    assert data["split"] == {"pooled_fund": "1700.00", "other_fund": "35.00", "patient": "765.00"}
    # 400 + 300 stay after the basic layer; the later 35 relieve the coinsurance first.
    assert data["patient"] == {"own_expense": "100.00", "deductible": "400.00", "coinsurance": "265.00"}
    assert data["national"]["hifp_pay"] == "1700.00"
    assert data["national"]["setldetail"][0]["fund_payamt"] == "1700.00"

    def check(value: Any) -> None:
        assert not isinstance(value, float)
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            check(inner)

    check(json.loads(json_text(data)))


def test_the_history_goes_into_the_next_claim(settlement: Settlement) -> None:
    history = History.model_validate(settlement_data(settlement)["history"])
    assert history.used == settlement.history.used
    assert [str(row.value) for row in history.accumulators] == ["1700.00"]


def test_the_trace_names_every_step_with_its_sentence(settlement: Settlement) -> None:
    steps = {step["name"]: step for step in settlement_data(settlement, trace=True)["trace"]}
    assert list(steps) == [step.name for step in settlement.layout.program.steps]
    assert steps["share"]["value"] == "85%"
    assert steps["poor"]["cites"] == [{"source": "notice", "quote": "贫困人口提高10个百分点"}]
    assert steps["top"]["assumed"] == ['year: the notice does not say "a year"']
    assert steps["outside.taken"]["value"] == ["0.00", "100.00"]


def test_characters_that_do_not_print_are_escaped_and_read_back() -> None:
    data = {"a": "x\u202ey\u0007\U000e0041", "中文": "字"}
    text = json_text(data)
    assert text == '{"a": "x\\u202ey\\u0007\\udb40\\udc41", "中文": "字"}'
    assert json.loads(text) == data
    assert json.loads(json_text(data, indent=2)) == data


FINDING = Diagnostic(
    "E207", "a rate without its unit", Span("rules/a.yaml", 3, 15, 4, "    fund_share: 0.85"), "a share such as 85%",
    "did you mean `85%`?", related=(("declared here", Span("rules/a.yaml", 1, 1, 2)),),
)  # fmt: skip


def test_a_diagnostic_keeps_its_place() -> None:
    data = diagnostic_data(FINDING)
    assert (data["code"], data["file"], data["line"], data["column"], data["length"]) == (
        "E207",
        "rules/a.yaml",
        3,
        15,
        4,
    )
    assert error_data([Diagnostic("E560", "no row")])["error"][0]["file"] is None
    assert as_json([FINDING])[0]["related"][0]["message"] == "declared here"


def test_sarif_has_rules_and_places() -> None:
    run = as_sarif([FINDING, Diagnostic("E205", "the unit is missing")])["runs"][0]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["E205", "E207"]
    first = run["results"][0]
    region = first["locations"][0]["physicalLocation"]
    assert region["artifactLocation"]["uri"] == "rules/a.yaml"
    assert region["region"] == {"startLine": 3, "startColumn": 15, "endColumn": 19}
    assert first["message"]["text"].splitlines()[1:] == ["expected: a share such as 85%", "hint: did you mean `85%`?"]
    assert run["results"][1]["locations"] == []
