"""Many cases: what comes twice, late or out of order ends as what came in order; replays change nothing; memory."""

from __future__ import annotations

import random
import resource
import sys
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from policyengine.cases import Store, open_store
from policyengine.cases.store.tables import EVENTS
from policyengine.errors import CaseError
from policyengine.loading import load
from tests.conftest import Told
from tests.ledger.postgres import server
from tests.ledger.stays import FUNDS, OWN, RAOHE, Desk, bill, order
from tests.ledger.test_undoing import histories


def opened(place: str | Path) -> Store:
    book = load(RAOHE)
    return open_store(place, rules=lambda _: book)


def life(number: int, drawn: random.Random) -> list[dict[str, Any]]:
    """The commands of a stay in their order: some are paid in two parts, some are reversed."""
    case, commands = f"s{number}", []

    def then(kind: str, **said: Any) -> None:
        commands.append(order(f"{case}-{len(commands)}", case, kind, **said))

    then("open", person=f"p-{number}", ruleset=RAOHE)
    then("admit", agreement=True)
    then("discharge")
    then("settle", claim=bill(f"c-{case}", f"p-{number}"))
    if drawn.random() < 0.3:
        then("reverse", settlement=commands[-1]["id"], reason="drawn")
        return commands
    for amount in ("900.00", "3000.00") if drawn.random() < 0.5 else (OWN,):
        then("pay", amount=amount)
    for fund, amount in FUNDS.items():
        then("repay", party=fund, amount=amount)
    then("close")
    return commands


def disturbed(lives: list[list[dict[str, Any]]], drawn: random.Random) -> Iterator[dict[str, Any]]:
    """All commands mixed, some twice."""
    sent = [command for each in lives for command in each]
    sent += drawn.sample(sent, len(sent) // 3)
    for at in range(len(sent)):
        other = min(len(sent) - 1, at + drawn.randint(0, 6))
        sent[at], sent[other] = sent[other], sent[at]
    yield from sent


def deliver(store: Store, commands: Iterator[dict[str, Any]]) -> None:
    """Send commands; one that is refused, since what comes before it is still on its way, is sent again later."""
    waiting = deque(commands)
    idle = 0
    while waiting:
        command = waiting.popleft()
        try:
            store.run(command)
            idle = 0
        except CaseError:
            waiting.append(command)
            idle += 1
            assert idle <= len(waiting), "nothing goes on"


@pytest.mark.parametrize("count", [25, pytest.param(10_000, marks=pytest.mark.agree)])
def test_what_comes_twice_late_or_out_of_order_ends_as_what_came_in_order(
    in_memory: Path, count: int, told: Told
) -> None:
    """What is paid in two parts may be paid in either order; each case ends where it would have."""
    drawn = random.Random(11)
    lives = [life(number, drawn) for number in range(count)]
    one, two = opened(in_memory / "one.db"), opened(in_memory / "two.db")
    for command in (command for each in lives for command in each):
        one.run(command)
    deliver(two, disturbed(lives, drawn))
    for number in range(count):
        first, second = (Desk(store).case(f"s{number}") for store in (one, two))
        assert (first.stage, first.balances) == (second.stage, second.balances)
    assert one.verify() == two.verify() == ()
    one.close()
    two.close()
    told("duplicates, delays, reordering", f"{count:,} cases", "each ends as in the ordered run")


@pytest.mark.parametrize("count", [300, pytest.param(100_000, marks=pytest.mark.agree)])
def test_replays_change_nothing(in_memory: Path, count: int, told: Told) -> None:
    drawn = random.Random(12)
    store = opened(in_memory / "cases.db")
    commands = [command for number in range(5) for command in life(number, drawn)]
    answers = {command["id"]: store.run(command).data for command in commands}
    before = (in_memory / "cases.db").read_bytes()
    for command in drawn.choices(commands, k=count):
        again = store.run(command)
        assert (again.replayed, again.data) == (True, answers[command["id"]])
    store.close()
    assert (in_memory / "cases.db").read_bytes() == before
    told("replays", f"{count:,} commands sent again", "the stored answers, no byte of the file changed")


def reversals(store: Store, count: int) -> None:
    """Settle and reverse in turn, the last one always: the accumulators are again what they were."""
    drawn, run = random.Random(13), Desk(store)
    standing: list[tuple[str, dict[str, str]]] = []
    for number in range(count):
        before = histories(run)
        case = f"r{number}"
        run.stay(case, bill(f"c-{case}", f"p-{drawn.randint(1, 3)}", amount=f"{drawn.randint(1, 30000)}.00"))
        standing.append((case, before))
        while standing and (len(standing) > 3 or drawn.random() < 0.5):
            last, earlier = standing.pop()
            run(last, "reverse", settlement=f"settle-{last}", reason="drawn")
            assert histories(run) == earlier
    with store.reading() as connection:
        assert connection.execute(select(func.count()).select_from(EVENTS)).scalar_one() >= 4 * count
    store.close()


@pytest.mark.parametrize("count", [15, pytest.param(5_000, marks=pytest.mark.agree)])
def test_reversals_restore_what_was_on_sqlite(in_memory: Path, count: int, told: Told) -> None:
    reversals(opened(in_memory / "cases.db"), count)
    told("reversals on SQLite", f"{count:,} settlements", "the accumulators bit for bit")


@pytest.mark.parametrize("count", [15, pytest.param(5_000, marks=pytest.mark.agree)])
def test_reversals_restore_what_was_on_postgres(count: int, told: Told) -> None:
    pytest.importorskip("psycopg")
    with server() as url:
        reversals(opened(url), count)
    told("reversals on PostgreSQL", f"{count:,} settlements", "the accumulators bit for bit")


@pytest.mark.parametrize("count", [60, pytest.param(100_000, marks=pytest.mark.agree)])
def test_memory_is_flat_over_many_cases(in_memory: Path, count: int, told: Told) -> None:
    """What Python holds after all of them is what it held after the first third, but for fewer blocks than one a
    hundred cases; the process has grown by less than eight megabytes since."""
    run = Desk(opened(in_memory / "cases.db"))
    for number in range(count):
        run.stay(f"s{number}", bill(f"c{number}", f"p-{number}"))
        if number == count // 3:
            early, peak = sys.getallocatedblocks(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    blocks = sys.getallocatedblocks() - early
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak
    assert blocks < max(2_000, count // 100)
    assert grown < 8_000, f"{grown} kB"
    run.store.close()
    told("cases through one process", f"{count:,} stays", f"{blocks:,} blocks and {grown:,} kB more than after a third")
