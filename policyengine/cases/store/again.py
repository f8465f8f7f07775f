"""Settling later claims again, since an earlier settlement is taken back from under them."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from typing import Any

from sqlalchemy import Connection, select

from policyengine.cases.commands import Command
from policyengine.cases.course import refused
from policyengine.cases.state import Case, Event
from policyengine.cases.store import scopes
from policyengine.cases.store.chain import append, case_of, event_at, linked
from policyengine.cases.store.scopes import Use
from policyengine.cases.store.settled import settled
from policyengine.cases.store.tables import CASES
from policyengine.claim import Claim, quoted
from policyengine.errors import CaseError
from policyengine.rulebook import Rulebook

Key = tuple[str, int]
"""An event: its case and its number."""


@dataclass(frozen=True, slots=True)
class Taking:
    """A settlement that is taken back: the event that made it, the one that takes it back, the scopes, locked."""

    case: Case
    made: Event
    event: Event
    command: Command
    book: Rulebook
    locked: scopes.Locked

    @property
    def key(self) -> Key:
        return (self.case.id, self.made.number)

    @property
    def rules(self) -> str:
        """The digest of the rule set."""
        return f"sha256:{self.book.digest}"


@dataclass(frozen=True, slots=True)
class Again:
    """An event of another case, which is written after the one that is its reason."""

    case: Case
    event: Event
    previous: str

    def write(self, connection: Connection, stamp: str) -> None:
        append(connection, linked(self.case, self.event, self.case.id), stamp, self.previous)


def chain_after(connection: Connection, taking: Taking) -> Iterator[Use]:
    """What is counted in the scopes of the settlement after it, in the order of settling."""
    mine = scopes.uses_of(connection, taking.case.ruleset, taking.key)
    later = [u for use in mine for u in scopes.uses_from(connection, taking.case.ruleset, use.scope, use.settled + 1)]
    yield from sorted(later, key=lambda use: (use.settled, use.case))


def timing_of(bill: Mapping[str, Any]) -> str | None:
    """Who advances, if the command said so and not the rule file."""
    if bill["by"]["provision"]:
        return None
    return str(bill.get("timing") or ("claim_later" if bill["claimed"] else "one_stop"))


def settled_again(
    connection: Connection, taking: Taking, instead: Callable[[dict[str, Any]], Event]
) -> tuple[Event, tuple[Again, ...]]:
    """Settle everything again that rests on the settlement. ``instead``: the event that takes its place, which moves
    the histories on. Raises ``CaseError`` if something cannot be settled again."""
    order, held = _resting(connection, taking)
    heads = _heads(connection, {case for case, _ in order})
    for key in (taking.key, *order):
        scopes.forget(connection, key)
    scopes.write(connection, scopes.lock(connection, taking.case.ruleset, sorted(held)), held, "", None)
    first = instead(held)
    if "counted" in first.data:
        _count(connection, taking, first, taking.case.id)
    again = []
    for case_id, number in order:
        case = case_of(connection, case_id)
        assert case is not None
        event = _once_more(connection, taking, case, number, held)
        _count(connection, taking, event, case_id)
        again.append(Again(case, event, heads[case_id]))
    return replace(first, data={**first.data, "again": [one.case.id for one in again]}), tuple(again)


def _count(connection: Connection, taking: Taking, event: Event, case_id: str) -> None:
    scopes.count(connection, taking.case.ruleset, event.data["counted"], taking.rules, (case_id, event.number))


def _resting(connection: Connection, taking: Taking) -> tuple[list[Key], dict[str, Any]]:
    """The later settlements that rest on one, directly or through others, in an order of settling; and what the scopes
    held before the first of them. All their scopes are locked."""
    ruleset = taking.case.ruleset
    since = {use.scope: use.settled + 1 for use in scopes.uses_of(connection, ruleset, taking.key)}
    held = scopes.held_in(taking.made.data["counted"], "before")
    lines: dict[str, tuple[Use, ...]] = {}
    while True:
        scopes.lock(connection, ruleset, sorted(since))
        lines = {scope: scopes.uses_from(connection, ruleset, scope, first) for scope, first in since.items()}
        keys = {use.key for line in lines.values() for use in line}
        every = {key: scopes.uses_of(connection, ruleset, key) for key in keys}
        wider = dict(since)
        for uses in every.values():
            for use in uses:
                wider[use.scope] = min(use.settled, wider.get(use.scope, use.settled))
        if wider == since:
            break
        since = wider
    for scope, line in lines.items():
        if scope not in held:
            held[scope] = event_at(connection, *line[0].key).data["counted"][scope]["before"]
    return _sorted(lines), held


def _sorted(lines: Mapping[str, tuple[Use, ...]]) -> list[Key]:
    """One order that is the order of each scope; those that share no scope by case."""
    sorter: TopologicalSorter[Key] = TopologicalSorter()
    for line in lines.values():
        for at, use in enumerate(line):
            sorter.add(use.key, *(before.key for before in line[max(0, at - 1) : at]))
    sorter.prepare()
    ready: list[Key] = []
    found: list[Key] = []
    while sorter.is_active():
        for key in sorter.get_ready():
            heapq.heappush(ready, key)
        found.append(heapq.heappop(ready))
        sorter.done(found[-1])
    return found


def _heads(connection: Connection, cases: set[str]) -> dict[str, str]:
    """The ends of the chains of cases, which stay locked."""
    query = select(CASES.c.id, CASES.c.hash).where(CASES.c.id.in_(sorted(cases))).order_by(CASES.c.id)
    return {row.id: row.hash for row in connection.execute(query.with_for_update())}


def _once_more(connection: Connection, taking: Taking, case: Case, number: int, held: dict[str, Any]) -> Event:
    """The settlement of another case again, after what the scopes hold now, which are moved on."""
    made = event_at(connection, case.id, number)
    if case.settlement is None or case.settlement.number != number:
        raise _stays(taking, case, "its outcome is unknown, or it was subtracted")
    if made.data["receipt"]["rules"] != taking.rules:
        raise _stays(taking, case, "it was settled by another version of the rule set")
    before = {scope: held[scope] for scope in made.data["counted"]}
    claim = Claim.model_validate(made.data["claim"])
    data, _ = settled(case, claim, taking.book, before, timing_of(made.data["bill"]), taking.event.on)
    held |= scopes.held_in(data["counted"], "after")
    data |= {"because": {"case": taking.case.id, "command": taking.command.id}}
    event = taking.event
    return Event(case.number + 1, taking.command.id, "resettle", event.on, event.at, data)


def _stays(taking: Taking, case: Case, why: str) -> CaseError:
    text = f"the later settlement of {quoted(case.id)} cannot be made again: {why}"
    return refused(taking.case, taking.command, "E944", text, "the last settlement; reverse the later ones first")
