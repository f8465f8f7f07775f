"""Facts of a claim as a claim document: stated is what the rule set reads, and what every claim states."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from policyengine import ir, terms
from policyengine.difference.axes import Axis
from policyengine.encode import minus
from policyengine.money import exponent_of, text_of

Facts = Mapping[str, ir.Value]
NIGHTS = 5
"""Nights of a stay of which nobody says how long it was."""


def document(
    program: ir.Program, axes: Sequence[Axis], values: Sequence[int], bill: int, day: datetime.date, number: int = 0
) -> dict[str, Any]:
    """The data of a claim on ``day`` for ``program``. ``number``: which of several claims of that day."""
    reads = {d.name: d for d in program.inputs}
    facts = {
        a.name: a.value(v) for a, v in zip(axes, values, strict=True) if a.name in reads or a.name == "hospital_grade"
    }
    exponent = exponent_of(program.currency)
    encounter = _encounter(program, facts, day)
    person = _person(program, facts, day, exponent)
    stated = {**encounter, **person}
    data: dict[str, Any] = {
        "id": f"c{number + 1}",
        "person": person,
        "encounter": encounter,
        "lines": [_line(program, facts, bill, day, exponent)],
    }
    if program.currency != "CNY":
        data["currency"] = program.currency
    if number:
        data["sequence"] = number
    elsewhere = {name: value for name, value in facts.items() if name.startswith("elsewhere.") and value}
    if elsewhere:
        data["paid_elsewhere"] = [
            {"payer": name.removeprefix("elsewhere."), "amount": text_of(int(value), exponent)}
            for name, value in elsewhere.items()
        ]
    if own := _own(program, facts, "claim", exponent) | _days(program, facts, stated):
        data["facts"] = own
    return data


def parameters_of(axes: Sequence[Axis], values: Sequence[int], currency: str) -> dict[str, str]:
    """The parameters that the caller gives."""
    pairs = ((a, a.value(v)) for a, v in zip(axes, values, strict=True) if a.name.startswith("parameter."))
    return {a.name.removeprefix("parameter."): str(_plain(a.decl, v, exponent_of(currency))) for a, v in pairs}


def _person(program: ir.Program, facts: Facts, day: datetime.date, exponent: int) -> dict[str, Any]:
    person: dict[str, Any] = {"id": "p1"}
    if any("household_id" in meter.per for meter in program.meters):
        person["household"] = "h1"
    if "scheme" in facts:
        person["scheme"] = facts["scheme"]
    counted = [d for d in program.inputs if d.days is not None and d.days.since == "birth_date"]
    if "age" in facts or counted:
        person["birth_date"] = str(minus(day, int(facts.get("age", 40)), "years"))
    if "income_annual" in facts:
        person["income_annual"] = text_of(int(facts["income_annual"]), exponent)
    if tags := [tag for tag in terms.TAGS if facts.get(tag) is True]:
        person["tags"] = tags
    return person


def _encounter(program: ir.Program, facts: Facts, day: datetime.date) -> dict[str, Any]:
    stay = int(facts.get("days_of_stay", NIGHTS))
    first = day if program.dated_by == "admission_date" else day - datetime.timedelta(days=stay)
    last = day + datetime.timedelta(days=stay) if program.dated_by == "admission_date" else day
    days = {"admission_date": first, "discharge_date": last, "settlement_date": last, "service_date": day}
    care = str(facts.get("care_type", "inpatient"))
    if not stay or care in ("outpatient", "chronic_outpatient", "emergency"):
        days = {"service_date": day, program.dated_by: day}
    read = {name for d in program.inputs if d.days is not None for name in (d.days.since, d.days.until)}
    wanted = {program.dated_by, *read, *(("admission_date", "discharge_date") if "days_of_stay" in facts else ())}
    hospital = {"id": "hospital_id", "level": "hospital_level", "grade": "hospital_grade", "tier": "tier"}
    found: dict[str, Any] = {"care_type": care}
    found |= {name: str(when) for name, when in days.items() if name in wanted}
    if known := {key: facts[name] for key, name in hospital.items() if name in facts}:
        found["hospital"] = known
    plain = ("area", "referred", "certificate_shown", "disease", "admission_ordinal")
    return found | {name: facts[name] for name in plain if name in facts and facts[name] not in (False, "none")}


def _line(program: ir.Program, facts: Facts, bill: int, day: datetime.date, exponent: int) -> dict[str, Any]:
    line: dict[str, Any] = {"category": facts.get("category", "treatment"), "amount": text_of(bill, exponent)}
    if "catalogue_class" in facts:
        line["catalogue_class"] = facts["catalogue_class"]
    if "first_share_rate" in facts:
        line["first_share_rate"] = _decimal(facts["first_share_rate"])
    if "quantity" in facts:
        line["quantity"] = facts["quantity"]
    if "price_limit" in facts:
        line["price_limit"] = text_of(int(facts["price_limit"]), exponent)
    if "day_of_stay" in facts or any(d.name == ir.LINE_DAY for d in program.inputs):
        line["service_date"] = str(day)
    about = {program.run.bill: text_of(bill, exponent)} if program.run is not None else {}
    if own := _own(program, facts, "row", exponent) | about:
        line["facts"] = own
    return line


def _own(program: ir.Program, facts: Facts, domain: str, exponent: int) -> dict[str, Any]:
    """The facts that the rule file itself declares, those aside that are as if nobody stated them."""
    own = [d for d in program.inputs
           if d.domain == domain and d.days is None and d.name not in terms.FACTS and "." not in d.name]  # fmt: skip
    return {d.name: _plain(d, facts[d.name], exponent) for d in own if d.name in facts and facts[d.name] != d.default}


def _plain(decl: ir.InputDecl, value: ir.Value, exponent: int) -> Any:
    if decl.kind == "money":
        return text_of(int(value), exponent)
    return _decimal(value) if decl.kind == "rate" else value


def _decimal(value: ir.Value) -> str:
    exact = Fraction(value)
    return f"{Decimal(exact.numerator) / Decimal(exact.denominator):f}"


# -- days --------------------------------------------------------------------------------------------------------------


def _days(program: ir.Program, facts: Facts, stated: Mapping[str, Any]) -> dict[str, str]:
    """Days that the rule file declares, so long before others as its counts say."""
    declared = {day.name for day in program.days if day.domain == "claim"}
    found: dict[str, str] = {}
    for decl in program.inputs:
        if decl.days is not None and decl.days.since in declared and decl.name in facts:
            until = stated.get(decl.days.until)
            if until is not None:
                day = minus(datetime.date.fromisoformat(until), int(facts[decl.name]), decl.days.measure)
                found[decl.days.since] = str(day)
    return found
