"""Writers at once: processes that settle stays of a few hot members in one store, and what comes of it."""

from __future__ import annotations

import json
import multiprocessing
from functools import cache
from pathlib import Path
from typing import Any

from policyengine.cases import Store, open_store
from policyengine.errors import CaseError
from policyengine.loading import load
from policyengine.rulebook import Rulebook
from tests.ledger.stays import RAOHE, Desk, bill

MEMBERS = 20


@cache
def book(name: str) -> Rulebook:
    """A rule set, which processes that are forked later have in memory."""
    return load(name)


def write(place: str, writer: int, stays: int, options: dict[str, Any], answers: Any) -> None:
    """Settle ``stays`` stays of members in turn; tells what was refused."""
    wrong: list[str] = []
    try:
        store = open_store(place, rules=book, **options)
    except CaseError as error:
        answers.put([repr(error)])
        return
    run = Desk(store)
    for number in range(stays):
        case = f"s-{writer}-{number}"
        claim = bill(f"c-{writer}-{number}", f"member-{(writer + number) % MEMBERS}", amount="1000.00")
        run.ids = iter(f"{case}-{at}" for at in range(9))  # type: ignore[assignment]
        try:
            run.stay(case, claim)
        except Exception as error:
            wrong.append(repr(error))
    store.close()
    answers.put(wrong)


def at_once(place: str | Path, writers: int, stays: int, **options: Any) -> list[str]:
    """Run writers at once; everything that any of them was refused."""
    book(RAOHE)
    open_store(place, **options).close()
    fork = multiprocessing.get_context("fork")
    answers: Any = fork.SimpleQueue()
    started = [fork.Process(target=write, args=(str(place), w, stays, options, answers)) for w in range(writers)]
    for process in started:
        process.start()
    found = [message for _ in started for message in answers.get()]
    for process in started:
        process.join()
    return found


def counted(store: Store) -> dict[str, int]:
    """How much the pool has paid in county hospitals for each scope, in fen, as the accumulators say."""
    from sqlalchemy import select

    from policyengine.cases.store.tables import SCOPES

    found: dict[str, int] = {}
    with store.reading() as connection:
        for row in connection.execute(select(SCOPES)):
            for one in json.loads(row.history)["accumulators"] if row.history else ():
                if one["meter"] == "county_inpatient_paid":
                    found[row.scope] = int(str(one["value"]).replace(".", ""))
    return found


def paid(store: Store) -> int:
    """What the pool owes or has paid, in fen, as the ledger says."""
    from sqlalchemy import func, select

    from policyengine.cases.store.tables import ENTRIES

    query = select(func.sum(ENTRIES.c.amount)).where(ENTRIES.c.party == "pooled_fund", ENTRIES.c.nature == "advance")
    with store.reading() as connection:
        return int(connection.execute(query).scalar_one() or 0)


def wrong_after(place: str | Path, writers: int, stays: int, **options: Any) -> list[str]:
    """What is wrong after writers at once: refusals, findings of ``verify``, sums that differ."""
    wrong = at_once(place, writers, stays, **options)
    store = open_store(place, rules=book, **options)
    try:
        wrong += [str(found) for found in store.verify()]
        ledger, meters = paid(store), sum(counted(store).values())
        # 1,000 - 500 of every stay at 75 % for the poor, until the county's ceiling of 10,000 a year
        due = sum(min(37500 * n, 1000000) for n in _stays_by_member(writers, stays).values())
        if not ledger == meters == due:
            wrong.append(f"the ledger says {ledger}, the accumulators {meters}, due are {due}")
    finally:
        store.close()
    return wrong


def _stays_by_member(writers: int, stays: int) -> dict[int, int]:
    found: dict[int, int] = {}
    for writer in range(writers):
        for number in range(stays):
            member = (writer + number) % MEMBERS
            found[member] = found.get(member, 0) + 1
    return found
