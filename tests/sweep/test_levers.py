"""Which numbers can be moved, by which addresses, in which ranges."""

from __future__ import annotations

import datetime

import pytest

from policyengine import load
from policyengine.errors import ClaimError, RuleError
from policyengine.rulebook import locate
from policyengine.sweep import lever_at, levers_of, sweep_range
from policyengine.sweep.family import ruleset_at
from policyengine.sweep.passes import book_of_claims
from tests.sweep.village import DATED, RULES, reading, swept, written


def test_every_number_has_an_address() -> None:
    levers = {lever.address: [one.text for one in lever.literals] for lever in levers_of(written(DATED)[1])}
    assert levers == {
        "top_of_year": ["800元", "1000元"],
        "base.share[县级]": ["60%"],
        "base.share[市级]": ["50%"],
        "base.share[村级|乡镇级]": ["90%"],
        "start": ["100元"],
    }


def test_a_cell_by_some_of_its_words() -> None:
    ruleset = written()[1]
    assert lever_at(ruleset, "base.share[乡镇级]").literals[0].text == "90%"
    assert lever_at(ruleset, "start.deductible").address == "start"


def test_the_county_ceiling_of_raohe() -> None:
    """县级住院补偿封顶线由8000元提高到10000元: two values, one before and one from 2016."""
    ruleset = ruleset_at(locate("cn/heilongjiang/shuangyashan/raohe"))
    before = lever_at(ruleset, "inpatient_ceiling_county", datetime.date(2015, 5, 1))
    after = lever_at(ruleset, "inpatient_ceiling_county", datetime.date(2016, 5, 1))
    assert [one.text for one in (*before.literals, *after.literals)] == ["8000元", "10000元"]
    with pytest.raises(RuleError, match=r"inpatient_ceiling_county.*move that"):
        lever_at(ruleset, "county_ceiling")


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("tops", "did you mean `top`"),
        ("base.share[省级]", "base.share.县级"),
        ("base", "base.share"),
        ("paid", "one of top_of_year, base"),
    ],
)
def test_unknown_addresses(address: str, says: str) -> None:
    with pytest.raises(RuleError, match=says) as error:
        lever_at(written()[1], address)
    assert error.value.diagnostics[0].code == "E760"


def test_the_day_is_asked_for() -> None:
    ruleset = written(DATED)[1]
    with pytest.raises(RuleError, match="--on all") as error:
        lever_at(ruleset, "top_of_year")
    assert error.value.diagnostics[0].code == "E761"
    assert len(lever_at(ruleset, "top_of_year", all_days=True).literals) == 2


@pytest.mark.parametrize(
    ("address", "values"),
    [
        ("top", "500:1300"), ("top", "500:1300:300"), ("top", "1300:500:100"), ("top", "500:1300:0"),
        ("top", "50%:60%:1%"), ("top", "0.001:1:0.001"), ("top", "a:b:c"), ("top", "1:100000:1"),
        ("base.share[县级]", "50:60:1"), ("base.share[县级]", "50元:60元:1元"),
    ],
)  # fmt: skip
def test_ranges_that_cannot_be_read(address: str, values: str) -> None:
    with pytest.raises(RuleError) as error:
        sweep_range(lever_at(written()[1], address), values)
    assert error.value.diagnostics[0].code == "E762"


def test_a_value_that_no_rule_set_may_have() -> None:
    with pytest.raises(RuleError, match=r"with base\.share\[县级\] = 120%"):
        swept(RULES, "base.share[县级]=60%:120%:20%")


def test_the_same_number_twice() -> None:
    with pytest.raises(RuleError, match="the same number"):
        swept(RULES, "top=500:600:100", "top.ceiling=500:600:100")


def test_a_run_is_no_book_of_claims() -> None:
    book = load("cn/heilongjiang/shuangyashan/raohe/second_compensation")
    with pytest.raises(ClaimError) as error:
        book_of_claims(book, reading())
    assert error.value.diagnostics[0].code == "E767"
