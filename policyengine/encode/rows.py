"""Facts of the fee lines as a program reads them: one prepared column an input."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

from policyengine import ir
from policyengine.claim import Claim
from policyengine.claim.problems import Path
from policyengine.encode.days import day_of_stay
from policyengine.encode.facts import default_of, mistyped, out_of_bounds
from policyengine.encode.typed import Mistyped, Unstated, claim_error, code_of, typed, within
from policyengine.errors import ClaimError, Diagnostic
from policyengine.terms import FACTS

Column = Callable[[Claim], Sequence[ir.Value]]
Cell = Callable[[Claim, int], ir.Value]


def column(decl: ir.InputDecl, exponent: int) -> Column:
    """The column of one input of the fee lines. It raises ``ClaimError`` for all lines that do not fit ``decl``."""
    if decl.name not in FACTS:
        return cells(_declared(decl, exponent))
    match decl.name:
        case "amount":
            return _numbers(decl, exponent, lambda claim: claim.minor.amounts)
        case "price_limit":
            return _numbers(decl, exponent, lambda claim: claim.minor.price_limits)
        case "quantity":
            get = attrgetter("quantity")
            return _numbers(decl, exponent, lambda claim: [get(line) for line in claim.lines])
        case "first_share_rate":
            return _rates(decl, exponent)
        case "day_of_stay":
            return _numbers(decl, exponent, lambda claim: [day_of_stay(claim, i) for i in range(len(claim.lines))])
        case name:
            return _codes(decl, exponent, name)


def _codes(decl: ir.InputDecl, exponent: int, name: str) -> Column:
    values, get = frozenset(decl.values), attrgetter(name)

    def cell(claim: Claim, index: int) -> ir.Value:
        word, path = get(claim.lines[index]), ("lines", index, name)
        if word is None:
            return default_of(decl, claim, path)
        try:
            return code_of(decl, word)
        except Mistyped as error:
            raise mistyped(error, decl, claim, path, exponent) from None

    careful = cells(cell)

    def read(claim: Claim) -> Sequence[ir.Value]:
        words = [get(line) for line in claim.lines]
        return words if values.issuperset(words) else careful(claim)

    return read


def _numbers(decl: ir.InputDecl, exponent: int, get: Callable[[Claim], Sequence[int | None]]) -> Column:
    low = -(10**18) if decl.low is None else decl.low
    high = 10**18 if decl.high is None else decl.high

    def cell(claim: Claim, index: int) -> ir.Value:
        number, path = get(claim)[index], ("lines", index, _FIELDS.get(decl.name, decl.name))
        if number is None:
            return default_of(decl, claim, path)
        if low <= number <= high:
            return number
        raise out_of_bounds(decl, claim, path, number, exponent)

    careful = cells(cell)

    def read(claim: Claim) -> Sequence[ir.Value]:
        numbers: Any = get(claim)
        if None in numbers or (numbers and (min(numbers) < low or max(numbers) > high)):
            return careful(claim)
        return numbers  # type: ignore[no-any-return]

    return read


_FIELDS = {"day_of_stay": "service_date"}


def _rates(decl: ir.InputDecl, exponent: int) -> Column:
    """The share that the patient bears first. Classes a and c have none unless stated; class b must state it."""

    def cell(claim: Claim, index: int) -> ir.Value:
        share, path = claim.minor.first_share_rates[index], ("lines", index, "first_share_rate")
        if share is None:
            return default_of(decl, claim, path)
        if within(decl, share):
            return share
        raise out_of_bounds(decl, claim, path, share, exponent)

    careful = cells(cell)
    if not (within(decl, 0) and within(decl, 1)):
        return careful

    def read(claim: Claim) -> Sequence[ir.Value]:
        shares: Any = claim.minor.first_share_rates
        return careful(claim) if None in shares else shares

    return read


def _declared(decl: ir.InputDecl, exponent: int) -> Cell:
    def cell(claim: Claim, index: int) -> ir.Value:
        path: Path = ("lines", index, "facts", decl.name)
        stated = claim.lines[index].facts.get(decl.name)
        if stated is None:
            return default_of(decl, claim, path)
        try:
            return typed(decl, stated, exponent)
        except Mistyped as error:
            raise mistyped(error, decl, claim, path, exponent) from None

    return cell


def cells(cell: Cell) -> Column:
    """The column made line by line; what is wrong on any line is collected. Raises ``Unstated`` if all of it is
    that some lines do not state the fact."""

    def read(claim: Claim) -> Sequence[ir.Value]:
        values: list[Any] = []
        wrong: list[Diagnostic] = []
        unstated: list[Diagnostic] = []
        for index in range(len(claim.lines)):
            try:
                values.append(cell(claim, index))
            except Unstated as error:
                values.append(None)
                unstated += error.diagnostics
            except ClaimError as error:
                wrong += error.diagnostics
        if wrong:
            raise ClaimError([*wrong, *unstated])
        if unstated:
            missing = Unstated(unstated)
            missing.cells = tuple(values)
            raise missing
        return values

    return read


def stray_line_facts(claim: Claim, known: frozenset[str], hint: Callable[[str], str]) -> list[Diagnostic]:
    """Facts of fee lines that the rule file does not declare for fee lines."""
    wrong: list[Diagnostic] = []
    for index, line in enumerate(claim.lines):
        for name in line.facts:
            if name not in known:
                path: Path = ("lines", index, "facts", name)
                text = "the rule file declares no such fact of a fee line"
                expected = "one of " + ", ".join(sorted(known)) if known else "no facts"
                wrong += claim_error(claim, "E532", path, text, expected, hint(name)).diagnostics
    return wrong
