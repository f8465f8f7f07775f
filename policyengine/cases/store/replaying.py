"""Settling everything of a case once more, from what its events hold, and holding the result against them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from policyengine.cases.state import Case, Event
from policyengine.cases.store import scopes
from policyengine.cases.store.again import timing_of
from policyengine.cases.store.chain import text_of
from policyengine.cases.store.reading import steps_of
from policyengine.cases.store.settled import settled
from policyengine.claim import Claim
from policyengine.rulebook import Rulebook

COMPARED = ("bill", "receipt", "counted")


@dataclass(frozen=True, slots=True)
class Replayed:
    """A settlement made again: what of its event differs, and whether the rule set is another one since."""

    event: int
    claim: str
    differs: tuple[str, ...]
    other_rules: bool


def replayed(connection: Connection, case_id: str, books: Callable[[str], Rulebook]) -> tuple[Replayed, ...]:
    """Every settlement of a case, made again. Raises ``CaseError`` for no such case, ``ClaimError`` and ``RuleError``
    where a claim cannot be settled any more."""
    return tuple(_replayed(connection, case_id, books))


def _replayed(connection: Connection, case_id: str, books: Callable[[str], Rulebook]) -> Iterator[Replayed]:
    for step in steps_of(connection, case_id):
        if "bill" in step.event.data and not step.event.data.get("subtracted"):
            yield _once_more(step.after, step.event, books(step.after.ruleset))


def _once_more(case: Case, event: Event, book: Rulebook) -> Replayed:
    data = event.data
    claim = Claim.model_validate(data["claim"])
    made, _ = settled(case, claim, book, scopes.held_in(data["counted"], "before"), timing_of(data["bill"]), event.on)
    again = json.loads(text_of(made))
    differs = tuple(name for name in COMPARED if again[name] != data[name])
    return Replayed(event.number, claim.id, differs, made["receipt"]["rules"] != data["receipt"]["rules"])
