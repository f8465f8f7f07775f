"""What the columns take, the reader of single claims takes, and the other way round; both read the same."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from policyengine import Claim, ClaimError
from policyengine.bulk import Batch
from policyengine.bulk.documents import document
from policyengine.bulk.mapping import ColumnMap
from policyengine.bulk.reader import read
from policyengine.money import RATE_GRID, minor_from
from tests.bulk.support import drawn_rows, plan, table_of

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
    bare = [
        c.model_dump(exclude={"facts": True, "lines": {"__all__": {"facts"}}, "total": True}) for c in (made, expected)
    ]
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
