"""The three oracles on facts named as claims name them, and what those facts leave behind in the year."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.oracles import quanzhou, shanxi_136, ziyang

Facts = Mapping[str, Any]
"""Facts of a claim by the name that rule files give them; ``in_scope`` and ``outside`` are sums of fee lines, fen."""

Answer = tuple[dict[str, int], Any]
"""What each payer pays, those that pay nothing left out, and the year after it."""

FUNDS = ("emergency_fund", "love_fund", "health_relief_fund", "illness_charity_fund")


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy: its rule set, an empty year, and the oracle.

    The oracle raises LookupError where the sources publish no terms, ValueError where stated payments do not fit.
    """

    name: str
    empty: Callable[[], Any]
    answer: Callable[[Facts, Any], Answer]
    until: str = "9999-12-31"


def by_payer(**sums: int) -> dict[str, int]:
    return {payer: amount for payer, amount in sums.items() if amount}


def shanxi(facts: Facts, year: shanxi_136.Year) -> Answer:
    if facts["scheme"] != "resident" or facts["care_type"] != "inpatient":
        raise LookupError("stays of residents only")
    grade = {"tertiary_a": "3A", "tertiary_b": "3B", "secondary_a": "2A"}.get(facts["hospital_grade"], "lower")
    below_county = facts["tier"] in ("village", "township") and facts["area"] != "out_of_province"
    if facts["hospital_grade"] == "tertiary_c" or (grade != "lower" and below_county):
        raise LookupError("not in the published list")
    tier = facts["tier"] if facts["tier"] in ("city", "province") else "county"
    stay = shanxi_136.Stay(
        grade,
        "outside" if facts["area"] == "out_of_province" else tier,
        facts["in_scope"] + facts["outside"],
        facts["outside"],
        facts["registered_poor"],
        facts["special_help"],
    )
    found, after = shanxi_136.split(stay, year)
    sums = by_payer(
        pooled_fund=found.pool + found.excess,
        critical_illness=found.critical,
        supplement=found.supplement,
        medical_assistance=found.help,
        patient=found.person,
    )
    return sums, after


def stated(facts: Facts, payer: str) -> int:
    return int(facts.get(f"elsewhere.{payer}", 0))


def yanjiang(facts: Facts, _: None) -> Answer:
    if facts["care_type"] != "inpatient" or not facts["lower_layers_stated"]:
        raise LookupError("stays whose lower layers are stated only")
    total = facts["in_scope"] + facts["outside"]
    concession, basic = stated(facts, "hospital"), stated(facts, "pooled_fund")
    critical, tilted = stated(facts, "critical_illness"), stated(facts, "tilted_basic")
    funds = tuple(stated(facts, payer) for payer in FUNDS)
    entitled = facts["registered_poor"] or facts["subsistence"]
    found = ziyang.split(
        ziyang.Stay(
            total, concession, basic, critical, tilted, funds, facts["in_scope"], entitled, facts["in_difficulty"]
        )
    )
    paid = (found.concession, found.basic, found.critical, found.tilted)
    if paid != (concession, basic, critical, tilted) or found.funds != funds:
        raise ValueError("a stated payment does not fit")
    sums = by_payer(
        hospital=found.concession,
        pooled_fund=found.basic,
        critical_illness=found.critical,
        tilted_basic=found.tilted,
        supplement=found.supplement,
        medical_assistance=found.assistance,
        **dict(zip(FUNDS, found.funds, strict=True)),
        patient=found.person,
    )
    return sums, None


RAISED_FROM = "2019-06-05"
"""The day of the report; its first day in force is not published."""
GRADES = {"tertiary": 3, "secondary": 2, "primary": 1, "ungraded": 1}
PLACES = {"within_county": "city", "within_city": "city", "within_province": "province", "out_of_province": "outside"}


def residents(facts: Facts, year: quanzhou.Year) -> Answer:
    if facts["scheme"] != "resident" or facts["care_type"] != "inpatient":
        raise LookupError("stays of residents only")
    if facts["registered_poor"] and facts["tier"] not in quanzhou.STACKED_ADDS:
        raise LookupError("no tier of the stacked cover")
    total = facts["in_scope"] + facts["outside"]
    stay = quanzhou.Stay(
        GRADES[facts["hospital_level"]], PLACES[facts["area"]], total, facts["in_scope"], facts["tcm_hospital"]
    )
    found, after = quanzhou.split(stay, year)
    critical, assistance = stated(facts, "critical_illness"), stated(facts, "medical_assistance")
    before = found.basic + critical + assistance
    if before > facts["in_scope"]:
        raise ValueError("a stated payment does not fit")
    added = (0, 0)
    if facts["registered_poor"]:
        bill = quanzhou.Poor(
            facts["tier"], facts["in_scope"], before, facts["listed_disease"], facts["day"] >= RAISED_FROM
        )
        added = quanzhou.stacked(bill)
    sums = by_payer(
        pooled_fund=found.basic,
        critical_illness=critical,
        medical_assistance=assistance,
        poverty_fund=sum(added),
        patient=total - before - sum(added),
    )
    return sums, after


POLICIES = (
    Policy("cn/shanxi/136", shanxi_136.Year, shanxi),
    Policy("cn/sichuan/ziyang/yanjiang", lambda: None, yanjiang),
    Policy("cn/fujian/quanzhou", quanzhou.Year, residents, until="2023-01-01"),
)
