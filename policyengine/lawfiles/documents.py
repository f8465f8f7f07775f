"""Facts of a program as the document of a claim that states them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from policyengine import ir, terms
from policyengine.generate import Domain
from policyengine.lawfiles.otherwise import Document
from policyengine.money import exponent_of, text_of

LONGEST = 36_500
"""The most days between two days of a claim."""
Facts = Mapping[str, Any]
"""Values by name: minor units, millionths, counts, words, flags."""


def document_of(program: ir.Program, facts: Facts, rows: Sequence[Facts]) -> Document:
    """The first claim of a member, on a day of the program. What follows from other facts follows from those."""
    day = Domain.of(program).first
    days = _days(program, facts, day)
    claim: Document = {
        "id": "c1",
        "currency": program.currency,
        "person": _person(facts, day, program),
        "encounter": _encounter(facts, days),
        "lines": [_line(program, row) for row in rows],
    }
    stated = {one.name: days[one.name].isoformat() for one in program.days if one.name in days}
    if own := dict(_own(program, facts, "claim")) | stated:
        claim["facts"] = own
    paid = {name.partition(".")[2]: value for name, value in facts.items() if name.startswith("elsewhere.") and value}
    if paid:
        claim["paid_elsewhere"] = [{"payer": p, "amount": _money(program, amount)} for p, amount in paid.items()]
    return claim


def parameters_in(program: ir.Program, facts: Facts) -> dict[str, Any]:
    """What the facts say of parameters that are left to the caller."""
    kinds = {d.name: d.kind for d in program.inputs}
    return {name.partition(".")[2]: _stated(program, kinds[name], value) for name, value in facts.items()
            if name.startswith("parameter.")}  # fmt: skip


def _money(program: ir.Program, minor: int) -> str:
    return text_of(minor, exponent_of(program.currency))


def _person(facts: Facts, day: datetime.date, program: ir.Program) -> Document:
    person: Document = {"id": "p1", "tags": [tag for tag in terms.TAGS if facts.get(tag)]}
    if any("household_id" in meter.per for meter in program.meters):
        person["household"] = "h1"
    person |= {"scheme": facts["scheme"]} if "scheme" in facts else {}
    if "age" in facts:
        year = max(day.year - facts["age"], 1900)
        person["birth_date"] = day.replace(year=year, day=min(day.day, 28)).isoformat()
    if "income_annual" in facts:
        person["income_annual"] = _money(program, facts["income_annual"])
    return person


def _days(program: ir.Program, facts: Facts, day: datetime.date) -> dict[str, datetime.date]:
    """The days of the claim, and those that the rule file declares and counts days from or to."""
    counted = {
        (one.days.since, one.days.until): datetime.timedelta(days=max(-LONGEST, min(facts[one.name], LONGEST)))
        for one in program.inputs if one.domain == "claim" and one.days is not None and one.days.measure == "days"
    }  # fmt: skip
    stay = datetime.timedelta(days=min(facts.get("days_of_stay", 0), 365))
    stay = max(stay, counted.get(("admission_date", "discharge_date"), stay))
    admitted = program.dated_by in ("admission_date", "service_date")
    first, last = (day, day + stay) if admitted else (day - stay, day)
    found = {"admission_date": first, "service_date": first, "discharge_date": last, "settlement_date": last}
    for _ in counted:
        for (since, until), length in counted.items():
            if until in found:
                found.setdefault(since, found[until] - length)
            elif since in found:
                found[until] = found[since] + length
    return found


def _encounter(facts: Facts, days: Mapping[str, datetime.date]) -> Document:
    known_days = ("admission_date", "service_date", "discharge_date", "settlement_date")
    found: Document = {name: days[name].isoformat() for name in known_days}
    found["care_type"] = facts.get("care_type", "inpatient")
    grades = [grade for grade in terms.GRADES if grade.startswith(facts.get("hospital_level", ""))]
    known = ("id", "hospital_id"), ("grade", "hospital_grade"), ("tier", "tier")
    hospital = {"grade": grades[0], **{name: facts[fact] for name, fact in known if fact in facts}}
    found["hospital"] = hospital
    stated = ("area", "referred", "certificate_shown", "disease", "admission_ordinal")
    return found | {name: facts[name] for name in stated if name in facts}


def _line(program: ir.Program, row: Facts) -> Document:
    line: Document = {
        "category": row.get("category", "treatment"),
        "catalogue_class": row.get("catalogue_class", "a"),
        "amount": _money(program, row.get("amount", 0)),
    }
    if "quantity" in row:
        line["quantity"] = row["quantity"]
    if "price_limit" in row:
        line["price_limit"] = _money(program, row["price_limit"])
    if "first_share_rate" in row:
        line["first_share_rate"] = _stated(program, "rate", row["first_share_rate"])
    return line | ({"facts": own} if (own := dict(_own(program, row, "row"))) else {})


def _own(program: ir.Program, facts: Facts, domain: str) -> Iterator[tuple[str, Any]]:
    """Facts that the rule file declares and that do not follow from days."""
    for decl in program.inputs:
        if decl.domain == domain and decl.days is None and decl.name not in terms.FACTS and "." not in decl.name:
            yield decl.name, _stated(program, decl.kind, facts[decl.name])


def _stated(program: ir.Program, kind: ir.Kind, value: Any) -> Any:
    """A value as a claim states it."""
    if kind == "money":
        return _money(program, value)
    if kind == "rate":
        return text_of(value, 6)
    return value
