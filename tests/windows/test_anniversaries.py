"""Years that begin on a day of the member: which claims have none, and how the years are told."""

from __future__ import annotations

from datetime import date

import pytest

from policyengine import ClaimError, settle
from policyengine.encode import days_of
from policyengine.ir import Window
from policyengine.report.windows import window_words
from tests.language.test_small_mends import claim, plan

RULES = """
facts: {enrolled_on: {type: date}}
windows: {policy_year: {kind: year, starts: enrolled_on}}
meters: {met: {counts: basic.deductible, in: policy_year}}
layers: [{id: basic, payer: pooled_fund, on: in_scope, cite: law}]
provisions:
  - {id: threshold, layer: basic, deductible: 100元, meter: met, cite: law}
  - {id: share, layer: basic, fund_share: 50%, cite: law}
"""
YEARS = Window("policy_year", "anniversary", origin="enrolled_on")


def settled(folder, number: int, history=None, **facts):
    return settle(plan(folder, RULES), claim(number, "1000.00").model_copy(update={"facts": facts}), history)


def test_the_first_day_is_in_the_first_year(tmp_path) -> None:
    """Enrolled on 3 January 2017: 50 % × (1,000 − 100), then 50 % × 1,000; 2 January is the last day of a year."""
    first = settled(tmp_path, 3, enrolled_on="2017-01-03")
    second = settled(tmp_path, 4, first.history, enrolled_on="2017-01-03")
    assert [str(s.split["pooled_fund"]) for s in (first, second)] == ["450.00", "500.00"]
    before = settled(tmp_path, 2, enrolled_on="2016-01-03")
    after = settled(tmp_path, 3, before.history, enrolled_on="2016-01-03")
    assert [str(s.split["pooled_fund"]) for s in (before, after)] == ["450.00", "450.00"]


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({}, "E530"),
        ({"enrolled_on": "2017-01-04"}, "E576"),
        ({"enrolled_on": "2017-02-29"}, "E531"),
    ],
)
def test_a_claim_without_a_year_is_refused(tmp_path, facts: dict[str, str], code: str) -> None:
    with pytest.raises(ClaimError, match=code):
        settled(tmp_path, 3, **facts)


@pytest.mark.parametrize(
    ("key", "first", "end"),
    [
        ("2017-05-03", date(2017, 5, 3), date(2018, 5, 3)),
        ("2017-02-29", date(2017, 3, 1), date(2018, 3, 1)),
        ("2019-02-29", date(2019, 3, 1), date(2020, 2, 29)),
        ("2020-02-29", date(2020, 2, 29), date(2021, 3, 1)),
    ],
)
def test_the_days_of_a_year(key: str, first: date, end: date) -> None:
    assert days_of(YEARS, key) == (first, end)


@pytest.mark.parametrize("key", ["2017-13-01", "2017-04-31", "2017", "lifetime"])
def test_other_names_are_none(key: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  -- of a day of the calendar, or of the shape
        days_of(YEARS, key)


def test_in_words() -> None:
    assert window_words(YEARS, "en") == "each year from `enrolled_on`"
    assert window_words(Window("w", "anniversary", origin="birth_date"), "zh") == "每年（自出生日期起）"
