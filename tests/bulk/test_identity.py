"""Ids: equal numbers for equal ids, and a hash that depends on the text alone."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from policyengine.bulk import batch_of, ids_of
from policyengine.bulk.identity import keys_of

NUMBERS = [0, 7, 17, 99999999, 100000000, 2**63 - 1, -1, -(2**63)]


def test_a_whole_number_has_the_key_of_its_text() -> None:
    texts = pa.array([str(n) for n in NUMBERS])
    assert keys_of(pa.array(NUMBERS, pa.int64())).tolist() == keys_of(texts).tolist()
    assert keys_of(pa.array([17], pa.int8())).tolist() == keys_of(pa.array(["17"])).tolist()


def test_keys_do_not_depend_on_how_a_text_is_kept() -> None:
    texts = ["a", "", "c-17", "患者", "x" * 200, "12345678", "123456789"]
    whole = keys_of(pa.array(texts))
    assert len(set(whole.tolist())) == len(texts)
    for kind in (pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())):
        assert keys_of(pa.array(texts).cast(kind)).tolist() == whole.tolist()
    assert keys_of(pa.array(["before", *texts]).slice(1)).tolist() == whole.tolist()


def test_no_two_of_a_million_keys_are_equal() -> None:
    assert len(np.unique(keys_of(pa.array(np.arange(1_000_000))))) == 1_000_000


def test_ids_are_numbered_in_the_order_of_appearance() -> None:
    assert ids_of(["b", "b", "a", "c", "a"]).numbers.tolist() == [0, 0, 1, 2, 1]
    assert ids_of(pa.array([9, 9, 3, None, 9])).numbers.tolist() == [0, 0, 1, -1, 0]


def test_a_batch_in_memory() -> None:
    batch = batch_of(["c1", "c2"], {"person_id": ids_of(["p", "p"])}, first=10)
    assert (len(batch), batch.row(1), batch.offsets.tolist()) == (2, 11, [0, 0, 0])
