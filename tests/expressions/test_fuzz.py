"""Whatever the text: a tree or a value, or one RuleError whose mark lies inside the text."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policyengine.errors import RuleError
from policyengine.expressions import (
    parse_alternatives,
    parse_count,
    parse_date,
    parse_expression,
    parse_interval,
    parse_money,
    parse_name,
    parse_points,
    parse_rate,
    print_expression,
)
from tests.expressions.strategies import NOWHERE
from tests.expressions.support import MARGIN, read, span_of

PIECES = (
    "a", "甲", "base.x", "sum", "min", "in_scope", "3", "0", "700元", "85%", "5pp", "20万元", "1000usd", "'x'",
    '"y"', "+", "-", "*", "/", "of", "and", "or", "not", "且", "或", "非", "==", "!=", "<", "<=", ">", ">=", "in",
    "between", "if", "else", "where", "(", ")", "[", "]", ",", "..", " ", " ", "\n", ".", "%", "=", "!", "&&",
    "，", "（", "_", "\\", "'", '"', "é", "\u200b", "1e5", "010", "1,000",
)  # fmt: skip
SOUP = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)
SPACED = st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join)
ANYTHING = st.text(st.characters(), max_size=40)
NUMERIC = st.text("0123456789.,-+%p元万usd~ ０५", max_size=12)


def checked(parse: Callable[..., Any], text: str, *more: Any) -> Any:
    """The value, or ``None`` when the text is refused as it should be."""
    try:
        return parse(text, span_of(text), *more)
    except RuleError as error:
        (found,) = error.diagnostics
        assert found.code.startswith("E2")
        assert found.span is not None
        assert len(MARGIN) < found.span.column <= len(MARGIN) + max(1, len(text))
        assert found.render()
        return None


@pytest.mark.parametrize(("drawn", "examples"), [(ANYTHING, 2500), (SOUP, 2500), (SPACED, 2500)])
def test_expressions(drawn: st.SearchStrategy[str], examples: int) -> None:
    accepted = 0

    @given(drawn)
    @settings(max_examples=examples, deadline=None, derandomize=True)
    def tree_or_refusal(text: str) -> None:
        nonlocal accepted
        tree = checked(parse_expression, text)
        if tree is not None:
            accepted += 1
            assert read(print_expression(tree)) == tree

    tree_or_refusal()
    assert accepted, "some of the texts are expressions"


@pytest.mark.parametrize(
    ("parse", "more"),
    [
        (parse_money, ("CNY",)), (parse_money, ("JPY",)), (parse_rate, ()), (parse_points, ()), (parse_count, ()),
        (parse_date, ()), (parse_interval, ()), (parse_interval, ("CNY",)), (parse_alternatives, ()), (parse_name, ()),
    ],
)  # fmt: skip
def test_fields(parse: Callable[..., Any], more: tuple[str, ...]) -> None:
    @given(st.one_of(NUMERIC, SOUP, ANYTHING))
    @settings(max_examples=400, deadline=None, derandomize=True)
    def value_or_refusal(text: str) -> None:
        checked(parse, text, *more)

    value_or_refusal()


@given(st.binary(max_size=60))
@settings(max_examples=1500, deadline=None, derandomize=True)
def test_bytes_read_as_text(raw: bytes) -> None:
    checked(parse_expression, raw.decode("utf-8", "surrogateescape"))
    checked(parse_expression, raw.decode("latin-1"))


@given(SPACED)
@settings(max_examples=300, deadline=None, derandomize=True)
def test_the_place_does_not_change_the_meaning(text: str) -> None:
    here = checked(parse_expression, text)
    try:
        there = parse_expression(text, NOWHERE)
    except RuleError:
        there = None
    assert here == there
