"""泉州: the districts have the city's rules; care far away, a second stay and more years never turn the order round."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from policyengine import Claim, find, load, settle

CITY = "cn/fujian/quanzhou"
LICHENG = "350502"
SHISHI = "350581"


def stay(day: str, amount: str, area: str = "within_city", **hospital: Any) -> Claim:
    """A resident's stay, all in scope."""
    return Claim.model_validate(
        {
            "id": f"c-{day}",
            "person": {"id": "p1", "scheme": "resident"},
            "encounter": {
                "care_type": "inpatient",
                "discharge_date": day,
                "area": area,
                "hospital": {"level": "tertiary", "tier": "city", **hospital},
            },
            "lines": [{"category": "treatment", "catalogue_class": "a", "amount": amount}],
        }
    )


def fund(claim: Claim, history: Any = None) -> Decimal:
    return settle(load(CITY), claim, history).split["pooled_fund"]


def test_a_district_has_the_rules_of_its_city() -> None:
    found = {rules.name for rules in find(LICHENG, date(2022, 7, 15), {"scheme": "resident"})}
    assert CITY in found
    assert f"{CITY}/assistance" in found


def test_shishi_had_rules_of_its_own_in_2016_only() -> None:
    assert {rules.name for rules in find(SHISHI, date(2016, 6, 1))} == {f"{CITY}/shishi"}
    assert CITY in {rules.name for rules in find(SHISHI, date(2022, 7, 15))}


@pytest.mark.parametrize("day", ["2022-12-31", "2023-01-01"])
def test_the_farther_away_the_less_is_paid(day: str) -> None:
    near, away, far = (
        fund(stay(day, "50000.00", area)) for area in ("within_city", "within_province", "out_of_province")
    )
    assert near > away >= far


def test_the_rules_of_2023_pay_no_hospital_of_the_city_less() -> None:
    for level, tier in (("tertiary", "city"), ("tertiary", "county"), ("secondary", "county"), ("primary", "township")):
        before, after = (fund(stay(day, "9000.00", level=level, tier=tier)) for day in ("2022-12-31", "2023-01-01"))
        assert after > before, (level, tier)
