"""Claims of a book read back as the library's own, by the mapping beside it and without any reader of columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pyarrow as pa
import yaml

from policyengine import Claim
from policyengine.synth import Plan, load_profile, plan_of
from policyengine.synth.columns import mapping_text
from policyengine.terms import DAYS, FACTS, TAGS

FEN = Decimal("0.01")


def plan(profile: str = "shanxi", seed: int = 7, years: tuple[int, int] = (2018, 2018), **more: Any) -> Plan:
    return plan_of(load_profile(profile), seed, years, **more)


def claims_of(made: Plan, batch: pa.RecordBatch, currency: str = "CNY") -> Iterator[Claim]:
    """Each row as a claim, by the mapping that is written beside it."""
    mapping = yaml.safe_load(mapping_text(made, batch.schema))
    for row in batch.to_pylist():
        yield claim_of(row, mapping, currency)


def claim_of(row: Mapping[str, Any], mapping: Mapping[str, Any], currency: str = "CNY") -> Claim:
    data: dict[str, Any] = {"currency": currency, "person": {"tags": []}, "encounter": {"hospital": {}}, "facts": {}}
    for name, column in mapping["fields"].items():
        value = read(row, column)
        if value is None:
            continue
        if name in TAGS:
            data["person"]["tags"] += [name] * value
        elif name in ("id", "sequence"):
            data[name] = str(value) if name == "id" else value
        else:
            _put(data, at_of(name), str(value) if name.endswith("_id") else value, name)
    lines = ({name: line_value(row, field) for name, field in one.items()} for one in mapping["lines"])
    stated = ({name: value for name, value in line.items() if value is not None} for line in lines)
    data["lines"] = [line_of(line) for line in stated if line["amount"]]
    return Claim.model_validate(data)


def at_of(name: str) -> str:
    known = {**FACTS, **DAYS}
    return known[name].at if name in known else f"facts.{name}"


def _put(data: dict[str, Any], at: str, value: Any, name: str) -> None:
    *path, last = at.split(".")
    for key in path:
        data = data[key]
    data[last] = value.isoformat() if hasattr(value, "isoformat") else value


def read(row: Mapping[str, Any], column: str | Mapping[str, str]) -> Any:
    if isinstance(column, str):
        return row[column]
    assert column["unit"] in ("分", "minor")
    fen = row[column["column"]]
    return None if fen is None else str(fen * FEN)


def line_value(row: Mapping[str, Any], field: str | bool | Mapping[str, str]) -> Any:
    if isinstance(field, str | bool):
        return field
    value = row[field["column"]]
    return value if "unit" not in field or value is None else value * FEN


OWN = ("category", "catalogue_class", "amount", "first_share_rate", "price_limit")


def line_of(fields: dict[str, Any]) -> dict[str, Any]:
    own = {name: fields.pop(name) for name in OWN if name in fields}
    if "line_date" in fields:
        own["service_date"] = fields.pop("line_date").isoformat()
    return own | {"facts": fields} if fields else own
