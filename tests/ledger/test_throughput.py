"""How many statements a command sends, and what it costs beside them."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("sqlalchemy")

from policyengine.cases import open_store
from policyengine.loading import load
from tests.conftest import Told
from tests.ledger import throughput
from tests.ledger.postgres import server
from tests.ledger.stays import RAOHE


def test_a_command_sends_few_statements_and_none_is_built_anew(tmp_path: Path) -> None:
    """A stay is four commands of 32 statements together; what was sent once is sent again as it was."""
    book = load(RAOHE)
    store = open_store(tmp_path / "cases.db", rules=lambda _: book)
    throughput.stays(store, 0, throughput.MEMBERS + 1)
    with throughput.taken_down(store.engine) as transactions:
        throughput.stays(store, 50, 55)
    assert len(transactions) == 20
    assert sum(map(len, transactions)) <= 32 * 5
    assert len({statement for each in transactions for statement, _, _ in each}) <= 20
    store.close()


def test_the_statements_alone_make_the_same_store(tmp_path: Path) -> None:
    throughput.seconds(str(tmp_path / "one.db"), str(tmp_path / "two.db"), 3)


@pytest.mark.agree
def test_a_command_costs_at_most_twice_its_statements_on_sqlite(tmp_path: Path, told: Told) -> None:
    """On a disk."""
    beside(told, "SQLite on a disk", str(tmp_path / "one.db"), str(tmp_path / "two.db"))


@pytest.mark.agree
def test_a_command_costs_at_most_twice_its_statements_on_postgres(told: Told) -> None:
    pytest.importorskip("psycopg")
    with server() as one, server() as two:
        beside(told, "PostgreSQL", one, two)


def beside(told: Told, where: str, one: str, two: str) -> None:
    """What other programs take of the processor meanwhile is left out: the time of the whole is that of the bare loop
    and the processor's time beyond it."""
    whole, loop, processor = throughput.seconds(one, two, 500)
    said = f"{whole:.1f} s; the bare loop of its statements {loop:.1f} s, the processor {processor:.1f} s beyond it"
    told(f"throughput beside a bare loop, {where}", "500 stays, 2,000 commands", said)
    assert loop / (loop + processor) >= 0.5
