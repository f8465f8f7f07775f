"""Writers at once on a few hot members: no accumulator is wrong, and nobody is told that the database is locked. The
same without the lock must go wrong, or the test shows nothing."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

pytest.importorskip("sqlalchemy")

from policyengine.cases import Store, open_store
from policyengine.cases.store import database
from tests.conftest import Told
from tests.ledger.writers import wrong_after


@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_writers_at_once_lose_nothing(tmp_path: Path, journal: str) -> None:
    assert wrong_after(tmp_path / "cases.db", 4, 4, journal=journal) == []


def test_a_writer_tries_as_often_after_a_long_wait_as_at_first(tmp_path: Path) -> None:
    """SQLite itself would try eight times in the first fifth of a second and then ten times a second, so that who has
    waited for long seldom comes next."""
    holder, waiter = (open_store(tmp_path / "cases.db") for _ in range(2))
    tried: list[str] = []
    with waiter.reading() as connection:
        connection.connection.driver_connection.set_trace_callback(tried.append)
    with holder.writing():
        waiting = threading.Thread(target=_once, args=(waiter,))
        waiting.start()
        time.sleep(0.4)
        often = tried.count(database.LOCKING)
    waiting.join()
    assert often >= 15
    for store in (holder, waiter):
        store.close()


def _once(store: Store) -> None:
    with store.writing():
        pass


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
