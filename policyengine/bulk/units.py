"""Units of columns: how many decimals of a stated number become the whole units that columns count in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from policyengine.errors import nearest
from policyengine.money import EXPONENTS, UNITS

MILLIONTHS: Final = 6
_PERCENT: Final = 4
_OF_YUAN: Mapping[str, int] = {"分": -2, "fen": -2, "角": -1, "jiao": -1, "千元": 3, "万元": 4}
"""Units of CNY, in powers of ten of a yuan."""


class NoUnit(ValueError):
    """A word that is not a unit of the kind or currency; the message says what is wrong. ``hint``: what was meant."""

    def __init__(self, text: str, expected: str, hint: str = "") -> None:
        super().__init__(text)
        self.expected, self.hint = expected, hint


def decimals(unit: str, kind: str, currency: str) -> int:
    """How many decimals of a number in ``unit`` are counted: of 元, fen are, so 2; of 分, none. Raises ``NoUnit``."""
    if kind == "rate":
        if unit not in ("", "%"):
            raise NoUnit(f"`{unit}` is not a unit of rates", "% or nothing")
        return _PERCENT if unit else MILLIONTHS
    if kind != "money":
        if unit:
            raise NoUnit(f"a {kind} has no unit", "no unit")
        return 0
    return _of_money(unit, currency)


def _of_money(unit: str, currency: str) -> int:
    exponent = EXPONENTS[currency]
    if unit == "minor":
        return 0
    if unit in ("", currency):
        return exponent
    if unit in _OF_YUAN and currency == "CNY":
        return exponent + _OF_YUAN[unit]
    if UNITS.get(unit.lower()) == currency:
        return exponent
    own = [word for word, of in UNITS.items() if of == currency] + (list(_OF_YUAN) if currency == "CNY" else [])
    known = [currency, *own, "minor"]
    raise NoUnit(f"`{unit}` is not a unit of {currency}", "one of " + ", ".join(known), nearest(unit, known))
