"""The JSON Schema (draft-07) of rule files, built from the same field tables that read them.

An editor's YAML server completes keys, shows what each means and underlines a wrong one. The schema is a first net:
whatever it refuses, the reader refuses too; names, kinds and sums are the reader's alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from policyengine import terms
from policyengine.mechanisms import ALL
from policyengine.money import EXPONENTS
from policyengine.parse import SELECTING, STATUS, VERSIONED
from policyengine.parse.common import PLACE, PUBLISHED, SETTLE_BY, VALID
from policyengine.parse.evidence import TITLE
from policyengine.parse.provisions import NOTES, PROVISION, layer_fields
from policyengine.parse.runs import ROWS_SCHEMA, RUN_SCHEMA
from policyengine.parse.sections import COVERS, DATED, SECTIONS, SINGLE
from policyengine.shapes import Expression, Field, Schema, record_schema

DRAFT: Final = "http://json-schema.org/draft-07/schema#"

SECTION_DOCS: Final = {
    "sources": "the documents that are quoted",
    "facts": "facts beyond the glossary, and words that this file adds to open codes",
    "payers": "payers beyond the glossary",
    "parameters": "named values by date",
    "tables": "finite tables: codes, counts and amounts to values",
    "formulas": "named formulas that expressions may call",
    "windows": "periods after which meters start again",
    "meters": "accumulators: what is counted, for whom, in which window",
    "stacks": "how several additions to one quantity combine",
    "settlement": "how the course of a stay goes under each `timing`, by its id, or under `every` one",
    "evidence": "kinds of evidence that are shown for persons",
    "entitlements": "sentences by which evidence gives tags and rights",
    "audit": "sentences that the claims of one person may offend",
}
"""What each section that maps names to entries is for."""


def ruleset_schema() -> Schema:
    """The schema of a whole rule file."""
    properties: dict[str, Schema] = {**_head(), "parts": _parts()}
    for name, (_, fields) in SECTIONS.items():
        properties[name] = _said({"type": "object", "additionalProperties": _entry(name, fields)}, SECTION_DOCS[name])
    properties["layers"] = _said(_list(record_schema(layer_fields("CNY"))), "who pays, in order")
    properties["provisions"] = _said(_list(_provision()), "the sentences of the policy, in the order of the law")
    return {
        "$schema": DRAFT,
        "title": "Rule file of the reimbursement policy engine",
        "type": "object",
        "properties": properties,
        "required": ["ruleset"],
        "additionalProperties": False,
    }


def _said(schema: Schema, doc: str) -> Schema:
    return {**schema, "description": doc}


def _list(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def _head() -> dict[str, Schema]:
    return {
        "ruleset": _said({"type": "string"}, "the name of the rule set: its folder below the root"),
        "title": _said(TITLE.schema(), "what people call it"),
        "place": _said(PLACE.schema(), "whose rules these are: six digits of GB/T 2260, or a code of ISO 3166"),
        "extends": _said({"type": "string"}, "the rule set that this file states only the differences from"),
        "currency": _said({"enum": list(EXPONENTS)}, "the currency of all amounts; default CNY"),
        "rounding": _said({"type": "string"}, "mode and unit of rounding; default half_up 0.01元"),
        "settle_by": _said(
            {"anyOf": [{"const": "row"}, record_schema(SETTLE_BY)]},
            "`row`: the fee lines are settled one after the other",
        ),
        "dated_by": _said({"enum": list(SELECTING)}, "the day that selects the rules; default discharge_date"),
        "valid": _said(VALID.shape.schema(), VALID.doc),
        "run": _said(RUN_SCHEMA, "a run over earlier settlements: for whom, over which window, when"),
        "rows": _said(ROWS_SCHEMA, "what the rows of a run are of the settlements"),
        "published": _said(PUBLISHED.shape.schema(), "the day on which everything was published that states none"),
        "status": _said({"enum": list(STATUS)}, "whether claims may be settled by it; default approved"),
        "covers": _said(COVERS.schema(), "whom and what it is for: a condition on facts; other claims are refused"),
    }


def _parts() -> Schema:
    categories = list(terms.CATEGORIES_OF_PARTS)
    listed = _list({"enum": categories})
    mapped = {"type": "object", "additionalProperties": {"enum": categories}}
    return _said({"anyOf": [listed, mapped]}, "the disjoint parts of the bill, in order; the last gets what is left")


def _entry(section: str, fields: tuple[Field, ...]) -> Schema:
    """One entry of a section; parameters have shorter and longer forms, some sections versions."""
    record = record_schema(fields)
    if section == "parameters":
        return {"anyOf": [Expression().schema(), record_schema(SINGLE), _list(record_schema(DATED)), record]}
    return {"anyOf": [record, _list(record)]} if section in VERSIONED else record


def _provision() -> Schema:
    """Any one of the mechanisms, or a note on a provision of the parent, with the fields that all provisions have."""
    kinds: Iterable[tuple[str, str, tuple[Field, ...]]] = [
        *((m.key, f"{m.en} ({m.zh}). {m.doc}", m.fields) for m in ALL),
        *((note.name, note.doc, (note,)) for note in NOTES),
    ]
    return {"anyOf": [_kind(key, doc, fields) for key, doc, fields in kinds]}


def _kind(key: str, doc: str, fields: tuple[Field, ...]) -> dict[str, Any]:
    schema = record_schema((*PROVISION, *fields), doc)
    return {"title": key, **schema, "required": sorted({*schema.get("required", ()), key})}
