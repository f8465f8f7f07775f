"""The state of a case: a fold of its events. ``apply`` is the only place that knows what an event changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from policyengine.cases import arrangement, ledger
from policyengine.cases.arrangement import USUAL, Arrangement
from policyengine.cases.ledger import PATIENT, Account, Posting
from policyengine.money import exponent_of

STAGES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "registered": ("已登记", "registered"),
        "admitted": ("已入院", "admitted"),
        "treated": ("治疗中", "in treatment"),
        "discharged": ("已出院", "discharged"),
        "settling": ("结算待确认", "settling, outcome unknown"),
        "settled": ("已结算", "settled"),
        "closed": ("已结清", "closed"),
        "cancelled": ("已取消", "cancelled"),
    }
)
"""The stages of a stay, 中文 and English."""


@dataclass(frozen=True, slots=True)
class Event:
    """What happened: number ``number`` of its case. ``data`` is plain JSON, amounts in minor units."""

    number: int
    command: str
    kind: str
    on: date
    at: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """A settlement that stands, or an award of a run: the command that made it, its event, claim and posting."""

    command: str
    number: int
    claim: str
    on: date
    split: Mapping[str, int]
    entries: Posting


@dataclass(frozen=True, slots=True)
class Case:
    """Where a case stands after ``number`` events. ``balances`` is the sum of all postings."""

    id: str
    person: str
    ruleset: str
    currency: str
    known_on: date | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    stage: str = "registered"
    number: int = 1
    course: Arrangement = USUAL
    agreement: bool = False
    admitted_on: date | None = None
    charged: int = 0
    left: str = ""
    left_on: date | None = None
    settlement: Standing | None = None
    award: Standing | None = None
    due_on: date | None = None
    instalments: tuple[tuple[date, int], ...] = ()
    defaulted: bool = False
    balances: Mapping[Account, int] = field(default_factory=dict)
    pending: Mapping[str, Event] = field(default_factory=dict)
    done: Mapping[str, Posting] = field(default_factory=dict)
    seen: frozenset[str] = frozenset()
    compensated: frozenset[str] = frozenset()

    @property
    def exponent(self) -> int:
        return exponent_of(self.currency)

    @property
    def standing(self) -> Standing | None:
        """The settlement that stands, or the award; a case never has both."""
        return self.settlement or self.award

    def due(self, party: str = PATIENT) -> int:
        """What a party of the patient's side still owes the hospital; negative: it gets back."""
        return self.balances.get((party, "due"), 0)

    @property
    def held(self) -> int:
        """The deposit that the hospital holds."""
        return -self.balances.get((PATIENT, "deposit"), 0)

    def overdue(self, day: date) -> int:
        """What should have been paid before ``day`` and is not."""
        if not self.instalments:
            return self.due() if self.due_on is not None and self.due_on < day else 0
        later = sum(amount for due, amount in self.instalments if due >= day)
        return max(0, self.due() - later)


def fold(events: Iterable[Event], case_id: str) -> Case | None:
    """The case after all its events; ``None`` before the first."""
    case: Case | None = None
    for event in events:
        case = apply(case, event, case_id)[0]
    return case


def apply(case: Case | None, event: Event, case_id: str = "") -> tuple[Case, Posting]:
    """The case after an event, and what the event posts."""
    if case is None:
        assert event.kind == "open", "the first event opens the case"
        return _opened(event, case_id), ()
    entries, changed = _APPLY[event.kind](case, event)
    done = {**changed.done, event.command: entries} if event.kind in UNDOABLE and entries else changed.done
    balances = ledger.added(case.balances, entries)
    seen = changed.seen | {event.command}
    return replace(changed, number=event.number, balances=balances, done=done, seen=seen), entries


def _opened(event: Event, case_id: str) -> Case:
    data = event.data
    known_on = data.get("known_on")
    return Case(
        case_id, data["person"], data["ruleset"], data["currency"],
        date.fromisoformat(known_on) if known_on else None, data.get("parameters", {}), seen=frozenset({event.command}),
    )  # fmt: skip


Step = tuple[Posting, Case]
UNDOABLE: Final = ("deposit", "pay", "refund", "repay", "reclaim", "write_off")
"""Kinds of events whose posting can be taken back by itself."""


def posting_of(case: Case, event: Event) -> Posting:
    """What a payment posts where ``case`` stands."""
    data, balances = event.data, case.balances
    match event.kind:
        case "admit" | "deposit":
            return ledger.deposited(data["amount"]) if data["amount"] else ()
        case "pay":
            return ledger.paid(data["party"], data["amount"])
        case "refund":
            return ledger.refunded(data["party"], data["amount"], balances)
        case "repay":
            return ledger.repaid(data["party"], data["amount"], balances)
        case "reclaim":
            return ledger.reclaimed(data["party"], data["amount"], balances)
        case "write_off":
            return ledger.written_off(data["amount"])
    raise AssertionError(event.kind)


def _admit(case: Case, event: Event) -> Step:
    course = arrangement.read(event.data["course"]) if "course" in event.data else case.course
    after = replace(
        case, stage="admitted", agreement=case.agreement or event.data["agreement"], admitted_on=event.on, course=course
    )
    return posting_of(case, event), after


def _agree(case: Case, _event: Event) -> Step:
    return (), replace(case, agreement=True)


def _money(case: Case, event: Event) -> Step:
    if event.data.get("outcome") == "unknown":
        return (), replace(case, pending={**case.pending, event.command: event})
    return posting_of(case, event), case


