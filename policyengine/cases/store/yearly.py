"""A run over the settlements that stand in a store, such as a second compensation at the end of a year: what it awards
becomes a case of its own for each member, with its posting; and is taken back again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from policyengine.cases.commands import Command, Reason, Reverse
from policyengine.cases.state import Case, Event
from policyengine.cases.store import scopes
from policyengine.cases.store.again import timing_of
from policyengine.cases.store.batches import aliases_of, done, nobody, part_of, read_key
from policyengine.cases.store.chain import START, case_of, event_at, sha
from policyengine.cases.store.running import locked_head, moved, written
from policyengine.cases.store.settled import settled
from policyengine.cases.store.tables import CASES
from policyengine.claim import Claim, quoted
from policyengine.engine import program_for
from policyengine.errors import CaseError, Diagnostic
from policyengine.rulebook import Rulebook
from policyengine.runs import RunClaims, run_claims, settle_claims
from policyengine.runs.claims import run_of
from policyengine.settlement import Settlement
from policyengine.settlement.receipts import canonical

Books = Callable[[str], Rulebook]


@dataclass(frozen=True, slots=True)
class Yearly:
    """A run that is asked for: the rule set, which window, with which values, for whom; under which id, when.

    ``persons``: nobody else is awarded anything; empty for everybody.
    """

    ruleset: str
    command: str
    on: date
    at: str
    window: str | None = None
    parameters: Mapping[str, Any] | None = None
    persons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Back:
    """The awards of a run that are taken back: of which run, whose, why; under which id, when."""

    run: str
    command: str
    on: date
    at: str
    reason: str
    persons: tuple[str, ...] = ()


def award(connection: Connection, asked: Yearly, books: Books) -> tuple[str, ...]:
    """Settle the run and post what it awards; the cases that were made, again for a retry.

    Raises ``ClaimError`` as ``policyengine.runs`` does, so for a window that was settled before; ``CaseError`` for a
    settlement that the rule set, which is another one since, would make otherwise.
    """
    key = read_key(asked.command, asked.on, asked.at).id
    if earlier := done(connection, key, "award", lambda part: _payload(asked, part, "award")):
        return tuple(row.case_id for row in earlier)
    book = books(asked.ruleset)
    made = run_over(connection, book, books, asked.window)
    made = replace(made, claims=_of_persons(connection, made, asked.persons, key))
    names = {claim.id: scopes.scopes_of(program_for(book, claim)[0], claim) for claim in made.claims}
    scopes.lock(connection, asked.ruleset, sorted({name for each in names.values() for name in each}))
    cases = [_awarded(connection, asked, book, replace(made, claims=(c,)), names[c.id]) for c in made.claims]
    return tuple(sorted(cases))


def run_over(connection: Connection, book: Rulebook, books: Books, window: str | None) -> RunClaims:
    """The claims of a run over the settlements that stand. Raises as ``award``."""
    return run_claims(book, _standing(connection, run_of(book).of, books), window=window)


def award_of(
    book: Rulebook, made: RunClaims, claim: Claim, held: scopes.Histories, parameters: Mapping[str, Any] | None
) -> dict[str, Any]:
    """What a run comes to for one of its claims after what its scopes hold: the data of the event."""
    run = settle_claims(book, replace(made, claims=(claim,)), scopes.merged(held.values()), parameters=parameters)
    (found,) = run.settlements
    after = scopes.divided(run.history, claim.person.id, tuple(held))
    funds = {p.payer for p in found.layout.program.payers if p.side == "fund"}
    return {
        "claim": claim.model_dump(mode="json", exclude_unset=True), "window": made.window,
        "counted": {scope: {"before": held[scope], "after": after[scope]} for scope in held},
        "receipt": found.receipt(), "awarded": {p: m for p, m in found.split_minor.items() if p in funds and m},
    }  # fmt: skip


def _of_persons(connection: Connection, made: RunClaims, persons: tuple[str, ...], key: str) -> tuple[Claim, ...]:
    """The claims of the persons that are named, all if none is. Raises ``CaseError`` for somebody of whom the window
    has nothing."""
    if not persons:
        return made.claims
    wanted = aliases_of(connection, persons, key)
    found = tuple(claim for claim in made.claims if claim.person.id in wanted)
    missing = set(wanted) - {claim.person.id for claim in found}
    if missing:
        at = min(persons.index(wanted[alias]) for alias in missing)
        raise nobody(key, at, f"no settlement of theirs lies in {made.window}")
    return found


def award_taken_back(connection: Connection, asked: Back, books: Books) -> tuple[str, ...]:
    """Take back what a run awarded, to all or to some; the cases, again for a retry.

    What is posted is the award with the opposite sign; the accumulators of the run are again what they were before, so
    that a later run may award anew. Raises ``CaseError`` for no such run, for somebody to whom nothing stands awarded,
    and for an award after which another run has counted.
    """
    body = Reason.model_validate({"reason": asked.reason})
    key = read_key(asked.command, asked.on, asked.at).id
    if earlier := done(connection, key, "reverse", lambda part: _payload_back(asked, part)):
        return tuple(row.case_id for row in earlier)
    for case in (cases := _to_take_back(connection, asked, key)):
        assert case.award is not None
        part = part_of(key, case.person)
        said = Reverse(settlement=case.award.command, reason=body.reason)
        command = Command(part, case.id, "reverse", asked.on, asked.at, said)
        head = locked_head(connection, case.id)
        assert head is not None
        moved(connection, command, head, _payload_back(asked, part), books)
    return tuple(case.id for case in cases)


def _to_take_back(connection: Connection, asked: Back, key: str) -> list[Case]:
    """The cases of a run whose awards stand, of the persons that are named or of all."""
    query = select(CASES.c.id).where(CASES.c.id.startswith(f"{asked.run}/", autoescape=True)).order_by(CASES.c.id)
    every = [case_of(connection, case_id) for case_id in connection.execute(query).scalars()]
    awarded = {case.person: case for case in every if case is not None and case.award is not None}
    if not awarded:
        text = f"no award of a run {quoted(asked.run)} stands"
        raise CaseError(Diagnostic("E864", text, None, "the id of a run", record=f"command {quoted(key)}", field="run"))
    if not asked.persons:
        return list(awarded.values())
    for at, alias in enumerate(aliases_of(connection, asked.persons, key)):
        if alias not in awarded:
            raise nobody(key, at, f"no award of the run {quoted(asked.run)} to them stands")
    return [awarded[alias] for alias in sorted(aliases_of(connection, asked.persons, key))]


def _standing(connection: Connection, of: tuple[str, ...], books: Books) -> Iterator[Settlement]:
    """The settlements that stand, of the rule sets that the run takes, made again from their events."""
    query = select(CASES.c.id, CASES.c.ruleset).order_by(CASES.c.id)
    for row in connection.execute(query).all():
        if of != ("settlements",) and row.ruleset not in of:
            continue
        case = case_of(connection, row.id)
        if case is None or case.settlement is None:
            continue
        event = event_at(connection, case.id, case.settlement.number)
        claim, held = Claim.model_validate(event.data["claim"]), scopes.held_in(event.data["counted"], "before")
        timing = timing_of(event.data["bill"])
        data, found = settled(case, claim, books(case.ruleset), held, timing, event.on)
        if data["bill"]["split"] != event.data["bill"]["split"]:
            text = f"the settlement of {quoted(case.id)} is another one by the rule set as it is now"
            raise CaseError(Diagnostic("E945", text, None, "the rule set by which it was settled", record="store"))
        yield found


def _awarded(connection: Connection, asked: Yearly, book: Rulebook, made: RunClaims, names: tuple[str, ...]) -> str:
    """One member's part of the run, as a case of its own. Its id."""
    claim = made.claims[0]
    held = scopes.lock(connection, asked.ruleset, names).held
    awarded = award_of(book, made, claim, held, asked.parameters)
    opened: dict[str, Any] = {"person": claim.person.id, "ruleset": asked.ruleset, "currency": claim.currency}
    opened |= {"parameters": {k: str(v) for k, v in asked.parameters.items()}} if asked.parameters else {}
    case_id = f"{asked.command}/{claim.person.id}"
    _step(connection, asked, case_id, Event(1, f"{case_id}/open", "open", asked.on, asked.at, opened))
    _step(connection, asked, case_id, Event(2, case_id, "award", asked.on, asked.at, awarded))
    scopes.count(connection, asked.ruleset, awarded["counted"], f"sha256:{book.digest}", (case_id, 2))
    return case_id


def _step(connection: Connection, asked: Yearly, case_id: str, event: Event) -> None:
    """Write one event of the case."""
    command = Command(event.command, case_id, event.kind, asked.on, asked.at, None)
    payload = _payload(asked, event.command, event.kind)
    case = case_of(connection, case_id)
    previous = START
    if case is not None:
        previous = connection.execute(select(CASES.c.hash).where(CASES.c.id == case_id)).scalar_one()
    written(connection, command, case, event, payload, previous)


def _payload(asked: Yearly, part: str, kind: str) -> str:
    """The hash by which two runs of one id are told apart."""
    said: list[Any] = [part, kind, str(asked.on), asked.ruleset, asked.window]
    said += [{k: str(v) for k, v in asked.parameters.items()}] if asked.parameters else []
    said += [list(asked.persons)] if asked.persons else []
    return sha(canonical(said))


def _payload_back(asked: Back, part: str) -> str:
    return sha(canonical([part, "reverse", str(asked.on), asked.run, asked.reason, list(asked.persons)]))
