"""A policy that remembers nothing settles claims apart; those of a member still wait for one that is missed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from policyengine import load
from policyengine.backends.kernel import Status
from policyengine.bulk import Batch, Codes, Days, Flags, Numbers, batch_of, ids_of
from policyengine.errors import Diagnostic
from policyengine.mass import Bulk

POLICY = Path(__file__).parents[2] / "benchmarks" / "policy"
PEOPLE = ["a", "a", "a", "b", "b", "c", "c", "c"]
AMOUNTS = [500_000, -1, 500_000, 500_000, 10**15, 500_000, 500_000, 500_000]
"""Two lie beyond what a claim may come to."""


def batch(wrong: int) -> Batch:
    claims = {
        "person_id": ids_of(PEOPLE),
        "discharge_date": Days(np.full(8, 19_000, np.int32)),
        "hospital_level": Codes(np.zeros(8, np.int32), ("tertiary",)),
        "registered_poor": Flags(np.zeros(8, np.bool_)),
    }
    made = batch_of([str(n) for n in range(8)], claims, {"amount": Numbers(np.array(AMOUNTS))})
    return replace(made, rejects={wrong: Diagnostic("E515", "no such day", None)})


def test_later_claims_of_a_member_wait() -> None:
    """(5,000 - 1,000) x 65 % = 2,600 yuan for each that is settled."""
    found = Bulk(load(POLICY), only=("pooled_fund",)).settle(batch(5))
    assert [Status(s).name for s in found.status.tolist()] == [
        "SETTLED", "BAD", "WAITING", "SETTLED", "BAD", "BAD", "WAITING", "WAITING",
    ]  # fmt: skip
    assert found.amounts["pooled_fund"].tolist() == [260_000, 0, 0, 260_000, 0, 0, 0, 0]


def test_what_is_counted_one_after_the_other_comes_to_the_same() -> None:
    for wrong in range(8):
        apart = Bulk(load(POLICY)).settle(batch(wrong))
        one_by_one = Bulk(load(POLICY), counting=True).settle(batch(wrong))
        assert apart.status.tolist() == one_by_one.status.tolist()
        assert all((apart.amounts[name] == one_by_one.amounts[name]).all() for name in apart.amounts)
