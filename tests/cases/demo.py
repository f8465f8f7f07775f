"""A small policy for tests: 75 % of the cost in scope above 400 yuan, ten points more for the poor, a ceiling."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

RULES = """\
ruleset: demo
title: {zh: 示例, en: Demo}
valid: {from: 2017-01-01}
sources:
  notice: {title: 示例办法, publisher: 县政府, date: 2017-01-01, grade: A}
parts: [own_expense, in_scope]
parameters:
  second_share: {type: rate, low: 5%, high: 10%}
tables:
  own: {keys: [tier], columns: [limit], rows: [[county, 5000元], [city, 6000元]], gaps: two tiers, cite: notice}
meters:
  paid: {counts: basic.paid, in: benefit_year, label: {zh: 已付, en: paid this year}}
layers:
  - {id: basic, payer: pooled_fund, on: in_scope, label: {zh: 基本医保, en: basic cover}, cite: notice}
  - {id: second, payer: other_fund, on: in_scope, when: registered_poor, cite: notice}
provisions:
  - {id: outside, classify: class == 丙, to: own_expense, cite: {notice: 目录外费用自理}}
  - {id: floor, layer: basic, deductible: 400元, cite: {notice: 起付线400元}}
  - {id: share, layer: basic, fund_share: 75%, cite: {notice: 报销75%}}
  - {id: poor, adjust: share, when: registered_poor, add: 10pp, cite: {notice: 贫困人口提高10个百分点}}
  - {id: top, layer: basic, ceiling: own.limit, meter: paid, assumed: {year: the notice does not say "a year"}}
  - {id: more, layer: second, fund_share: second_share, cite: notice}
  - {id: at_once, timing: one_stop, when: registered_poor, deposit: 0元, cite: {notice: 先诊疗后付费}}
"""

CLAIM: dict[str, Any] = {
    "id": "c1",
    "person": {"id": "p1"},
    "encounter": {"care_type": "inpatient", "discharge_date": "2018-03-20", "hospital": {"tier": "county"}},
    "lines": [
        {"category": "bed", "catalogue_class": "a", "amount": "2400.00"},
        {"category": "other", "catalogue_class": "c", "amount": "100.00"},
    ],
}
"""In scope 2,400: (2,400 − 400) × 75 % = 1,500 from the fund; the patient bears 100 + 400 + 500 = 1,000."""

CASES = """\
given:
  person: {id: p1}
  encounter: {care_type: inpatient, discharge_date: 2018-03-20, hospital: {tier: county}}
cases:
  - id: plain
    source: by hand
    parameters: {second_share: 5%}
    claims:
      - claim: {id: c1, lines: [{category: bed, catalogue_class: a, amount: 2400.00}]}
        expect:
          split: {pooled_fund: 1500.00, patient: 900.00}
          patient: {deductible: 400.00, coinsurance: 500.00}
          steps: {share: 75%, basic.paid: 1500.00}
"""


def rule_file(folder: Path, rules: str = RULES, cases: str = CASES) -> Path:
    """The demo rule set in ``folder``, with its cases; the path of the rule file."""
    home = folder / "demo"
    (home / "cases").mkdir(parents=True, exist_ok=True)
    (home / "ruleset.yaml").write_text(rules, encoding="utf-8")
    if cases:
        (home / "cases" / "demo.yaml").write_text(cases, encoding="utf-8")
    return home / "ruleset.yaml"


def claim(**changes: Any) -> dict[str, Any]:
    """The demo claim with other values in some fields; ``tags`` and ``tier`` go where they belong."""
    made: dict[str, Any] = json.loads(json.dumps(CLAIM))
    for name in ("tags", "tier", "day"):
        if name in changes:
            value = changes.pop(name)
            if name == "tags":
                made["person"]["tags"] = value
            elif name == "tier":
                made["encounter"]["hospital"]["tier"] = value
            else:
                made["encounter"]["discharge_date"] = value
    return {**made, **changes}
