"""The same seed gives the same claims: whatever the machine, the size of the blocks, the number asked for."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from policyengine.synth import Order, make_claims, writing
from policyengine.synth.people import BLOCK
from tests.synth.support import plan

GOLDEN = "1c6765a226a7157bdc7389ac805418f4d92525fe3a71bb461fefa4ec459d19d3"
"""SHA-256 of the CSV file of the first thousand stays of Shanxi in 2018, seed 7. It changes with the profile and with
what draws from it, and with nothing else; then the version of the library must change, too."""


def quiet(_rows: int, _blocks: int) -> None:
    pass


def table_of(path: Path) -> pa.Table:
    return pq.read_table(path)


def made(path: Path, **wanted: int) -> Path:
    make_claims(plan(only=("stays",)), Order(path, **wanted), quiet)
    return path


def test_the_bytes_are_the_golden_ones(tmp_path: Path) -> None:
    path = made(tmp_path / "claims.csv", claims=1000)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == GOLDEN


def test_twice_the_same_bytes(tmp_path: Path) -> None:
    files = [made(tmp_path / f"{name}.parquet", claims=3000) for name in ("a", "b")]
    assert files[0].read_bytes() == files[1].read_bytes()


def test_another_seed_gives_other_claims() -> None:
    one, other = (plan(seed=seed).claim_batch(0, 50) for seed in (1, 2))
    assert not one.equals(other)


def test_fewer_claims_are_the_first_of_more(tmp_path: Path) -> None:
    few, many = (table_of(made(tmp_path / f"{n}.parquet", claims=n)) for n in (900, 4000))
    assert many.slice(0, 900).equals(few)


def test_fewer_people_are_the_first_of_more(tmp_path: Path) -> None:
    few, many = (table_of(made(tmp_path / f"{n}.parquet", people=n)) for n in (BLOCK - 1, BLOCK + 9000))
    assert many.slice(0, len(few)).equals(few)


@pytest.mark.parametrize("rows", [77, 1000, 2**20])
def test_the_size_of_row_groups_changes_no_row(tmp_path: Path, rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = table_of(made(tmp_path / "whole.parquet", claims=2500))
    monkeypatch.setattr(writing, "ROWS", rows)
    assert table_of(made(tmp_path / "other.parquet", claims=2500)).equals(whole)


def test_stays_do_not_change_with_the_visits_beside_them() -> None:
    both, stays = (plan(only=only).claim_batch(0, 300) for only in ((), ("stays",)))
    amounts = [[row["amount_treatment"] for row in batch.to_pylist() if row["care_type"] == "inpatient"]
               for batch in (both, stays)]  # fmt: skip
    assert amounts[0] == amounts[1]
