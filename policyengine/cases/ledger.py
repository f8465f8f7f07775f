"""The ledger of a case: double entry, whole minor units, append-only. Pure: postings are functions of events.

An account is a party and a nature. Positive amounts are what a party owes or has paid; the bill stands against them:

* ``bill`` of the hospital, negative: what it earned;
* ``due``: what the patient (or an account of the patient) owes the hospital; ``advance``: what a fund owes the
  hospital, which advanced it; ``claim``: what a fund owes the patient, who paid first (negative on the patient's side);
* ``deposit`` of the patient, negative: held by the hospital; ``paid``: what a party has paid, less what it got back;
* ``waived``: what the hospital or a discount bears; ``written_off``: what nobody pays any more;
* ``grant``: a sum to the patient outside the bill, owed; ``granted``: handed out.

Every posting sums to zero. When a case is closed, ``paid`` of every payer is what the split says it bears.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

PATIENT: Final = "patient"
HOSPITAL: Final = "hospital"

Account = tuple[str, str]
"""Party and nature."""

NATURES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "bill": ("医疗费用", "bill"),
        "due": ("应付医院", "due"),
        "advance": ("医院垫付", "advance"),
        "claim": ("待报销", "claim"),
        "deposit": ("押金", "deposit"),
        "paid": ("已付", "paid"),
        "waived": ("减免", "waived"),
        "written_off": ("核销", "written off"),
        "grant": ("待发补助", "grant"),
        "granted": ("已发补助", "granted"),
    }
)
"""The natures of accounts, 中文 and English."""

OPEN_NATURES: Final = ("due", "advance", "claim", "deposit", "grant")
"""Natures that are zero when nothing is left to pay."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Signed minor units on one account."""

    party: str
    nature: str
    amount: int

    @property
    def account(self) -> Account:
        return (self.party, self.nature)


Posting = tuple[Entry, ...]
"""Entries that sum to zero."""


def posting(*moves: tuple[str, str, int]) -> Posting:
    """A balanced posting out of moves; moves of nothing are left out, those of one account are added up."""
    sums: dict[Account, int] = {}
    for party, nature, amount in moves:
        assert nature in NATURES, nature
        sums[party, nature] = sums.get((party, nature), 0) + amount
    assert sum(sums.values()) == 0, f"a posting that does not balance: {moves}"
    return tuple(Entry(party, nature, amount) for (party, nature), amount in sums.items() if amount)


def negated(entries: Posting) -> Posting:
    """The posting that takes another one back."""
    return tuple(Entry(e.party, e.nature, -e.amount) for e in entries)


def added(balances: Mapping[Account, int], entries: Iterable[Entry]) -> dict[Account, int]:
    """Balances after a posting; accounts of nothing are left out."""
    found = dict(balances)
    for entry in entries:
        found[entry.account] = found.get(entry.account, 0) + entry.amount
    return {account: amount for account, amount in found.items() if amount}


def settled(bill: Mapping[str, Any], held: int) -> Posting:
    """The posting of a settlement. ``bill``: what ``settling.bill_of`` says; ``held``: the deposit of the patient."""
    moves = [(HOSPITAL, "bill", -bill["total"])]
    moves += [(party, "waived", amount) for party, amount in bill["waived"].items()]
    moves += [(party, "due", amount) for party, amount in bill["accounts"].items()]
    moves += [(fund, "advance", amount) for fund, amount in bill["advanced"].items()]
    for fund, amount in bill["claimed"].items():
        moves += [(fund, "claim", amount), (PATIENT, "claim", -amount)]
    for fund, amount in bill["granted"].items():
        moves += [(fund, "grant", amount), (PATIENT, "grant", -amount)]
    used = min(held, bill["due"])
    moves += [(PATIENT, "due", bill["due"] - used), (PATIENT, "deposit", used)]
    return posting(*moves)


def deposited(amount: int) -> Posting:
    return posting((PATIENT, "paid", amount), (PATIENT, "deposit", -amount))


def paid(party: str, amount: int) -> Posting:
    """A party of the patient's side pays what it owes the hospital."""
    return posting((party, "due", -amount), (party, "paid", amount))


def refunded(party: str, amount: int, balances: Mapping[Account, int]) -> Posting:
    """The hospital gives back: what is held as a deposit first, then what was paid too much."""
    held = min(amount, -balances.get((party, "deposit"), 0))
    rest = amount - held
    return posting((party, "deposit", held), (party, "due", rest), (party, "paid", -amount))


def repaid(fund: str, amount: int, balances: Mapping[Account, int]) -> Posting:
    """A fund pays: the hospital's advance first, then the patient's claim, then what it grants."""
    advance = min(amount, owed(balances, fund, "advance"))
    claim = min(amount - advance, owed(balances, fund, "claim"))
    grant = amount - advance - claim
    return posting(
        (fund, "advance", -advance), (fund, "paid", advance), *_to_patient(fund, "claim", "paid", claim),
        *_to_patient(fund, "grant", "granted", grant),
    )  # fmt: skip


def reclaimed(fund: str, amount: int, balances: Mapping[Account, int]) -> Posting:
    """A fund gets back what it paid too much, in the order in which it paid."""
    advance = min(amount, owed(balances, fund, "advance", -1))
    claim = min(amount - advance, owed(balances, fund, "claim", -1))
    grant = amount - advance - claim
    return posting(
        (fund, "advance", advance), (fund, "paid", -advance), *_to_patient(fund, "claim", "paid", -claim),
        *_to_patient(fund, "grant", "granted", -grant),
    )  # fmt: skip


def _to_patient(fund: str, nature: str, done: str, amount: int) -> Iterator[tuple[str, str, int]]:
    yield from ((fund, nature, -amount), (fund, done, amount), (PATIENT, nature, amount), (PATIENT, done, -amount))


def awarded(amounts: Mapping[str, int]) -> Posting:
    """What funds owe the patient outside the bill, by a run."""
    return posting(*(move for fund, amount in amounts.items()
                     for move in ((fund, "grant", amount), (PATIENT, "grant", -amount))))  # fmt: skip


def written_off(amount: int) -> Posting:
    return posting((PATIENT, "due", -amount), (PATIENT, "written_off", amount))


def owed(balances: Mapping[Account, int], party: str, nature: str, sign: int = 1) -> int:
    """What stands on an account on one side, or nothing."""
    return max(0, sign * balances.get((party, nature), 0))


def owed_by_fund(balances: Mapping[Account, int], fund: str, sign: int = 1) -> int:
    """What a fund has still to pay (``sign`` 1) or to get back (−1)."""
    return sum(owed(balances, fund, nature, sign) for nature in ("advance", "claim", "grant"))


def funds_open(balances: Mapping[Account, int], sign: int = 1) -> tuple[str, ...]:
    """The funds that have still to pay, or to get back, something."""
    found = dict.fromkeys(party for party, nature in balances if party not in (PATIENT, HOSPITAL))
    return tuple(fund for fund in found if owed_by_fund(balances, fund, sign))


def left_open(balances: Mapping[Account, int]) -> dict[Account, int]:
    """Accounts on which something is left to pay."""
    return {account: amount for account, amount in balances.items() if account[1] in OPEN_NATURES and amount}
