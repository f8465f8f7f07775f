"""policyengine history: what accumulators hold, for whom, in which days."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.runner import run

RULES = """ruleset: seen
windows:
  spell: {reset_after_days_out: 60}
  from_first_use: {anchored_months: 12}
  half_back: {rolling_months: 6}
meters:
  met: {counts: basic.deductible, in: spell, label: {zh: 起付线累计, en: deductible met}}
  paid: {counts: basic.paid, in: from_first_use, per: household}
  stays: {counts: 1, in: half_back, per: [member, tier]}
  year: {counts: basic.paid, in: benefit_year, opening: D1}
parts: [in_scope]
layers: [{id: basic, payer: pooled_fund, on: in_scope, assumed: x}]
provisions:
  - {id: threshold, layer: basic, deductible: 1000元, meter: met, assumed: x}
  - {id: share, layer: basic, fund_share: 50%, assumed: x}
  - {id: top, layer: basic, ceiling: 5000元, meter: paid, assumed: x, label: {zh: 封顶线, en: ceiling}}
"""


def claim(name: str, admitted: str, left: str) -> dict[str, object]:
    encounter = {"care_type": "inpatient", "admission_date": admitted, "discharge_date": left,
                 "hospital": {"tier": "county"}}  # fmt: skip
    person = {"id": "person-17", "household": "home-4"}
    return {"id": name, "person": person, "encounter": encounter, "lines": [{"category": "surgery", "amount": "3000"}]}


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "seen").mkdir()
    (tmp_path / "seen" / "ruleset.yaml").write_text(RULES, encoding="utf-8")
    claims = [claim("a", "2024-01-20", "2024-01-31"), claim("b", "2024-03-01", "2024-03-05")]
    (tmp_path / "claims.json").write_text(json.dumps(claims), encoding="utf-8")
    return tmp_path


def test_claims_are_settled_and_the_limits_told(files: Path) -> None:
    done = run("history", files / "seen", files / "claims.json")
    assert done.exit_code == 0
    # 2,000 × 50 % and 3,000 × 50 %: 2,500 of 5,000; the spell runs on for 60 days from 5 March
    assert "deductible met [met]: until 60 days out of hospital, per member" in done.stdout
    assert "2024-01-20 – 2024-05-03   1,000.00   threshold 1,000.00, 0.00 left" in done.stdout
    assert "2024-01-31 – 2025-01-30   2,500.00   ceiling 5,000.00, 2,500.00 left" in done.stdout
    assert "2024-01-01 – 2024-03-05   2\n" in done.stdout
    assert "person-17" not in done.stdout


def test_in_chinese(files: Path) -> None:
    done = run("history", files / "seen", files / "claims.json", "--lang", "zh")
    assert "起付线累计 [met]: 至出院满60天止，按参保人" in done.stdout
    assert "封顶线5,000.00，余2,500.00" in done.stdout


def test_the_json_is_a_history_for_the_next_claim(files: Path) -> None:
    told = json.loads(run("history", files / "seen", files / "claims.json", "--json").stdout)
    assert told["history"]["periods"][1] == {
        "window": "spell", "scope": {"person_id": "person-17"}, "start": "2024-01-20", "out": "2024-03-05",
    }  # fmt: skip
    paid = next(one for one in told["holds"] if one["meter"] == "paid")
    assert paid["window"] == {
        "name": "from_first_use", "key": "2024-01-31", "from": "2024-01-31", "to": "2025-01-30",
    }  # fmt: skip
    assert (paid["value"], paid["limits"][0]["left"]) == ("2500.00", "2500.00")
    (files / "history.json").write_text(json.dumps(told), encoding="utf-8")
    again = run("history", files / "seen", files / "history.json")
    assert again.exit_code == 0
    assert "2024-01-31 – 2025-01-30   2,500.00" in again.stdout


def test_an_answer_of_the_platform(files: Path) -> None:
    rows = [{"insutype": "390", "year": "2024", "cum_ym": "202403", "cum_type_code": "D1", "cum": "12.50"}]
    rows.append({**rows[0], "cum_type_code": "S9"})
    (files / "answer.json").write_text(json.dumps({"output": {"cuminfo": rows}}), encoding="utf-8")
    done = run("history", files / "seen", files / "answer.json", "--person", "p")
    assert "2024-01-01 – 2024-12-31   12.50" in done.stdout
    assert "codes that no meter begins with\n  S9" in done.stdout
    assert run("history", files / "seen", files / "answer.json").exit_code == 2


def test_what_is_wrong_is_said(files: Path) -> None:
    row = {"meter": "met", "scope": {"person_id": "p"}, "window": "2024-01-20", "value": 1, "kind": "money"}
    (files / "bad.json").write_text(json.dumps({"accumulators": [row]}), encoding="utf-8")
    done = run("history", files / "seen", files / "bad.json")
    assert done.exit_code == 2
    assert "E571" in done.stderr
