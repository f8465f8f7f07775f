"""Files of synthetic claims are read by the mapping beside them, whole and in the order in which they stand."""

from __future__ import annotations

from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from policyengine import load
from policyengine.bulk import open_claims
from policyengine.synth import Order, make_claims
from tests.synth.support import plan

CLAIMS = 2000


@pytest.mark.parametrize(
    ("name", "lists"), [("c.parquet", False), ("c.arrow", False), ("c.csv", False), ("c.parquet", True)]
)
@pytest.mark.parametrize(
    ("profile", "ruleset"),
    [("shuangyashan", "cn/heilongjiang/shuangyashan"), ("anybody", "world/us/family_out_of_pocket")],
)
def test_every_claim_is_read_and_none_rejected(
    profile: str, ruleset: str, name: str, lists: bool, tmp_path: Path
) -> None:
    book = load(ruleset)
    made = plan(profile, book=book) if profile == "shuangyashan" else plan(profile, years=(2019, 2019), book=book)
    make_claims(made, Order(tmp_path / name, claims=CLAIMS, lists=lists), lambda _rows, _blocks: None)
    make_claims(made, Order(tmp_path / "flat.parquet", claims=CLAIMS), lambda _rows, _blocks: None)
    flat = pq.read_table(tmp_path / "flat.parquet")
    billed = sum(pc.sum(flat[column]).as_py() for column in flat.column_names if column.startswith("amount_"))
    batches = list(open_claims(tmp_path / name, book, tmp_path / "c.columns.yaml").batches())
    assert [batch.rejects for batch in batches] == [{}] * len(batches)
    assert sum(len(batch.keys) for batch in batches) == CLAIMS
    assert sum(int(batch.lines["amount"].values.sum()) for batch in batches) == billed
