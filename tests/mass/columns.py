"""Claims as models, by column: so that what is settled one by one can be settled by the million as well."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import numpy as np

from policyengine import Claim, Rulebook
from policyengine.bulk import NO_DAY, Batch, Codes, Column, Days, Flags, Ids, Numbers, batch_of, ids_of
from policyengine.encode.typed import typed
from policyengine.money import RATE_GRID, exponent_of
from policyengine.terms import TAGS

EPOCH = date(1970, 1, 1)
WORDS: dict[str, Callable[[Claim], str | None]] = {
    "scheme": lambda c: c.person.scheme,
    "care_type": lambda c: c.encounter.care_type,
    "hospital_id": lambda c: c.encounter.hospital.id,
    "hospital_level": lambda c: c.encounter.hospital.level,
    "hospital_grade": lambda c: c.encounter.hospital.grade,
    "tier": lambda c: c.encounter.hospital.tier,
    "area": lambda c: c.encounter.area,
    "disease": lambda c: c.encounter.disease,
}
DAYS = ("admission_date", "discharge_date", "settlement_date", "service_date", "billed_from")


def in_order(claims: Sequence[Claim], book: Rulebook, by: Callable[[Claim], str]) -> list[Claim]:
    """By scope, then by the day that selects the rules."""
    return sorted(claims, key=lambda c: (by(c), getattr(c.encounter, book.dated_by) or date.min, c.sequence))


def columns_of(claims: Sequence[Claim], book: Rulebook) -> Batch:
    """The claims as they are, in their order."""
    decls = {d.name: d for p in book.every_program for d in (*p.inputs, *p.declared)}
    exponent = exponent_of(book.programs[0].currency)
    lines = [line for claim in claims for line in claim.lines]
    columns: dict[str, Column] = {
        "person_id": ids_of([c.person.id for c in claims]),
        "household_id": ids_of([c.person.household or "" for c in claims]),
        "visit_id": ids_of([c.visit for c in claims]),
        "birth_date": _days([c.person.birth_date for c in claims]),
        "income_annual": _numbers([c.minor.income_annual for c in claims]),
        "admission_ordinal": _numbers([c.encounter.admission_ordinal for c in claims]),
        "referred": Flags(np.array([c.encounter.referred for c in claims])),
        "certificate_shown": Flags(np.array([c.encounter.certificate_shown for c in claims])),
    }
    columns |= {tag: Flags(np.array([tag in c.person.tags for c in claims])) for tag in TAGS}
    columns |= {name: _codes([get(c) for c in claims]) for name, get in WORDS.items()}
    columns |= {name: _days([getattr(c.encounter, name) for c in claims]) for name in DAYS}
    columns |= {
        f"elsewhere.{payer}": _numbers([c.minor.elsewhere.get(payer, 0) for c in claims])
        for payer in {p for c in claims for p in c.minor.elsewhere}
    }
    dated = {d.name for p in book.every_program for d in p.days}
    names = {name for c in claims for name in c.facts}
    columns |= {name: _declared([c.facts.get(name) for c in claims], name, decls, dated, exponent) for name in names}
    of_lines: dict[str, Column] = {
        "amount": _numbers([a for c in claims for a in c.minor.amounts]),
        "price_limit": _numbers([a for c in claims for a in c.minor.price_limits]),
        "first_share_rate": _rates([a for c in claims for a in c.minor.first_share_rates]),
        "quantity": _numbers([line.quantity for line in lines]),
        "category": _codes([line.category for line in lines]),
        "catalogue_class": _codes([line.catalogue_class for line in lines]),
        "line_date": _days([line.service_date for line in lines]),
    }
    names = {name for line in lines for name in line.facts}
    of_lines |= {name: _declared([li.facts.get(name) for li in lines], name, decls, dated, exponent) for name in names}
    offsets = np.cumsum([0, *(len(c.lines) for c in claims)], dtype=np.int64)
    return batch_of([c.id for c in claims], columns, of_lines, offsets)


def _numbers(values: Sequence[int | None]) -> Numbers:
    stated = np.array([v is not None for v in values], dtype=np.bool_)
    found = np.array([0 if v is None else v for v in values], dtype=np.int64)
    return Numbers(found, None if stated.all() else stated)


def _rates(values: Sequence[Fraction | None]) -> Numbers:
    return _numbers([None if v is None else int(Fraction(v) * RATE_GRID) for v in values])


def _days(values: Sequence[date | None]) -> Days:
    return Days(np.array([NO_DAY if v is None else (v - EPOCH).days for v in values], dtype=np.int32))


def _codes(values: Sequence[str | None]) -> Codes:
    words = list(dict.fromkeys(v for v in values if v is not None))
    return Codes(np.array([-1 if v is None else words.index(v) for v in values], dtype=np.int32), tuple(words))


def _declared(values: Sequence[Any], name: str, decls: Any, dated: set[str], exponent: int) -> Column:
    """A fact that the rule file declares, as the kind that it gives it; an id by which accumulators are kept."""
    if name in dated:
        return _days([None if v is None else date.fromisoformat(v) for v in values])
    decl = decls.get(name)
    if decl is None:
        return Ids(ids_of(values).numbers, ids_of(values).texts)
    if decl.kind == "code":
        return _codes(values)
    known = [None if v is None else typed(decl, v, exponent) for v in values]
    if decl.kind == "flag":
        stated = np.array([v is not None for v in known], dtype=np.bool_)
        return Flags(np.array([bool(v) for v in known]), None if stated.all() else stated)
    return _rates(known) if decl.kind == "rate" else _numbers(known)  # type: ignore[arg-type]
