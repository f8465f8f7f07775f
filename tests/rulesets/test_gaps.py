"""Named gaps: what no source states is asked of the caller, and the refusal says why."""

from __future__ import annotations

import pytest

from policyengine import Claim, load, settle
from policyengine.assemble import read
from policyengine.errors import ClaimError
from policyengine.rulebook import locate

GAPS = [
    ("cn/shanxi/assistance", "2023-03-09", "income_of_the_province", "no source states it"),
    ("cn/chongqing", "2018-03-09", "illness_threshold_ordinary", "the sources halve it and do not say what it is"),
    ("cn/chongqing", "2018-03-09", "illness_edge", "not where the second begins"),
    ("cn/chongqing/zhongxian", "2016-09-01", "county_share_2016", "no source states the share of 忠县 in 2016"),
    ("cn/chongqing/tilted_assistance", "2023-03-09", "pool_ceiling", "no source states it"),
]


def stay(day: str) -> Claim:
    return Claim.model_validate(
        {
            "id": "c1",
            "person": {"id": "p1", "scheme": "resident", "tags": ["registered_poor", "subsistence_edge"]},
            "encounter": {
                "care_type": "inpatient",
                "area": "within_county",
                "discharge_date": day,
                "hospital": {"level": "secondary", "grade": "secondary_a", "tier": "county"},
            },
            "lines": [{"category": "treatment", "catalogue_class": "a", "amount": "27000.00"}],
        }
    )


@pytest.mark.parametrize(("name", "day", "parameter", "why"), GAPS)
def test_the_refusal_says_why(name: str, day: str, parameter: str, why: str) -> None:
    with pytest.raises(ClaimError) as refused:
        settle(load(name), stay(day))
    (told,) = (found for found in refused.value.diagnostics if found.field == parameter)
    assert (told.code, why in told.hint) == ("E540", True), told.hint


def test_3918_states_no_figure_of_its_own() -> None:
    """Neither amount nor share, and no default: a reading of the digits would be a guess. Each claim states the sum."""
    city, county = read(locate("cn/shanxi/jinzhong")), read(locate("cn/shanxi/jinzhong/yushe"))
    assert {p.id.text for p in county.provisions} - {p.id.text for p in city.provisions} == {"further_paid"}
    (asked,) = (fact for fact in county.facts if fact.id.text == "paid_by_3918")
    assert asked.default is None
    assert not {p.id.text for p in county.parameters} - {p.id.text for p in city.parameters}
    with pytest.raises(ClaimError) as refused:
        settle(load("cn/shanxi/jinzhong/yushe"), stay("2018-03-09"))
    assert ("E530", "paid_by_3918") in {(told.code, told.field.split(".")[-1]) for told in refused.value.diagnostics}
