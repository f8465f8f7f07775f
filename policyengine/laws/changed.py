"""Laws of a change: two settlements that differ in one thing, as arithmetic on their amounts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policyengine.laws.amounts import Amounts, Measured, borne
from policyengine.laws.rounding import ANSWER

Found = Iterator[Measured]


def larger_bill(before: Amounts, after: Amounts, grown: Any) -> Found:
    """``grown``: by how much the bill is larger."""
    yield Measured("the patient pays less than before", before[ANSWER] - after[ANSWER])
    yield Measured("the patient pays more than the bill has grown", after[ANSWER] - before[ANSWER] - grown)


def never_worse(before: Amounts, after: Amounts, _: Any) -> Found:
    """For a tag of the poor, and for a ceiling that is raised."""
    yield Measured("the patient pays more than before", after[ANSWER] - before[ANSWER])


def nothing_moves(before: Amounts, after: Amounts, _: Any) -> Found:
    """For fee lines in another order."""
    yield Measured("patient: less", before[ANSWER] - after[ANSWER])
    yield Measured("patient: more", after[ANSWER] - before[ANSWER])
    for payer in before.program.payers:
        yield Measured(f"{payer.payer}: less", borne(before, payer) - borne(after, payer))
        yield Measured(f"{payer.payer}: more", borne(after, payer) - borne(before, payer))


def no_profit(before: Amounts, after: Amounts, _: Any) -> Found:
    """For a claim split in two: ``after`` has the sums of both."""
    yield Measured("the patient gains by splitting", before[ANSWER] - after[ANSWER])
