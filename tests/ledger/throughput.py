"""What a command costs beside its statements: the same statements, taken down and sent again by a bare loop."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

from policyengine.cases import Store, open_store
from policyengine.loading import load
from tests.ledger.stays import RAOHE, Desk, bill

MEMBERS = 20
Statement = tuple[str, Any, bool]


@contextmanager
def taken_down(engine: Engine) -> Iterator[list[list[Statement]]]:
    """The statements that an engine sends, transaction by transaction."""
    found: list[list[Statement]] = []

    def begun(_: Any) -> None:
        found.append([])

    def sent(_c: Any, _u: Any, statement: str, parameters: Any, _x: Any, many: bool) -> None:
        if found and not statement.startswith("BEGIN"):
            found[-1].append((statement, parameters, many))

    event.listen(engine, "begin", begun)
    event.listen(engine, "before_cursor_execute", sent)
    try:
        yield found
    finally:
        event.remove(engine, "begin", begun)
        event.remove(engine, "before_cursor_execute", sent)


def stays(store: Store, first: int, last: int) -> None:
    """Stays of hot members until each is settled: four commands a stay."""
    run = Desk(store)
    for number in range(first, last):
        run.ids = iter(f"{number}-{at}" for at in range(9))  # type: ignore[assignment]
        run.stay(f"s-{number}", bill(f"c-{number}", f"member-{number % MEMBERS}", amount="1000.00"))


def again(store: Store, transactions: list[list[Statement]]) -> None:
    """The bare loop: the statements through the driver, in the same transactions, and every row read."""
    for statements in transactions:
        with store.writing() as connection:
            cursor = connection.connection.cursor()
            for statement, parameters, many in statements:
                (cursor.executemany if many else cursor.execute)(statement, parameters)
                if cursor.description is not None:
                    cursor.fetchall()
            cursor.close()


def seconds(place: str, bare: str, count: int) -> tuple[float, float, float]:
    """How long ``count`` stays take in one store, and their statements alone in another one; and how long this process
    was on the processor longer for the first than for the second."""
    book = load(RAOHE)
    store, other = (open_store(one, rules=lambda _: book) for one in (place, bare))
    stays(store, 0, MEMBERS)
    with taken_down(store.engine) as transactions:
        stays(other, 0, MEMBERS)
        stays(store, MEMBERS, MEMBERS + 1)
    again(other, transactions)
    with taken_down(store.engine) as transactions:
        begin, busy = time.perf_counter(), time.process_time()
        stays(store, MEMBERS + 1, MEMBERS + 1 + count)
        whole, busy = time.perf_counter() - begin, time.process_time() - busy
    begin, idle = time.perf_counter(), time.process_time()
    again(other, transactions)
    loop, idle = time.perf_counter() - begin, time.process_time() - idle
    assert store.verify() == other.verify() == ()
    for one in (store, other):
        one.close()
    return whole, loop, busy - idle
