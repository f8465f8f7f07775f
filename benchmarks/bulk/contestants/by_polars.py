"""Polars by hand: one lazy expression of when/then in int64, all threads."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from benchmarks.bulk.claims import Array, Arrays
from benchmarks.bulk.contestants.policy import CEILING, DEDUCTIBLES, FIRST_EDGE, SECOND_EDGE, SHARES, UPLIFT

PACKAGES = ("polars",)


def ready(claims: Arrays) -> Callable[[], pl.Series]:
    def job() -> pl.Series:
        frame = pl.DataFrame({"level": claims.level, "poor": claims.poor, "amount": claims.amount})
        return frame.lazy().with_columns(REST).select(FUND).collect()["fund"]

    return job


_level, _amount = pl.col("level"), pl.col("amount")
_deductible = pl.lit(DEDUCTIBLES[-1], pl.Int64)
for _number in range(len(DEDUCTIBLES) - 2, -1, -1):
    _deductible = pl.when(_level == _number).then(pl.lit(DEDUCTIBLES[_number], pl.Int64)).otherwise(_deductible)
REST = pl.when(_amount > _deductible).then(_amount - _deductible).otherwise(0).alias("rest")
_rest = pl.col("rest")
_first = pl.when(_rest < FIRST_EDGE).then(_rest).otherwise(FIRST_EDGE)
_third = pl.when(_rest > SECOND_EDGE).then(_rest - SECOND_EDGE).otherwise(0)
_second = _rest - _first - _third
_uplift = pl.when(pl.col("poor")).then(_rest * UPLIFT).otherwise(0)
_fund = (_first * SHARES[0] + _second * SHARES[1] + _third * SHARES[2] + _uplift + 500) // 1000
FUND = pl.when(_fund > CEILING).then(CEILING).otherwise(_fund).alias("fund")


def answers(result: pl.Series) -> Array:
    return result.to_numpy()
