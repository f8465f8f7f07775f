"""Shanxi "136", a stay of a registered poor person, by hand from the published figures alone.

Sources of the figures (fact sheet, section 8.2):

- deductibles, rates, "from the second admission of the year the deductible is −50 %", pool 70,000 a year, critical
  illness "one flat 75 %", at most 400,000 a year: Xinhua 2017-11-12, gov.cn/xinwen/2017-11/12/content_5239129.htm;
- critical illness of the poor above 5,000 in place of 10,000: 健康报 2016-05-10;
- own in-catalogue cost of a year at most 1,000 (county), 3,000 (city), 6,000 (province and above), the excess paid by
  the medical-insurance fund; 85 % of what is out of catalogue paid by the supplement: Xinhua 2017-12-09.

Rounding: each layer to the fen, half up, before the next one.

Left open by the sources, and so an argument or a fact here:

- ``Meeting``: a year in hospitals of several levels: every stay held against the cap of its own hospital's level
  with the own cost of the whole year, or with the own cost at that level alone;
- the deductible counts towards the cap ("own in-catalogue cost" says yes);
- a first share of class-B items is in the catalogue, so it counts as own cost of the critical layer and of the cap,
  and the pool pays nothing of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum

from tests.oracles.fen import fen, percent, room, yuan

POOL_YEAR = yuan(70_000)
CRITICAL_ABOVE = yuan(5_000)
CRITICAL_RATE = percent(75)
CRITICAL_YEAR = yuan(400_000)
SUPPLEMENT_RATE = percent(85)
CAPS = {"county": yuan(1_000), "city": yuan(3_000), "province": yuan(6_000)}


class Meeting(Enum):
    """Which own cost of the year a cap is held against when hospitals of several levels were visited."""

    WHOLE_YEAR = "all own cost of the year, against the cap of this hospital's level"
    SAME_LEVEL = "the own cost of the year at this hospital's level"


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay; fen. ``grade``: 3A, 3B, 2A, lower; ``place``: county, city, province, outside (the province)."""

    grade: str
    place: str
    total: int
    out_of_catalogue: int
    first_share: int = 0

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
    person: int


class NotPublished(LookupError):
    """The published table has no row for this kind of hospital in this place."""


def terms(grade: str, place: str) -> tuple[int, int]:
    """Deductible in fen and rate in percent of a first stay of the year.

    Raises NotPublished for a kind of hospital that the published list leaves out.
    """
    if grade == "lower":
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


def split(stay: Stay, year: Year, meeting: Meeting = Meeting.WHOLE_YEAR) -> tuple[Split, Year]:
    """The split of one stay, and the year after it."""
    deductible, rate = terms(stay.grade, stay.place)
    if year.stays:
        deductible //= 2
    in_catalogue = stay.total - stay.out_of_catalogue
    base = room(in_catalogue - stay.first_share, deductible)
    pool = min(fen(base * percent(rate)), room(POOL_YEAR, year.pool))

    left = in_catalogue - pool
    before = room(year.critical_base, CRITICAL_ABOVE)
    after = room(year.critical_base + left, CRITICAL_ABOVE)
    critical = min(fen((after - before) * CRITICAL_RATE), room(CRITICAL_YEAR, year.critical))

    own = left - critical
    person = min(own, room(CAPS[stay.level], year.own_cost(stay.level, meeting)))
    supplement = fen(stay.out_of_catalogue * SUPPLEMENT_RATE)
    outcome = Split(pool, critical, own - person, supplement, person + stay.out_of_catalogue - supplement)
    return outcome, replace(
        year,
        stays=year.stays + 1,
        pool=year.pool + pool,
        critical_base=year.critical_base + left,
        critical=year.critical + critical,
        own={**year.own, stay.level: year.own.get(stay.level, 0) + person},
    )
