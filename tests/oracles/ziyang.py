"""资阳 (雁江), a stay of the rural poor: 一减免 四保险 一救助 四基金, by hand from the published order of payers.

Source (fact sheet, section 9.2; example WE-23): 四川日报 2017-03-27. The order: concession of the hospital, basic
insurance, critical-illness insurance, tilted basic payment, special supplementary insurance with "80 % of everything
still unpaid, out-of-catalogue included", civil-affairs assistance, then four funds for the last part "where really in
difficulty".

Unknown, and so facts of the stay: what the concession and the first three insurances gave (their ratios are not
published; a stay states the sums paid), what each fund gives. An argument: the share of assistance, which one
published bill shows to be exactly half of what is left (inferred there, not stated as a rule).

Rounding: each layer to the fen, half up, before the next one: 12,677.31 × 80 % = 10,141.848 is printed as 10,141.85.
A payment that would pay more than is left pays what is left: nobody pays more than the bill.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from tests.oracles.fen import fen, percent

SUPPLEMENT_RATE = percent(80)
ASSISTANCE_RATE = percent(50)


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay; fen. ``funds``: what the four funds give, in their published order, none unless in difficulty."""

    total: int
    concession: int
    basic: int
    critical: int
    tilted: int
    funds: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Split:
    """Who bears the bill; fen."""

    concession: int
    basic: int
    critical: int
    tilted: int
    supplement: int
    assistance: int
    funds: tuple[int, ...]
    person: int


def split(stay: Stay, assistance_rate: Fraction = ASSISTANCE_RATE) -> Split:
    """The split of one stay; the ladder keeps no account of the year."""
    left = stay.total
    stated = []
    for payment in (stay.concession, stay.basic, stay.critical, stay.tilted):
        stated.append(min(payment, left))
        left -= stated[-1]
    supplement = fen(left * SUPPLEMENT_RATE)
    left -= supplement
    assistance = fen(left * assistance_rate)
    left -= assistance
    funds = []
    for wanted in stay.funds:
        funds.append(min(wanted, left))
        left -= funds[-1]
    return Split(*stated, supplement, assistance, tuple(funds), left)
