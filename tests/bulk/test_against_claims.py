"""What the columns take, the reader of single claims takes, and the other way round; both read the same."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from policyengine import Claim, ClaimError
from policyengine.bulk import Batch, ColumnMap, Numbers, Stated
from policyengine.bulk.documents import document
from policyengine.bulk.reader import read
from policyengine.money import RATE_GRID, minor_from
from tests.bulk.support import LINE, SCHEMA, drawn_rows, plan, table_of

PERSON = {"person_id": "id", "birth_date": "birth_date", "income_annual": "income_annual"}
HOSPITAL = {"hospital_id": "id", "hospital_level": "level", "hospital_grade": "grade"}
STAY = (
    "care_type", "discharge_date", "admission_date", "billed_from", "area", "disease", "referred", "admission_ordinal",
)  # fmt: skip
FACTS = ("signed", "programme", "balance", "share", "children", "enrolled_on")


def stated(row: dict[str, Any], names: Any) -> dict[str, Any]:
    """The fields of a row that are stated, under other names if these are given."""
    other = names if isinstance(names, dict) else {name: name for name in names}
    return {new: row[old] for old, new in other.items() if row[old] is not None}


def claim_of(row: dict[str, Any]) -> dict[str, Any]:
    """A row as a claim, written out by hand."""
    lines = []
    for line in row["lines"]:
        own = {"imported", "refund"}
        made = {name: value for name, value in line.items() if value is not None and name not in {"line_date", *own}}
        made |= stated(line, {"line_date": "service_date"}) | {"facts": plainly(stated(line, sorted(own)))}
        lines.append(made)
    tags = [tag for tag in ("registered_poor", "subsistence") if row[tag]]
    paid = row["elsewhere.medical_assistance"]
    return {
        **stated(row, ("id", "sequence")), "person": {**stated(row, PERSON), "tags": tags},
        "encounter": {**stated(row, STAY), "hospital": stated(row, HOSPITAL)}, "lines": lines,
        "facts": plainly(stated(row, FACTS)),
        "paid_elsewhere": [] if paid is None else [{"payer": "medical_assistance", "amount": paid}],
    }  # fmt: skip


def plainly(facts: dict[str, Any]) -> dict[str, Any]:
    """Declared facts are texts, whole numbers and flags."""
    return {name: value if isinstance(value, bool | int | str) else str(value) for name, value in facts.items()}


def refusal(row: dict[str, Any]) -> set[str]:
    """The codes under which the row is refused as a claim; the rule file's own facts are of its kinds."""
    try:
        claim = Claim.model_validate(claim_of(row))
    except ClaimError as error:
        return {found.code for found in error.diagnostics}
    if row["discharge_date"] is None:
        return {"E538"}
    wrong = set()
    for facts in (claim.facts, *(line.facts for line in claim.lines)):
        for name in {"balance", "refund"} & facts.keys():
            try:
                minor_from(Decimal(str(facts[name])))
            except ValueError:
                wrong.add("E531")
        if "share" in facts and not (Decimal(facts["share"]) >= 0 and Decimal(facts["share"]) * RATE_GRID % 1 == 0):
            wrong.add("E531")
        if "enrolled_on" in facts and not "1900" <= str(facts["enrolled_on"]) <= "2200":
            wrong.add("E515")
    return wrong


def compare(rows: list[dict[str, Any]], table: Any, mapping: ColumnMap | None = None) -> tuple[int, int]:
    """Reads the table and holds every row to the claim; how many were read, and how many refused."""
    good = bad = at = 0
    for batch in read(table, plan(), mapping, batch=64):
        for position in range(len(batch)):
            row, at = rows[batch.row(position)], at + 1
            if position in batch.rejects:
                assert batch.rejects[position].code in refusal(row), (row, batch.rejects[position])
                bad += 1
            else:
                assert refusal(row) == set(), row
                assert same(batch, position, row)
                good += 1
    assert at == len(rows)
    return good, bad


def same(batch: Batch, position: int, row: dict[str, Any]) -> bool:
    made = Claim.model_validate(document(plan(), batch, position))
    expected = Claim.model_validate(claim_of(row))
    assert made.minor == expected.minor
    assert typed(made.facts) == typed(expected.facts)
    assert [typed(line.facts) for line in made.lines] == [typed(line.facts) for line in expected.lines]
    left_out = {"facts": True, "lines": {"__all__": {"facts", "first_share_rate"}}, "total": True}
    bare = [claim.model_dump(exclude=left_out) for claim in (made, expected)]
    assert bare[0] == bare[1]
    return True


def typed(facts: dict[str, Any]) -> dict[str, Any]:
    numbers = ("balance", "share", "refund")
    return {name: Decimal(value) if name in numbers else value for name, value in facts.items()}


@pytest.mark.parametrize("seed", range(6))
def test_generated_tables_are_read_as_the_claims_that_they_state(seed: int) -> None:
    rows = drawn_rows(seed, 300, bad=25)
    good, bad = compare(rows, table_of(rows))
    assert min(good, bad) > 20


# The same in other types


MONEY_FACTS = ("income_annual", "balance", "elsewhere.medical_assistance")
MONEY_OF_LINES = ("amount", "price_limit", "refund")


