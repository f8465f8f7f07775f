"""A table of claims settled comes back as a table of its kind, no row lost."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from policyengine import load, settle_table
from policyengine.bulk import ColumnMap, Stated

BOOK = "cn/shanxi/136"
ROWS = {
    "id": ["c1", "c2", "c3", "c4"],
    "person_id": ["p1", "p1", "p2", "p3"],
    "scheme": ["resident", "resident", "resident", "employee"],
    "care_type": ["inpatient"] * 4,
    "discharge_date": ["2018-03-09", "2018-05-09", "2018-02-31", "2018-07-01"],
    "hospital_grade": ["secondary_a"] * 4,
    "tier": ["county"] * 4,
    "area": ["within_county"] * 4,
    "registered_poor": [True, True, False, False],
    "in_scope": ["27000.00", "100.00", "500.00", "500.00"],
    "outside": ["3000.00", None, "0.00", "0.00"],
}
MAPPING = ColumnMap(
    "two amounts",
    {},
    (
        {"amount": Stated("in_scope"), "category": Stated(constant="surgery"), "catalogue_class": Stated(constant="a")},
        {"amount": Stated("outside"), "category": Stated(constant="material"), "catalogue_class": Stated(constant="c")},
    ),
)


def rows_of(table: pa.Table) -> dict[str, dict[str, object]]:
    return {row["id"]: row for row in table.to_pylist()}


def test_the_claim_of_the_first_page() -> None:
    """c1 is the claim of the README: 24,462.50 + 1,537.50 + 2,550.00 + 1,450.00 = 30,000.00."""
    found = rows_of(settle_table(pa.table(ROWS), load(BOOK), MAPPING))
    one = found["c1"]
    assert one["settled"] is True
    assert one["pooled_fund"] == Decimal("24462.50")
    assert one["critical_illness"] == Decimal("1537.50")
    assert one["supplement"] == Decimal("2550.00")
    assert one["patient_total"] == Decimal("1450.00")


def test_a_refused_claim_is_a_row_with_its_reason_and_without_amounts() -> None:
    found = rows_of(settle_table(pa.table(ROWS), load(BOOK), MAPPING))
    assert list(found) == ["c1", "c2", "c3", "c4"]
    assert found["c3"]["code"] == "E515"
    assert "2018-02-31" in str(found["c3"]["reason"])
    assert found["c4"]["code"] == "E545"
    for name in ("c3", "c4"):
        assert found[name]["settled"] is False
        assert found[name]["pooled_fund"] is None


def test_the_same_kind_of_table_comes_back(tmp_path: Path) -> None:
    book, meant = load(BOOK), settle_table(pa.table(ROWS), load(BOOK), MAPPING)
    of_polars = settle_table(pl.DataFrame(ROWS), book, MAPPING)
    of_pandas = settle_table(pd.DataFrame(ROWS), book, MAPPING)
    pq.write_table(pa.table(ROWS), tmp_path / "claims.parquet")
    of_file = settle_table(tmp_path / "claims.parquet", book, MAPPING)
    assert isinstance(of_polars, pl.DataFrame)
    assert isinstance(of_pandas, pd.DataFrame)
    assert of_file.equals(meant)
    assert of_polars["patient_total"].to_list() == meant["patient_total"].to_pylist()
    assert list(of_pandas["id"]) == meant["id"].to_pylist()


def test_no_claims_are_a_table_without_rows() -> None:
    empty = pa.table(ROWS).slice(0, 0)
    found = settle_table(empty, load(BOOK), MAPPING)
    assert found.num_rows == 0
    assert found.schema.names == settle_table(pa.table(ROWS), load(BOOK), MAPPING).schema.names


@pytest.mark.parametrize("threads", [1, 2])
def test_some_amounts_only(threads: int) -> None:
    found = settle_table(pa.table(ROWS), load(BOOK), MAPPING, only=("patient_total",), threads=threads)
    assert found.schema.names == ["id", "settled", "code", "reason", "patient_total"]
