"""Lives under every bundled rule set: settled by the million as they are one by one, refusals included."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from policyengine import Claim, ClaimError, Rulebook, Settlement
from policyengine.backends.kernel import Status
from policyengine.bulk import Batch
from policyengine.chain import Chain
from policyengine.generate import lives
from policyengine.mass import Bulk, Settled, standard_outputs
from tests.agreement.lives import NAMES, book_of, parameters_of
from tests.mass.columns import columns_of, in_order

CODES = {
    Status.WAITING: ("E565",),
    Status.NOT_COVERED: ("E545",),
    Status.NO_ROW: ("E560", "E545"),
    Status.ELSEWHERE: ("E563",),
    Status.FULL: ("E555",),
    Status.LATE: ("E568",),
}
"""What a claim is refused with that is settled alone."""


def scope_of(book: Rulebook) -> Callable[[Claim], str]:
    """Of whom the claims must stand together."""
    pers = [m.per for p in book.every_program for m in p.meters]
    if all("person_id" in per for per in pers):
        return lambda claim: claim.person.id
    if all("person_id" in per or "household_id" in per for per in pers):
        return lambda claim: claim.person.household or ""
    return lambda claim: ""


def alone(chain: Chain, claim: Claim) -> tuple[Settlement | None, str]:
    """The settlement of the next claim, or the code with which it is refused."""
    try:
        return chain.settle(claim), ""
    except ClaimError as error:
        return None, error.diagnostics[0].code


def compared(name: str, members: int, seed: int) -> int:
    book = book_of(name)
    parameters = parameters_of(book, seed)
    claims = in_order([c for life in lives(book, seed, members) for c in life], book, scope_of(book))
    found = Bulk(book, parameters).settle(columns_of(claims, book))
    chain, settled = Chain(book, None, parameters), 0
    for at, claim in enumerate(claims):
        status = Status(int(found.status[at]))
        settlement, code = alone(chain, claim)
        assert (status == Status.SETTLED) == (settlement is not None), f"{claim.id}: {status.name}, alone {code}"
        if settlement is None:
            assert code in CODES.get(status, (code,))
            continue
        known = settlement.known()
        for output, steps in standard_outputs(settlement.layout.program).items():
            assert int(found.amounts[output][at]) == sum(known[step] for step in steps), f"{output} of {claim.id}"
        settled += 1
    return settled


def is_settled_in_bulk(name: str) -> bool:
    """Not runs over settlements, which are no claims."""
    return book_of(name).programs[0].run is None


@pytest.mark.parametrize("name", [name for name in NAMES if is_settled_in_bulk(name)])
def test_lives_of_a_few_members(name: str) -> None:
    assert compared(name, 12, 1) > 3


@pytest.mark.agree
@pytest.mark.parametrize("name", [name for name in NAMES if is_settled_in_bulk(name)])
def test_lives_of_many_members(name: str) -> None:
    assert compared(name, 400, 2) > 100


def test_nothing_of_a_refused_claim_is_counted() -> None:
    """What a batch gives for claims that are not settled is zero."""
    found: Settled = Bulk(book_of("cn/shanxi/136")).settle(_few())
    refused = found.status != Status.SETTLED
    assert refused.any()
    assert all(not amounts[refused].any() for amounts in found.amounts.values())


def _few() -> Batch:
    book = book_of("cn/shanxi/136")
    return columns_of(in_order([c for life in lives(book, 3, 10) for c in life], book, scope_of(book)), book)
