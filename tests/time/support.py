"""Small rule sets and claims for the tests of time. Every figure is assumed: made up for this example."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from policyengine import Claim, Rulebook, Settlement, load

MAY, JULY = date(2024, 5, 31), date(2024, 7, 1)

CIRCULAR = """\
ruleset: {name}
parameters:
  share:
    - {{value: 60%, assumed: made up for this example}}
    - {{value: 70%, from: 2024-01-01, published: 2024-06-15, assumed: made up for this example}}
meters:
  met: {{counts: basic.deductible, in: calendar_year}}
  admissions: {{counts: 1, in: calendar_year}}
parts: [in_scope]
layers:
  - {{id: basic, payer: pooled_fund, on: in_scope, assumed: made up for this example}}
provisions:
  - {{id: threshold, layer: basic, deductible: 1000元, meter: met, assumed: made up for this example}}
  - {{id: basic_share, layer: basic, fund_share: share, assumed: made up for this example}}
  - {{id: poor, adjust: basic_share, when: registered_poor, add: 5pp, assumed: made up for this example}}
"""
"""60 % above 1,000 a year; a circular of 15 June makes it 70 % from 1 January on. The poor: 5 points more."""


def book(folder: Path, text: str = CIRCULAR.format(name="county"), name: str = "county") -> Rulebook:
    """The rule set that a text is."""
    file = folder / name / "ruleset.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return load(name, folder)


def stay(name: str, day: str, amount: str, **more: object) -> Claim:
    """An inpatient stay of one line that ends on ``day``; ``more``: fields of the claim, person or encounter."""
    encounter = {"care_type": "inpatient", "discharge_date": day}
    person: dict[str, object] = {"id": "p1"}
    claim: dict[str, object] = {"id": name, "person": person, "encounter": encounter}
    claim["lines"] = [{"id": "1", "category": "surgery", "amount": amount}]
    for key, value in more.items():
        where = {"tags": person, "settlement_date": encounter, "visit_id": encounter, "admission_date": encounter}
        where["billed_from"] = encounter
        if key == "person":
            person["id"] = value
        else:
            where.get(key, claim)[key] = value
    return Claim.model_validate(claim)


def fund(settlement: Settlement) -> Decimal:
    return settlement.split["pooled_fund"]
