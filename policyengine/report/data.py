"""A settlement as JSON: one shape, documented by its JSON Schema, amounts as decimal texts, keys in a fixed order."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from policyengine.errors import Diagnostic
from policyengine.settlement import Granted, LineSplit, Settlement, TraceStep

if TYPE_CHECKING:
    from policyengine.claim import Claim

TEXT: Final = {"type": "string"}
AMOUNT: Final = {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}
AMOUNTS: Final = {"type": "object", "additionalProperties": AMOUNT}
TEXTS: Final = {"type": "array", "items": TEXT}
DAY: Final = {"type": ["string", "null"]}
DRAFT: Final = "http://json-schema.org/draft-07/schema#"


def settlement_data(settlement: Settlement, trace: bool = False, lines: bool = False) -> dict[str, Any]:
    """The settlement as plain data in the shape of ``settlement_schema``; with ``trace``, every step, with ``lines``,
    the split of every fee line."""
    program = settlement.layout.program
    data: dict[str, Any] = {
        "claim": settlement.claim.id,
        "preliminary": settlement.preliminary,
        "ruleset": program.ruleset,
        "valid": {"from": program.valid[0] or None, "to": program.valid[1] or None},
        "day": str(settlement.day),
        "known_on": settlement.known_on and settlement.known_on.isoformat(),
        "currency": program.currency,
        "total": str(settlement.total),
        "margin": str(settlement.margin),
        "split": as_texts(settlement.split),
        "patient": as_texts(settlement.patient),
        "about": about(settlement.claim),
        "grants": [_grant(g) for g in settlement.grants],
        "payments": [_payment(p) for p in settlement.payments],
        "assumed": list(settlement.assumed),
        "unread": list(settlement.unread),
        "national": as_texts(settlement.national()),
        "history": settlement.history.model_dump(mode="json"),
        "receipt": None if settlement.preliminary else settlement.receipt(),
    }
    if lines:
        data["lines"] = [_line(line) for line in settlement.by_line()]
    return {**data, "trace": [_step(step) for step in settlement.trace]} if trace else data


def about(claim: Claim) -> dict[str, Any]:
    """What a claim stated beside its fee lines: what a run over settlements reads of the member and the stay."""
    return claim.model_dump(mode="json", include={"person", "encounter", "sequence", "facts"}, exclude_unset=True)


def _line(line: LineSplit) -> dict[str, Any]:
    amounts = {"split": line.split, "parts": line.parts, "national": line.national}
    return {"number": line.number, "id": line.id, "amount": str(line.amount), **as_texts(amounts)}


def as_texts(value: Any) -> Any:
    """Plain data with every amount as its decimal text."""
    match value:
        case Decimal():
            return str(value)
        case Mapping():
            return {name: as_texts(inner) for name, inner in value.items()}
        case list() | tuple():
            return [as_texts(inner) for inner in value]
        case _:
            return value


def _grant(grant: Granted) -> dict[str, Any]:
    return {
        "provision": grant.provision, "payer": grant.payer, "amount": str(grant.amount), "label": dict(grant.label),
        "cites": _cites(grant.cites), "assumed": list(grant.assumed),
    }  # fmt: skip


def _payment(payment: Any) -> dict[str, Any]:
    return {
        "payer": payment.payer, "payee": payment.payee, "amount": str(payment.amount), "when": payment.when,
        "why": payment.why, "cites": _cites(payment.cites),
    }  # fmt: skip


def _cites(cites: Any) -> list[dict[str, str]]:
    return [{"source": cite.source, "quote": cite.quote} for cite in cites]


def _step(step: TraceStep) -> dict[str, Any]:
    return {
        "name": step.name,
        "kind": step.kind,
        "value": step.value if isinstance(step.value, str) else list(step.value),
        "formula": step.formula,
        "term": step.term,
        "payer": step.payer,
        "label": dict(step.label),
        "cites": _cites(step.cites),
        "assumed": list(step.assumed),
        "applied": step.applied,
        "shown": step.shown,
        "place": step.place,
    }


def error_data(diagnostics: Sequence[Diagnostic]) -> dict[str, Any]:
    """What stands in the place of a settlement that was refused."""
    return {"error": [diagnostic_data(found) for found in diagnostics]}


def diagnostic_data(found: Diagnostic) -> dict[str, Any]:
    """One diagnostic; ``file``, ``line``, ``column`` and ``length`` are null where it has no place."""
    span = found.span
    return {
        "code": found.code,
        "severity": found.severity,
        "message": found.message,
        "expected": found.expected,
        "hint": found.hint,
        "record": found.record,
        "field": found.field,
        "file": span and span.file,
        "line": span and span.line,
        "column": span and span.column,
        "length": span and span.length,
    }


def json_text(data: object, indent: int | None = None) -> str:
    """JSON on one line (or indented); characters that do not print, such as changes of direction, are escaped."""
    text = json.dumps(data, ensure_ascii=False, indent=indent)
    return "\n".join(line if line.isprintable() else _escaped(line) for line in text.split("\n"))


def _escaped(line: str) -> str:
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in line)


def record(said: Mapping[str, tuple[Mapping[str, Any], str]], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    """The schema of an object with these fields, each with its schema and what it means, and no others."""
    properties = {name: {**schema, "description": doc} for name, (schema, doc) in said.items()}
    required = [name for name in said if name not in optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def listed(of: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of a list."""
    return {"type": "array", "items": of}


