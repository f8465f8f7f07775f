"""资阳 (雁江), a stay of the rural poor: 一减免 四保险 一救助 四基金, by hand from the published order of payers.

Source: 四川日报 2017-03-27. The order: concession of the hospital, basic
insurance, critical-illness insurance, tilted basic payment, special supplementary insurance with "80 % of everything
still unpaid, out-of-catalogue included", civil-affairs assistance, then four funds for the last part "where really in
difficulty".

Unknown, and so facts of the stay: what the concession and the first three insurances gave (their ratios are not
published; a stay states the sums paid), what each fund gives, and whether a person has a right to the ladder ("objects:
registered poor and rural 低保 not registered"; others have basic and critical-illness insurance alone) and is "really
in difficulty", without which civil affairs and the funds give nothing ("民政医疗救助 and four funds for the last 20 %
'where really in difficulty'"). An argument: the share of assistance, which one
published bill shows to be exactly half of what is left (inferred there, not stated as a rule). A fact again: what of
the bill the basic, critical-illness and tilted payments can be taken from, ``in_catalogue``; the report does not divide
its bill, and says of the supplement alone that what is out of the catalogue is included.

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
    """One stay; fen. ``funds``: what the four funds give, in their published order, none unless in difficulty.

    ``in_catalogue`` is ``None`` of a bill that is not divided: all of it is within reach of insurance.
    """

    total: int
    concession: int
    basic: int
    critical: int
    tilted: int
    funds: tuple[int, ...] = ()
    in_catalogue: int | None = None
    entitled: bool = True
    in_difficulty: bool = True


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
    concession = min(stay.concession, left) if stay.entitled else 0
    left -= concession
    insured = left if stay.in_catalogue is None else min(stay.in_catalogue, left)
    basic = min(stay.basic, insured)
    critical = min(stay.critical, insured - basic)
    tilted = min(stay.tilted, insured - basic - critical) if stay.entitled else 0
    left -= basic + critical + tilted
    supplement = fen(left * SUPPLEMENT_RATE) if stay.entitled else 0
    left -= supplement
    helped = stay.entitled and stay.in_difficulty
    assistance = fen(left * assistance_rate) if helped else 0
    left -= assistance
    funds = []
    for wanted in stay.funds:
        funds.append(min(wanted, left) if helped else 0)
        left -= funds[-1]
    return Split(concession, basic, critical, tilted, supplement, assistance, tuple(funds), left)
