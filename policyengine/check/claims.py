"""Facts as a claim: the data of a bill in which they hold, with plain facts where nothing is asked."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from typing import Any

from policyengine import ir, terms
from policyengine.analysis import Leaf
from policyengine.money import exponent_of, text_of

Facts = Mapping[str, ir.Value]
FIRST_DAY = datetime.date(2020, 3, 2)
PLAIN = 100_000
"""What the fee line costs, or the row of a run is about, if nothing says otherwise, in minor units."""


def claim_data(program: ir.Program, values: Mapping[Leaf, ir.Value]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The data of a claim with these facts and plain others, and the parameters that the caller gives."""
    facts = {leaf.name: value for leaf, value in values.items() if isinstance(leaf, ir.Input)}
    day = _day(program)
    for decl in program.inputs:
        if decl.name not in facts and decl.default is None:
            facts[decl.name] = ir.day_number(day) if decl.name == ir.LINE_DAY else _plain(program, decl, facts)
    exponent = exponent_of(program.currency)
    parameters = {name.removeprefix("parameter."): _stated(program, name, value, exponent)
                  for name, value in facts.items() if name.startswith("parameter.")}  # fmt: skip
    data: dict[str, Any] = {
        "id": "witness",
        "currency": program.currency,
        "person": _person(facts, day, exponent),
        "encounter": _encounter(facts, day),
        "lines": [_line(program, facts, exponent)],
        "facts": _own(program, facts, "claim", exponent),
    }
    return data, parameters


def _day(program: ir.Program) -> datetime.date:
    start, end = program.valid
    first = datetime.date.fromisoformat(start) if start else datetime.date.min
    last = datetime.date.fromisoformat(end) - datetime.timedelta(days=1) if end else datetime.date.max
    return min(max(FIRST_DAY, first), last)


def _plain(program: ir.Program, decl: ir.InputDecl, facts: Facts) -> ir.Value:
    if decl.kind == "flag":
        return False
    if decl.kind == "code":
        level = str(facts.get("hospital_level", "")) if decl.name == "hospital_grade" else ""
        return next((w for w in decl.values if w.startswith(level)), decl.values[0])
    if decl.name in ("amount", "total_charge", program.run.bill if program.run is not None else ""):
        return PLAIN
    return int(decl.low or 0) if decl.kind != "rate" else (decl.low or 0)


def _person(facts: Facts, day: datetime.date, exponent: int) -> dict[str, Any]:
    age = facts.get("age", 40)
    assert isinstance(age, int)
    born = day.replace(year=max(1, day.year - age), day=min(day.day, 28))
    person: dict[str, Any] = {
        "id": "p1",
        "household": "h1",
        "scheme": facts.get("scheme", "resident"),
        "birth_date": str(born),
        "tags": [tag for tag in terms.TAGS if facts.get(tag) is True],
    }
    if "income_annual" in facts:
        person["income_annual"] = _money(facts["income_annual"], exponent)
    return person


def _encounter(facts: Facts, day: datetime.date) -> dict[str, Any]:
    stay = facts.get("days_of_stay", 5)
    assert isinstance(stay, int)
    before = day - datetime.timedelta(days=stay)
    days = {"admission_date": before, "discharge_date": day, "settlement_date": day, "service_date": day}
    hospital = {"id": "hospital_id", "level": "hospital_level", "grade": "hospital_grade", "tier": "tier"}
    plain = ("area", "referred", "certificate_shown", "disease", "admission_ordinal")
    return {
        "care_type": facts.get("care_type", "inpatient"),
        **{name: str(when) for name, when in days.items()},
        "hospital": {key: facts[name] for key, name in hospital.items() if name in facts},
        **{name: facts[name] for name in plain if name in facts},
    }


def _line(program: ir.Program, facts: Facts, exponent: int) -> dict[str, Any]:
    amount = facts.get("amount", facts.get("total_charge", PLAIN))
    line: dict[str, Any] = {
        "category": facts.get("category", "treatment"),
        "catalogue_class": facts.get("catalogue_class", "a"),
        "amount": _money(amount, exponent),
        "first_share_rate": decimal_text(facts.get("first_share_rate", 0)),
        "facts": _own(program, facts, "row", exponent),
    }
    if "quantity" in facts:
        line["quantity"] = facts["quantity"]
    if "price_limit" in facts:
        line["price_limit"] = _money(facts["price_limit"], exponent)
    if ir.LINE_DAY in facts:
        with suppress(ValueError):  # a number between the last day of a month and the first of the next is no day
            line["service_date"] = str(ir.day_of_number(int(facts[ir.LINE_DAY])))
    return line


def decimal_text(value: ir.Value) -> str:
    """A rate as a decimal text."""
    exact = Fraction(value)
    return str(Decimal(exact.numerator) / Decimal(exact.denominator))


def _money(value: ir.Value, exponent: int) -> str:
    assert isinstance(value, int)
    return text_of(value, exponent)


def _own(program: ir.Program, facts: Facts, domain: str, exponent: int) -> dict[str, Any]:
    """The facts that the rule file itself declares."""
    own = [d for d in program.inputs if d.domain == domain and d.name not in terms.FACTS and "." not in d.name]
    return {d.name: _stated(program, d.name, facts[d.name], exponent) for d in own if d.name in facts}


def _stated(program: ir.Program, name: str, value: ir.Value, exponent: int) -> Any:
    kind = next(d.kind for d in program.inputs if d.name == name)
    if kind == "money":
        return _money(value, exponent)
    return decimal_text(value) if kind == "rate" else value
