"""The order of claims, claims that come twice, people and households, rule sets without meters."""

from __future__ import annotations

import pyarrow as pa
import pytest

from policyengine import Claim, ClaimError, Rulebook, load
from policyengine.bulk import ColumnMap, Stated, document, open_claims, read
from policyengine.engine import require_new
from tests.bulk.support import drawn_rows, plan, table_of

FAMILY = ColumnMap(
    "family", {"care_type": Stated(constant="inpatient")},
    ({"amount": Stated(constant="10"), "category": Stated(constant="bed")},),
)  # fmt: skip


def claims(*rows: tuple[str, str, str]) -> pa.Table:
    """Claims of one day: id, person, household."""
    names = ("id", "person_id", "household_id")
    columns = {name: [row[at] for row in rows] for at, name in enumerate(names)}
    return pa.table({**columns, "discharge_date": ["2024-03-05"] * len(rows)})


def family() -> Rulebook:
    return load("examples/family_limits")


def test_a_claim_that_comes_twice_is_refused_as_a_chain_refuses_it() -> None:
    rows = [row for row in drawn_rows(31, 40) for _ in range(2)]
    (batch,) = read(table_of(rows), plan())
    assert list(batch.rejects) == list(range(1, 80, 2))
    for at, found in batch.rejects.items():
        claim = Claim.model_validate(document(plan(), batch, at - 1))
        with pytest.raises(ClaimError) as caught:
            require_new(claim, claim.id)
        assert caught.value.diagnostics == (found,)


def test_a_claim_behind_a_bad_one_of_its_id_is_no_repetition() -> None:
    row = drawn_rows(32, 1)[0]
    (batch,) = read(table_of([row | {"hospital_level": "fourth"}, row, row]), plan())
    assert {at: one.code for at, one in batch.rejects.items()} == {0: "E514", 2: "E564"}


def test_the_scope_is_the_household_where_a_meter_is_kept_for_it() -> None:
    table = claims(("c1", "p1", "h1"), ("c2", "p2", "h1"), ("c3", "p3", "h2"), ("c4", "p3", "h2"))
    opened = open_claims(table.to_reader(), family(), FAMILY)
    assert opened.scope == "household_id"
    batches = list(opened.batches(1))
    assert [batch.ids.to_pylist() for batch in batches] == [["c1", "c2"], ["c3", "c4"]]


@pytest.mark.parametrize("size", [1, 100])
def test_a_person_in_two_households_is_refused(size: int) -> None:
    table = claims(("c1", "p1", "h1"), ("c2", "p2", "h1"), ("c3", "p2", "h2"))
    with pytest.raises(ClaimError) as caught:
        list(read(table, family(), FAMILY, batch=size))
    assert caught.value.diagnostics[0].code == "E707"
    assert "row 3" in caught.value.diagnostics[0].message


def test_a_claim_without_its_household_is_a_reject() -> None:
    table = claims(("c1", "p1", "h1")).set_column(2, "household_id", pa.array([None], pa.string()))
    (batch,) = read(table, family(), FAMILY)
    assert [found.code for found in batch.rejects.values()] == ["E552"]


def test_many_households() -> None:
    count = 5000
    table = claims(*[(f"c{n}", f"p{n:05d}", f"h{n:05d}") for n in range(count)])
    assert sum(len(batch) for batch in read(table, family(), FAMILY, batch=64)) == count
    again = pa.concat_tables([table, claims(("last", "p00007", "h99999"))])
    with pytest.raises(ClaimError, match="row 5,001"):
        list(read(again, family(), FAMILY, batch=64))


def test_without_meters_no_claim_waits_for_another() -> None:
    table = claims(("c1", "p2", ""), ("c2", "p1", ""), ("c2", "p1", ""), ("c3", "p2", "")).drop_columns(
        ["household_id"]
    )
    opened = open_claims(table.to_reader(), load("examples/minimum_guarantee"), FAMILY)
    assert opened.scope == "id"
    batches = list(opened.batches(1))
    assert [len(batch) for batch in batches] == [1, 2, 1]
    assert [found.code for batch in batches for found in batch.rejects.values()] == ["E564"]


def test_a_meter_for_neither_makes_the_whole_source_one_batch() -> None:
    table = claims(*[(f"c{n}", f"p{n % 3}", "") for n in range(100)]).drop_columns(["household_id"])
    mapping = ColumnMap("m", {**FAMILY.facts, "programme_id": Stated(constant="dialysis")}, FAMILY.templates)
    opened = open_claims(table, load("examples/programme_budget"), mapping)
    assert opened.scope == ""
    assert [len(batch) for batch in opened.batches(10)] == [100]


def in_order(people: list[object], size: int) -> bool:
    rows = drawn_rows(33, len(people))
    table = table_of(rows).select(["id", "care_type", "lines"]).append_column("person_id", pa.array(people))
    table = table.append_column("discharge_date", pa.array(["2023-01-01"] * len(people)))
    try:
        seen = list(read(table.to_reader(), plan(), batch=size))
    except ClaimError as error:
        return error.diagnostics[0].code != "E706"
    numbers = [batch.claims["person_id"].numbers.tolist() for batch in seen]  # type: ignore[union-attr]
    return sum(len(set(one)) for one in numbers) == len(set(people))


@pytest.mark.parametrize("size", [1, 2, 100])
@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ([9, 9, 10, 100], True), ([9, 10, 9], False), ([-1, 2], True), ([10, 9], False),
        (["10", "100", "9", "9"], True), (["9", "10", "10", "100"], True), (["9", "10", "100", "11"], False),
        (["10", "9", "11"], False), (["a", "ab", "b"], True), (["ab", "ab", "a"], False), (["a", "b", "ab"], True),
        (["p1", "p1", "p10", "p2"], True), (["甲", "甲乙", "乙"], False),
    ],
)  # fmt: skip
def test_ids_are_ordered_in_one_way_throughout(people: list[object], expected: bool, size: int) -> None:
    """Whole numbers by their value, texts by their bytes, or shorter ones first: 9, 10, 100. 乙 comes before 甲."""
    assert in_order(people, size) == expected
