"""The JSON Schemas (draft-07) of what the commands write beside settlements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from policyengine.report.data import AMOUNT, AMOUNTS, CITES, DAY, DRAFT, TEXT, TEXTS, listed, record, settlement_schema

LABEL: Final = {"type": "object", "additionalProperties": TEXT}
FLAG: Final = {"type": "boolean"}
NUMBER: Final = {"type": "integer"}
COUNT: Final = {"type": "integer", "minimum": 0}
TEXT_OR_NULL: Final = {"type": ["string", "null"]}
VALUE: Final = {"type": ["string", "integer", "boolean"]}
OPTION: Final = {"anyOf": [VALUE, record({"from": (VALUE, "the least"), "to": (VALUE, "the greatest")})]}
PLACE: Final[Mapping[str, tuple[Mapping[str, Any], str]]] = {
    "fact": (TEXT, "name of the fact"),
    "line": ({"type": ["integer", "null"], "minimum": 1}, "the fee line, from 1; null: a fact of the claim"),
}
HISTORY: Final = ({"type": "object"}, "the accumulators, as a claim takes them: `policyengine schema history`")


def or_null(of: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of what may be missing."""
    return {"anyOf": [of, {"type": "null"}]}


def titled(title: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """A schema that stands for itself."""
    return {"$schema": DRAFT, "title": title, **schema}


def diagnostic() -> dict[str, Any]:
    """One finding."""
    texts = {name: (TEXT, doc) for name, doc in (
        ("code", "code of the finding"), ("severity", "error, warning or note"), ("message", "what is wrong"),
        ("expected", "what would be right"), ("hint", "what can be done"), ("record", "the record it is about"),
        ("field", "the field of the record"),
    )}  # fmt: skip
    places = {name: ({"type": ["integer", "null"]}, f"{name} of its place, from 1") for name in ("line", "column")}
    length = {"length": ({"type": ["integer", "null"]}, "characters that it underlines")}
    return record({**texts, "file": (TEXT_OR_NULL, "file of its place"), **places, **length})


def bounds_schema() -> dict[str, Any]:
    """What ``settle --bounds --json`` writes."""
    at = listed(record({**PLACE, "value": (OPTION, "what it is there")}))
    between = record({
        "low": (AMOUNT, "the least"), "high": (AMOUNT, "the most"),
        "at_low": (at, "facts that lead to the least"), "at_high": (at, "facts that lead to the most"),
    })  # fmt: skip
    missing = record({
        **PLACE,
        "cases": (COUNT, "how many values of it were tried"),
        "relevant": (FLAG, "whether it changes the split in any combination"),
        "narrows": (AMOUNT, "the widest range of what is payable that can be left once it is stated"),
    })  # fmt: skip
    found = record({
        "settled": (FLAG, "whether every combination comes to the same split"),
        "payable": (between, "what all payers pay together"),
        "payers": ({"type": "object", "additionalProperties": between}, "each payer, and the patient"),
        "missing": (listed(missing), "the unknown facts, those that narrow most first"),
        "combinations": (COUNT, "combinations of the unknown facts"),
        "refused": (COUNT, "combinations of which the policy states nothing"),
        "refusal": (or_null(diagnostic()), "the first of those refusals"),
    })  # fmt: skip
    period = record({"from": (DAY, "first day"), "to": (DAY, "first day no longer")})
    return titled("Between what amounts a claim lies", record({
        "claim": (TEXT, "id of the claim"),
        "ruleset": (TEXT, "name of the rule set"),
        "valid": (period, "the version used"),
        "currency": (TEXT, "ISO code of all amounts"),
        "bounds": (found, "what was found"),
    }))  # fmt: skip


def why_not_schema() -> dict[str, Any]:
    """What stands under ``why_not`` of a settlement."""
    change = record({
        "facts": ({"type": "object", "additionalProperties": listed(OPTION)}, "facts, with the values that do it"),
        "gain": (AMOUNT, "what the patient bears less"),
        "payers": (AMOUNTS, "what each payer pays more"),
        "reach": (TEXT, "whether the facts can be otherwise for this claim"),
    })  # fmt: skip
    unapplied = record({
        "provision": (TEXT, "the provision or layer"), "kind": (TEXT, "its mechanism, or layer"),
        "label": (LABEL, "what people call it, by language"), "cites": (CITES, "who says so"),
        "assumed": (TEXTS, "what no source says"),
        "inside": (TEXT, "the layer with which it is off; empty: it is so by itself"),
        "reach": (TEXT, "whether its condition can be met by this claim"),
        "needs": (listed(TEXTS), "ways in which it would apply, each a list of conditions"),
        "change": (or_null(change), "what it would change"),
    })  # fmt: skip
    limit = record({
        "provision": (TEXT, "the provision"), "kind": (TEXT, "its mechanism"), "layers": (TEXTS, "layers it limits"),
        "meter": (TEXT_OR_NULL, "the meter it is held against"), "limit": (AMOUNT, "the limit"),
        "used_before": (AMOUNT, "used before the claim"), "used_now": (AMOUNT, "used by the claim"),
        "left": (AMOUNT, "left after it"), "applies": (FLAG, "whether it applied"),
    })  # fmt: skip
    return titled("What did not apply, and what would pay more", record({
        "unapplied": (listed(unapplied), "provisions and layers that did not apply"),
        "changes": (listed(change), "facts under which more would be paid"),
        "limits": (listed(limit), "limits and the room under them"),
    }))  # fmt: skip


def resettlement_schema() -> dict[str, Any]:
    """What ``resettle --json`` writes."""
    settlement = {name: value for name, value in settlement_schema().items() if name != "$schema"}
    change = record({
        "claim": (TEXT, "id of the claim"),
        "kind": ({"enum": ["changed", "reversed", "inserted"]}, "what became of it"),
        "day": (TEXT, "the day of the claim"),
        "currency": (TEXT, "ISO code of its amounts"),
        "difference": (AMOUNTS, "what each payer bears more"),
        "granted": (AMOUNTS, "what is granted more, by provision"),
        "reversal": ({"type": ["object", "null"]}, "the national message of the first settlement, amounts negated"),
        "before": (or_null(settlement), "the settlement that is taken back"),
        "after": (or_null(settlement), "the settlement that takes its place"),
    })  # fmt: skip
    return titled("Claims settled again", record({
        "claims": (COUNT, "how many claims were settled before"),
        "equal": (COUNT, "how many of them come out as before"),
        "changes": (listed(change), "every other claim"),
        "paid_after": ({"type": "object"}, "what is to be paid after, by payer"),
        "paid_back": ({"type": "object"}, "what is to be got back, by payer"),
        "history": HISTORY,
    }))  # fmt: skip


def accumulators_schema() -> dict[str, Any]:
    """What ``history --json`` writes."""
    window = record({
        "name": (TEXT, "name of the window"), "key": (TEXT, "which one"), "from": (DAY, "its first day"),
        "to": (DAY, "its last day"),
    })  # fmt: skip
    limit = record({
        "provision": (TEXT, "the provision"), "kind": (TEXT, "its mechanism"), "limit": (AMOUNT, "the limit"),
        "left": (AMOUNT, "what is left of it"),
    })  # fmt: skip
    holding = record({
        "meter": (TEXT, "name of the meter"), "label": (LABEL, "what people call it, by language"),
        "scope": ({"type": "object", "additionalProperties": TEXT}, "for whom it is kept"),
        "window": (window, "in which window"), "keep": ({"enum": ["sum", "max", "last"]}, "what it keeps"),
        "value": ({"anyOf": [AMOUNT, NUMBER]}, "an amount, or a count"), "limits": (listed(limit), "limits on it"),
    })  # fmt: skip
    return titled("What accumulators hold", record({
        "ruleset": (TEXT, "name of the rule set"),
        "currency": (TEXT, "ISO code of all amounts"),
        "holds": (listed(holding), "every accumulator"),
        "unread": (TEXTS, "codes of the platform that no meter begins with"),
        "history": HISTORY,
    }))  # fmt: skip


def affordable_schema() -> dict[str, Any]:
    """What ``year-end`` and ``month-end`` write with ``--seek --json``; without ``--seek`` they write settlements."""
    trial = record({"value": (TEXT, "a value of the parameter"), "spent": (AMOUNT, "what is paid at it")})
    settlement = {name: value for name, value in settlement_schema().items() if name != "$schema"}
    return titled("The highest value that a surplus affords", record({
        "parameter": (TEXT, "the parameter that was sought"),
        "surplus": (AMOUNT, "what there is to spend"),
        "lowest": (or_null(trial), "the least value that is allowed"),
        "found": (or_null(trial), "the highest that is affordable; null: even the lowest overspends"),
        "above": (or_null(trial), "the next value, which overspends"),
        "left": (or_null(AMOUNT), "what is left of the surplus"),
        "settlements": (listed(settlement), "the settlements of the run at the value found"),
    }))  # fmt: skip
