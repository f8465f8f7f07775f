"""How small and how large each value of a program can be.

Inside the rows a bound is a *line* in the amount of the fee line: at most 0.3 × amount + 1, say. The amounts of one
claim add up to at most ``MAX_MINOR``, so a sum over ten thousand rows of 0.3 × amount + 1 is at most
0.3 × ``MAX_MINOR`` + 10,000. Without the line it would be ten thousand times as much, and every program would seem to
overflow. Row money that does not come from ``amount`` is bounded by rows × its own bound.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Final

from policyengine.analysis.names import MAX_ROWS, NUMERIC, Names, fraction, input_range, is_summed
from policyengine.analysis.rates import rate_values
from policyengine.analysis.signs import is_share, within
from policyengine.ir import (
    Add,
    Expr,
    Hist,
    If,
    Input,
    InputDecl,
    Inverse,
    Lit,
    Lookup,
    Max,
    Min,
    Portion,
    Ref,
    Round,
    Scale,
    Sub,
    Sum,
)  # fmt: skip
from policyengine.money import MAX_MINOR


@dataclass(frozen=True, slots=True)
class Line:
    """``slope`` × amount of the row + ``fixed``; outside the rows the slope is zero."""

    fixed: Fraction
    slope: Fraction = Fraction(0)

    def weight(self) -> Fraction:
        """What the line comes to over a whole claim: the measure by which one of two valid bounds is the tighter."""
        return self.slope * MAX_MINOR + self.fixed * MAX_ROWS


@dataclass(frozen=True, slots=True)
class Bounds:
    """``low`` and ``high`` hold for each value, as lines in an amount between zero and ``MAX_MINOR``."""

    low: Line
    high: Line

    def least(self) -> Fraction:
        return min(self.low.fixed, self.low.fixed + self.low.slope * MAX_MINOR)

    def most(self) -> Fraction:
        return max(self.high.fixed, self.high.fixed + self.high.slope * MAX_MINOR)

    def widest(self) -> Fraction:
        """The largest magnitude."""
        return max(abs(self.least()), abs(self.most()))


def flat(low: Fraction | int, high: Fraction | int) -> Bounds:
    return Bounds(Line(Fraction(low)), Line(Fraction(high)))


NONE: Final = flat(0, 0)
"""The bounds of flags and codes, which have none."""


def bounds_of(expr: Expr, inner: Sequence[Bounds], names: Names, quanta: Sequence[Fraction]) -> Bounds:
    """Bounds of ``expr``, given those of its children, and the grids on which their values lie."""
    if expr.kind not in NUMERIC:
        return NONE
    match expr:
        case Lit(value=value):
            return flat(fraction(value), fraction(value))
        case Input():
            return _input(names.declared(expr))
        case Hist(meter=meter):
            return flat(0, names.meters[meter].high)
        case Ref():
            raise AssertionError("a reference has the bounds of its step")
        case Inverse():
            return _listed(rate_values(expr, names) or ())
        case Lookup(table=table, column=column):
            return _listed([fraction(v) for v in names.tables[table].column(column).values])
        case Add():
            return Bounds(_line_sum([b.low for b in inner]), _line_sum([b.high for b in inner]))
        case Sub(left=left, right=right):
            difference = Bounds(_minus(inner[0].low, inner[1].high), _minus(inner[0].high, inner[1].low))
            return _not_negative(difference) if within(right, left, names.steps) else difference
        case Min():
            return Bounds(_envelope([b.low for b in inner], min), min((b.high for b in inner), key=Line.weight))
        case Max():
            return Bounds(max((b.low for b in inner), key=Line.weight), _envelope([b.high for b in inner], max))
        case If():
            return _either(inner[1], inner[2])
        case Scale():
            return _scaled(inner[0], inner[1])
        case Round(unit=unit):
            return Bounds(_rounded_down(inner[0].low, unit), _rounded_up(inner[0].high, unit))
        case Portion(part=part, whole=whole, unit=unit):
            share = flat(0, 1) if is_share(part, whole, names) else _ratio(inner[1], inner[2], quanta[2])
            found = _scaled(inner[0], share)
            rounded = Bounds(_rounded_down(found.low, unit), _rounded_up(found.high, unit))
            return _either(rounded, inner[3])
        case Sum():
            return _summed(inner[0])
        case _:
            raise AssertionError(f"{type(expr).__name__} has no bounds rule")


def _input(decl: InputDecl) -> Bounds:
    low, high = input_range(decl)
    if is_summed(decl):
        return Bounds(Line(low), min((Line(Fraction(0), Fraction(1)), Line(high)), key=Line.weight))
    return flat(low, high)


def _listed(values: Collection[Fraction]) -> Bounds:
    return flat(min(values, default=0), max(values, default=0))


def _line_sum(lines: Sequence[Line]) -> Line:
    return Line(sum((x.fixed for x in lines), Fraction(0)), sum((x.slope for x in lines), Fraction(0)))


def _minus(left: Line, right: Line) -> Line:
    return Line(left.fixed - right.fixed, left.slope - right.slope)


def _envelope(lines: Sequence[Line], pick: Callable[[Iterable[Fraction]], Fraction]) -> Line:
    """A line below (or above) all ``lines``: amounts are never negative, so part by part is enough."""
    return Line(pick(x.fixed for x in lines), pick(x.slope for x in lines))


def _either(one: Bounds, other: Bounds) -> Bounds:
    return Bounds(_envelope([one.low, other.low], min), _envelope([one.high, other.high], max))


def _not_negative(bounds: Bounds) -> Bounds:
    return Bounds(max((bounds.low, Line(Fraction(0))), key=Line.weight), bounds.high)


def _scaled(of: Bounds, by: Bounds) -> Bounds:
    """A product is extreme where both factors are; the factor's own bounds are taken over all amounts."""
    corners = [Line(x.fixed * f, x.slope * f) for x in (of.low, of.high) for f in (by.least(), by.most())]
    return Bounds(_envelope(corners, min), _envelope(corners, max))


def _rounded_down(line: Line, unit: int) -> Line:
    """Below every rounding of a value above ``line``: one unit less, or the next line made of whole units."""
    whole = Line(Fraction(floor(line.fixed / unit) * unit), Fraction(floor(line.slope / unit) * unit))
    return max(whole, Line(line.fixed - unit, line.slope), key=Line.weight)


def _rounded_up(line: Line, unit: int) -> Line:
    whole = Line(Fraction(ceil(line.fixed / unit) * unit), Fraction(ceil(line.slope / unit) * unit))
    return min(whole, Line(line.fixed + unit, line.slope), key=Line.weight)


def _ratio(part: Bounds, whole: Bounds, grid: Fraction) -> Bounds:
    """Widest where the whole is the least above zero, which is on its grid; nothing if it never is."""
    if whole.most() <= 0:
        return NONE
    least, most = max(whole.least(), grid), whole.most()
    ratios = [p / w for p in (part.least(), part.most()) for w in (least, most)]
    return flat(min(ratios), max(ratios))


def _summed(row: Bounds) -> Bounds:
    """Over no row, some, or ``MAX_ROWS``: partial sums stay inside as well."""
    low = min(Fraction(0), row.low.fixed) * MAX_ROWS + min(Fraction(0), row.low.slope) * MAX_MINOR
    high = max(Fraction(0), row.high.fixed) * MAX_ROWS + max(Fraction(0), row.high.slope) * MAX_MINOR
    return flat(low, high)
