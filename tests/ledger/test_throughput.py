"""How many statements a command sends, and what it costs beside them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

pytest.importorskip("sqlalchemy")

from policyengine.cases import open_store
from policyengine.loading import load
from tests.conftest import Told
from tests.ledger import throughput
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
def test_a_command_costs_at_most_twice_its_statements(tmp_path: Path, told: Told) -> None:
    """On a disk. What other programs take of the processor meanwhile is left out: the time of the whole is that of the
    bare loop and the processor's time beyond it."""
    begin = os.times()
    whole, loop = throughput.seconds(str(tmp_path / "one.db"), str(tmp_path / "two.db"), 500)
    end = os.times()
    processor = end.user + end.system - begin.user - begin.system
    said = f"{whole:.0f} s, the bare loop of its statements {loop:.0f} s; the processor {processor:.0f} s of both"
    told("throughput beside a bare loop, SQLite on a disk", "500 stays, 2,000 commands", said)
    assert loop / (loop + processor) >= 0.5
