"""One command, inside one transaction: locked, looked up, folded, decided, written. Commits nothing itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from policyengine.cases import ledger
from policyengine.cases.commands import Command, digest_text, read_command, said_in
from policyengine.cases.course import check_agreement, decide, legal, refused
from policyengine.cases.settling import course_of
from policyengine.cases.state import Case, Event
from policyengine.cases.store import people, scopes, statements
from policyengine.cases.store.chain import START, answered, append, case_of, kept, linked, sha, text_of
from policyengine.cases.store.courses import admitted_by, check_defaults
from policyengine.cases.store.settled import settled
from policyengine.cases.store.undoing import as_it_should_be, take_back, undone_by
from policyengine.claim import Claim, quoted
from policyengine.engine import program_for
from policyengine.errors import CaseError, Diagnostic
from policyengine.money import text_of as amount_text
from policyengine.rulebook import Rulebook

Books = Callable[[str], Rulebook]


@dataclass(frozen=True, slots=True)
class Result:
    """The answer to a command, as plain data. ``replayed``: it had been run before, and nothing was done."""

    data: Mapping[str, Any]
    replayed: bool = False


def run_in(connection: Connection, data: Mapping[str, Any], books: Books) -> Result:
    """Run one command within a transaction. Raises as ``Store.run``."""
    command = read_command(dict(data))
    head = locked_head(connection, command.case)
    named = people.named(connection, command)
    payload = sha(digest_text(named.command))
    found = kept(connection, command.id)
    if found is not None:
        return _answer_again(found, command, payload)
    people.write(connection, named.new)
    if command.kind == "open":
        return _opened(connection, named.command, head, payload, books)
    if head is None:
        text = f"there is no case {quoted(command.case)}"
        raise CaseError(Diagnostic("E864", text, None, "a case that was opened", record=_record(command)))
    return moved(connection, named.command, head, payload, books)


def locked_head(connection: Connection, case_id: str) -> Row[Any] | None:
    """The row of a case, locked until the transaction ends."""
    return connection.execute(statements.CASE_LOCKED, {"case_id": case_id}).one_or_none()


def _answer_again(found: Row[Any], command: Command, payload: str) -> Result:
    if found.payload != payload:
        text = f"the command {quoted(command.id)} was run before and said something else"
        hint = "a retry says the same under the same id; another command has an id of its own"
        raise CaseError(Diagnostic("E863", text, None, "what it said", hint, record=_record(command)))
    return Result(json.loads(found.result), True)


def _record(command: Command) -> str:
    return f"case {quoted(command.case)}, command {quoted(command.id)}"


def _opened(connection: Connection, command: Command, head: Row[Any] | None, payload: str, books: Books) -> Result:
    if head is not None:
        text = f"the case {quoted(command.case)} was opened before"
        raise CaseError(Diagnostic("E865", text, None, "an id of its own", record=_record(command)))
    book = books(command.body.ruleset)
    data = {name: value for name, value in said_in(command.body).items() if value}
    data |= {"ruleset": command.body.ruleset, "currency": book.programs[-1].currency}
    event = Event(1, command.id, "open", command.on, command.at, data)
    return written(connection, command, None, event, payload, START)


def moved(connection: Connection, command: Command, head: Row[Any], payload: str, books: Books) -> Result:
    """Run a command of a case that is there, whose row is locked. Raises as ``Store.run``."""
    case = case_of(connection, command.case)
    assert case is not None
    if case.number != head.number:
        text = f"the case {quoted(command.case)} has {case.number} events, its row says {head.number}"
        raise CaseError(Diagnostic("E872", text, None, "run `policyengine case verify`", record=_record(command)))
    event = decide(case, command, lambda c, k: _asked(connection, c, k, books))
    if undone_by(case, event) is None:
        return written(connection, command, case, event, payload, head.hash)
    event, again = take_back(connection, case, event, command, books)
    result = written(connection, command, case, event, payload, head.hash)
    for one in again:
        one.write(connection, payload)
    return result


def _asked(connection: Connection, case: Case, command: Command, books: Books) -> Mapping[str, Any]:
    """What the rule set says of a command: what its claim comes to, or the course that an admission names."""
    if command.kind == "settle":
        return _settled(connection, case, command, books)
    if command.kind == "correct":
        claim = as_it_should_be(connection, case, command)
        _check_claim(case, command, claim)
        return {"claim": claim.model_dump(mode="json", exclude_unset=True)}
    return admitted_by(connection, case, command, books(case.ruleset)) if command.body.course else {}


def _settled(connection: Connection, case: Case, command: Command, books: Books) -> Mapping[str, Any]:
    """What the claim of a case comes to, after what is counted in its scopes, which stay locked; it is counted."""
    claim: Claim = command.body.claim
    _check_claim(case, command, claim)
    book = books(case.ruleset)
    program, _ = program_for(book, claim, case.known_on)
    check_defaults(connection, case, command, program)
    locked = scopes.lock(connection, case.ruleset, scopes.scopes_of(program, claim))
    data, found = settled(case, claim, book, locked.held, command.body.timing, command.on)
    check_agreement(case, command, course_of(found))
    after, use = scopes.held_in(data["counted"], "after"), (case.id, case.number + 1)
    scopes.write(connection, locked, after, f"sha256:{book.digest}", use)
    return {**data, **({"outcome": "unknown"} if command.body.outcome == "unknown" else {})}


def _check_claim(case: Case, command: Command, claim: Claim) -> None:
    """The claim is of the person and the stay of the case. Raises ``CaseError``."""
    if claim.person.id != case.person:
        raise refused(
            case, command, "E867", "the claim is of another person", "the person of the case", "claim.person.id"
        )
    if claim.currency != case.currency:
        raise refused(case, command, "E867", f"the claim is in {claim.currency}", case.currency, "claim.currency")
    stated = claim.encounter.discharge_date
    if case.left_on is not None and stated is not None and stated != case.left_on:
        text = f"the claim says that the stay ended on {stated}"
        raise refused(case, command, "E867", text, str(case.left_on), "claim.encounter.discharge_date")


def written(
    connection: Connection, command: Command, case: Case | None, event: Event, payload: str, previous: str
) -> Result:
    """Write the event, what it posts, and the row of the command."""
    link = linked(case, event, command.case)
    text = text_of(answer(link.after, link.event))
    append(connection, link, answered(command.id, payload, text), previous)
    row = {"id": command.id, "case_id": command.case, "number": event.number, "payload": payload, "result": text}
    statements.send(connection, statements.NEW_COMMAND, row)
    return Result(json.loads(text))


def answer(case: Case, event: Event) -> dict[str, Any]:
    """What a command is answered: where the case stands, what is left to pay, what is legal next."""
    shown = [
        {"party": party, "nature": nature, "amount": amount_text(amount, case.exponent)}
        for (party, nature), amount in sorted(ledger.left_open(case.balances).items())
    ]
    found: dict[str, Any] = {
        "case": case.id, "command": event.command, "kind": event.kind, "event": event.number, "stage": case.stage,
        "left": shown, "legal": list(legal(case)),
    }  # fmt: skip
    if again := event.data.get("again"):
        found["again"] = again
    if event.kind in ("settle", "correct"):
        bill = event.data["bill"]
        found["split"] = {payer: amount_text(minor, case.exponent) for payer, minor in bill["split"].items()}
    return found
