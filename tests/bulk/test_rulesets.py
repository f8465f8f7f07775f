"""Every bundled rule set settles a claim that went through a table as it settles the claim itself."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal
from functools import reduce
from random import Random
from typing import Any

import pyarrow as pa
import pytest

from policyengine import Claim, ClaimError, Rulebook, bundled_names, load, settle
from policyengine.bulk import document, read
from policyengine.bulk.facts import Fact, Wanted, wanted
from policyengine.generate import claims, draw_parameters

TYPES = {
    "id": pa.string(), "code": pa.string(), "money": pa.decimal128(20, 4), "rate": pa.decimal128(16, 8),
    "count": pa.int64(), "flag": pa.bool_(), "day": pa.date32(),
}  # fmt: skip


def stated(record: Mapping[str, Any], fact: Fact) -> Any:
    """What a claim, or a fee line, states of a fact, as a column of its type holds it."""
    if fact.at[:2] == ("person", "tags"):
        return fact.name in record["person"]["tags"]
    if fact.at[0] == "paid_elsewhere":
        return next((one["amount"] for one in record["paid_elsewhere"] if one["payer"] == fact.at[1]), None)
    found = reduce(lambda part, name: None if part is None else part.get(name), fact.at, record)
    if (
        fact.is_declared
        and fact.kind == "flag"
        and found is None
        and fact.name in record.get("person", {}).get("tags", ())
    ):
        return True
    match fact.kind, found:
        case "rate", str() if found.endswith("%"):
            return Decimal(found[:-1]) / 100
        case (("money" | "rate"), (str() | int())):
            return Decimal(found)
        case "day", str():
            return datetime.date.fromisoformat(found)
    return found


def row_of(claim: Claim, of: Wanted) -> dict[str, Any]:
    record = claim.model_dump()
    lines = [{name: stated(line, fact) for name, fact in of.lines.items()} for line in record["lines"]]
    return {name: stated(record, fact) for name, fact in of.claim.items()} | {"lines": lines}


def table_of(drawn: list[Claim], of: Wanted) -> pa.Table:
    line = pa.list_(pa.struct([(name, TYPES[fact.kind]) for name, fact in of.lines.items()]))
    schema = [*((name, TYPES[fact.kind]) for name, fact in of.claim.items()), ("lines", line)]
    return pa.Table.from_pylist([row_of(claim, of) for claim in drawn], schema=pa.schema(schema))


def settled(book: Rulebook, claim: Claim, parameters: Any) -> Any:
    try:
        made = settle(book, claim, parameters=parameters, allow_draft=True)
    except ClaimError as error:
        return sorted(found.code for found in error.diagnostics)
    return {payer: made.split[payer] for payer in made.split}


def compare(book: Rulebook, count: int) -> tuple[int, int]:
    """How many claims were compared, and how many of them the rule set settles."""
    drawn = sorted(claims(book, 5, count), key=lambda claim: claim.id)
    parameters: dict[str, Any] = {}
    for program in book.programs:
        parameters |= draw_parameters(program, Random(1))
    originals = {claim.id: claim for claim in drawn}
    found = []
    for batch in read(table_of(drawn, wanted(book)), book):
        assert dict(batch.rejects) == {}
        for at in range(len(batch)):
            made = Claim.model_validate(document(book, batch, at))
            found.append(settled(book, made, parameters))
            assert found[-1] == settled(book, originals[made.id], parameters)
    return len(found), sum(isinstance(one, dict) for one in found)


@pytest.mark.parametrize("name", bundled_names())
def test_a_claim_out_of_a_table_is_settled_as_it_was(name: str) -> None:
    book = load(name)
    if book.programs[0].run is None:
        compared, paid = compare(book, 8)
        assert compared == 8
        assert paid > 0
