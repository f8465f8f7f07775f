"""Accumulators of claims that follow each other, which are variables of a kernel, against the same ones with a place
for each window: also where the claim that begins a window is passed over."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from policyengine.errors import Diagnostic
from policyengine.mass import Bulk, Openings
from tests.agreement.lives import book_of, parameters_of
from tests.mass.test_abreast import claims_of

COUNTED = Diagnostic("E564", "the claim was settled before", None)


NAME = "cn/yunnan/qujing"


def test_variables_and_places() -> None:
    book, parameters = book_of(NAME), parameters_of(book_of(NAME), 7)
    batch = claims_of(NAME, 40, 7)
    batch = replace(batch, rejects={**batch.rejects, **dict.fromkeys(range(0, len(batch), 3), COUNTED)})
    in_turn, placed = (Bulk(book, parameters, openings=known) for known in (None, Openings({})))
    one, other = in_turn.settle(batch), placed.settle(batch)
    assert (one.status == other.status).all()
    for amount, values in one.amounts.items():
        np.testing.assert_array_equal(values, other.amounts[amount], amount)
    assert any(shape.in_turn for _, shape in in_turn.kernels)
    assert not any(shape.in_turn for _, shape in placed.kernels)
