"""Amounts for people: ``1,300.50`` in a reckoning, ``1,300.50元`` in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from policyengine.money import exponent_of, grouped
from policyengine.report.names import Lang, pick

MONEY: Final[Mapping[str, tuple[str, str]]] = {
    "CNY": ("元", "yuan"), "JPY": ("日元", "yen"), "USD": ("美元", "USD"), "EUR": ("欧元", "EUR"),
    "CHF": ("瑞士法郎", "CHF"), "DKK": ("丹麦克朗", "DKK"), "SEK": ("瑞典克朗", "SEK"), "GBP": ("英镑", "GBP"),
    "SGD": ("新加坡元", "SGD"), "TWD": ("新台币元", "TWD"), "HKD": ("港元", "HKD"), "KRW": ("韩元", "KRW"),
}  # fmt: skip
"""What a currency is called after an amount; others by their code."""


def money_name(currency: str, lang: Lang) -> str:
    return pick(MONEY.get(currency, (currency, currency)), lang)


def amount_words(minor: int | Fraction, currency: str, lang: Lang) -> str:
    """An amount with its unit: ``400元``, ``400 yuan``; coins only where there are any."""
    exponent = exponent_of(currency)
    text = amount_text(Fraction(minor), exponent)
    if exponent and text.endswith("." + "0" * exponent):
        text = text[: -exponent - 1]
    unit = money_name(currency, lang)
    return f"{text}{unit}" if lang == "zh" and not unit.isascii() else f"{text} {unit}"


def amount_text(value: Fraction, exponent: int) -> str:
    """An amount in minor units for people; what lies beyond two more decimals is cut off with an ellipsis."""
    if value.denominator == 1:
        return grouped(int(value), exponent)
    finer = value * 100
    text = grouped(abs(finer.numerator) // finer.denominator, exponent + 2)
    return ("-" if value < 0 else "") + (text.rstrip("0") if finer.denominator == 1 else text + "…")
