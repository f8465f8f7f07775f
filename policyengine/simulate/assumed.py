"""What a simulation assumes beyond rules and claims: that people go to hospital more or less if they pay less or more.

Under a demand elasticity e, a claim of which the patient bears p before and q after counts w times after the reform,
with (w − 1) / (w + 1) = e (q − p) / (q + p): relative changes are taken from the middle, so that they are the same
there and back, and a bill that was free has one, too. Weights are whole millionths, sums exact. No claim is settled
otherwise: what accumulators hold follows from the claims as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from policyengine.bulk.compiling import compiled
from policyengine.errors import ClaimError, Diagnostic
from policyengine.mass.sums import sums_by
from policyengine.simulate.groups import Grouping, Label

Array = NDArray[Any]
WHOLE: Final = 10**6
"""A claim that counts once, in millionths."""
WEIGHT: Final = "claims"
"""The name under which the weights themselves are added up."""
_FORM = re.compile(r"\s*([-−]?\d+(?:\.\d{1,3})?)\s*[:：]\s*(\S.*?)\s*", re.DOTALL)
_FINEST: Final = 1000
_STRONGEST: Final = -900


@dataclass(frozen=True, slots=True)
class Elasticity:
    """A demand elasticity in thousandths, from −900 to 0, and who says so: every output repeats it."""

    thousandths: int
    label: str

    def __post_init__(self) -> None:
        if not _STRONGEST <= self.thousandths <= 0:
            raise _unread(f"{self.value} is no elasticity of demand", "from -0.9 to 0")
        if not self.label.strip():
            raise _unread("nothing is said of where the elasticity comes from", "a label: `-0.2: our guess`")

    @property
    def value(self) -> Fraction:
        return Fraction(self.thousandths, _FINEST)

    @property
    def text(self) -> str:
        """The number in decimals: -0.2."""
        if not self.thousandths:
            return "0"
        return f"-0.{-self.thousandths:03}".rstrip("0")


def elasticity_of(text: str) -> Elasticity:
    """An elasticity as written on the command line: ``-0.2: where it comes from``. Raises ``ClaimError`` E843."""
    found = _FORM.fullmatch(text)
    if found is None:
        raise _unread(f"`{text}` is no elasticity with its label", "such as `-0.2: a guess of ours`")
    return Elasticity(int(Fraction(found[1].replace("−", "-")) * _FINEST), found[2])


def _unread(text: str, expected: str) -> ClaimError:
    return ClaimError(Diagnostic("E843", text, None, expected, record="the elasticity"))


@compiled
def _weights(before: Array, after: Array, both: Array, thousandths: int) -> Array:
    """How often each claim counts, in millionths, half up; claims that are not settled before and after count once."""
    found = np.full(len(before), 1_000_000, np.int64)
    for i in range(len(before)):
        if not both[i]:
            continue
        one, other = max(before[i], 0), max(after[i], 0)
        middle, change = 1_000 * (one + other), thousandths * (other - one)
        if middle == 0 or change == 0:
            continue
        over, under = middle + change, middle - change
        weight, rest = over // under, over % under
        for _ in range(2):  # three digits at a time stay within 64 bits
            weight, rest = 1_000 * weight + 1_000 * rest // under, 1_000 * rest % under
        found[i] = weight + (1 if 2 * rest >= under else 0)
    return found


def responses(
    elasticity: Elasticity, before: Array, after: Array, both: Array, amounts: Mapping[str, Array], groups: Grouping
) -> dict[Label, dict[str, int]]:
    """The sums of each group after people have answered, in millionths of minor units, and under ``WEIGHT`` how many
    millionths of claims there are. ``before``, ``after``: what patients bear of the claims that ``both`` settle."""
    weights, count = _weights(before, after, both, elasticity.thousandths), len(groups.labels)
    sums = {WEIGHT: sums_by(groups.of, np.where(both, weights, 0), count).tolist()}
    for name, minor in amounts.items():
        high, low = _products(minor, weights)
        whole, rest = sums_by(groups.of, high, count).tolist(), sums_by(groups.of, low, count).tolist()
        sums[name] = [WHOLE * one + other for one, other in zip(whole, rest, strict=True)]
    return {label: {name: values[at] for name, values in sums.items()} for at, label in enumerate(groups.labels)}


@compiled
def _products(minor: Array, weights: Array) -> tuple[Array, Array]:
    """Amounts times weights, in whole minor units and the millionths that are left."""
    high, low = np.empty(len(minor), np.int64), np.empty(len(minor), np.int64)
    for i in range(len(minor)):
        # the amount in thousands and below, so that no product leaves 64 bits
        thousands, below = minor[i] // 1_000, minor[i] % 1_000
        upper = thousands * weights[i]
        rest = upper % 1_000 * 1_000 + below * weights[i]
        high[i] = upper // 1_000 + rest // 1_000_000
        low[i] = rest % 1_000_000
    return high, low
