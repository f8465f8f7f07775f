"""Shanxi "136", a stay of a registered poor person, by hand from the published figures alone.

Sources of the figures:

- deductibles, rates, "from the second admission of the year the deductible is −50 %", pool 70,000 a year, critical
  illness "one flat 75 %", at most 400,000 a year: Xinhua 2017-11-12, gov.cn/xinwen/2017-11/12/content_5239129.htm;
- critical illness of the poor above 5,000 in place of 10,000: 健康报 2016-05-10;
- "the last layer, civil affairs' special help for those who cannot pay": 70 % of what is left in the 永和 case;
- own in-catalogue cost of a year at most 1,000 (county), 3,000 (city), 6,000 (province and above), the excess paid by
  the medical-insurance fund; 85 % of what is out of catalogue paid by the supplement: Xinhua 2017-12-09.

Rounding: each layer to the fen, half up, before the next one.

Left open by the sources, and so an argument or a fact here:

- ``Meeting``: a year in hospitals of several levels: every stay held against the cap of its own hospital's level
  with the own cost of the whole year, or with the own cost at that level alone;
- ``Fen``: critical illness counts the cost of the year together; whether the 75 % is rounded for each stay, or for
  the year to date less what was paid before (so that the year's sum is exact however it is cut into stays);
- the deductible counts towards the cap ("own in-catalogue cost" says yes);
- a hospital below county level is held against the cap of the county (the source names no lower one);
- whether hospitals outside the province of a grade below 三级甲等 have terms: the list names "out of province" only
  with 三级甲等, so such a stay is not published here;
- a first share of class-B items: no source of this policy names one, so class B is paid like class A.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum

from tests.oracles.fen import fen, percent, room, yuan

POOL_YEAR = yuan(70_000)
CRITICAL_ABOVE, CRITICAL_ABOVE_POOR = yuan(10_000), yuan(5_000)
CRITICAL_RATE = percent(75)
CRITICAL_YEAR = yuan(400_000)
SUPPLEMENT_RATE = percent(85)
HELP_RATE = percent(70)
CAPS = {"county": yuan(1_000), "city": yuan(3_000), "province": yuan(6_000)}


class Meeting(Enum):
    """Which own cost of the year a cap is held against when hospitals of several levels were visited."""

    WHOLE_YEAR = "all own cost of the year, against the cap of this hospital's level"
    SAME_LEVEL = "the own cost of the year at this hospital's level"


class Fen(Enum):
    """Which sum of critical illness is rounded to the fen."""

    OF_THE_YEAR = "the sum of the year to date; a stay gets what is new in it"
    OF_THE_STAY = "the sum of each stay"


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay; fen. ``grade``: 3A, 3B, 2A, lower; ``place``: county, city, province, outside (the province).

    ``registered``: of a registered poor person; another enrolled person has the base and the critical layer with its
    ordinary threshold. ``helped``: civil affairs have granted special help.
    """

    grade: str
    place: str
    total: int
    out_of_catalogue: int
    registered: bool = True
    helped: bool = False

    @property
    def level(self) -> str:
        """The level of the cap; "6,000 (省级 and above)" holds outside the province too."""
        return "province" if self.place == "outside" else self.place


@dataclass(frozen=True, slots=True)
class Year:
    """What the earlier stays of the calendar year left behind; fen."""

    stays: int = 0
    pool: int = 0
    critical_base: int = 0
    critical: int = 0
    own: dict[str, int] = field(default_factory=dict)

    def own_cost(self, level: str, meeting: Meeting) -> int:
        return sum(self.own.values()) if meeting is Meeting.WHOLE_YEAR else self.own.get(level, 0)


@dataclass(frozen=True, slots=True)
class Split:
    """Who bears the bill; fen."""

    pool: int
    critical: int
    excess: int
    supplement: int
    help: int
    person: int


class NotPublished(LookupError):
    """The published table has no row for this kind of hospital in this place."""


def terms(grade: str, place: str) -> tuple[int, int]:
    """Deductible in fen and rate in percent of a first stay of the year.

    Raises NotPublished for a kind of hospital that the published list leaves out.
    """
    if grade == "lower" and place != "outside":
        return yuan(100), 85
    if grade == "3A" and place in ("city", "province"):
        return yuan(1_000), 60
    if grade == "3A" and place == "outside":
        return yuan(1_500), 55
    if grade in ("3B", "2A") and place in ("city", "province"):
        return yuan(500), 70
    if grade in ("3B", "2A") and place == "county":
        return yuan(400), 75
    raise NotPublished(grade, place)


def split(
    stay: Stay, year: Year, meeting: Meeting = Meeting.WHOLE_YEAR, rounded: Fen = Fen.OF_THE_YEAR
) -> tuple[Split, Year]:
    """The split of one stay, and the year after it."""
    deductible, rate = terms(stay.grade, stay.place)
    if year.stays:
        deductible //= 2
    in_catalogue = stay.total - stay.out_of_catalogue
    pool = min(fen(room(in_catalogue, deductible) * percent(rate)), room(POOL_YEAR, year.pool))

    left = in_catalogue - pool
    critical = critical_illness(stay, left, year, rounded)

    own = left - critical
    cap = room(CAPS[stay.level], year.own_cost(stay.level, meeting))
    borne = min(own, cap) if stay.registered else own
    supplement = fen(stay.out_of_catalogue * SUPPLEMENT_RATE) if stay.registered else 0
    rest = borne + stay.out_of_catalogue - supplement
    help_ = fen(rest * HELP_RATE) if stay.registered and stay.helped else 0
    outcome = Split(pool, critical, own - borne, supplement, help_, rest - help_)
    return outcome, replace(
        year,
        stays=year.stays + 1,
        pool=year.pool + pool,
        critical_base=year.critical_base + left,
        critical=year.critical + critical,
        own={**year.own, stay.level: year.own.get(stay.level, 0) + borne},
    )


def critical_illness(stay: Stay, left: int, year: Year, rounded: Fen) -> int:
    """What critical-illness insurance pays of the ``left`` own cost of this stay."""
    above = CRITICAL_ABOVE_POOR if stay.registered else CRITICAL_ABOVE
    so_far, before = room(year.critical_base + left, above), room(year.critical_base, above)
    if rounded is Fen.OF_THE_STAY:
        return min(fen((so_far - before) * CRITICAL_RATE), room(CRITICAL_YEAR, year.critical))
    return room(min(fen(so_far * CRITICAL_RATE), CRITICAL_YEAR), year.critical)
