"""A settlement as a row of a run: each field read from what the rule file says that it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import Any

from policyengine import ir
from policyengine.claim import quoted
from policyengine.encode import age_on
from policyengine.encode.days import days_of_stay
from policyengine.errors import ClaimError, Diagnostic
from policyengine.runs.rows import RunRow, Written, sums
from policyengine.settlement import Settlement
from policyengine.terms import CATEGORIES_OF_PARTS, FACTS

Value = str | int | bool
NOT_IN_SCOPE = tuple(name for name in CATEGORIES_OF_PARTS if name != "in_scope")
"""Reasons of what the patient bears outside the scope of the policy."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a settlement says, however it is handed in. ``step``: kind and value of a step, ``None`` for none."""

    id: str
    ruleset: str
    currency: str
    day: date
    total: Decimal
    split: Mapping[str, Decimal]
    patient: Mapping[str, Decimal]
    national: Callable[[], Mapping[str, Any]]
    step: Callable[[str], tuple[str, Any] | None]
    about: Any
    traced: bool = True

    @property
    def record(self) -> str:
        return f"settlement of claim {quoted(self.id)}"


def told_by(settlement: Settlement | Written) -> Told:
    """A settlement as runs read it. Raises ``ClaimError``."""
    if settlement.preliminary:
        name = settlement.claim.id if isinstance(settlement, Settlement) else settlement.claim
        text, expected = "a preliminary settlement is not counted", "a settlement that consumed what it was owed"
        raise refused("E581", text, f"settlement of claim {quoted(name)}", "preliminary", expected)
    if isinstance(settlement, Settlement):
        return _of_object(settlement)
    steps = settlement.trace
    if not sums(settlement):
        text = f"the split does not sum to the total of {settlement.total}"
        raise refused("E577", text, f"settlement of claim {quoted(settlement.claim)}", "split")

    def step(name: str) -> tuple[str, Any] | None:
        found = (steps or {}).get(name)
        return None if found is None else (str(found.get("kind")), found.get("value"))

    return Told(
        settlement.claim, settlement.ruleset, settlement.currency, settlement.day, settlement.total, settlement.split,
        settlement.patient, lambda: settlement.national, step, settlement.about, steps is not None,
    )  # fmt: skip


def _of_object(settlement: Settlement) -> Told:
    layout, claim = settlement.layout, settlement.claim

    def step(name: str) -> tuple[str, Any] | None:
        at = layout.index.get(name)
        return None if at is None else (layout.program.steps[at].kind, settlement.text(at))

    return Told(
        claim.id, layout.program.ruleset, layout.program.currency, settlement.day, settlement.total, settlement.split,
        settlement.patient, settlement.national, step, claim,
    )  # fmt: skip


def refused(code: str, text: str, record: str, field: str = "", expected: str = "", hint: str = "") -> ClaimError:
    return ClaimError(Diagnostic(code, text, None, expected, hint, record=record, field=field))


def row_of(run: ir.Run, settlement: Settlement | Written) -> RunRow:
    """The row that a settlement makes. Raises ``ClaimError`` for a settlement that the run does not take."""
    told = told_by(settlement)
    if run.of != ("settlements",) and told.ruleset not in run.of:
        text = f"the settlement was made by {quoted(told.ruleset)}"
        raise refused("E577", text, told.record, "ruleset", "one of " + ", ".join(run.of))
    fields = {field.name: read_field(field, told) for field in run.fields}
    about = told.about
    return RunRow(
        id=told.id, day=told.day, sequence=about.sequence, currency=told.currency, person=about.person,
        facts=about.facts, fields=fields,
    )  # fmt: skip


def read_field(field: ir.RunField, told: Told) -> Value:
    """The value of a field. Raises ``ClaimError`` if the settlement does not say it."""
    group, _, name = field.source.partition(".")
    match group:
        case "bill":
            return str(told.total)
        case "patient_total":
            return str(sum(told.patient.values(), Decimal(0)))
        case "own_in_scope":
            outside = sum((told.patient.get(name, Decimal(0)) for name in NOT_IN_SCOPE), Decimal(0))
            return str(sum(told.patient.values(), Decimal(0)) - outside)
        case "fund_total":
            return _national("fund_pay_sumamt", told)
        case "payer":
            return str(told.split.get(name, Decimal(0)))
        case "reason":
            return str(told.patient.get(name, Decimal(0)))
        case "national":
            return _national(name, told)
        case "fact":
            return _fact(field, name, told)
        case _:
            return _step(field, f"{name}.gross" if group == "part" else name, told)


def _national(name: str, told: Told) -> str:
    found = told.national().get(name)
    if found is None:
        raise refused("E577", f"the national message has no `{name}`", told.record, "national")
    return str(found)


def _step(field: ir.RunField, name: str, told: Told) -> Value:
    found = told.step(name)
    if found is None:
        text = f"the settlement has no step `{quoted(name)}`, which the field `{field.name}` reads"
        hint = "" if told.traced else "write settlements with `--trace`, or hand in the claims and `--of`"
        raise refused("E577", text, told.record, "trace", hint=hint)
    kind, value = found
    if not isinstance(value, str) or kind != field.kind:
        text = f"the step `{quoted(name)}` is {_kind(kind, value)}, the field `{field.name}` a {field.kind}"
        raise refused("E577", text, told.record, "trace", f"a step of the whole claim that is a {field.kind}")
    if kind == "flag":
        return value == "true"
    return int(value) if kind == "count" else value


def _kind(kind: str, value: object) -> str:
    return f"a {quoted(kind)}" if isinstance(value, str) else "one of the fee lines"


def _fact(field: ir.RunField, name: str, told: Told) -> Value:
    about, person = told.about, told.about.person
    fact = FACTS.get(name)
    if fact is None:
        found: Any = about.facts.get(name, True if name in person.tags else None)
        found = False if found is None and field.kind == "flag" else found
    elif fact.at == "person.tags":
        found = name in person.tags
    elif name == "age":
        found = None if person.birth_date is None else age_on(told.day, person.birth_date)
    elif name == "days_of_stay":
        found = days_of_stay(about)
    else:
        found = attrgetter(fact.at)(about)
        found = fact.default if found is None else found
    if found is None:
        raise refused("E577", f"the claim does not state `{quoted(name)}`, which `{field.name}` reads", told.record)
    return str(found) if isinstance(found, Decimal) else found
