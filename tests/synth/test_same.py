"""The same seed gives the same claims: whatever the machine, the size of the blocks, the number asked for."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from policyengine.synth import Order, make_claims, writing
from policyengine.synth.people import BLOCK
from policyengine.synth.streams import Streams
from tests.synth.support import plan

GOLDEN = "aa4a99bbb917543616a4a37931243c67a45aed8bc210775d69c2fe6ba1832c63"
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


def test_the_raw_numbers_are_those_of_philox_4x64() -> None:
    """A stream is keyed by the seed and the hash of its name, both whole: seeds that differ in one bit differ."""
    name = "claims.stays.2018.bill"
    key = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")
    seed = 2**64 - 1
    words = np.random.Philox(counter=3 << 128, key=seed + (key << 64)).random_raw(2).tolist()
    halves = [half for word in words for half in (word % 2**32, word >> 32)]
    assert Streams(seed, 3).of(name, 4).tolist() == halves
    assert Streams(seed, 3).of(name, 3).tolist() == halves[:3]
    assert Streams(seed - 1, 3).of(name, 4).tolist() != halves


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
