"""Polars by hand, all threads: as ``year_numpy``, running amounts are changes of clipped sums; where a year of a person
begins, the sum so far is carried forward, which is several times as fast as ``over``."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from benchmarks.bulk.claims import SECOND_YEAR, Array, Arrays
from benchmarks.bulk.contestants.yearly import (
    AID_CEILING,
    AID_SHARE,
    CRITICAL_CEILING,
    CRITICAL_SHARE,
    DEDUCTIBLES,
    POOL_CEILING,
    SHARES,
    THRESHOLD,
    UPLIFT,
)

PACKAGES = ("polars",)


def ready(claims: Arrays) -> Callable[[], pl.DataFrame]:
    def job() -> pl.DataFrame:
        columns = ("person", "day", "level", "poor", "amount")
        return settled(pl.DataFrame({name: getattr(claims, name) for name in columns}).lazy()).collect()

    return job


def settled(claims: pl.LazyFrame) -> pl.LazyFrame:
    poor, amount, left = pl.col("poor"), pl.col("amount"), pl.col("left")
    deductible, share = _of_level(DEDUCTIBLES), _of_level(SHARES) + pl.when(poor).then(UPLIFT).otherwise(0)
    above = pl.when(amount > deductible).then(amount - deductible).otherwise(0)
    return (
        claims.with_columns(
            key=pl.col("person") * 2 + (pl.col("day") >= SECOND_YEAR), value=(above * share + 50) // 100
        )
        .with_columns(begins=(pl.col("key") != pl.col("key").shift(1)).fill_null(True))
        .with_columns(one=_within(POOL_CEILING))
        .with_columns(left=amount - pl.col("one"), value=amount - pl.col("one"))
        .with_columns(value=((left - _within(THRESHOLD)) * CRITICAL_SHARE + 50) // 100)
        .with_columns(two=_within(CRITICAL_CEILING))
        .with_columns(left=left - pl.col("two"))
        .with_columns(value=pl.when(poor).then((left * AID_SHARE + 50) // 100).otherwise(0))
        .with_columns(three=_within(AID_CEILING))
        .select("one", "two", "three", patient=left - pl.col("three"))
    )


def _of_level(values: tuple[int, ...]) -> pl.Expr:
    found = pl.lit(values[-1], pl.Int64)
    for number in range(len(values) - 2, -1, -1):
        found = pl.when(pl.col("level") == number).then(pl.lit(values[number], pl.Int64)).otherwise(found)
    return found


def _within(ceiling: int) -> pl.Expr:
    """Of each value what a ceiling of the year leaves room for."""
    value = pl.col("value")
    so_far = value.cum_sum()
    before = so_far - value
    base = pl.when(pl.col("begins")).then(before).otherwise(None).forward_fill()
    return (so_far - base).clip(upper_bound=ceiling) - (before - base).clip(upper_bound=ceiling)


def answers(result: pl.DataFrame) -> Array:
    return result.to_numpy()
