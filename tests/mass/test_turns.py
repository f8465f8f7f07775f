"""Lines settled one after the other by the million: a claim is settled as a whole, or nothing of it is counted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from policyengine.backends.kernel import Status
from policyengine.bulk import NO_DAY, Batch, Days, Numbers
from policyengine.generate import lives
from policyengine.mass import Bulk, Settled
from tests.agreement.lives import book_of
from tests.mass.columns import columns_of, in_order
from tests.mass.test_against_chain import scope_of

NAME = "examples/purchases_line_by_line"


def batch() -> Batch:
    book = book_of(NAME)
    return columns_of(in_order([c for life in lives(book, 4, 30) for c in life], book, scope_of(book)), book)


def settled(claims: Batch) -> Settled:
    return Bulk(book_of(NAME)).settle(claims)


def first_with_lines(claims: Batch, least: int) -> int:
    return int(np.flatnonzero(np.diff(claims.offsets) >= least)[0])


def test_a_claim_of_which_only_some_lines_state_their_day_is_refused() -> None:
    whole = batch()
    at = first_with_lines(whole, 2)
    days = whole.lines["line_date"]
    assert isinstance(days, Days)
    values = days.values.copy()
    start, end = int(whole.offsets[at]), int(whole.offsets[at + 1])
    values[start:end] = NO_DAY
    values[start] = 17_000
    found = settled(replace(whole, lines={**whole.lines, "line_date": Days(values)}))
    assert found.status[at] == Status.BAD
    assert all(amounts[at] == 0 for amounts in found.amounts.values())


def test_a_line_that_is_refused_takes_its_claim_back() -> None:
    """What the lines before it had counted is as if the claim had not been there; the member's later claims wait."""
    whole = batch()
    at = first_with_lines(whole, 2)
    amounts = whole.lines["amount"]
    assert isinstance(amounts, Numbers)
    values = amounts.values.copy()
    values[int(whole.offsets[at + 1]) - 1] = -1
    found = settled(replace(whole, lines={**whole.lines, "amount": Numbers(values)}))
    people = whole.claims["person_id"].numbers  # type: ignore[union-attr]
    later = np.flatnonzero(people == people[at])
    assert found.status[at] == Status.BAD
    assert set(found.status[later[later > at]].tolist()) <= {Status.WAITING}
    others = people != people[at]
    good = settled(whole)
    assert all((found.amounts[n][others] == good.amounts[n][others]).all() for n in good.amounts)
    before = later[later < at]
    assert all((found.amounts[n][before] == good.amounts[n][before]).all() for n in good.amounts)


def test_a_claim_without_lines_is_refused() -> None:
    whole = batch()
    offsets = whole.offsets.copy()
    lines = int(offsets[1])
    offsets[1:] -= lines
    kept = {name: cut(column, lines) for name, column in whole.lines.items()}
    found = settled(replace(whole, offsets=offsets, lines=kept))
    assert found.status[0] == Status.BAD


def cut(column, first):  # type: ignore[no-untyped-def]
    """A column without its first values."""
    match column:
        case Days(values=values):
            return Days(values[first:])
        case Numbers(values=values, stated=stated):
            return Numbers(values[first:], None if stated is None else stated[first:])
        case _:
            names = ("positions", "values", "stated", "numbers", "texts")
            return replace(
                column, **{n: getattr(column, n)[first:] for n in names if getattr(column, n, None) is not None}
            )
