"""The examples of the codes E2xx: every bad one is refused with that very code, every good one is accepted."""

from collections.abc import Callable
from typing import Any

import pytest

from policyengine.codes import CODES
from policyengine.errors import RuleError
from policyengine.expressions import (
    parse_alternatives,
    parse_count,
    parse_date,
    parse_expression,
    parse_interval,
    parse_money,
    parse_points,
    parse_rate,
)
from tests.expressions.support import refusal, span_of

READERS: dict[str, tuple[Callable[..., Any], *tuple[str, ...]]] = {
    "when": (parse_expression,),
    "take": (parse_expression,),
    "fund_share": (parse_rate,),
    "add": (parse_points,),
    "ceiling": (parse_money, "CNY"),
    "from": (parse_date,),
    "times": (parse_count,),
    "age": (parse_interval,),
    "tier": (parse_alternatives,),
}
EXPLAINED = sorted(code for code in CODES if code.startswith("E2"))


def test_the_codes_are_explained_without_gaps() -> None:
    assert [f"E2{n:02d}" for n in range(1, 23)] == EXPLAINED


@pytest.mark.parametrize("code", EXPLAINED)
def test_bad_examples_are_refused_with_their_code(code: str) -> None:
    key, _, text = CODES[code].bad.partition(": ")
    parse, *more = READERS[key]
    assert refusal(text, parse, *more).code == code


@pytest.mark.parametrize("code", EXPLAINED)
def test_good_examples_are_accepted(code: str) -> None:
    key, _, text = CODES[code].good.partition(": ")
    parse, *more = READERS[key]
    try:
        parse(text, span_of(text), *more)
    except RuleError as error:
        pytest.fail(str(error))


@pytest.mark.parametrize("code", EXPLAINED)
def test_every_code_says_cause_and_cure(code: str) -> None:
    entry = CODES[code]
    assert all((entry.title, entry.cause, entry.cure, entry.bad, entry.good))
    assert entry.bad != entry.good
