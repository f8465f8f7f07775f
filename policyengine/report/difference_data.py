"""What differs between two rule sets, as plain data, with its JSON Schema."""

from __future__ import annotations

from typing import Any

from policyengine.difference import Difference
from policyengine.difference.model import KINDS, Change, Entry, Field, Side
from policyengine.report.data import CITES, DAY, TEXT, TEXTS, listed, record
from policyengine.report.law import value_text
from policyengine.report.schemas import FLAG, LABEL, or_null, titled


def difference_data(found: Difference) -> dict[str, Any]:
    """Everything that was found."""
    return {
        "old": _side(found.old),
        "new": _side(found.new),
        "law": [_change(change) for change in found.law],
        "different": found.different,
    }


def _side(side: Side) -> dict[str, Any]:
    return {"ruleset": side.book.name, "named": side.name, "day": _day(side.day), "digest": side.book.digest}


def _change(change: Change) -> dict[str, Any]:
    entry = change.entry
    return {
        "kind": change.kind,
        "matters": change.matters,
        "section": entry.section,
        "mechanism": entry.kind,
        "old": change.old and _entry(change.old),
        "new": change.new and _entry(change.new),
        "fields": [_field(field) for field in change.fields],
        "behind": {"old": change.behind[0], "new": change.behind[1]} if change.kind == "moved" else None,
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "label": dict(entry.label),
        "from": _day(entry.valid[0]),
        "to": _day(entry.valid[1]),
        "cites": [{"source": cite.source, "quote": cite.quote} for cite in entry.cites],
        "assumed": [str(why) for why in entry.assumed],
        "place": str(entry.span or ""),
    }


def _field(field: Field) -> dict[str, Any]:
    return {
        "name": field.name,
        "row": dict(field.row),
        "from": _day(field.valid[0]),
        "to": _day(field.valid[1]),
        "old": None if field.old is None else _text(field.old),
        "new": None if field.new is None else _text(field.new),
    }


def _text(value: Any) -> str:
    """A value as its author would write it; a period as its days."""
    if isinstance(value, tuple) and len(value) == 2 and all(v is None or hasattr(v, "isoformat") for v in value):
        return f"{_day(value[0]) or ''}..{_day(value[1]) or ''}"
    return value_text(value)


def _day(day: Any) -> str | None:
    return None if day is None else str(day)


def difference_schema() -> dict[str, Any]:
    """What ``diff --json`` writes."""
    side = record({
        "ruleset": (TEXT, "name of the rule set"), "named": (TEXT, "how it was named"),
        "day": (DAY, "the day on which it was looked at; null: all its days"),
        "digest": (TEXT, "SHA-256 over its files"),
    })  # fmt: skip
    entry = record({
        "id": (TEXT, "its id"), "label": (LABEL, "what people call it, by language"),
        "from": (DAY, "first day"), "to": (DAY, "first day no longer"), "cites": (CITES, "who says so"),
        "assumed": (TEXTS, "what no source says"), "place": (TEXT, "where the rule file states it"),
    })  # fmt: skip
    field = record({
        "name": (TEXT, "the field; of a table, the column"),
        "row": (LABEL, "of a table, the keys of the cells, by name"),
        "from": (DAY, "first day for which it says otherwise"), "to": (DAY, "first day no longer"),
        "old": ({"type": ["string", "null"]}, "what it said"), "new": ({"type": ["string", "null"]}, "what it says"),
    })  # fmt: skip
    change = record({
        "kind": ({"enum": list(KINDS)}, "what became of the entry"),
        "matters": (FLAG, "whether it can change what is paid"),
        "section": (TEXT, "section of the rule file"),
        "mechanism": (TEXT, "of a provision, its mechanism"),
        "old": (or_null(entry), "the entry as it was"), "new": (or_null(entry), "the entry as it is"),
        "fields": (listed(field), "what it says otherwise"),
        "behind": (or_null(record({"old": (TEXT, "what it stood behind"), "new": (TEXT, "what it stands behind")})),
                   "of what was moved; empty: the first place"),
    })  # fmt: skip
    return titled("What differs between two rule sets", record({
        "old": (side, "the first rule set"), "new": (side, "the second rule set"),
        "law": (listed(change), "every entry of the rule files that is not the same in both"),
        "different": (FLAG, "whether anything was found that changes what is paid"),
    }))  # fmt: skip