def with_types(table: pa.Table, change: Callable[[pa.DataType], pa.DataType]) -> pa.Table:
    """The table with other types, those of the fee lines as well."""
    line = pa.struct([(field.name, change(field.type)) for field in LINE])
    fields = [(field.name, pa.list_(line) if field.name == "lines" else change(field.type)) for field in SCHEMA]
    return table.cast(pa.schema(fields))


def as_texts(kind: pa.DataType) -> pa.DataType:
    return pa.string()


def wide(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_decimal(kind):
        return pa.decimal256(40, kind.scale)
    return {pa.string(): pa.large_string(), pa.date32(): pa.timestamp("us"), pa.int64(): pa.decimal128(20, 0)}.get(
        kind, kind
    )


def longer(kind: pa.DataType) -> pa.DataType:
    """Decimals of 38 digits, of which the smallest units no longer fit into 64 bits."""
    return pa.decimal128(38, 20) if pa.types.is_decimal(kind) else kind


def viewed(kind: pa.DataType) -> pa.DataType:
    return {pa.string(): pa.string_view(), pa.date32(): pa.date64(), pa.bool_(): pa.string()}.get(kind, kind)


@pytest.mark.parametrize("change", [as_texts, wide, longer, viewed])
def test_other_types_state_the_same(change: Callable[[pa.DataType], pa.DataType]) -> None:
    rows = drawn_rows(11, 300, bad=25)
    good, bad = compare(rows, with_types(table_of(rows), change))
    assert min(good, bad) > 20


def test_words_in_dictionaries() -> None:
    rows = drawn_rows(12, 300, bad=25)
    table = table_of(rows)
    for at, field in enumerate(table.schema):
        if field.type == pa.string():
            table = table.set_column(at, field.name, table.column(at).dictionary_encode())
    good, bad = compare(rows, table)
    assert min(good, bad) > 20


def in_fen(rows: list[dict[str, Any]]) -> tuple[pa.Table, ColumnMap]:
    """Money as whole numbers of fen, days as whole numbers such as 20170503."""
    for row in rows:
        for record, names in ((row, MONEY_FACTS), *((line, MONEY_OF_LINES) for line in row["lines"])):
            for name in names:
                if record[name] is not None:
                    record[name] = Decimal(int(record[name] * 100)) / 100
    table = table_of(rows)
    for name in MONEY_FACTS:
        cents = pc.multiply(table.column(name).cast(pa.decimal128(24, 4)), pa.scalar(Decimal(100))).cast(pa.int64())
        table = table.set_column(table.schema.get_field_index(name), name, cents)
    for name in ("discharge_date", "enrolled_on"):
        day = pc.strftime(table.column(name), "%Y%m%d").cast(pa.int32())
        table = table.set_column(table.schema.get_field_index(name), name, day)
    money = {name: Stated(name, unit="分") for name in MONEY_FACTS}
    days = {name: Stated(name, format="%Y%m%d") for name in ("discharge_date", "enrolled_on")}
    return table, ColumnMap("fen", {**money, **days})


def test_whole_numbers_of_fen_and_days_as_numbers() -> None:
    rows = drawn_rows(13, 300, bad=25)
    table, mapping = in_fen(rows)
    good, bad = compare(rows, table, mapping)
    assert min(good, bad) > 20


def test_binary_numbers_are_taken_where_they_are_the_nearest_to_a_decimal() -> None:
    rows = drawn_rows(14, 300, bad=25)
    table = table_of(rows)
    for name in (*MONEY_FACTS, "share"):
        doubles = [None if row[name] is None else float(row[name]) for row in rows]  # Arrow's own cast is off by a bit
        table = table.set_column(table.schema.get_field_index(name), name, pa.array(doubles, pa.float64()))
    mapping = ColumnMap("binary", {name: Stated(name, unit="元") for name in MONEY_FACTS})
    refused = {row["id"] for row in rows if refusal(row)}
    seen = set()
    for batch in read(table, plan(), mapping):
        seen |= {batch.ids[at].as_py() for at in batch.rejects}
        assert all(same(batch, at, rows[batch.row(at)]) for at in range(len(batch)) if at not in batch.rejects)
    assert seen == refused
    assert len(seen) > 20


@pytest.mark.parametrize(
    ("amount", "fen"),
    [(0.29, 29), (1.005, None), (0.1 + 0.2, None), (4.35, 435), (999999999.99, 99999999999), (0.0, 0), (-0.01, None)],
)
def test_a_binary_amount(amount: float, fen: int | None) -> None:
    """0.29 × 100 is 28.999…96 in binary, and 0.29 is the nearest to 29 fen all the same; 0.1 + 0.2 is not 0.3."""
    row = drawn_rows(1, 1)[0] | {"balance": None}
    table = table_of([row]).drop_columns(["balance"]).append_column("balance", pa.array([amount]))
    (batch,) = read(table, plan(), ColumnMap("m", {"balance": Stated("balance", unit="yuan")}))
    found = batch.claims["balance"]
    assert isinstance(found, Numbers)
    if amount < 0:  # a declared amount may lie below nothing; what it may be is said by the rule file
        assert found.values.tolist() == [-1]
    elif fen is None:
        assert batch.rejects[0].code == "E508"
    else:
        assert (found.values.tolist(), dict(batch.rejects)) == ([fen], {})
