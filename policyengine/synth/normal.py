"""Quantiles of the standard normal and of lognormal distributions, the same digits on every machine.

Decimal arithmetic is exact to its last digit wherever Python runs (``exp``, ``ln`` and ``sqrt`` of ``decimal`` are
correctly rounded), while those of a machine's own mathematics are not. Wichura (1988), Algorithm AS 241 (PPND16).
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Final

DIGITS: Final = Context(prec=24, rounding=ROUND_HALF_EVEN)
CELLS: Final = 512
"""Cells of a table, and of the finer table of the last cell."""

_MIDDLE = (
    "2509.0809287301226727 33430.575583588128105 67265.770927008700853 45921.953931549871457 13731.693765509461125 "
    "1971.5909503065514427 133.14166789178437745 3.3871328727963666080",
    "5226.4952788528545610 28729.085735721942674 39307.895800092710610 21213.794301586595867 5394.1960214247511077 "
    "687.18700749205790830 42.313330701600911252 1",
)
_TAIL = (
    "7.74545014278341407640e-4 2.27238449892691845833e-2 2.41780725177450611770e-1 1.27045825245236838258 "
    "3.64784832476320460504 5.76949722146069140550 4.63033784615654529590 1.42343711074968357734",
    "1.05075007164441684324e-9 5.47593808499534494600e-4 1.51986665636164571966e-2 1.48103976427480074590e-1 "
    "6.89767334985100004550e-1 1.67638483018380384940 2.05319162663775882187 1",
)
_FAR = (
    "2.01033439929228813265e-7 2.71155556874348757815e-5 1.24266094738807843860e-3 2.65321895265761230930e-2 "
    "2.96560571828504891230e-1 1.78482653991729133580 5.46378491116411436990 6.65790464350110377720",
    "2.04426310338993978564e-15 1.42151175831644588870e-7 1.84631831751005468180e-5 7.86869131145613259100e-4 "
    "1.48753612908506148525e-2 1.36929880922735805310e-1 5.99832206555887937690e-1 1",
)


def _ratio(of: tuple[str, str], at: Decimal) -> Decimal:
    above, below = (_horner(coefficients.split(), at) for coefficients in of)
    return above / below


def _horner(coefficients: list[str], at: Decimal) -> Decimal:
    total = Decimal(0)
    for coefficient in coefficients:
        total = total * at + Decimal(coefficient)
    return total


def quantile(share: Fraction) -> Decimal:
    """The value below which a standard normal lies with this probability, to 16 digits."""
    with localcontext(DIGITS):
        p = Decimal(share.numerator) / Decimal(share.denominator)
        middle = p - Decimal("0.5")
        if abs(middle) <= Decimal("0.425"):
            return middle * _ratio(_MIDDLE, Decimal("0.180625") - middle * middle)
        r = (-min(p, 1 - p).ln()).sqrt()
        found = _ratio(_TAIL, r - Decimal("1.6")) if r <= 5 else _ratio(_FAR, r - 5)
        return found if middle > 0 else -found


def shares() -> tuple[Fraction, ...]:
    """The probabilities at the ends of the cells: ``CELLS`` even ones, and as many in the last of them."""
    least = Fraction(1, 2**33)
    even = [Fraction(i, CELLS) for i in range(CELLS)]
    fine = [1 - Fraction(CELLS - i, CELLS**2) for i in range(CELLS)]
    return (least, *even[1:], *fine, 1 - least)


@lru_cache(maxsize=64)
def lognormal_factors(ratio: Fraction) -> tuple[Decimal, ...]:
    """Quantiles of a lognormal distribution of median 1 whose mean is ``ratio``, at ``shares()``.

    The mean of a lognormal is its median times exp(σ²/2).
    """
    with localcontext(DIGITS):
        sigma = (2 * (Decimal(ratio.numerator) / Decimal(ratio.denominator)).ln()).sqrt()
        found = tuple((sigma * quantile(share)).exp() for share in shares())
    assert all(a <= b for a, b in pairwise(found)), "quantiles rise"
    return found


def poisson_shares(mean: Fraction) -> tuple[Fraction, ...]:
    """The probabilities of 0, 1, 2 … events, in 2⁻³² each, up to the last that is not 0; that of 0 is the rest."""
    with localcontext(DIGITS):
        rate = Decimal(mean.numerator) / Decimal(mean.denominator)
        one, whole = (-rate).exp() * rate, Decimal(2**32)
        parts = [0]
        while one * whole >= 1 or len(parts) <= mean:
            parts.append(int((one * whole).to_integral_value()))
            one = one * rate / len(parts)
    return (1 - Fraction(sum(parts), 2**32), *(Fraction(part, 2**32) for part in parts[1:]))
