"""Reconciliation (对账): our ledger against the statement of a fund or a hospital. Pure.

Totals first, with and without refunds; then line by line, by the reference that both sides know; then what differs,
each difference of a kind. A difference is found once: what explains it is not told again as something missing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import ClassVar, Final

from policyengine.claim import StrictModel, quoted
from policyengine.claim.fields import Amount, Day, Payer, Text
from policyengine.claim.opaque import Id
from policyengine.errors import ClaimError, Diagnostic
from policyengine.money import EXPONENTS, NotMoney, exponent_of, minor_from

KINDS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "missing_theirs": ("对方缺少", "not on their statement"),
        "missing_ours": ("我方缺少", "not in our ledger"),
        "twice_theirs": ("对方重复", "twice on their statement"),
        "amount": ("金额不符", "another amount"),
        "refund_flag": ("收付方向相反", "paid here, given back there"),
        "day": ("日期不符", "another day"),
        "outside": ("跨期", "another day, outside the period"),
        "party": ("付款方不符", "another party"),
        "case": ("案件不符", "another case"),
        "currency": ("币种不符", "another currency"),
        "unknown": ("我方结果未知", "on their statement; here the outcome is unknown"),
        "compensated": ("我方已冲正", "on their statement; compensated here"),
        "reference": ("流水号不符", "the same money under another reference"),
        "parted": ("对方拆分", "one payment here, several there"),
        "joined": ("对方合并", "several payments here, one there"),
        "rounded": ("尾差", "another amount, by less than one yuan"),
        "scaled": ("金额单位不符", "another amount, a hundred times as much or as little"),
        "offset": ("对方轧差", "a payment and a refund here, netted there"),
        "opposed": ("对方退回", "a payment here; there it was given back again"),
        "late": ("对方下期入账", "not on their statement; paid on the last day"),
    }
)
"""The kinds of differences, 中文 and English."""


@dataclass(frozen=True, slots=True)
class Line:
    """A payment of a party, positive, or what it got back, negative, in minor units. ``state``: of ours, ``done``,
    ``unknown`` or ``compensated``."""

    reference: str
    case: str
    party: str
    on: date
    amount: int
    currency: str = "CNY"
    state: str = "done"


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs: a kind, the references, what stands here and there in minor units."""

    kind: str
    references: tuple[str, ...]
    ours: int
    theirs: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Count and sum of the lines: of payments, of refunds, of both."""

    count: int
    paid: int
    refunds: int
    refunded: int

    @property
    def net(self) -> int:
        return self.paid + self.refunded


@dataclass(frozen=True, slots=True)
class Reconciled:
    """The totals of both sides, how many lines agree, and every difference."""

    ours: Totals
    theirs: Totals
    equal: int
    differences: tuple[Difference, ...]


class Stated(StrictModel):
    """A line of a statement. A refund is negative."""

    noun: ClassVar[str] = "line of a statement"

    reference: Id
    case: Id
    party: Payer
    on: Day
    amount: Amount
    currency: Text = "CNY"


def line_of(stated: Stated) -> Line:
    """A line of a statement in minor units. Raises ``ClaimError``."""
    record = f"line {quoted(stated.reference)}"
    if stated.currency not in EXPONENTS:
        text = f"the currency {quoted(stated.currency)} is not known"
        raise ClaimError(Diagnostic("E519", text, None, "one of " + ", ".join(EXPONENTS), record=record))
    try:
        minor = minor_from(stated.amount, exponent_of(stated.currency))
    except NotMoney as error:
        raise ClaimError(Diagnostic("E509", str(error), None, "an amount", record=record, field="amount")) from None
    return Line(stated.reference, stated.case, stated.party, stated.on, minor, stated.currency)


def totals(lines: Iterable[Line]) -> Totals:
    """Count and sum of lines, refunds apart."""
    paid = [line.amount for line in lines if line.amount >= 0]
    back = [line.amount for line in lines if line.amount < 0]
    return Totals(len(paid), sum(paid), len(back), sum(back))


def reconciled(ours: Sequence[Line], theirs: Sequence[Line], period: tuple[date, date]) -> Reconciled:
    """Our lines of a period (first day and the day after the last) against a statement of it.

    ``ours`` holds payments of other days, too, and those that were compensated or whose outcome is unknown: they
    explain differences and are in no total.
    """
    inside = [line for line in ours if line.state == "done" and period[0] <= line.on < period[1]]
    mine = {line.reference: line for line in ours}
    found: list[Difference] = []
    met: set[str] = set()
    strange: list[Line] = []
    equal = 0
    for line in theirs:
        own = mine.get(line.reference)
        if own is None:
            strange.append(line)
        elif line.reference in met:
            kind = "opposed" if line.amount == -own.amount else "twice_theirs"
            found.append(Difference(kind, (line.reference,), 0, line.amount))
        else:
            met.add(line.reference)
            kinds = list(_kinds(own, line, period))
            equal += not kinds
            found += [Difference(kind, (line.reference,), own.amount, line.amount) for kind in kinds]
    missing = [line for line in inside if line.reference not in met]
    found += _unmatched(missing, strange, period[1] - timedelta(1))
    order = {line.reference: at for at, line in enumerate((*ours, *theirs))}
    found.sort(key=lambda one: (order[one.references[0]], one.kind))
    return Reconciled(totals(inside), totals(theirs), equal, tuple(found))


def _kinds(own: Line, line: Line, period: tuple[date, date]) -> Iterable[str]:
    """How two lines of one reference differ."""
    if own.state != "done":
        yield own.state
        return
    if own.currency != line.currency:
        yield "currency"
    elif own.amount == -line.amount:
        yield "refund_flag"
    elif own.amount != line.amount:
        yield _another(own, line)
    for name in ("party", "case"):
        if getattr(own, name) != getattr(line, name):
            yield name
    if own.on != line.on:
        yield "day" if period[0] <= own.on < period[1] else "outside"


def _another(own: Line, line: Line) -> str:
    """Of which kind another amount is."""
    if 100 * line.amount == own.amount or line.amount == 100 * own.amount:
        return "scaled"
    return "rounded" if abs(own.amount - line.amount) < 10 ** EXPONENTS[own.currency] else "amount"


def _unmatched(missing: Sequence[Line], strange: Sequence[Line], last: date) -> list[Difference]:
    """Lines of one side alone: the same money under another reference, in parts, joined; or really missing."""
    found: list[Difference] = []
    left: dict[tuple[str, str, str], tuple[list[Line], list[Line]]] = defaultdict(lambda: ([], []))
    for side, lines in enumerate((missing, strange)):
        for line in lines:
            left[line.case, line.party, line.currency][side].append(line)
    for ours, theirs in left.values():
        for own in list(ours):
            twin = next((line for line in theirs if (line.amount, line.on) == (own.amount, own.on)), None)
            if twin is not None:
                ours.remove(own)
                theirs.remove(twin)
                found.append(Difference("reference", (own.reference, twin.reference), own.amount, twin.amount))
        here, there = sum(line.amount for line in ours), sum(line.amount for line in theirs)
        references = tuple(line.reference for line in (*ours, *theirs))
        if here == there and ours and theirs and (len(ours) == 1 or len(theirs) == 1):
            signs = {line.amount > 0 for line in (*ours, *theirs)}
            kind = "parted" if len(ours) == 1 else "joined" if len(signs) == 1 else "offset"
            found.append(Difference(kind, references, here, there))
            continue
        found += [Difference(_gone(line, last), (line.reference,), line.amount, 0) for line in ours]
        found += [Difference("missing_ours", (line.reference,), 0, line.amount) for line in theirs]
    return found


def _gone(line: Line, last: date) -> str:
    """What is paid on the last day of a period may be on the next statement."""
    return "late" if line.on == last else "missing_theirs"
