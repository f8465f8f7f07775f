"""Ranges of values that a lever takes: ``6000:14000:500``, ``70%:80%:0.5%``. In whole grains, so that nothing is lost.

A grain is a minor unit of money, a millionth of a rate, a ten-thousandth of a plain number: the finest that a rule file
can state.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from policyengine import expressions as ast
from policyengine.errors import Diagnostic, RuleError, Span
from policyengine.expressions.numbers import WORD_OF, number_text
from policyengine.levers import Lever
from policyengine.money import exponent_of

MOST: Final = 10_000
"""Points of a sweep."""
_RATES: Final = ("%", "pp")
_STEPS: Final[Mapping[str, Fraction]] = MappingProxyType(
    {"%": Fraction(1, 10_000), "pp": Fraction(1, 10_000), "": Fraction(1)}
)
"""To what a seek is exact if nothing else is said: one basis point, a whole number; of money, a minor unit."""


@dataclass(frozen=True, slots=True)
class Axis:
    """The values of one lever: ``count`` of them, ``step`` grains apart, from ``first`` grains on."""

    lever: Lever
    first: int
    step: int
    count: int

    @property
    def last(self) -> int:
        return self.first + self.step * (self.count - 1)

    @property
    def values(self) -> range:
        """In grains."""
        return range(self.first, self.last + 1, self.step)

    def value(self, grains: int) -> Fraction:
        """As rule files hold it."""
        return grains * grain_of(self.lever.unit)

    def text(self, grains: int) -> str:
        """As rule files write it."""
        return number_text(self.value(grains), self.lever.unit)

    @property
    def per(self) -> tuple[int, str]:
        """The unit that marginal costs are counted by, in grains and as text: a yuan, a percentage point, one."""
        if self.lever.unit in _RATES:
            return 10_000, "1pp"
        word = WORD_OF.get(self.lever.unit, "")
        return int(1 / grain_of(self.lever.unit)), f"1{word}"


def grain_of(unit: str) -> Fraction:
    if unit in _RATES:
        return Fraction(1, 10**6)
    return Fraction(1, 10 ** exponent_of(unit)) if unit else Fraction(1, 10**4)


def sweep_range(lever: Lever, text: str) -> Axis:
    """``low:high:step``. Raises ``RuleError`` E762."""
    parts = text.split(":")
    if len(parts) != 3:
        raise _wrong(lever, f"`{text}` is not low:high:step")
    low, high, step = (_grains(lever, part) for part in parts)
    if low > high:
        raise _wrong(lever, f"the range begins at {parts[0]} and ends below it, at {parts[1]}")
    if step <= 0:
        raise _wrong(lever, "the step is zero")
    count, rest = divmod(high - low, step)
    if rest:
        axis = Axis(lever, low, step, count + 1)
        raise _wrong(lever, f"steps of {parts[2]} lead from {parts[0]} to {axis.text(axis.last)}, not to {parts[1]}")
    if count + 1 > MOST:
        raise _wrong(lever, f"the range has {count + 1:,} points, and a sweep at most {MOST:,}")
    return Axis(lever, low, step, count + 1)


def seek_range(lever: Lever, text: str, step: str = "") -> Axis:
    """``low:high``; ``step``: to what the value is sought, by default a minor unit, a basis point, a whole number.
    Raises ``RuleError`` E762."""
    parts = text.split(":")
    if len(parts) != 2:
        raise _wrong(lever, f"`{text}` is not low:high", "6000:14000")
    low, high = (_grains(lever, part) for part in parts)
    grain = grain_of(lever.unit)
    by = _grains(lever, step) if step else int(_STEPS.get(lever.unit, grain) / grain)
    if by <= 0:
        raise _wrong(lever, "the step is zero")
    if low >= high:
        raise _wrong(lever, f"the range begins at {parts[0]} and does not end above it, at {parts[1]}", "6000:14000")
    if (high - low) % by:
        text = f"the range {text} is not made of steps of {number_text(by * grain, lever.unit)}"
        raise _wrong(lever, text, "a range that is, or another step")
    return Axis(lever, low, by, (high - low) // by + 1)


def _grains(lever: Lever, text: str) -> int:
    """A value of the range. Plain numbers are in whole currency units; a rate says its unit. Raises E762."""
    said = text.strip()
    span = Span(f"{lever.address}={text}", 1, 1, max(len(said), 1), said)
    try:
        node = ast.parse_expression(said, span)
    except RuleError as error:
        raise _wrong(lever, f"`{said}`: {error.diagnostics[0].message}", hint=error.diagnostics[0].hint) from None
    if not isinstance(node, ast.Number):
        raise _wrong(lever, f"`{said}` is not a number")
    is_plain_money = not node.unit and lever.unit not in ("", *_RATES)
    if node.unit != lever.unit and not is_plain_money:
        raise _wrong(lever, f"`{said}` is not in the unit of the lever, which is {lever.literals[0].text}")
    grains = node.value / grain_of(lever.unit)
    if grains.denominator != 1:
        raise _wrong(lever, f"`{said}` is finer than the smallest unit")
    return int(grains)


def _wrong(lever: Lever, message: str, example: str = "", hint: str = "") -> RuleError:
    unit = lever.unit if lever.unit in _RATES else WORD_OF.get(lever.unit, "")
    examples = {"%": "70%:80%:1%", "pp": "0pp:10pp:1pp", "": "1:12:1"}
    expected = example or examples.get(lever.unit, f"6000:14000:500, in {unit}")
    return RuleError(Diagnostic("E762", message, None, expected, hint, record=lever.address))
