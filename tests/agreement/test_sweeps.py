"""Every single fen of a bill, from nothing to a tenth above what reaches the ceiling, against the law written out here
in plain integers. The right-hand sides are the sentences of the policy, not our code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from policyengine import Claim, load, settle
from policyengine.analysis import input_words
from policyengine.backends.columns import Columns, run

Fen = NDArray[np.int64]
CHUNK = 250_000


def half_up(numerator: Fen, denominator: int) -> Fen:
    return (2 * numerator + denominator) // (2 * denominator)


def sweep(name: str, data: dict[str, Any], payer: str, until: int, law: Callable[[Fen], Fen]) -> None:
    """One in-catalogue line of 0, 1, 2 … ``until`` fen; everything else as in ``data``."""
    line = {"category": "other", "catalogue_class": "a", "amount": "0.01"}
    settlement = settle(
        load(name), Claim.model_validate({"id": "s", "person": {"id": "p", "scheme": "ncms"}, "lines": [line], **data})
    )
    program, facts = settlement.layout.program, settlement.origin.facts()
    steps = next(p.steps for p in program.payers if p.payer == payer)
    for start in range(0, until + 1, CHUNK):
        amounts = np.arange(start, min(start + CHUNK, until + 1), dtype=np.int64)
        columns = Columns(
            {d.name: column(d, facts.inputs[d.name], amounts) for d in program.inputs if d.domain == "claim"},
            np.arange(len(amounts) + 1, dtype=np.int64),
            {d.name: column(d, facts.rows[0][d.name], amounts) for d in program.inputs if d.domain == "row"},
            {m.name: np.zeros(len(amounts), dtype=np.int64) for m in program.meters},
        )
        found = run(program, columns)
        assert not found.failures
        paid = sum(found.values[step] for step in steps)
        wrong = np.flatnonzero(paid != law(amounts))
        assert not wrong.size, f"{amounts[wrong[0]]} fen: {paid[wrong[0]]}, the law says {law(amounts)[wrong[0]]}"


def column(decl: Any, value: Any, amounts: Fen) -> NDArray[Any]:
    if decl.name in ("amount", "total_charge"):
        return amounts
    if decl.kind == "code":
        value = input_words(decl).index(value)
    if decl.kind == "rate":
        value = int(value * 10**6)
    return np.full(len(amounts), value, dtype=np.bool_ if decl.kind == "flag" else np.int64)


def stay(**encounter: Any) -> dict[str, Any]:
    return {"care_type": "inpatient", "admission_date": "2016-05-01", "discharge_date": "2016-05-09", **encounter}


IN_COUNTY = {"area": "within_county", "hospital": {"id": "county", "level": "secondary", "tier": "county"}}


def test_raohe_county_stay_of_an_ordinary_member() -> None:
    """500 yuan first, then 70 %, at most 10,000 yuan (reached at 14,785.72)."""
    data = {"encounter": stay(**IN_COUNTY)}
    top = 1_000_000
    sweep("cn/heilongjiang/shuangyashan/raohe", data, "pooled_fund", 1_630_000,
          lambda x: np.minimum(half_up(np.maximum(x - 50_000, 0) * 70, 100), top))  # fmt: skip


def test_raohe_county_stay_of_the_registered_poor() -> None:
    """The same with 75 %: five points more, once."""
    data = {"person": {"id": "p", "scheme": "ncms", "tags": ["registered_poor"]}, "encounter": stay(**IN_COUNTY)}
    top = 1_000_000
    sweep("cn/heilongjiang/shuangyashan/raohe", data, "pooled_fund", 1_520_000,
          lambda x: np.minimum(half_up(np.maximum(x - 50_000, 0) * 75, 100), top))  # fmt: skip


def test_raohe_township_outpatient() -> None:
    """90 %, at most 700 yuan a year from 2016 (reached at 777.78)."""
    encounter = {**stay(), "care_type": "outpatient", "area": "within_county",
                 "hospital": {"id": "town", "level": "primary", "tier": "township"}}  # fmt: skip
    sweep("cn/heilongjiang/shuangyashan/raohe", {"encounter": encounter}, "pooled_fund", 86_000,
          lambda x: np.minimum(half_up(x * 90, 100), 70_000))  # fmt: skip


@pytest.mark.agree
def test_changsha_bands_to_the_yearly_ceiling() -> None:
    """20,000 first; of the excess 50 % to 30,000, 60 % to 80,000, 70 % to 150,000, 80 % above; at most 200,000."""

    def law(x: Fen) -> Fen:
        excess = np.maximum(x - 2_000_000, 0)
        edges = (0, 3_000_000, 8_000_000, 15_000_000, 10**12)
        due = sum(
            np.clip(excess - low, 0, high - low) * share
            for low, high, share in zip(edges, edges[1:], (50, 60, 70, 80), strict=False)
        )
        return np.minimum(half_up(np.asarray(due), 100), 20_000_000)

    data = {"encounter": stay(discharge_date="2014-06-01", admission_date="2014-05-01")}
    sweep("examples/changsha_ncms_second", data, "critical_illness", 33_300_000, law)