def _treat(case: Case, event: Event) -> Step:
    return (), replace(case, stage="treated", charged=event.data["charged"])


def _leave(case: Case, event: Event) -> Step:
    return (), replace(case, stage="discharged", left=event.kind, left_on=event.on)


def _settle(case: Case, event: Event) -> Step:
    if event.data.get("outcome") == "unknown":
        return (), replace(case, stage="settling", pending={**case.pending, event.command: event})
    return _standing(case, event)


def _standing(case: Case, event: Event) -> Step:
    """The settlement of ``event`` takes effect."""
    bill = event.data["bill"]
    entries = ledger.settled(bill, case.held)
    standing = Standing(event.command, event.number, event.data["claim"]["id"], event.on, bill["split"], entries)
    after = replace(
        case, stage="settled", settlement=standing, due_on=date.fromisoformat(bill["due_on"]), instalments=(),
        defaulted=False, course=arrangement.read(bill["course"]) if "course" in bill else case.course,
    )  # fmt: skip
    return entries, after


def _award(case: Case, event: Event) -> Step:
    """What a run awards to the person."""
    awarded = event.data["awarded"]
    entries = ledger.awarded(awarded)
    standing = Standing(event.command, event.number, event.data["claim"]["id"], event.on, awarded, entries)
    return entries, replace(case, stage="settled", award=standing)


def _taken_back(case: Case) -> Step:
    """The settlement, after which the stay may be settled otherwise; or the award, after which its case ends."""
    if case.award is not None:
        return ledger.negated(case.award.entries), replace(case, stage="cancelled", award=None)
    assert case.settlement is not None, "only a settlement that stands is taken back"
    after = replace(case, stage="discharged", settlement=None, due_on=None, instalments=(), defaulted=False)
    return ledger.negated(case.settlement.entries), after


def _reverse(case: Case, _event: Event) -> Step:
    return _taken_back(case)


def _correct(case: Case, event: Event) -> Step:
    """Taken back and settled as it should have been: the old posting back, the new one, in one posting."""
    entries, after = _exchanged(case, event)
    return entries, replace(after, stage="closed" if case.stage == "closed" and not entries else "settled")


def _resettle(case: Case, event: Event) -> Step:
    """Settled again since an earlier settlement was taken back. It keeps the id under which it was made; and what was
    agreed of its payment, unless the own share is another one."""
    entries, after = _correct(case, event)
    assert case.settlement is not None
    assert after.settlement is not None
    standing = replace(after.settlement, command=case.settlement.command)
    same = all(entry.account != (PATIENT, "due") for entry in entries)
    if not same:
        return entries, replace(after, settlement=standing)
    return entries, replace(
        after, settlement=standing, due_on=case.due_on, instalments=case.instalments, defaulted=case.defaulted
    )


def _exchanged(case: Case, event: Event) -> Step:
    back, between = _taken_back(case)
    between = replace(between, balances=ledger.added(case.balances, back))
    new, after = _standing(between, event)
    moves = ((e.party, e.nature, e.amount) for e in (*back, *new))
    return ledger.posting(*moves), after


def _instalments(case: Case, event: Event) -> Step:
    parts = tuple((date.fromisoformat(day), amount) for day, amount in event.data["schedule"])
    return (), replace(case, instalments=parts)


def _default(case: Case, _event: Event) -> Step:
    return (), replace(case, defaulted=True)


def _confirm(case: Case, event: Event) -> Step:
    found = case.pending[event.data["of"]]
    pending = {name: one for name, one in case.pending.items() if name != found.command}
    without = replace(case, pending=pending)
    if found.kind == "settle":
        return _standing(without, found)
    entries = posting_of(case, found)
    return entries, replace(without, done={**case.done, found.command: entries})


def _compensate(case: Case, event: Event) -> Step:
    """Whatever the command did is undone; a command that never came is refused when it comes."""
    of = event.data["of"]
    after = replace(case, compensated=case.compensated | {of})
    if of in case.pending:
        stage = "discharged" if case.pending[of].kind == "settle" else case.stage
        return (), replace(after, stage=stage, pending={n: e for n, e in case.pending.items() if n != of})
    if case.standing is not None and case.standing.command == of:
        return _taken_back(after)
    if of in case.done:
        done = {name: entries for name, entries in case.done.items() if name != of}
        return ledger.negated(case.done[of]), replace(after, done=done, stage=_reopened(case))
    return (), after


def _reopened(case: Case) -> str:
    """A closed case stands open again when a payment is taken back."""
    return "settled" if case.stage == "closed" and case.standing is not None else case.stage


def _cancel(case: Case, _event: Event) -> Step:
    return (), replace(case, stage="cancelled")


def _close(case: Case, _event: Event) -> Step:
    return (), replace(case, stage="closed")


def _nothing(case: Case, _event: Event) -> Step:
    return (), case


_APPLY: Final[Mapping[str, Callable[[Case, Event], Step]]] = MappingProxyType(
    {
        "admit": _admit, "agree": _agree, "deposit": _money, "treat": _treat, "discharge": _leave, "transfer": _leave,
        "death": _leave, "abscond": _leave, "settle": _settle, "pay": _money, "refund": _money, "repay": _money,
        "reclaim": _money, "instalments": _instalments, "default": _default, "write_off": _money, "reverse": _reverse,
        "resettle": _resettle, "correct": _correct, "award": _award, "confirm": _confirm, "compensate": _compensate,
        "cancel": _cancel, "close": _close, "erase": _nothing,
    }
)  # fmt: skip
