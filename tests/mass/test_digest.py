"""The digest of results: the same in whatever parts, another for another fen."""

from __future__ import annotations

from functools import reduce
from itertools import pairwise
from operator import add

import numpy as np
import pytest

from policyengine.mass import Digest, digest_of, worked

KEYS = np.arange(1000, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
STATUS = (np.arange(1000) % 7 == 0).astype(np.uint8)
AMOUNTS = {"pooled_fund": np.arange(1000, dtype=np.int64) * 17, "patient_total": np.arange(1000, dtype=np.int64) % 5}


def part(start: int, end: int) -> Digest:
    return digest_of(KEYS[start:end], STATUS[start:end], {n: a[start:end] for n, a in AMOUNTS.items()})


def test_parts_add_up_in_any_order() -> None:
    whole = part(0, 1000)
    cuts = [0, 3, 500, 501, 999, 1000]
    parts = [part(a, b) for a, b in pairwise(cuts)]
    assert reduce(add, parts) == whole == reduce(add, reversed(parts))
    assert str(whole).startswith("3e8-")


def test_a_fen_a_status_and_a_claim_more_are_seen() -> None:
    whole = str(part(0, 1000))
    other = {**AMOUNTS, "patient_total": AMOUNTS["patient_total"] + (np.arange(1000) == 17)}
    assert str(digest_of(KEYS, STATUS, other)) != whole
    assert str(digest_of(KEYS, STATUS ^ (np.arange(1000) == 3).astype(np.uint8), AMOUNTS)) != whole
    assert str(part(0, 999)) != whole


def test_amounts_that_change_places_are_seen() -> None:
    """A sum of the columns would not see it: two payers, or two claims, exchanged."""
    whole = str(part(0, 1000))
    exchanged = {"pooled_fund": AMOUNTS["patient_total"], "patient_total": AMOUNTS["pooled_fund"]}
    assert str(digest_of(KEYS, STATUS, exchanged)) != whole
    order = np.r_[1, 0, np.arange(2, 1000)]
    assert str(digest_of(KEYS, STATUS, {n: a[order] for n, a in AMOUNTS.items()})) != whole


def test_an_amount_of_nothing_leaves_no_trace() -> None:
    """A payer that a reform adds, and that pays nothing, changes no result."""
    more = {**AMOUNTS, "family_account": np.zeros(1000, dtype=np.int64)}
    assert digest_of(KEYS, STATUS, more) == part(0, 1000)


def test_work_comes_back_in_order_and_errors_come_through() -> None:
    assert [done for _, done in worked(range(50), lambda n: n * n, threads=3)] == [n * n for n in range(50)]
    assert [done for _, done in worked(range(5), lambda n: n + 1, threads=1)] == [1, 2, 3, 4, 5]
    with pytest.raises(ZeroDivisionError):
        list(worked(range(9), lambda n: 1 // (n - 4), threads=2))
