"""The highest value of a run's parameter that a surplus affords, found exactly on the grid of the parameter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from policyengine import ir
from policyengine.claim import History, quoted, rate_of
from policyengine.engine import Parameters
from policyengine.errors import ClaimError, Diagnostic, nearest
from policyengine.money import RATE_GRID, NotMoney, exponent_of, minor_from, rate_text, text_of
from policyengine.rulebook import Rulebook
from policyengine.runs.claims import RunClaims
from policyengine.runs.settle import RunResult, settle_claims

SMALLEST = {"rate": Fraction(1, RATE_GRID), "money": Fraction(1), "count": Fraction(1)}
"""The finest grid of each kind: one millionth, the smallest coin, one."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A value of the parameter and what the run then pays, in minor units."""

    value: str
    spent: int


@dataclass(frozen=True, slots=True)
class Affordable:
    """The highest value whose total does not exceed ``surplus`` (minor units), with the proof.

    ``found``: ``None`` if even the lowest value overspends. ``above``: the next value on the grid, which overspends;
    ``None`` if the highest value is affordable. ``result``: the run at the found value.
    """

    parameter: str
    surplus: int
    lowest: Trial
    found: Trial | None
    above: Trial | None
    result: RunResult | None


def highest_affordable(
    book: Rulebook,
    made: RunClaims,
    parameter: str,
    surplus: object,
    *,
    payer: str | None = None,
    grain: object = None,
    history: History | None = None,
    parameters: Parameters = None,
    allow_assumed: bool = True,
    known_on: date | None = None,
) -> Affordable:
    """The highest value of ``parameter``, within its bounds and on its grid, that ``surplus`` affords.

    ``surplus``: an amount in whole currency units. ``payer``: whose total is held against it; by default all funds.
    ``grain``: values are multiples of it; by default one millionth of a rate, the smallest coin, one. What the run pays
    must rise with the parameter. Raises ``ClaimError`` for anything wrong with what is handed in.
    """
    program = book.program_on(made.day, known_on) or book.programs[-1]
    decl, exponent = _sought(program, parameter), exponent_of(program.currency)
    _check_payer(program, payer)
    most = _amount(surplus, exponent)
    step, low, high = _grid(decl, grain, exponent)
    totals: dict[int, int] = {}

    def settled(at: int) -> RunResult:
        given = {**(parameters or {}), parameter: _text(decl.kind, at * step, exponent)}
        return settle_claims(book, made, history, parameters=given, allow_assumed=allow_assumed, known_on=known_on)

    def spent(at: int) -> int:
        if at not in totals:
            totals[at] = settled(at).spent(payer)
        return totals[at]

    def trial(at: int) -> Trial:
        return Trial(_text(decl.kind, at * step, exponent), spent(at))

    ends = trial(low), trial(high)
    best = _last_within(spent, low, high, most)
    _check_rises(totals, parameter)
    if best is None:
        return Affordable(parameter, most, ends[0], None, None, None)
    above = trial(best + 1) if best < high else None
    return Affordable(parameter, most, ends[0], trial(best), above, settled(best))


def _last_within(spent: Callable[[int], int], low: int, high: int, most: int) -> int | None:
    """The last of ``low`` … ``high`` at which no more than ``most`` is spent; the one after it has been tried."""
    if spent(low) > most:
        return None
    if spent(high) <= most:
        return high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if spent(middle) <= most else (low, middle)
    return low


def _check_rises(spent: dict[int, int], parameter: str) -> None:
    """What is paid never falls where the parameter rises, as far as it was tried. Raises ``ClaimError``."""
    in_order = [spent[at] for at in sorted(spent)]
    if in_order != sorted(in_order):
        text = f"the run does not pay more where `{parameter}` is higher, so there is no highest affordable value"
        raise ClaimError(Diagnostic("E663", text, None, "a parameter that the payment rises with", record="seek"))


def _sought(program: ir.Program, name: str) -> ir.InputDecl:
    decls = {d.name.partition(".")[2]: d for d in program.inputs if d.name.startswith("parameter.")}
    if name not in decls:
        expected = "one of " + ", ".join(decls) if decls else "a rule set whose caller gives a parameter"
        text = f"the run reads no parameter `{quoted(name)}`"
        raise ClaimError(Diagnostic("E661", text, None, expected, nearest(name, decls), record="seek"))
    decl = decls[name]
    if decl.kind not in SMALLEST or decl.low is None or decl.high is None:
        text = f"`{name}` is a {decl.kind}: it has no highest value"
        raise ClaimError(Diagnostic("E661", text, None, "a rate, an amount or a count", record="seek"))
    return decl


def _check_payer(program: ir.Program, payer: str | None) -> None:
    known = [share.payer for share in program.payers]
    if payer is not None and payer not in known:
        text, expected = f"the run has no payer `{quoted(payer)}`", "one of " + ", ".join(known)
        raise ClaimError(Diagnostic("E662", text, None, expected, nearest(payer, known), record="seek"))


def _amount(surplus: object, exponent: int) -> int:
    try:
        found = minor_from(surplus, exponent)
    except NotMoney as error:
        text = str(error)
    else:
        if found >= 0:
            return found
        text = "a surplus below zero pays nothing"
    raise ClaimError(Diagnostic("E664", f"surplus: {text}", None, "an amount such as 120000.00", record="seek"))


def _grid(decl: ir.InputDecl, grain: object, exponent: int) -> tuple[Fraction, int, int]:
    """The distance of the values, and the first and last multiple of it within the bounds. Raises ``ClaimError``."""
    step = SMALLEST[decl.kind] if grain is None else _grain(decl.kind, grain, exponent)
    assert decl.low is not None, "a parameter without bounds is not sought"
    assert decl.high is not None, "a parameter without bounds is not sought"
    low, high = -(-Fraction(decl.low) // step), Fraction(decl.high) // step
    if low > high:
        bounds = " to ".join(_text(decl.kind, Fraction(x), exponent) for x in (decl.low, decl.high))
        text = f"no multiple of {_text(decl.kind, step, exponent)} lies within {bounds}"
        raise ClaimError(Diagnostic("E664", f"grain: {text}", None, "a finer grain", record="seek"))
    return step, low, high


def _grain(kind: str, grain: object, exponent: int) -> Fraction:
    try:
        step = rate_of(grain) if kind == "rate" else Fraction(minor_from(grain, exponent if kind == "money" else 0))
    except NotMoney as error:
        text = str(error)
    else:
        if step > 0:
            return step
        text = "a grain of nothing"
    expected = {"rate": "a rate such as 0.1%", "money": "an amount such as 0.01", "count": "a whole number"}[kind]
    raise ClaimError(Diagnostic("E664", f"grain: {text}", None, expected, record="seek"))


def _text(kind: str, value: Fraction, exponent: int) -> str:
    """A value as callers write it: 8.5%, 120.00, 3."""
    if kind == "rate":
        return rate_text(value)
    return text_of(int(value), exponent) if kind == "money" else str(int(value))
