"""The course of a stay: which commands are legal when, and the event that a legal one becomes. Pure.

A command that is not legal is refused with the reason and with the commands that are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from policyengine.cases import arrangement, ledger
from policyengine.cases.arrangement import Arrangement
from policyengine.cases.commands import Command
from policyengine.cases.ledger import PATIENT
from policyengine.cases.state import UNDOABLE, Case, Event
from policyengine.claim import quoted
from policyengine.errors import CaseError, Diagnostic
from policyengine.money import NotMoney, minor_from, text_of

IN_CARE: Final = ("admitted", "treated")
STAGES_OF: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "admit": ("registered",),
        "agree": ("registered", *IN_CARE, "discharged"),
        "deposit": IN_CARE,
        "treat": ("registered", *IN_CARE),
        "discharge": IN_CARE,
        "transfer": IN_CARE,
        "death": IN_CARE,
        "abscond": IN_CARE,
        "settle": ("discharged", "treated"),
        "pay": ("settled",),
        "refund": ("discharged", "settled", "cancelled"),
        "repay": ("settled",),
        "reclaim": ("discharged", "settled", "cancelled"),
        "instalments": ("settled",),
        "default": ("settled",),
        "write_off": ("settled",),
        "reverse": ("settled", "closed"),
        "correct": ("settled", "closed"),
        "cancel": ("registered", *IN_CARE, "discharged"),
        "close": ("settled", "cancelled"),
    }
)
"""In which stages a command can be legal; ``confirm`` and ``compensate`` can be in any."""

Ask = Callable[[Case, Command], Mapping[str, Any]]
"""What knows the rule set: of a settlement the data of the event, of an admission the course that it names. Called only
when the command is legal."""
ASKING: Final = ("settle", "admit", "correct")

_NEEDS: Final[Mapping[str, tuple[Callable[[Case], bool], str]]] = MappingProxyType(
    {
        "agree": (lambda c: not c.agreement, "the agreement is signed already"),
        "discharge": (lambda c: c.admitted_on is not None, "the patient was not admitted"),
        "transfer": (lambda c: c.admitted_on is not None, "the patient was not admitted"),
        "deposit": (lambda c: c.course.deposit, "the course of the stay asks for no deposit"),
        "settle": (lambda c: c.stage != "treated" or c.admitted_on is None, "the patient is still in hospital"),
        "pay": (lambda c: any(n == "due" and a > 0 for (_, n), a in c.balances.items()), "nothing is due"),
        "refund": (lambda c: any(_refundable(c, party) for party, _ in c.balances), "nothing is to be given back"),
        "repay": (lambda c: bool(ledger.funds_open(c.balances)), "no fund has anything left to pay"),
        "reclaim": (lambda c: bool(ledger.funds_open(c.balances, -1)), "no fund has anything to get back"),
        "instalments": (lambda c: c.due() > 0 and c.course.instalments != 0, "nothing is due in parts"),
        "default": (lambda c: c.due() > 0 and not c.defaulted, "nothing is due, or the default is recorded already"),
        "write_off": (lambda c: c.defaulted and c.due() > 0, "only what is due after a default is written off"),
        "reverse": (lambda c: c.standing is not None, "no settlement stands"),
        "correct": (lambda c: c.settlement is not None, "no settlement stands"),
        "close": (lambda c: not ledger.left_open(c.balances) and not c.pending, "something is left to pay"),
        "confirm": (lambda c: bool(c.pending), "no outcome is unknown"),
    }
)
"""What else must hold, and the reason of a refusal if it does not."""


def legal(case: Case) -> tuple[str, ...]:
    """The commands that are legal where a case stands."""
    here = [kind for kind, stages in STAGES_OF.items() if case.stage in stages and _ready(case, kind)]
    return (*here, *(["confirm"] if case.pending else []), "compensate")


def _ready(case: Case, kind: str) -> bool:
    return kind not in _NEEDS or _NEEDS[kind][0](case)


def decide(case: Case, command: Command, ask: Ask) -> Event:
    """The event that a command becomes. Raises ``CaseError`` if the command is not legal, with those that are."""
    if command.id in case.compensated:
        raise refused(case, command, "E870", "the command was compensated before it arrived", "a new id")
    stages = STAGES_OF.get(command.kind)
    if stages is not None and case.stage not in stages:
        text = f"`{command.kind}` comes when a case is {_either(stages)}, and this one is {case.stage}"
        raise refused(case, command, "E861", text)
    if not _ready(case, command.kind):
        by = case.course.said if command.kind in ("deposit", "instalments") else ""
        raise refused(case, command, "E861", _NEEDS[command.kind][1] + by)
    asked = ask(case, command) if command.kind in ASKING else {}
    data = {**_DATA.get(command.kind, _nothing)(case, command), **asked}
    if command.kind == "admit" and asked:
        _check_admission(case, command, arrangement.read(asked["course"]))
    return Event(case.number + 1, command.id, command.kind, command.on, command.at, data)


def refused(
    case: Case, command: Command, code: str, text: str, expected: str = "", field: str = "", hint: str = ""
) -> CaseError:
    """The refusal of a command; it names case and command, and says what is legal unless it says what is expected."""
    known = expected or "one of " + ", ".join(legal(case))
    record = f"case {quoted(case.id)}, command {quoted(command.id)}"
    return CaseError(Diagnostic(code, text, None, known, hint, record=record, field=field))


def _either(words: tuple[str, ...]) -> str:
    return " or ".join(words)


def _minor(case: Case, command: Command, value: Decimal, field: str = "amount") -> int:
    """An amount in minor units, above zero. Raises ``CaseError``."""
    try:
        minor = minor_from(value, case.exponent)
    except NotMoney as error:
        raise refused(case, command, "E862", str(error), f"an amount of {case.currency}", field) from None
    if minor <= 0:
        raise refused(case, command, "E862", f"the amount is {value}", "an amount above 0", field)
    return minor


def _at_most(case: Case, command: Command, most: int, what: str) -> int:
    """The amount of a payment. Raises ``CaseError`` if it is more than there is to pay."""
    minor = _minor(case, command, command.body.amount)
    reserved = sum(
        event.data["amount"] for event in case.pending.values()
        if event.kind == command.kind and event.data["party"] == command.body.party
    )  # fmt: skip
    room = max(0, most - reserved)
    if minor > room:
        text = f"{text_of(minor, case.exponent)} is more than {what}"
        raise refused(case, command, "E862", text, f"at most {text_of(room, case.exponent)}", "amount")
    return minor


def _admit(case: Case, command: Command) -> Mapping[str, Any]:
    deposit = command.body.deposit
    minor = _minor(case, command, deposit, "deposit") if deposit is not None else 0
    return {"amount": minor, "agreement": command.body.agreement}


def _check_admission(case: Case, command: Command, course: Arrangement) -> None:
    """What the course asks for at admission. Raises ``CaseError``."""
    if command.body.deposit is not None and not course.deposit:
        text = f"under `{course.timing}` no deposit is asked{course.said}"
        raise refused(case, command, "E862", text, "an admission without deposit", "deposit")
    if course.agreement and not (command.body.agreement or case.agreement):
        text = f"under `{course.timing}` an agreement is signed{course.said}"
        raise refused(case, command, "E862", text, "agreement: true", "agreement")


def check_agreement(case: Case, command: Command, course: Arrangement) -> None:
    """A stay whose course asks for an agreement has one before it is settled. Raises ``CaseError``."""
    if course.agreement and case.admitted_on is not None and not case.agreement:
        text = f"under `{course.timing}` an agreement is signed, and none was{course.said}"
        raise refused(case, command, "E861", text, "`agree` first")


def _deposit(case: Case, command: Command) -> Mapping[str, Any]:
    return _money(command, _minor(case, command, command.body.amount))


def _money(command: Command, minor: int) -> Mapping[str, Any]:
    unknown = {"outcome": "unknown"} if command.body.outcome == "unknown" else {}
    return {"party": command.body.party, "amount": minor, **unknown}


def _treat(case: Case, command: Command) -> Mapping[str, Any]:
    return {"charged": _minor(case, command, command.body.charged, "charged")}


def _leave(case: Case, command: Command) -> Mapping[str, Any]:
    if case.admitted_on is not None and command.on < case.admitted_on:
        text = f"{command.on} lies before the admission"
        raise refused(case, command, "E862", text, f"{case.admitted_on} or later", "on")
    return {}


def _pay(case: Case, command: Command) -> Mapping[str, Any]:
    party = command.body.party
    return _money(command, _at_most(case, command, case.due(party), f"what {party} owes"))


def _refundable(case: Case, party: str = PATIENT) -> int:
    held = case.held if party == PATIENT and case.stage in ("settled", "cancelled") else 0
    return held + max(0, -case.due(party))


def _refund(case: Case, command: Command) -> Mapping[str, Any]:
    party = command.body.party
    return _money(command, _at_most(case, command, _refundable(case, party), f"what {party} gets back"))


def _repay(case: Case, command: Command) -> Mapping[str, Any]:
    sign = 1 if command.kind == "repay" else -1
    fund = _fund(case, command, sign)
    first = next((f for f in case.course.order if ledger.owed_by_fund(case.balances, f)), fund)
    if sign == 1 and fund in case.course.order and fund != first:
        text = f"funds pay in the order of the layers, and {first} has not{case.course.said}"
        raise refused(case, command, "E862", text, first, "party")
    what = f"what {fund} has to {'pay' if sign == 1 else 'get back'}"
    return _money(command, _at_most(case, command, ledger.owed_by_fund(case.balances, fund, sign), what))


def _fund(case: Case, command: Command, sign: int) -> str:
    fund: str = command.body.party
    known = ledger.funds_open(case.balances, sign)
    if fund not in known:
        text = f"`{quoted(fund)}` has nothing to {'pay' if sign == 1 else 'get back'}"
        raise refused(case, command, "E862", text, "one of " + ", ".join(known), "party")
    return fund


def _instalments(case: Case, command: Command) -> Mapping[str, Any]:
    parts = [(part.due, _minor(case, command, part.amount, "parts")) for part in command.body.schedule]
    total, days = sum(minor for _, minor in parts), [due for due, _ in parts]
    if total != case.due():
        text = f"the parts sum to {text_of(total, case.exponent)}"
        raise refused(case, command, "E862", text, f"{text_of(case.due(), case.exponent)}, which is due", "schedule")
    if days != sorted(set(days)) or days[0] < command.on:
        raise refused(case, command, "E862", "the days of the parts do not ascend from today", "later days", "schedule")
    course = case.course
    if course.instalments is not None and len(parts) > course.instalments:
        text = f"there are {len(parts)} parts{course.said}"
        raise refused(case, command, "E862", text, f"at most {course.instalments}", "schedule")
    settled_on = case.settlement.on if case.settlement is not None else command.on
    if course.within is not None and days[-1] > (last := settled_on + timedelta(course.within)):
        text = f"the last part is due on {days[-1]}{course.said}"
        raise refused(case, command, "E862", text, f"by {last}", "schedule")
    return {"schedule": [[due.isoformat(), minor] for due, minor in parts]}


def _default(case: Case, command: Command) -> Mapping[str, Any]:
    overdue = case.overdue(command.on)
    if overdue <= 0:
        raise refused(case, command, "E862", f"nothing is overdue on {command.on}", _next_due(case), "on")
    return {"amount": overdue, **({"fact": case.course.default} if case.course.default else {})}


def _next_due(case: Case) -> str:
    days: list[date] = [due for due, _ in case.instalments] or [d for d in (case.due_on,) if d is not None]
    return "a day after " + " or ".join(str(day) for day in days)


def _write_off(case: Case, command: Command) -> Mapping[str, Any]:
    if command.body.party != PATIENT:
        raise refused(case, command, "E862", "only what the patient owes is written off", PATIENT, "party")
    return _money(command, _at_most(case, command, case.due(), "what the patient owes"))


def _reason(_case: Case, command: Command) -> Mapping[str, Any]:
    return {"reason": command.body.reason}


def _reverse(case: Case, command: Command) -> Mapping[str, Any]:
    standing = case.standing
    assert standing is not None, "a settled case has a settlement"
    if command.body.settlement != standing.command:
        what = "award" if case.award is not None else "settlement"
        text = f"the {what} that stands is that of the command {quoted(standing.command)}"
        raise refused(case, command, "E862", text, standing.command, "settlement")
    return {"settlement": standing.command, "reason": command.body.reason}


def _confirm(case: Case, command: Command) -> Mapping[str, Any]:
    if command.body.of not in case.pending:
        text = f"the outcome of the command {quoted(command.body.of)} is not unknown"
        raise refused(case, command, "E862", text, "one of " + ", ".join(case.pending), "of")
    return {"of": command.body.of}


def _compensate(case: Case, command: Command) -> Mapping[str, Any]:
    of = command.body.of
    if of in case.compensated:
        raise refused(case, command, "E862", f"the command {quoted(of)} was compensated already", "another one", "of")
    standing = {case.standing.command} if case.standing is not None else set()
    known = [*case.pending, *case.done, *standing]
    if of in case.seen and of not in known:
        text = f"what the command {quoted(of)} did is not undone by itself, or was taken back already"
        raise refused(case, command, "E862", text, "one of " + ", ".join(known), "of")
    if standing and any(e.nature == "deposit" and e.amount < 0 for e in case.done.get(of, ())):
        text = f"the deposit of the command {quoted(of)} is part of the settlement"
        raise refused(case, command, "E862", text, "reverse the settlement first", "of")
    return {"of": of}


def _nothing(_case: Case, _command: Command) -> Mapping[str, Any]:
    return {}


_DATA: Final[Mapping[str, Callable[[Case, Command], Mapping[str, Any]]]] = MappingProxyType(
    {
        "admit": _admit, "deposit": _deposit, "treat": _treat, "discharge": _leave, "transfer": _leave,
        "death": _leave, "abscond": _leave, "pay": _pay, "refund": _refund, "repay": _repay, "reclaim": _repay,
        "instalments": _instalments, "default": _default, "write_off": _write_off, "reverse": _reverse,
        "correct": _reverse, "confirm": _confirm, "compensate": _compensate, "cancel": _reason,
    }
)  # fmt: skip

assert set(UNDOABLE) <= set(STAGES_OF)
