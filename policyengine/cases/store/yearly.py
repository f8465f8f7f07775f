"""A run over the settlements that stand in a store, such as a second compensation at the end of a year: what it awards
becomes a case of its own for each member, with its posting."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from policyengine.cases.commands import Command, Envelope
from policyengine.cases.state import Event
from policyengine.cases.store import scopes
from policyengine.cases.store.again import timing_of
from policyengine.cases.store.chain import START, case_of, event_at, sha
from policyengine.cases.store.running import written
from policyengine.cases.store.settled import plain, settled, texts
from policyengine.cases.store.tables import CASES, COMMANDS
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
    """A run that is asked for: the rule set, which window, with which values; under which id, when."""

    ruleset: str
    command: str
    on: date
    at: str
    window: str | None = None
    parameters: Mapping[str, Any] | None = None


def award(connection: Connection, asked: Yearly, books: Books) -> tuple[str, ...]:
    """Settle the run and post what it awards; the cases that were made, again for a retry.

    Raises ``ClaimError`` as ``policyengine.runs`` does, so for a window that was settled before; ``CaseError`` for a
    settlement that the rule set, which is another one since, would make otherwise.
    """
    stated = {"id": asked.command, "case": "-", "kind": "award", "on": asked.on, "at": asked.at}
    key = Envelope.model_validate(stated).id
    query = select(COMMANDS.c.case_id).where(COMMANDS.c.id.startswith(f"{key}/", autoescape=True)).distinct()
    if done := connection.execute(query.order_by(COMMANDS.c.case_id)).scalars().all():
        return tuple(done)
    book = books(asked.ruleset)
    made = run_claims(book, _standing(connection, run_of(book).of, books), window=asked.window)
    names = {claim.id: scopes.scopes_of(program_for(book, claim)[0], claim) for claim in made.claims}
    scopes.lock(connection, asked.ruleset, sorted({name for each in names.values() for name in each}))
    cases = [_awarded(connection, asked, book, replace(made, claims=(c,)), names[c.id]) for c in made.claims]
    return tuple(sorted(cases))


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
        claim, held = Claim.model_validate(event.data["claim"]), texts(event.data["counted"], "before")
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
    run = settle_claims(book, made, scopes.merged(held.values()), parameters=asked.parameters)
    (found,) = run.settlements
    after = scopes.divided(run.history, claim.person.id, names)
    funds = {p.payer for p in found.layout.program.payers if p.side == "fund"}
    counted = {scope: {"before": plain(held[scope]), "after": plain(after[scope])} for scope in names}
    awarded = {
        "claim": claim.model_dump(mode="json", exclude_unset=True), "window": made.window, "counted": counted,
        "receipt": found.receipt(), "awarded": {p: m for p, m in found.split_minor.items() if p in funds and m},
    }  # fmt: skip
    opened: dict[str, Any] = {"person": claim.person.id, "ruleset": asked.ruleset, "currency": claim.currency}
    opened |= {"parameters": {k: str(v) for k, v in asked.parameters.items()}} if asked.parameters else {}
    case_id = f"{asked.command}/{claim.person.id}"
    _step(connection, asked, case_id, Event(1, f"{case_id}/open", "open", asked.on, asked.at, opened))
    _step(connection, asked, case_id, Event(2, case_id, "award", asked.on, asked.at, awarded))
    scopes.count(connection, asked.ruleset, counted, f"sha256:{book.digest}", (case_id, 2))
    return case_id


def _step(connection: Connection, asked: Yearly, case_id: str, event: Event) -> None:
    """Write one event of the case."""
    command = Command(event.command, case_id, event.kind, asked.on, asked.at, None, {})
    payload = sha(canonical([event.command, event.kind, str(asked.on), asked.ruleset, asked.window]))
    case = case_of(connection, case_id)
    previous = START
    if case is not None:
        previous = connection.execute(select(CASES.c.hash).where(CASES.c.id == case_id)).scalar_one()
    written(connection, command, case, event, payload, previous)
