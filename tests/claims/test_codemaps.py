"""Claims in the codes of hospitals and provinces, and the maps that say what they mean."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from policyengine import RuleError
from policyengine.codemaps import bundled_maps, load_map, translator
from tests.cli.runner import json_lines, run

CLAIM: dict[str, Any] = {
    "id": "c1",
    "person": {"id": "p1", "scheme": "390", "tags": ["15"]},
    "encounter": {"care_type": "21", "discharge_date": "2024-03-05", "hospital": {"level": "01"}},
    "lines": [{"category": "101", "catalogue_class": "a", "amount": "100.00"}],
}

LOCAL = """codes: ours
fields:
  hospital_level:
    called: hosp_lv
    values: {'01': 三级, '02': secondary}
    assumed: made up for this test
  tags:
    values: {'15': registered_poor}
    assumed: made up for this test
  disease:
    values: {'D01': gastric_cancer}
    assumed: made up for this test
"""

PLAN = """ruleset: plan
covers: scheme == 城乡居民 and care_type == 住院
parts: [in_scope]
layers:
  - {id: basic, payer: pooled_fund, on: in_scope}
provisions:
  - {id: share, layer: basic, fund_share: 50% if hospital_level == 三级 else 60%}
  - {id: poor, adjust: share, when: registered_poor, add: 5pp}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "plan").mkdir()
    (tmp_path / "plan" / "ruleset.yaml").write_text(PLAN, encoding="utf-8")
    (tmp_path / "ours.yaml").write_text(LOCAL, encoding="utf-8")
    return tmp_path


def settle(folder: Path, claim: dict[str, Any], *args: str) -> Any:
    (folder / "claim.json").write_text(json.dumps(claim, indent=1), encoding="utf-8")
    maps = ["--codes", "national", "--codes", str(folder / "ours.yaml")]
    return run("settle", folder / "plan", folder / "claim.json", *maps, *args)


def test_a_claim_in_codes_is_settled_and_says_so(folder: Path) -> None:
    """50 % of 100.00 and five points for the registered poor."""
    (found,) = json_lines(settle(folder, CLAIM, "--json").stdout)
    assert found["split"] == {"pooled_fund": "55.00", "patient": "45.00"}
    assert {(c["field"], c["code"], c["word"], c["map"]) for c in found["translated"]} == {
        ("person.scheme", "390", "resident", "national"),
        ("person.tags[0]", "15", "registered_poor", "ours"),
        ("encounter.care_type", "21", "inpatient", "national"),
        ("encounter.hospital.level", "01", "tertiary", "ours"),
        ("lines[0].category", "101", "western_drug", "national"),
    }
    told = settle(folder, CLAIM).stdout
    assert "translated from codes\n  person.scheme " in told
    assert "390 → resident " in told
    assert "代码转换" in settle(folder, CLAIM, "--lang", "zh").stdout


def test_an_unknown_code_is_an_error_at_its_place(folder: Path) -> None:
    wrong = {**CLAIM, "encounter": {**CLAIM["encounter"], "care_type": "9901"}}
    result = settle(folder, wrong)
    assert result.exit_code == 2
    assert "claim.json:11:16: error[E546]" in result.stderr
    assert "the map `national` has no med_type code 9901 for `care_type`" in result.stderr
    assert '"care_type": "9901"' in result.stderr
    assert "11 (outpatient)" in result.stderr


def test_all_unknown_codes_are_told_at_once(folder: Path) -> None:
    wrong = {**CLAIM, "person": {"id": "p1", "scheme": "resident", "tags": ["15", "16"]}}
    said = settle(folder, wrong).stderr
    assert said.count("error[E546]") == 2, "a word is no code: a claim that is read by a map uses its codes"


def test_without_a_map_nothing_is_translated(folder: Path) -> None:
    (folder / "claim.json").write_text(json.dumps(CLAIM), encoding="utf-8")
    assert "E546" not in run("settle", folder / "plan", folder / "claim.json").stderr


def test_a_stream_is_translated_line_by_line(folder: Path) -> None:
    lines = "\n".join(json.dumps({**CLAIM, "id": f"c{n}", "sequence": n}) for n in range(3))
    maps = ["--codes", "national", "--codes", str(folder / "ours.yaml")]
    found = json_lines(run("settle", folder / "plan", "-", *maps, text=lines + "\n").stdout)
    assert [len(one["translated"]) for one in found] == [5, 5, 5]


@pytest.mark.parametrize("name", bundled_maps())
def test_bundled_maps_are_in_order(name: str) -> None:
    assert load_map(name).name == name


def refused(text: str, tmp_path: Path) -> str:
    (tmp_path / "map.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(RuleError) as caught:
        load_map(str(tmp_path / "map.yaml"))
    return str(caught.value)


BAD = {
    "E302": LOCAL.replace("called:", "name:"),
    "E303": LOCAL.replace("codes: ours\n", ""),
    "E402": LOCAL.replace("assumed: made up for this test", "cite: nobody", 1),
    "E611": LOCAL.replace("hospital_level:", "hospital_levl:"),
    "E616": LOCAL.replace("    assumed: made up for this test\n", "", 1),
    "E617": LOCAL.replace("三级", "四级"),
}


@pytest.mark.parametrize("code", BAD)
def test_a_bad_map_is_refused_at_its_place(code: str, tmp_path: Path) -> None:
    said = refused(BAD[code], tmp_path)
    assert f"map.yaml:{said.split('map.yaml:')[1].split(':')[0]}:" in said
    assert f"error[{code}]" in said


def test_no_such_map_gets_a_hint() -> None:
    with pytest.raises(RuleError, match="E610"):
        load_map("nationl")


def test_two_maps_of_one_fact_are_refused() -> None:
    with pytest.raises(RuleError, match="E618"):
        translator([load_map("national"), load_map("national")])
