"""Writers at once on a few hot members: no accumulator is wrong, and nobody is told that the database is locked. The
same without the lock must go wrong, or the test shows nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("sqlalchemy")

from policyengine.cases.store import database
from tests.conftest import Told
from tests.ledger.writers import wrong_after


@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_writers_at_once_lose_nothing(tmp_path: Path, journal: str) -> None:
    assert wrong_after(tmp_path / "cases.db", 4, 4, journal=journal) == []


@pytest.mark.parametrize("begin", ["BEGIN", "SELECT 1"], ids=["lock taken late", "no transaction"])
def test_without_the_lock_it_goes_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, begin: str) -> None:
    monkeypatch.setattr(database, "LOCKING", begin)
    monkeypatch.setattr(database, "WAITING", 1)
    tries = (wrong_after(tmp_path / f"cases{n}.db", 6, 8) for n in range(10))
    assert any(found != [] for found in tries)


@pytest.mark.agree
@pytest.mark.parametrize(("writers", "stays"), [(8, 200), (32, 100)])
def test_many_writers_at_once(in_memory: Path, writers: int, stays: int, told: Told) -> None:
    """On a disk in memory, on which writers meet more often."""
    assert wrong_after(in_memory / "cases.db", writers, stays) == []
    told(
        f"{writers} writers at once, SQLite",
        f"{writers} × {stays} stays of twenty members",
        "no sum wrong, none refused",
    )
