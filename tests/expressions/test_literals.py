"""Literals: numbers in expressions, and scalar fields with one amount, rate, date, count, interval."""

import datetime
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policyengine import money
from policyengine.expressions import (
    Name,
    Number,
    parse_alternatives,
    parse_count,
    parse_date,
    parse_interval,
    parse_money,
    parse_name,
    parse_points,
    parse_rate,
)
from policyengine.ir import Interval
from tests.expressions.support import read, refusal, span_of, underlined


def literal(text: str) -> tuple[Fraction, str]:
    node = read(text)
    assert isinstance(node, Number)
    return node.value, node.unit


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("0", 0, ""), ("3", 3, ""), ("0.5", Fraction(1, 2), ""), ("1.0625", Fraction(17, 16), ""),
        ("85%", Fraction(85, 100), "%"), ("12.5%", Fraction(1, 8), "%"), ("0.0001%", Fraction(1, 10**6), "%"),
        ("150%", Fraction(3, 2), "%"), ("5pp", Fraction(5, 100), "pp"), ("0.5pp", Fraction(1, 200), "pp"),
        ("700元", 700, "CNY"), ("0.5元", Fraction(1, 2), "CNY"), ("12.34yuan", Fraction(1234, 100), "CNY"),
        ("20万元", 200_000, "CNY"), ("1.5万元", 15_000, "CNY"), ("0.0001万元", 1, "CNY"), ("1亿元", 10**8, "CNY"),
        ("21000円", 21_000, "JPY"), ("80万円", 800_000, "JPY"), ("500yen", 500, "JPY"), ("3億円", 300_000_000, "JPY"),
        ("1000usd", 1000, "USD"), ("0.99$", Fraction(99, 100), "USD"), ("4500kr", 4500, "DKK"), ("7€", 7, "EUR"),
        ("300chf", 300, "CHF"), ("9£", 9, "GBP"), ("10000원", 10_000, "KRW"), ("30฿", 30, "THB"),
        ("5000₫", 5000, "VND"),
    ],
)  # fmt: skip
def test_numbers_with_units(text: str, value: object, unit: str) -> None:
    assert literal(text) == (value, unit)


def test_every_unit_of_the_money_table_is_read() -> None:
    for word, currency in money.UNITS.items():
        assert literal(f"12{word}") == (Fraction(12), currency)


@pytest.mark.parametrize(
    ("text", "minor"),
    [("700元", 70_000), ("0.5元", 50), ("0.05元", 5), ("20万元", 20_000_000), ("0元", 0), ("99.99元", 9_999)],
)
def test_amounts_in_fen(text: str, minor: int) -> None:
    assert parse_money(text, span_of(text), "CNY") == minor


def test_amounts_in_yen_have_no_decimals() -> None:
    assert parse_money("21000円", span_of("21000円"), "JPY") == 21_000
    found = refusal("0.5円", parse_money, "JPY")
    assert (found.code, found.expected) == ("E210", "no decimals")


@pytest.mark.parametrize(
    ("text", "rate"), [("0%", 0), ("85%", Fraction(17, 20)), ("12.5%", Fraction(1, 8)), ("100%", 1)]
)
def test_rates(text: str, rate: object) -> None:
    assert parse_rate(text, span_of(text)) == rate


@pytest.mark.parametrize(
    ("text", "points"),
    [("5pp", Fraction(1, 20)), ("-10pp", Fraction(-1, 10)), ("100pp", 1), ("0.5pp", Fraction(1, 200))],
)
def test_points(text: str, points: object) -> None:
    assert parse_points(text, span_of(text)) == points


@given(st.integers(0, 10**6))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_every_rate_of_the_grid_has_a_literal(millionths: int) -> None:
    rate = Fraction(millionths, 10**6)
    text = money.rate_text(rate)
    assert parse_rate(text, span_of(text)) == rate


@given(st.integers(0, 10**11))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_every_amount_has_a_literal(fen: int) -> None:
    text = money.text_of(fen) + "元"
    assert parse_money(text, span_of(text), "CNY") == fen


@pytest.mark.parametrize("day", ["1900-01-01", "2016-01-01", "2024-02-29", "2000-02-29", "2199-12-31"])
def test_dates(day: str) -> None:
    assert parse_date(day, span_of(day)) == datetime.date.fromisoformat(day)


@given(st.dates(datetime.date(1900, 1, 1), datetime.date(2199, 12, 31)))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_every_day_is_read(day: datetime.date) -> None:
    assert parse_date(day.isoformat(), span_of(day.isoformat())) == day


@pytest.mark.parametrize(("text", "count"), [("0", 0), ("3", 3), ("9999999999999", 9_999_999_999_999)])
def test_counts(text: str, count: int) -> None:
    assert parse_count(text, span_of(text)) == count


@pytest.mark.parametrize(
    ("text", "currency", "interval"),
    [
        ("18..60", "", Interval(18, 60)),
        ("..60", "", Interval(None, 60)),
        ("18..", "", Interval(18, None)),
        ("18 .. 60", "", Interval(18, 60)),
        ("0..1", "", Interval(0, 1)),
        ("3", "", Interval(3, 4)),
        ("any", "", Interval(None, None)),
        ("0元..1000元", "CNY", Interval(0, 100_000)),
        ("..5万元", "CNY", Interval(None, 5_000_000)),
        ("0.01元..", "CNY", Interval(1, None)),
        ("21000円..", "JPY", Interval(21_000, None)),
    ],
)
def test_intervals(text: str, currency: str, interval: Interval) -> None:
    assert parse_interval(text, span_of(text), currency) == interval


def test_the_upper_end_is_not_in_the_interval() -> None:
    ages = parse_interval("18..60", span_of("18..60"))
    assert (17 in ages, 18 in ages, 59 in ages, 60 in ages) == (False, True, True, False)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("city", ("city",)),
        ("province|city", ("province", "city")),
        ("三级甲等 | 二级甲等", ("三级甲等", "二级甲等")),
        ("C34.1|310|B-12_a", ("C34.1", "310", "B-12_a")),
    ],
)
def test_alternatives(text: str, codes: tuple[str, ...]) -> None:
    found = parse_alternatives(text, span_of(text))
    assert found is not None
    assert tuple(name.text for name in found) == codes
    assert [name.span.column - 11 for name in found] == [text.index(code) for code in codes]


def test_any_is_every_alternative() -> None:
    assert parse_alternatives("any", span_of("any")) is None


@pytest.mark.parametrize(
    ("composed", "decomposed"), [("ガーゼ", "\u30ab\u3099ーゼ"), ("강원", "\u1100\u1161\u11bc원"), ("金額", "\uf90a額")]
)
def test_names_are_in_normal_form(composed: str, decomposed: str) -> None:
    assert composed != decomposed
    assert read(decomposed) == Name(composed, span_of(""))
    assert parse_name(decomposed, span_of(decomposed)) == composed
    assert parse_alternatives(decomposed, span_of(decomposed)) == (Name(composed, span_of("")),)


@pytest.mark.parametrize("name", ["basic", "b", "basic_share", "起付线", "own2", "A1", "ICU费用", "class", "true"])
def test_plain_names(name: str) -> None:
    assert parse_name(name, span_of(name)) == name


@pytest.mark.parametrize("text", ["a.b", "if", "且", "1a", "a b", " a", "a-b", "5%", "'a'"])
def test_what_is_no_plain_name(text: str) -> None:
    found = refusal(text, parse_name)
    assert found.code == "E219"
    assert underlined(found) == text
