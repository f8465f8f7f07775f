"""Claims for worked examples: one fee line of a given amount, and the facts of a scenario."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from policyengine import ir, terms
from policyengine.claim import Claim
from policyengine.encode import minus
from policyengine.money import exponent_of, rate_text, text_of
from policyengine.render.quantities import Given
from policyengine.render.subject import Subject

STAY = 10
"""Days of a stay of which no rule counts the days."""

YEARS_AGO = 2
"""When the days lie of which no figure hangs."""

ADULT = 40
"""The age of a person of whom no rule asks it."""


def claim_of(subject: Subject, facts: Given, amount: int) -> Claim:
    """A claim of one fee line in the catalogue, with these facts. Raises ``ClaimError`` if no claim can state them."""
    return Claim.model_validate(claim_data(subject, facts, amount))


def claim_data(subject: Subject, facts: Given, amount: int) -> dict[str, Any]:
    """The same as data that a caller could hand in."""
    program = subject.program
    stated = {name: value for name, value in facts.items() if "." not in name}
    days = _days(subject, int(stated.get("days_of_stay", STAY)))
    encounter: dict[str, Any] = {name: str(day) for name, day in days.items()}
    person: dict[str, Any] = {"id": "p1", "household": "h1", "scheme": "resident"}
    person["tags"] = [tag for tag in terms.TAGS if stated.get(tag) is True]
    person["birth_date"] = str(_born(subject, stated, days["admission_date"]))
    for name, value in stated.items():
        fact = terms.FACTS.get(name)
        if fact is not None and fact.domain == "claim" and fact.at not in ("encounter", "lines", "person.tags"):
            _place({"person": person, "encounter": encounter}, fact.at, _json(program, name, value))
    encounter.setdefault("care_type", "inpatient")
    return {
        "id": "example", "currency": program.currency, "person": person, "encounter": encounter,
        "lines": [_line(subject, amount, days["admission_date"])], "facts": dict(_declared(subject, stated, days)),
    }  # fmt: skip


def parameters_of(subject: Subject, facts: Given) -> Mapping[str, str]:
    """What the caller gives, as texts."""
    given = {name: value for name, value in facts.items() if name.startswith("parameter.")}
    texts = {name: _json(subject.program, name, value) for name, value in given.items()}
    return {name.partition(".")[2]: str(x).lower() if isinstance(x, bool) else str(x) for name, x in texts.items()}


def _days(subject: Subject, stay: int) -> dict[str, datetime.date]:
    """The days of a stay of which the one that selects the rules is the day of the page."""
    day, by = subject.day, subject.program.dated_by
    before = day if by in ("admission_date", "service_date") else day - datetime.timedelta(days=stay)
    after = before + datetime.timedelta(days=stay)
    return {"admission_date": before, "discharge_date": after, "settlement_date": after, "service_date": before}


def _born(subject: Subject, stated: Given, admitted: datetime.date) -> datetime.date:
    """A birthday on which the age, and what is counted from the birth, come to what is stated."""
    for decl in subject.program.inputs:
        if decl.name in stated and decl.days is not None and decl.days.since == "birth_date":
            return minus(subject.day, int(stated[decl.name]), decl.days.measure)
    return min(datetime.date(subject.day.year - int(stated.get("age", ADULT)), 1, 1), admitted)


def _place(data: dict[str, Any], at: str, value: Any) -> None:
    """``value`` under a dotted path; the birth date is placed by itself."""
    *heads, last = at.split(".")
    if last != "birth_date":
        for head in heads:
            data = data.setdefault(head, {})
        data[last] = value


def _json(program: ir.Program, name: str, value: ir.Value) -> Any:
    """A value of the program as a claim states it."""
    kind = next(d.kind for d in program.inputs if d.name == name)
    if isinstance(value, bool | str) or kind == "count":
        return value
    if kind == "rate":
        return rate_text(Fraction(value))
    return text_of(int(value), exponent_of(program.currency))


def _line(subject: Subject, amount: int, day: datetime.date) -> dict[str, Any]:
    """A fee line in the catalogue that no price limits."""
    text = text_of(amount, exponent_of(subject.currency))
    rows = [d for d in subject.program.inputs if d.domain == "row"]
    own = {d.name: _json(subject.program, d.name, _least(d)) for d in rows
           if d.name not in terms.FACTS and d.days is None and d.default is None and d.kind != "flag"}  # fmt: skip
    own |= {d.name: False for d in rows if d.name not in terms.FACTS and d.kind == "flag" and d.default is None}
    own |= {d.name: str(day) for d in subject.program.days if d.domain == "row"}
    return {"category": subject.category, "catalogue_class": "a", "amount": text, "price_limit": text,
            "first_share_rate": "0", "service_date": str(day), "facts": own}  # fmt: skip


def _least(decl: ir.InputDecl) -> ir.Value:
    if decl.kind == "code":
        return decl.values[0]
    return Fraction(decl.low or 0) if decl.kind == "rate" else int(decl.low or 0)


def _declared(subject: Subject, stated: Given, days: Mapping[str, datetime.date]) -> Iterator[tuple[str, Any]]:
    """Facts that the rule file declares, the days from which counts follow, the ids by which meters are kept."""
    program = subject.program
    counted = {d.name: d for d in program.inputs if d.days is not None}
    for name, value in stated.items():
        if name not in terms.FACTS and name not in counted:
            yield name, _json(program, name, value)
    long_ago = minus(subject.day, YEARS_AGO, "years")
    yield from {d.name: str(long_ago) for d in program.days if d.domain == "claim"}.items()
    for name, decl in counted.items():
        if name in stated and decl.days is not None and decl.days.since in {d.name for d in program.days}:
            until = days.get(decl.days.until, subject.day)
            yield decl.days.since, str(minus(until, int(stated[name]), decl.days.measure))
    for name in sorted({name for meter in program.meters for name in meter.per} - set(terms.FACTS) - set(stated)):
        yield name, f"{name}-1"
