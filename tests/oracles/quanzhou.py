"""泉州, residents in hospital, and the stacked cover of the registered poor of Fujian, by hand from published figures.

Sources of the figures:

- "三级 800 / 55 %; 二级 400 / 75 %; 一级 or ungraded 50 / 90 %; second admission deductible half, third and later 0";
  "in-province: 80 % of the amount the in-city rule gives; out of province: 60 % of it"; "400,000 a year = basic
  150,000 + 大病 250,000": life.3news.cn/bxtw/2022/1112/787506.html;
- hospitals of Chinese medicine one grade lower ("county TCM as 一级, city TCM as 二级"): mirrors of one report;
- stacked cover, layer 1: adds at most 7 / 11 / 14 / 15 % (province, city, county, township) of what is in the
  catalogue, and all layers together at most 50 / 70 / 90 / 95 % of it; layer 2, listed critical diseases: 90 % of
  what is left: 福建日报 2017-07-28, news.fznews.com.cn 2021-05-20;
- from June 2019 the totals of the first two tiers are 70 % and 80 %:
  "叠加报销后省级定点医疗机构报销比例上限从50%提高到70%，市级定点医疗机构报销比例上限从70%提高到80%",
  福建日报 2019-06-05. Its first day is not published: the bill says which totals hold.

Rounding: each layer to the fen, half up, before the next one. The benefit is computed exactly, scaled for the place,
then rounded once: the in-city amount is not a payment of its own. The yearly ceiling is held against what is paid.

Left open by the sources, and so a fact or an argument here: the critical-illness layer (segments unknown; not part of
this oracle); whether "the amount the in-city rule gives" is already under the yearly ceiling (it is not, here); whether
stays outside the city count in the order of admissions (they do here); ``in_scope`` of the
stacked cover's second layer: "what is left" in the catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from tests.oracles.fen import fen, percent, room, yuan

TERMS = {3: (yuan(800), percent(55)), 2: (yuan(400), percent(75)), 1: (yuan(50), percent(90))}
SCALE = {"city": percent(100), "province": percent(80), "outside": percent(60)}
BASIC_YEAR = yuan(150_000)
STACKED_ADDS = {"province": percent(7), "city": percent(11), "county": percent(14), "township": percent(15)}
STACKED_TOTAL = {"province": percent(50), "city": percent(70), "county": percent(90), "township": percent(95)}
STACKED_TOTAL_2019 = {**STACKED_TOTAL, "province": percent(70), "city": percent(80)}
STACKED_DISEASE = percent(90)


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay; fen. ``grade`` 3, 2 or 1 (ungraded is 1); ``place``: city, province (elsewhere in it), outside."""

    grade: int
    place: str
    total: int
    in_scope: int
    chinese_medicine: bool = False


@dataclass(frozen=True, slots=True)
class Year:
    """What the earlier stays of the calendar year left behind; fen."""

    stays: int = 0
    basic: int = 0


@dataclass(frozen=True, slots=True)
class Split:
    """Who bears the bill; fen."""

    basic: int
    person: int


def split(stay: Stay, year: Year) -> tuple[Split, Year]:
    """The split of one stay between the resident fund and the person, and the year after it."""
    grade = max(1, stay.grade - 1) if stay.chinese_medicine else stay.grade
    deductible, rate = TERMS[grade]
    if year.stays == 1:
        deductible //= 2
    elif year.stays > 1:
        deductible = 0
    exact = room(stay.in_scope, deductible) * rate * SCALE[stay.place]
    basic = min(fen(exact), room(BASIC_YEAR, year.basic))
    return Split(basic, stay.total - basic), replace(year, stays=year.stays + 1, basic=year.basic + basic)


@dataclass(frozen=True, slots=True)
class Poor:
    """A bill of a registered poor person after basic, critical illness and assistance; fen.

    ``raised``: by the totals of June 2019.
    """

    tier: str
    in_catalogue: int
    paid_before: int
    listed_disease: bool = False
    raised: bool = False


def stacked(bill: Poor) -> tuple[int, int]:
    """What the two layers of the stacked cover add: the doubly limited one, and the one of listed diseases."""
    most = fen(bill.in_catalogue * STACKED_ADDS[bill.tier])
    totals = STACKED_TOTAL_2019 if bill.raised else STACKED_TOTAL
    ceiling = fen(bill.in_catalogue * totals[bill.tier])
    first = min(most, room(ceiling, bill.paid_before), bill.in_catalogue - bill.paid_before)
    left = bill.in_catalogue - bill.paid_before - first
    return first, fen(left * STACKED_DISEASE) if bill.listed_disease else 0
