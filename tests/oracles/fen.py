"""Fen: whole numbers of the cent, and the one rounding of the oracles.

Rounding: each layer to the cent, half up, before the next; published examples come out so to the cent.
"""

from __future__ import annotations

from fractions import Fraction


def yuan(amount: int) -> int:
    """Whole yuan in fen."""
    return amount * 100


def fen(amount: Fraction | int) -> int:
    """An amount that is not negative, to the whole fen, half up."""
    exact = Fraction(amount)
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


def percent(rate: int) -> Fraction:
    return Fraction(rate, 100)


def room(limit: int, used: int) -> int:
    """What is left under a limit; never below zero."""
    return max(0, limit - used)
