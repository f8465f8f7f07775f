"""Settling everything of a case once more, from what its events hold, and holding the result against them; an award,
from the settlements that stand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection

from policyengine.cases.state import Case, Event
from policyengine.cases.store import scopes
from policyengine.cases.store.again import timing_of
from policyengine.cases.store.chain import text_of
from policyengine.cases.store.reading import steps_of
from policyengine.cases.store.settled import settled
from policyengine.cases.store.yearly import Books, award_of, run_over
from policyengine.claim import Claim
from policyengine.rulebook import Rulebook
from policyengine.runs import RunClaims

COMPARED: Final = ("bill", "claim", "awarded", "receipt", "counted")
Made = dict[tuple[str, str], RunClaims]
"""The runs that were made again, by rule set and window."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """A settlement or an award made again: what of its event differs, and whether the rule set is another one since.
    ``claim``: its id, and of an award the id that the run gave."""

    case: str
    event: int
    claim: str
    differs: tuple[str, ...]
    other_rules: bool = False


def replayed(connection: Connection, case_ids: Iterable[str], books: Books) -> Iterator[Replayed]:
    """Every settlement of some cases, made again after what was counted before it; and every award that stands, by the
    settlements that stand now. Raises ``CaseError`` for no such case, ``ClaimError`` and ``RuleError`` where a claim
    cannot be settled any more."""
    made: Made = {}
    for case_id in case_ids:
        steps = steps_of(connection, case_id)
        for step in steps:
            if "bill" in step.event.data and not step.event.data.get("subtracted"):
                yield _once_more(step.after, step.event, books(step.after.ruleset))
        award = steps[-1].after.award
        if award is not None:
            yield _awarded_again(connection, steps[-1].after, steps[award.number - 1].event, books, made)


def _once_more(case: Case, event: Event, book: Rulebook) -> Replayed:
    data = event.data
    claim = Claim.model_validate(data["claim"])
    made, _ = settled(case, claim, book, scopes.held_in(data["counted"], "before"), timing_of(data["bill"]), event.on)
    return _held_against(case, event, claim.id, made)


def _awarded_again(connection: Connection, case: Case, event: Event, books: Books, made: Made) -> Replayed:
    book, data = books(case.ruleset), event.data
    key = case.ruleset, data["window"]
    if key not in made:
        made[key] = run_over(connection, book, books, data["window"])
    claim = next((claim for claim in made[key].claims if claim.person.id == case.person), None)
    if claim is None:
        return Replayed(case.id, event.number, data["claim"]["id"], ("awarded",))
    held = scopes.held_in(data["counted"], "before")
    return _held_against(case, event, claim.id, award_of(book, made[key], claim, held, case.parameters or None))


def _held_against(case: Case, event: Event, claim: str, made: Mapping[str, Any]) -> Replayed:
    """What was made again beside what the event says."""
    again = json.loads(text_of(made))
    differs = tuple(name for name in COMPARED if again.get(name) != event.data.get(name))
    other = again["receipt"]["rules"] != event.data["receipt"]["rules"]
    return Replayed(case.id, event.number, claim, differs, other)