CITES: Final = listed(record({"source": (TEXT, "id of the source in the rule file"), "quote": (TEXT, "what it says")}))


def _line_schema() -> dict[str, Any]:
    """One fee line of a settlement."""
    return record({
        "number": ({"type": "integer", "minimum": 1}, "place of the fee line in the claim, from 1"),
        "id": ({"type": ["string", "null"]}, "id of the fee line"),
        "amount": (AMOUNT, "amount of the fee line"),
        "split": (AMOUNTS, "what each payer bears of it; sums to its amount"),
        "parts": (AMOUNTS, "the parts of the bill that it went to"),
        "national": (AMOUNTS, "out of catalogue, over the limit, first share, in scope; sums to its amount"),
    })  # fmt: skip


def _step_schema() -> dict[str, Any]:
    """One step of a trace."""
    return record({
        "name": (TEXT, "name of the step"),
        "kind": ({"enum": ["money", "exact", "rate", "count", "flag", "code"]}, "kind of its value"),
        "value": ({"anyOf": [TEXT, TEXTS]}, "its value; one value a fee line for steps of the fee lines"),
        "formula": (TEXT, "how it is reckoned, in canonical form"),
        "term": (TEXT, "the word of the glossary that it is"),
        "payer": (TEXT, "the payer whose amount it is"),
        "label": ({"type": "object", "additionalProperties": TEXT}, "what people call it, by language"),
        "cites": (CITES, "who says so"),
        "assumed": (TEXTS, "what no source says"),
        "applied": ({"type": "boolean"}, "whether its provision applied to the claim"),
        "shown": ({"type": "boolean"}, "whether readers of the policy know it"),
        "place": (TEXT, "where the rule file states it"),
    })  # fmt: skip


def settlement_schema() -> dict[str, Any]:
    """The JSON Schema (draft-07) of a settlement."""
    payment = record({
        "payer": (TEXT, "who pays"),
        "payee": (TEXT, "who is paid"),
        "amount": (AMOUNT, "how much"),
        "when": ({"enum": ["admission", "discharge", "after_discharge"]}, "when"),
        "why": (TEXT, "what for"),
        "cites": (CITES, "who says so"),
    })  # fmt: skip
    grant = record({
        "provision": (TEXT, "the provision that says so"),
        "payer": (TEXT, "who gives it"),
        "amount": (AMOUNT, "how much"),
        "label": ({"type": "object", "additionalProperties": TEXT}, "what people call it, by language"),
        "cites": (CITES, "who says so"),
        "assumed": (TEXTS, "what no source says"),
    })  # fmt: skip
    translated = record({
        "field": (TEXT, "the field of the claim"), "code": (TEXT, "its code"), "word": (TEXT, "the word it became"),
        "map": (TEXT, "the map that says so"),
    })  # fmt: skip
    schema = record(
        {
            "claim": (TEXT, "id of the claim"),
            "preliminary": ({"type": "boolean"}, "whether nothing was consumed: it cannot be booked"),
            "ruleset": (TEXT, "name of the rule set"),
            "valid": (record({"from": (DAY, "first day"), "to": (DAY, "first day no longer")}), "the version used"),
            "day": (TEXT, "the day of the claim that selected the version"),
            "known_on": (DAY, "the day as of which the rules were known; null: everything in the rule files"),
            "currency": (TEXT, "ISO code of all amounts"),
            "total": (AMOUNT, "the bill"),
            "margin": (AMOUNT, "what the bill, restated at the price of the case, exceeds the charges"),
            "split": (AMOUNTS, "what each payer bears; `patient` is the patient's cash; sums to the bill"),
            "patient": (AMOUNTS, "the patient's part, accounts included, by reason"),
            "about": ({"type": "object"}, "what the claim stated beside its fee lines: person, encounter, facts"),
            "grants": (listed(grant), "sums to the person outside the bill; never in the split"),
            "payments": (listed(payment), "who hands how much to whom, when"),
            "assumed": (TEXTS, "what the settlement rests on that no source says"),
            "unread": (TEXTS, "what the fee lines state that the rule set does not look at"),
            "national": ({"type": "object"}, "fields of the national settlement message (2304)"),
            "history": ({"type": "object"}, "the accumulators after the claim: the history of the next one"),
            "receipt": (
                {"type": ["object", "null"]},
                "what `policyengine verify` needs to recompute the settlement; null if it is preliminary",
            ),
            "lines": (listed(_line_schema()), "the split of every fee line, if it was asked for"),
            "why_not": ({"type": "object"}, "what did not apply, what would pay more, room left, if it was asked for"),
            "translated": (listed(translated), "codes that maps made words, if a map was given"),
            "trace": (listed(_step_schema()), "every step in order, if it was asked for"),
        },
        ("lines", "why_not", "translated", "trace"),
    )
    return {"$schema": DRAFT, "title": "Settlement of one claim", **schema}
