"""A settlement fee line by fee line: who pays how much of each line, so that lines and payers both sum exactly.

A line's parts are known, and so is what each payer pays out of each part. A payment is spread over the lines of its
part in proportion to what each line still has in that part, in the order in which the payers pay; the fen that rounding
down leaves go to the largest remainders, the earlier line first. So no line bears less than nothing or more than it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from policyengine.money import decimal_of
from policyengine.settlement.national import OF_PART

if TYPE_CHECKING:
    from policyengine import ir
    from policyengine.settlement.result import Settlement

Column = list[int]
"""An amount for each fee line, in minor units."""


@dataclass(frozen=True, slots=True)
class LineSplit:
    """One fee line. ``amount``: what it is, with its share of the margin where the price of the case restates the bill.
    ``split`` sums to it over payers and ``patient``; ``parts`` are the parts of the bill that
    the line went to; ``national`` its amounts under the names of the settlement message, which sum to the amount."""

    number: int
    id: str | None
    amount: Decimal
    split: dict[str, Decimal]
    parts: dict[str, Decimal]
    national: dict[str, Decimal]


def lines_of(settlement: Settlement) -> tuple[LineSplit, ...]:
    """The settlement line by line, in the order of the claim."""
    program = settlement.layout.program
    if program.lines:
        return tuple(_settled_alone(settlement, n, share) for n, share in enumerate(program.lines))
    parts = {part.name: _of_lines(settlement, part.row) for part in program.parts}
    margins = _margins(settlement, parts)
    for part, column in margins:
        _add(parts[part], column)
    columns = (_split(settlement, margins), parts, _national(settlement, parts, margins))
    amounts, exponent = _restated(settlement, margins), settlement.layout.exponent

    def at(column: dict[str, Column], line: int, idle: bool) -> dict[str, Decimal]:
        return {name: decimal_of(c[line], exponent) for name, c in column.items() if idle or c[line]}

    split, into, national = columns
    return tuple(
        LineSplit(n + 1, line.id, decimal_of(amounts[n], exponent), at(split, n, True), at(into, n, False),
                  at(national, n, True))
        for n, line in enumerate(settlement.claim.lines)
    )  # fmt: skip


def _settled_alone(settlement: Settlement, n: int, share: ir.LineShare) -> LineSplit:
    """A line of a claim whose lines were settled one after the other: its amounts are known."""
    exponent, line = settlement.layout.exponent, settlement.claim.lines[n]
    categories = {part.name: OF_PART[part.category] for part in settlement.layout.program.parts}
    split = {payer: sum(map(settlement.minor, steps)) for payer, steps in share.payers}
    split["patient"] = settlement.minor(share.patient)
    parts = {part: settlement.minor(step) for part, step in share.parts}
    bill, national = settlement.minor(share.bill), dict.fromkeys(OF_PART.values(), 0)
    for part, minor in parts.items():
        national[categories[part]] += minor
    national["preselfpay_amt"] += settlement.minor(share.first_share) if share.first_share else 0
    national["inscp_scp_amt"] = bill - sum(v for field, v in national.items() if field != "inscp_scp_amt")

    def decimals(amounts: dict[str, int]) -> dict[str, Decimal]:
        return {name: decimal_of(minor, exponent) for name, minor in amounts.items()}

    kept = {part: minor for part, minor in parts.items() if minor}
    return LineSplit(n + 1, line.id, decimal_of(bill, exponent), decimals(split), decimals(kept), decimals(national))


def allot(amount: int, room: Sequence[int]) -> Column:
    """``amount`` in proportion to ``room``: rounded down, then a fen each to the largest remainders, the earlier first.

    No share exceeds its room while ``amount`` does not exceed their sum.
    """
    total = sum(room)
    if not total:
        assert not amount, "there is nothing to take the amount from"
        return [0] * len(room)
    shares = [divmod(amount * each, total) for each in room]
    out = [share for share, _ in shares]
    first = sorted(range(len(room)), key=lambda line: -shares[line][1])
    for line in first[: amount - sum(out)]:
        out[line] += 1
    return out


def _of_lines(settlement: Settlement, step: str) -> Column:
    """A step of the fee lines; no step is nothing."""
    if not step:
        return [0] * len(settlement.claim.lines)
    return list(settlement.values[settlement.layout.index[step]])  # type: ignore[arg-type]


def _bills(settlement: Settlement) -> Column:
    """What each line is about: its amount; in a run, what the rule file says."""
    run = settlement.layout.program.run
    return list(settlement.claim.amounts_minor) if run is None else _of_lines(settlement, run.step)


def _margins(settlement: Settlement, parts: dict[str, Column]) -> list[tuple[str, Column]]:
    """Where the price of the case restates the bill: what it adds, in proportion to what the lines have in the part, or
    to what they are where none has anything in it."""
    out: list[tuple[str, Column]] = []
    for part, step in settlement.layout.program.margins:
        weights = next((w for w in (parts[part], _bills(settlement)) if any(w)), [1] * len(settlement.claim.lines))
        out.append((part, allot(settlement.minor(step), weights)))
    return out


def _restated(settlement: Settlement, margins: Sequence[tuple[str, Column]]) -> Column:
    """What each line is about, with its share of the margin."""
    amounts = _bills(settlement)
    for _, column in margins:
        _add(amounts, column)
    return amounts


def _split(settlement: Settlement, margins: Sequence[tuple[str, Column]]) -> dict[str, Column]:
    """Who bears how much of each line: what is known of the lines first, then layer by layer out of what is left."""
    program, nothing = settlement.layout.program, [0] * len(settlement.claim.lines)
    split = {share.payer: list(nothing) for share in program.payers}
    for share in program.payers:
        for step in share.rows:
            _add(split[share.payer], _of_lines(settlement, step))
    left = {part.name: _of_lines(settlement, part.row_unpaid or part.row) for part in program.parts}
    for part_name, column in margins:
        _add(left[part_name], column)
    for draw in program.draws:
        for payer, part, amount in _payments(settlement, draw):
            _add(split[payer], _taken(left[part], amount))
        for source, target, step in draw.moves:
            _add(left[target], _taken(left[source], settlement.minor(step)))
    split["patient"] = list(nothing)
    for column in left.values():
        _add(split["patient"], column)
    return split


def _taken(left: Column, amount: int) -> Column:
    """``amount`` allotted to what the lines have left, and taken off it."""
    taken = allot(amount, left)
    _add(left, [-off for off in taken])
    return taken


def _add(column: Column, more: Sequence[int]) -> None:
    column[:] = [a + b for a, b in zip(column, more, strict=True)]


def _payments(settlement: Settlement, draw: ir.Draw) -> Iterator[tuple[str, str, int]]:
    """Payer, part, amount: the payers of a layer in their order, each out of the parts in theirs."""
    left = {part: settlement.minor(step) for part, step in draw.parts}
    for payer, step in draw.payers:
        due = settlement.minor(step)
        for part, still in left.items():
            if now := min(due, still):
                yield payer, part, now
            left[part], due = still - now, due - now
        assert not due, f"{payer} pays more than the layer {draw.layer}"


def _national(
    settlement: Settlement, parts: dict[str, Column], margins: Sequence[tuple[str, Column]]
) -> dict[str, Column]:
    """What each line is to the settlement message: out of catalogue, over the limit, first share, in scope."""
    program, nothing = settlement.layout.program, [0] * len(settlement.claim.lines)
    fields = {field: list(nothing) for field in OF_PART.values()}
    for part in program.parts:
        _add(fields[OF_PART[part.category]], parts[part.name])
    for part_name, step in program.first_shares:
        by_line = program.steps[settlement.layout.index[step]].domain == "row"
        shares = _of_lines(settlement, step) if by_line else allot(settlement.minor(step), parts[part_name])
        _add(fields["preselfpay_amt"], shares)
    fields["inscp_scp_amt"] = [
        amount - sum(column[line] for field, column in fields.items() if field != "inscp_scp_amt")
        for line, amount in enumerate(_restated(settlement, margins))
    ]
    return fields
