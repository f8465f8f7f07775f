"""Amounts, rates and rounding by themselves, each figure by hand: the arithmetic on which everything else rests."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from policyengine.money import (
    MAX_MINOR,
    RATE_GRID,
    NotMoney,
    decimal_of,
    exponent_of,
    grouped,
    minor_from,
    minor_from_text,
    plain_decimal,
    rate_from_text,
    rate_text,
    round_ratio,
    round_to,
    text_of,
)


def test_the_bounds_are_those_that_are_published() -> None:
    assert (MAX_MINOR, RATE_GRID) == (100_000_000_000, 1_000_000)
    assert [exponent_of(currency) for currency in ("CNY", "USD", "JPY")] == [2, 2, 0]


@pytest.mark.parametrize(
    ("text", "exponent", "minor"),
    [
        ("0", 2, 0), ("0.01", 2, 1), ("0.1", 2, 10), ("1", 2, 100), ("12.5", 2, 1250), ("1300.50", 2, 130050),
        ("-0", 2, 0), ("-0.01", 2, -1), ("-12.34", 2, -1234), ("7", 0, 7), ("1.2300", 2, 123), ("1.0", 0, 1),
        ("1000000000.00", 2, MAX_MINOR), ("-1000000000", 2, -MAX_MINOR), ("0001", 2, 100),
    ],
)  # fmt: skip
def test_texts(text: str, exponent: int, minor: int) -> None:
    assert minor_from_text(text, exponent) == minor
    assert minor_from(text, exponent) == minor
    assert minor_from(Decimal(text), exponent) == minor


@pytest.mark.parametrize(
    ("value", "exponent", "said"),
    [
        ("0.001", 2, "more than 2 decimals"), ("1.5", 0, "more than 0 decimals"), ("", 2, "plain"),
        ("1,000", 2, "plain"), ("1e3", 2, "plain"), ("１", 2, "plain"), ("+1", 2, "plain"), (" 1", 2, "plain"),
        ("1.", 2, "plain"), ("1000000000.01", 2, "larger than the limit of"),
        ("-1000000000.01", 2, "larger than the limit"), (1_000_000_001, 2, "larger"), (MAX_MINOR + 1, 0, "larger"),
        (-MAX_MINOR - 1, 0, "larger"), (True, 2, "true/false is not an amount"), (1.5, 2, "a float is not exact"),
        (None, 2, "a NoneType is not an amount"), (Decimal("0.001"), 2, "more than 2 decimals"),
        (Decimal("NaN"), 2, "finite"), (Decimal("1E+400"), 2, "plain"),
        (Decimal("1000000000.01"), 2, "larger"), (Decimal("1E-400"), 2, "plain"),
    ],
)  # fmt: skip
def test_what_is_no_amount(value: object, exponent: int, said: str) -> None:
    with pytest.raises(NotMoney, match=said):
        minor_from(value, exponent)


def test_minor_units_are_whole_numbers_whatever_they_are_made_of() -> None:
    for value in ("12.50", 12, Decimal("12.50"), Decimal("9999999.99")):
        assert type(minor_from(value)) is int
    with pytest.raises(NotMoney, match=r"^a list is not an amount"):
        minor_from([])
    with pytest.raises(NotMoney, match=r"limit of 100000000000$"):
        minor_from(MAX_MINOR + 1, 0)


def test_a_whole_number_keeps_its_zeros() -> None:
    assert str(plain_decimal(Decimal(100_000))) == "100000"
    assert str(plain_decimal(Decimal("1200000.50"))) == "1200000.50"


def test_a_limit_of_ones_own() -> None:
    assert minor_from_text("5.00", 2, 500) == minor_from(5, 2, 500) == minor_from(Decimal(5), 2, 500) == 500
    assert minor_from(Decimal("1E+9")) == MAX_MINOR
    for value in ("5.01", Decimal("5.01"), 6):
        with pytest.raises(NotMoney, match=r"larger than the limit of 5\.00"):
            minor_from(value, 2, 500)


@pytest.mark.parametrize(
    ("minor", "exponent", "text", "people"),
    [
        (0, 2, "0.00", "0.00"), (1, 2, "0.01", "0.01"), (10, 2, "0.10", "0.10"), (-1, 2, "-0.01", "-0.01"),
        (130050, 2, "1300.50", "1,300.50"), (-100000000, 2, "-1000000.00", "-1,000,000.00"), (7, 0, "7", "7"),
        (-1234, 0, "-1234", "-1,234"), (99999, 2, "999.99", "999.99"), (12345, 3, "12.345", "12.345"),
    ],
)  # fmt: skip
def test_written(minor: int, exponent: int, text: str, people: str) -> None:
    assert text_of(minor, exponent) == text
    assert grouped(minor, exponent) == people
    assert decimal_of(minor, exponent) == Decimal(text)
    assert str(decimal_of(minor, exponent)) == text


def test_two_decimals_are_the_default() -> None:
    assert (text_of(150), grouped(123456), str(decimal_of(150)), minor_from("1.5")) == ("1.50", "1,234.56", "1.50", 150)


@pytest.mark.parametrize(
    ("value", "exact"),
    [
        ("1300.50", "1300.50"), (Decimal("0.10"), "0.10"), (Decimal("-0"), "0"), ("-0.00", "0.00"), (12, "12"),
        (Decimal("1.230000000"), "1.2300"), ("9999999999999.9999", "9999999999999.9999"), (Decimal("1E+3"), "1000"),
        (10**13 - 1, "9999999999999"), ("-5", "-5"),
    ],
)  # fmt: skip
def test_amounts_of_a_currency_not_known_yet(value: object, exact: str) -> None:
    assert str(plain_decimal(value)) == exact


@pytest.mark.parametrize(
    "value",
    [
        "1.00005", Decimal("1.00005"), "99999999999999", 10**13, Decimal("1E+30"), Decimal("1E-30"), "", True, 1.5,
        Decimal("Infinity"), None, "1" * 30, Decimal("1E+25"),
    ],
)  # fmt: skip
def test_amounts_that_no_currency_has(value: object) -> None:
    with pytest.raises(NotMoney):
        plain_decimal(value)


@pytest.mark.parametrize(
    ("text", "rate", "people"),
    [
        ("0", Fraction(0), "0%"), ("1", Fraction(1), "100%"), ("0.7", Fraction(7, 10), "70%"),
        ("0.125", Fraction(1, 8), "12.5%"), ("0.000001", Fraction(1, 10**6), "0.0001%"),
        ("1.05", Fraction(21, 20), "105%"), ("0.3333330", Fraction(333333, 10**6), "33.3333%"),
        ("9999999", Fraction(9999999), "999999900%"),
    ],
)  # fmt: skip
def test_rates(text: str, rate: Fraction, people: str) -> None:
    assert rate_from_text(text) == rate
    assert rate_text(rate) == people


def test_rates_for_people() -> None:
    assert rate_text(Fraction(100, 91)) == "100/91"
    assert rate_text(Fraction(1, 3)) == "1/3"
    assert rate_text(Fraction(-5, 100)) == "-5%"
    assert rate_text(Fraction(-1, 800)) == "-0.125%"
    assert rate_text(Fraction(1, 10**8)) == "0.000001%"
    assert rate_text(Fraction(1, 10**9)) == "1/1000000000"


@pytest.mark.parametrize(
    "text", ["0.0000001", "70%", "-0.1", "", "1e-1", "99999999", "0." + "0" * 30, "０.7", ".5", "5."]
)
def test_what_is_no_rate(text: str) -> None:
    with pytest.raises(NotMoney, match="finer than one millionth" if text == "0.0000001" else "plain decimal rate"):
        rate_from_text(text)


@pytest.mark.parametrize(
    ("numerator", "denominator", "down", "up", "half_up", "half_down", "half_even"),
    [
        (0, 3, 0, 0, 0, 0, 0), (6, 3, 2, 2, 2, 2, 2), (1, 2, 0, 1, 1, 0, 0), (3, 2, 1, 2, 2, 1, 2),
        (5, 2, 2, 3, 3, 2, 2), (1, 3, 0, 1, 0, 0, 0), (2, 3, 0, 1, 1, 1, 1), (-1, 2, 0, -1, -1, 0, 0),
        (-3, 2, -1, -2, -2, -1, -2), (-1, 3, 0, -1, 0, 0, 0), (-2, 3, 0, -1, -1, -1, -1), (-6, 3, -2, -2, -2, -2, -2),
        (7, 4, 1, 2, 2, 2, 2), (5, 4, 1, 2, 1, 1, 1), (-7, 4, -1, -2, -2, -2, -2), (5, 1, 5, 5, 5, 5, 5),
    ],
)  # fmt: skip
def test_rounding(
    numerator: int, denominator: int, down: int, up: int, half_up: int, half_down: int, half_even: int
) -> None:
    """Down is towards zero, up is away from it; a half is told by the mode, and a negative is the mirror."""
    expected = {"down": down, "up": up, "half_up": half_up, "half_down": half_down, "half_even": half_even}
    for mode, rounded in expected.items():
        assert round_ratio(numerator, denominator, mode) == rounded, mode
        assert round_to(Fraction(numerator, denominator), mode) == rounded, mode


def test_rounding_to_a_unit() -> None:
    assert round_to(Fraction(24_999, 100), "half_up", 100) == 200  # 249.99 fen are 2.4999 yuan
    assert round_to(250, "half_up", 100) == 300
    assert round_to(250, "half_even", 100) == 200
    assert round_to(250, "down", 100) == 200
    assert round_to(201, "up", 100) == 300
    assert round_to(-250, "half_up", 100) == -300
    assert round_to(1_234, "half_up") == 1_234


def test_an_unknown_mode_is_no_mode() -> None:
    with pytest.raises(AssertionError, match="sideways"):
        round_ratio(1, 2, "sideways")
