"""What a course needs to know of the rule set and of the store: the timing that is named at admission, defaults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from policyengine import ir
from policyengine.cases.arrangement import arranged, reads
from policyengine.cases.commands import Command
from policyengine.cases.course import refused
from policyengine.cases.state import Case
from policyengine.cases.store import statements
from policyengine.cases.store.chain import case_of
from policyengine.claim import Claim, quoted
from policyengine.errors import nearest
from policyengine.rulebook import Rulebook


def admitted_by(connection: Connection, case: Case, command: Command, book: Rulebook) -> Mapping[str, Any]:
    """The course of the timing that an admission names. Raises ``CaseError`` if the rules of the day have no such
    timing, or if a default stands that keeps the person from it."""
    wanted = command.body.course
    program = book.program_on(command.on, case.known_on)
    known = [t.provision for t in program.timings] if program is not None else []
    if program is None or wanted not in known:
        text = f"the rules of {command.on} have no timing {quoted(wanted)} {nearest(wanted, known)}".rstrip()
        raise refused(case, command, "E862", text, "one of " + ", ".join(known), "course")
    for other, fact in defaults_of(connection, case.person, case.id).items():
        if reads(program, wanted, fact):
            text = f"the person has not paid what was due in the case {quoted(other)}, and `{wanted}` rests on `{fact}`"
            raise refused(case, command, "E942", text, "another course, or the payment of what is due there", "course")
    return {"course": arranged(program, wanted, book.sources).plain()}


def check_defaults(connection: Connection, case: Case, command: Command, program: ir.Program) -> None:
    """A claim says what defaults of the person make true. Raises ``CaseError``."""
    read = {decl.name for decl in program.inputs}
    if not any(course.default in read for course in program.courses):
        return
    claim: Claim = command.body.claim
    for other, fact in defaults_of(connection, case.person, case.id).items():
        if fact in read and fact not in claim.person.tags and claim.facts.get(fact) is not True:
            text = f"the person has not paid what was due in the case {quoted(other)}; the claim does not say `{fact}`"
            raise refused(case, command, "E942", text, f"a claim with `{fact}`, or the payment of what is due there")


def defaults_of(connection: Connection, person: str, besides: str) -> dict[str, str]:
    """The cases of a person in which a default stands and something is due, with the fact that it makes true."""
    cases = connection.execute(statements.DEFAULTS, {"of": person, "besides": besides}).scalars()
    found: dict[str, str] = {}
    for case_id in dict.fromkeys(cases):
        other = case_of(connection, case_id)
        if other is not None and other.defaulted and other.due() > 0 and other.course.default:
            found[case_id] = other.course.default
    return found
