"""What a batch must state, and what is said where it does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from policyengine import ClaimError
from policyengine.bulk import Batch, Flags
from policyengine.generate import lives
from policyengine.mass import Bulk
from tests.agreement.lives import book_of
from tests.mass.columns import columns_of, in_order
from tests.mass.test_against_chain import scope_of

NAME = "cn/shanxi/136"


def batch() -> Batch:
    book = book_of(NAME)
    return columns_of(in_order([c for life in lives(book, 3, 10) for c in life], book, scope_of(book)), book)


def test_a_fact_without_a_column_and_without_a_default_is_named() -> None:
    whole = batch()
    lacking = replace(whole, claims={n: c for n, c in whole.claims.items() if n != "hospital_grade"})
    with pytest.raises(ClaimError) as found:
        Bulk(book_of(NAME)).settle(lacking)
    assert found.value.diagnostics[0].code == "E717"
    assert "hospital_grade" in found.value.diagnostics[0].message


def test_a_flag_without_a_column_has_its_default() -> None:
    whole = batch()
    poor = replace(whole, claims={**whole.claims, "registered_poor": Flags(np.zeros(len(whole), dtype=np.bool_))})
    nobody = replace(whole, claims={n: c for n, c in whole.claims.items() if n != "registered_poor"})
    one, other = Bulk(book_of(NAME)).settle(poor), Bulk(book_of(NAME)).settle(nobody)
    assert all((one.amounts[name] == other.amounts[name]).all() for name in one.amounts)


def test_a_column_of_another_kind_is_named() -> None:
    whole = batch()
    wrong = replace(whole, claims={**whole.claims, "hospital_grade": Flags(np.ones(len(whole), dtype=np.bool_))})
    with pytest.raises(ClaimError) as found:
        Bulk(book_of(NAME)).settle(wrong)
    assert found.value.diagnostics[0].code == "E718"


def test_a_table_without_fee_lines_is_told_where_they_may_stand() -> None:
    whole = batch()
    none = replace(whole, lines={}, offsets=np.zeros(len(whole) + 1, dtype=np.int64))
    with pytest.raises(ClaimError) as found:
        Bulk(book_of(NAME)).settle(none)
    assert found.value.diagnostics[0].code == "E717"
    assert "fee lines" in found.value.diagnostics[0].message


def test_accumulators_need_the_ids_that_they_are_kept_by() -> None:
    whole = batch()
    lacking = replace(whole, claims={n: c for n, c in whole.claims.items() if n != "person_id"})
    with pytest.raises(ClaimError) as found:
        Bulk(book_of(NAME)).settle(lacking)
    assert found.value.diagnostics[0].code == "E717"
    assert found.value.diagnostics[0].field == "person_id"


def test_what_is_counted_says_how_often_each_provision_applies() -> None:
    found = Bulk(book_of(NAME), counting=True).settle(batch())
    settled = int((found.status == 0).sum())
    counted = {key: int(hits.sum()) for version in found.hits.values() for key, hits in version.items()}
    assert max(count for (kind, _), count in counted.items() if kind == "layer") <= settled
    assert any(count for (kind, _), count in counted.items() if kind == "table")
