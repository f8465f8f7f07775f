"""The page of claim files: tables from the models that read claims, examples that are settled when it is written."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from policyengine import terms
from policyengine.claim import Claim, Cumulative, History
from policyengine.codemaps import PLACES, load_map
from policyengine.encode.days import SELECTING
from tools.markdown import table
from tools.pages import tried

TEXT = Path(__file__).with_name("claim-files.txt")
"""The page, with a name in double braces where a table stands."""

HEADING = ("field", "meaning", "type", "needed", "read by rules as")
PREFIXES = {
    "Claim": "", "Person": "person.", "Encounter": "encounter.", "Hospital": "encounter.hospital.", "FeeLine": "lines.",
}  # fmt: skip
"""Where the fields of a model stand in a claim."""

FEW = 5
"""Words of a code that are listed beside it; more are left to the glossary."""

Schema = dict[str, Any]


def claim_file() -> str:
    """Every field of a claim and of a history, with examples."""
    page = TEXT.read_text(encoding="utf-8")
    for name, rows in _tables():
        page = page.replace(f"{{{{{name}}}}}", table(HEADING if name in PREFIXES else HEADING[:4], rows))
    page = page.replace("{{codes}}", table(("fact", "field", "in the claim", "codes"), _codes()))
    with tempfile.TemporaryDirectory() as folder:
        return tried(page, Path(folder), shell=False)


def _tables() -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    for model in (Claim, History, Cumulative):
        schema = model.model_json_schema()
        for name, part in {model.__name__: schema, **schema.get("$defs", {})}.items():
            yield name, [_row(name, field, said, part) for field, said in part["properties"].items()]


def _row(model: str, field: str, said: Schema, part: Schema) -> tuple[str, ...]:
    required = field in part.get("required", ())
    plain = next((one for one in said.get("anyOf", ()) if one.get("type") != "null"), said)
    facts = _facts(model, field)
    cells = (f"`{field}`", said["description"], _type(plain, facts), _needed(model, field, said, required))
    return (*cells, ", ".join(f"`{fact.id}`" for fact in facts)) if model in PREFIXES else cells


def _facts(model: str, field: str) -> list[terms.Fact]:
    """The facts of the glossary that are read off a field; tags are too many to be listed."""
    at = f"{PREFIXES.get(model, '?')}{field}"
    return [] if field == "tags" else [fact for fact in terms.FACTS.values() if fact.at == at]


def _type(said: Schema, facts: Sequence[terms.Fact] = ()) -> str:
    if "$ref" in said:
        return f"[{said['$ref'].rpartition('/')[2]}](#{said['$ref'].rpartition('/')[2].lower()})"
    if "enum" in said:
        words = facts[0].values if facts else dict.fromkeys(said["enum"], "")
        listed = ", ".join(f"`{word}` {zh}".strip() for word, zh in words.items())
        return listed if len(words) <= FEW else "[word](terms.md#facts)"
    if said.get("type") == "array":
        inner = _type(said["items"])
        return f"list of {inner}s" if inner == "text" else f"list: {inner}"
    if "additionalProperties" in said:
        return "names with values"
    return _scalar(said)


def _scalar(said: Schema) -> str:
    if said.get("format") == "date":
        return "day"
    if "pattern" in said:
        return "rate" if "%" in said["pattern"] else "amount"
    return {"integer": "whole number", "boolean": "flag", "string": "text"}[said["type"]]


def _needed(model: str, field: str, said: Schema, required: bool) -> str:
    if required:
        return "always"
    default = said.get("default")
    if model == "Encounter" and field in SELECTING:
        return "if the rules are dated by it or read it"
    if default is None and any(fact.default is None for fact in _facts(model, field)):
        return "if a rule reads it"
    if isinstance(default, bool | int | str):
        return f"default `{str(default).lower() if isinstance(default, bool) else default}`"
    return ""


def _codes() -> Iterator[tuple[str, ...]]:
    for coded in load_map("national").fields:
        meant = {
            word: [code for code, means in coded.values.items() if means == word] for word in coded.values.values()
        }
        codes = "; ".join(f"`{word}`: {', '.join(codes)}" for word, codes in meant.items())
        yield f"`{coded.fact}`", f"`{coded.called}`", f"`{'.'.join(PLACES[coded.fact])}`", codes
