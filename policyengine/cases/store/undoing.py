"""Taking a settlement back: what becomes of the accumulators, and of the settlements that were made after it.

Where none was, the accumulators of its scopes are again what they were, bit for bit. Where some were, the rule file
says: ``block`` refuses, ``subtract`` takes off what it added, ``readjudicate`` settles the later ones again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import Connection

from policyengine.cases import arrangement
from policyengine.cases.commands import Command
from policyengine.cases.course import refused
from policyengine.cases.state import Case, Event
from policyengine.cases.store import scopes
from policyengine.cases.store.again import Again, Taking, chain_after, settled_again, timing_of
from policyengine.cases.store.chain import event_at
from policyengine.cases.store.settled import settled
from policyengine.cases.store.subtracting import last_of, subtracted, with_last
from policyengine.claim import Claim, quoted
from policyengine.engine import program_for
from policyengine.resettlement import corrected
from policyengine.rulebook import Rulebook

Undone = tuple[Event, tuple[Again, ...]]
"""The event with what it counts, and the later settlements that are settled again."""


def undone_by(case: Case, event: Event) -> int | None:
    """The number of the settlement, or of the award, that an event takes back, if it takes one back."""
    if event.kind in ("reverse", "correct"):
        assert case.standing is not None
        return case.standing.number
    if event.kind != "compensate":
        return None
    of = event.data["of"]
    if of in case.pending and case.pending[of].kind == "settle":
        return case.pending[of].number
    if case.standing is not None and case.standing.command == of:
        return case.standing.number
    return None


def as_it_should_be(connection: Connection, case: Case, command: Command) -> Claim:
    """The claim that a correction leaves: as it is handed in, or the standing one with its lines netted.

    Raises ``ClaimError`` for a correction that does not fit, ``CaseError`` if nothing is left.
    """
    claim: Claim = command.body.claim
    if claim.corrects is None:
        return claim
    assert case.settlement is not None
    original = Claim.model_validate(event_at(connection, case.id, case.settlement.number).data["claim"])
    if claim.corrects != original.id:
        text = f"the claim corrects {quoted(claim.corrects)}, and {quoted(original.id)} was settled"
        raise refused(case, command, "E867", text, quoted(original.id), "claim.corrects")
    found = corrected(original, claim)
    if found is None:
        raise refused(case, command, "E867", "nothing is left of the claim", "`reverse`", "claim.lines")
    return found


def take_back(
    connection: Connection, case: Case, event: Event, command: Command, books: Callable[[str], Rulebook]
) -> Undone:
    """Take the settlement of an event back, as the rule file has it. Raises ``CaseError`` where that cannot be done."""
    number = undone_by(case, event)
    assert number is not None
    made = event_at(connection, case.id, number)
    locked = scopes.lock(connection, case.ruleset, sorted(made.data["counted"]))
    taking = Taking(case, made, event, command, books(case.ruleset), locked)
    if not any(chain_after(connection, taking)):
        return _restored(connection, taking), ()
    policy = arrangement.read(made.data.get("bill", {}).get("course", {})).reverse
    return _POLICIES[policy](connection, taking)


def _restored(connection: Connection, taking: Taking) -> Event:
    """The accumulators as they were before; and what a correction then adds to them."""
    held = scopes.held_in(taking.made.data["counted"], "before")
    scopes.forget(connection, taking.key)
    scopes.write(connection, taking.locked, held, "", None)
    if taking.event.kind != "correct":
        return taking.event
    event = corrected_event(connection, taking, held)
    scopes.count(connection, taking.case.ruleset, event.data["counted"], taking.rules, (taking.case.id, event.number))
    return event


def corrected_event(connection: Connection, taking: Taking, held: dict[str, Any]) -> Event:
    """The event of a correction, settled after what the scopes hold, which are moved on."""
    case, event = taking.case, taking.event
    _widen(connection, taking, held)
    claim = Claim.model_validate(event.data["claim"])
    before = {name: held[name] for name in _scopes_of(taking)}
    data, _ = settled(case, claim, taking.book, before, timing_of(taking.made.data["bill"]), event.on)
    held |= scopes.held_in(data["counted"], "after")
    return replace(event, data={**event.data, **data})


def _scopes_of(taking: Taking) -> tuple[str, ...]:
    """The scopes of the corrected claim."""
    claim = Claim.model_validate(taking.event.data["claim"])
    return scopes.scopes_of(program_for(taking.book, claim, taking.case.known_on)[0], claim)


def _widen(connection: Connection, taking: Taking, held: dict[str, Any]) -> None:
    """Lock the scopes that only the corrected claim has, such as another household."""
    if new := [name for name in _scopes_of(taking) if name not in held]:
        held |= scopes.lock(connection, taking.case.ruleset, new).held


def _block(connection: Connection, taking: Taking) -> Undone:
    cases = dict.fromkeys(use.case for use in chain_after(connection, taking))
    text = f"later settlements are counted after this one: of {', '.join(map(quoted, cases))}"
    raise refused(taking.case, taking.command, "E868", text, "the last settlement; reverse the later ones first")


def _subtract(connection: Connection, taking: Taking) -> Undone:
    """What the settlement added is taken off what the scopes hold now. It stays counted, and so is its reversal."""
    now, event = dict(taking.locked.held), taking.event
    if event.kind == "correct":
        _widen(connection, taking, now)
    later = tuple(dict.fromkeys(use.case for use in chain_after(connection, taking)))
    held = {**now, **subtracted(taking, now, later)}
    if event.kind == "correct":
        lasts = {scope: last_of(history) for scope, history in held.items()}
        held = {scope: with_last(history, {}) for scope, history in held.items()}
        event = corrected_event(connection, taking, held)
        held = {scope: with_last(history, lasts[scope]) for scope, history in held.items()}
    counted = {scope: {"before": now[scope], "after": held[scope]} for scope in now}
    event = replace(event, data={**event.data, "counted": counted, "subtracted": True})
    scopes.count(connection, taking.case.ruleset, counted, taking.rules, (taking.case.id, event.number))
    return event, ()


def _readjudicate(connection: Connection, taking: Taking) -> Undone:
    """The later settlements are settled again, in their order, without this one."""

    def instead(held: dict[str, Any]) -> Event:
        return corrected_event(connection, taking, held) if taking.event.kind == "correct" else taking.event

    return settled_again(connection, taking, instead)


_POLICIES: Final[Mapping[str, Callable[[Connection, Taking], Undone]]] = MappingProxyType(
    {"block": _block, "subtract": _subtract, "readjudicate": _readjudicate}
)
