"""Money is an integer number of minor units (fen), a rate an exact rational.

No binary float is accepted or produced anywhere. Texts are checked for length and shape *before* any arithmetic,
so that ``1E+1000000`` costs nothing and full-width digits, ``NaN`` and underscores are refused.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Final

MAX_MINOR: Final = 10**11
"""The largest amount of one claim, in minor units (one thousand million yuan)."""

RATE_GRID: Final = 10**6
"""Rates lie on a grid of one millionth."""

EXPONENTS: Final[dict[str, int]] = {
    "CNY": 2, "USD": 2, "EUR": 2, "CHF": 2, "DKK": 2, "GBP": 2, "CAD": 2, "AUD": 2, "SGD": 2, "THB": 2,
    "INR": 2, "IDR": 2, "MYR": 2, "PHP": 2, "TWD": 2, "HKD": 2, "NZD": 2, "SEK": 2, "NOK": 2, "PLN": 2, "CZK": 2,
    "HUF": 2, "RON": 2, "BGN": 2, "TRY": 2, "ILS": 2, "ZAR": 2, "KES": 2, "NGN": 2, "GHS": 2, "EGP": 2, "MXN": 2,
    "BRL": 2, "ARS": 2, "COP": 2, "PEN": 2, "RUB": 2, "UAH": 2, "SAR": 2, "AED": 2, "LKR": 2, "BDT": 2, "NPR": 2,
    "JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "ISK": 0, "UGX": 0, "RWF": 0, "XOF": 0, "PYG": 0,
}  # fmt: skip
"""Decimals of each currency known to the library (ISO 4217)."""

UNITS: Final[dict[str, str]] = {
    "元": "CNY", "yuan": "CNY", "usd": "USD", "$": "USD", "eur": "EUR", "€": "EUR", "chf": "CHF", "kr": "DKK",
    "gbp": "GBP", "£": "GBP", "円": "JPY", "yen": "JPY", "krw": "KRW", "원": "KRW", "cad": "CAD", "aud": "AUD",
    "sgd": "SGD", "thb": "THB", "฿": "THB", "vnd": "VND", "₫": "VND",
    **{code.lower(): code for code in EXPONENTS if code not in ("CNY", "DKK", "JPY")},
}  # fmt: skip
"""Unit words of money literals in rule files and the currency they stand for."""

MODES: Final = ("half_up", "half_even", "half_down", "up", "down")
"""Rounding modes. ``up`` is away from zero, ``down`` towards zero."""

_AMOUNT = re.compile(r"-?[0-9]{1,13}(\.[0-9]{1,4})?", re.ASCII)
_LONGEST = 24


class NotMoney(ValueError):
    """The text or number is not an exact amount; the message says why."""


def exponent_of(currency: str) -> int:
    """Decimals of ``currency``. Raises ``KeyError`` for a currency that is not known."""
    return EXPONENTS[currency]


def minor_from_text(text: str, exponent: int = 2, most: int = MAX_MINOR) -> int:
    """An amount such as ``"1300.50"`` in minor units (130050), at most ``most``. Raises ``NotMoney``."""
    if len(text) > _LONGEST or not _AMOUNT.fullmatch(text):
        raise NotMoney("not a plain decimal amount such as 1300.50")
    whole, _, decimals = text.partition(".")
    if len(decimals.rstrip("0")) > exponent:
        raise NotMoney(f"more than {exponent} decimals")
    digits = decimals[:exponent].ljust(exponent, "0")
    minor = int(whole + digits)
    if abs(minor) > most:
        raise NotMoney(f"larger than the limit of {text_of(most, exponent)}")
    return minor


def minor_from(value: object, exponent: int = 2, most: int = MAX_MINOR) -> int:
    """A decimal text, ``Decimal`` or ``int`` (whole currency units) in minor units, at most ``most``.

    Raises ``NotMoney`` for anything else: a float has already lost the cents, a bool is no amount.
    """
    if isinstance(value, bool):
        raise NotMoney("true/false is not an amount")
    if isinstance(value, float):
        raise NotMoney("a float is not exact; give the amount as a text such as '12.50' or as a Decimal")
    if isinstance(value, str):
        return minor_from_text(value, exponent, most)
    if isinstance(value, int):
        if abs(value) > most:
            raise NotMoney(f"larger than the limit of {text_of(most, exponent)}")
        return minor_from_text(str(value), exponent, most)
    if isinstance(value, Decimal):
        return _minor_from_decimal(value, exponent, most)
    raise NotMoney(f"a {type(value).__name__} is not an amount; give a text such as '12.50'")


def _minor_from_decimal(value: Decimal, exponent: int, most: int) -> int:
    if not value.is_finite():
        raise NotMoney("not a finite number")
    sign, digits, power = value.as_tuple()
    assert isinstance(power, int)
    if len(digits) > _LONGEST or not -_LONGEST <= power <= _LONGEST:
        raise NotMoney("not a plain decimal amount such as 1300.50")
    shift = power + exponent
    scaled = int("".join(map(str, digits))) * int(10 ** max(0, shift))
    divisor = int(10 ** max(0, -shift))
    if scaled % divisor:
        raise NotMoney(f"more than {exponent} decimals")
    minor = scaled // divisor
    if minor > most:
        raise NotMoney(f"larger than the limit of {text_of(most, exponent)}")
    return -minor if sign else minor


def plain_decimal(value: object) -> Decimal:
    """An amount whose currency is not known yet: a plain ``Decimal`` of at most 13 digits and 4 decimals, never ``-0``.

    Takes what ``minor_from`` takes and raises ``NotMoney`` for the rest.
    """
    if isinstance(value, str):
        text = value
    elif isinstance(value, Decimal) and value.is_finite() and -_LONGEST <= value.adjusted() <= _LONGEST:
        text = _without_idle_zeros(value)
    else:
        minor_from(value, 0, 10**13 - 1)
        text = str(value)
    if len(text) > _LONGEST or not _AMOUNT.fullmatch(text):
        raise NotMoney("not a plain decimal amount such as 1300.50")
    exact = Decimal(text)
    return exact if exact else exact.copy_abs()


def _without_idle_zeros(value: Decimal) -> str:
    """``value`` written out, without zeros beyond the fourth decimal; only for numbers of sane size."""
    whole, dot, decimals = f"{value:f}".partition(".")
    return whole + dot + decimals[:4] + decimals[4:].rstrip("0")


def decimal_of(minor: int, exponent: int = 2) -> Decimal:
    """Minor units as an exact ``Decimal`` in whole currency units."""
    return Decimal(text_of(minor, exponent))


def text_of(minor: int, exponent: int = 2) -> str:
    """Minor units as a plain decimal text: 130050 is ``1300.50``."""
    if not exponent:
        return str(minor)
    digits = str(minor).zfill(exponent + 1 + (minor < 0))
    return f"{digits[:-exponent]}.{digits[-exponent:]}"


def grouped(minor: int, exponent: int = 2) -> str:
    """Minor units for people: ``1,300.50``."""
    whole, dot, rest = text_of(abs(minor), exponent).partition(".")
    return ("-" if minor < 0 else "") + f"{int(whole):,}" + dot + rest


def rate_from_text(text: str) -> Fraction:
    """A plain decimal such as ``0.1`` as an exact rate on the grid of one millionth. Raises ``NotMoney``."""
    if len(text) > _LONGEST or not re.fullmatch(r"[0-9]{1,7}(\.[0-9]{1,8})?", text, re.ASCII):
        raise NotMoney("not a plain decimal rate such as 0.7")
    rate = Fraction(text)
    if (rate * RATE_GRID).denominator != 1:
        raise NotMoney("finer than one millionth")
    return rate


def rate_text(rate: Fraction) -> str:
    """A rate for people: ``70%``, ``12.5%``; one that has no finite decimal form is printed as ``100/91``."""
    percent = rate * 100
    if 10**6 % percent.denominator:
        return f"{rate.numerator}/{rate.denominator}"
    scaled = percent.numerator * (10**6 // percent.denominator)
    sign, scaled = ("-", -scaled) if scaled < 0 else ("", scaled)
    whole, rest = divmod(scaled, 10**6)
    decimals = f"{rest:06d}".rstrip("0")
    return f"{sign}{whole}{'.' + decimals if decimals else ''}%"


def round_ratio(numerator: int, denominator: int, mode: str) -> int:
    """``numerator / denominator`` (denominator > 0) rounded to an integer in one of ``MODES``."""
    sign = -1 if numerator < 0 else 1
    quotient, rest = divmod(abs(numerator), denominator)
    if not rest or mode == "down":
        return sign * quotient
    if mode == "up":
        return sign * (quotient + 1)
    twice = 2 * rest - denominator
    if mode == "half_up":
        above = twice >= 0
    elif mode == "half_down":
        above = twice > 0
    else:
        assert mode == "half_even", mode
        above = twice > 0 or (twice == 0 and quotient % 2 == 1)
    return sign * (quotient + above)


def round_to(value: Fraction | int, mode: str, unit: int = 1) -> int:
    """An exact amount rounded to a multiple of ``unit`` minor units."""
    exact = Fraction(value)
    return round_ratio(exact.numerator, exact.denominator * unit, mode) * unit
