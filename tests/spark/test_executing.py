"""What runs on an executor, without Spark: record batches cut anywhere, checks that mend nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

pytest.importorskip("pyspark", reason="Spark needs the extra: pip install 'reimbursement-policyengine[spark]'")

from policyengine import ClaimError
from policyengine.spark.executing import settled
from policyengine.spark.shipping import Order, Shipment, opened, shipped
from tests.simulate.town import COLUMNS, book, table

HOME = "home"
PARTITION = 4


def claims() -> pa.RecordBatch:
    """The claims of the town in order, all of partition 4."""
    whole = table().append_column(HOME, pa.array(np.full(len(table()), PARTITION, np.int32)))
    return whole.combine_chunks().to_batches()[0]


def shipment() -> Shipment:
    names = tuple(claims().schema.names)
    return shipped(book(), Order(names, ("id", "amount", "tier"), HOME, mapping=COLUMNS))


def unnamed(batch: pa.RecordBatch) -> pa.RecordBatch:
    return batch.rename_columns([f"c{at}" for at in range(batch.num_columns)])


def ran(*batches: pa.RecordBatch, partition: int = PARTITION) -> pa.Table:
    return pa.Table.from_batches(settled(opened(shipment()), map(unnamed, batches), partition))


def code_of(*batches: pa.RecordBatch, partition: int = PARTITION) -> str:
    with pytest.raises(ClaimError) as found:
        ran(*batches, partition=partition)
    return found.value.diagnostics[0].code


def cut(size: int) -> Iterator[pa.RecordBatch]:
    whole = claims()
    for at in range(0, len(whole), size):
        yield whole.slice(at, size)
        yield whole.slice(0, 0)


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_batches_may_end_within_a_person(size: int) -> None:
    found = ran(*cut(size))
    assert found.column("pooled_fund").to_pylist() == [60_000, 40_000, 10_000, 0, 0, 6_000, 0, 0]
    assert found.column("id").to_pylist() == list("abcdefgh")
    assert found.column("amount").to_pylist() == claims().column("amount").to_pylist()
    assert found.column("tier").to_pylist() == claims().column("tier").to_pylist()


def test_a_partition_without_claims_gives_none() -> None:
    nothing = claims().slice(0, 0)
    assert list(settled(opened(shipment()), iter([unnamed(nothing)]), PARTITION)) == []
    assert list(settled(opened(shipment()), iter([]), PARTITION)) == []


def test_a_person_behind_one_of_a_later_name_is_refused() -> None:
    whole = claims()
    assert code_of(whole.slice(2), whole.slice(0, 2)) == "E706"


def test_a_day_behind_a_later_one_is_refused_across_batches() -> None:
    whole = claims()
    assert code_of(whole.slice(1, 1), whole.slice(0, 1)) == "E706"


def test_a_claim_of_another_partition_is_refused() -> None:
    assert code_of(claims(), partition=5) == "E772"
    homes = np.full(8, PARTITION, np.int32)
    homes[7] = 0
    assert code_of(claims().set_column(6, HOME, pa.array(homes))) == "E772"


def test_another_library_is_refused() -> None:
    with pytest.raises(ClaimError, match=r"E770.*the library of this executor"):
        opened(replace(shipment(), library="0" * 64))


def test_a_rule_set_that_was_changed_on_its_way_is_refused() -> None:
    sent = shipment()
    assert "10000" in sent.rules
    with pytest.raises(ClaimError, match=r"E770.*the rule set that arrived"):
        opened(replace(sent, rules=sent.rules.replace("10000", "20000", 1)))


def test_the_programs_of_the_driver_arrive() -> None:
    arrived = opened(shipment()).book
    assert arrived.programs == book().programs
    assert arrived.digest == book().digest
