"""Claims brought together and put in order by Spark: those that wait for each other in one partition, day by day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812 - as everybody calls it

from policyengine.bulk.days import ISO, layout_of
from policyengine.bulk.plan import Plan, Reading
from policyengine.errors import ClaimError, Diagnostic
from policyengine.spark.columns import column

HOME: Final = "policyengine home"
MOVED: Final = "policyengine moved"
"""Columns that only the executors see."""
_WIDE: Final = "decimal(38, 6)"


def partitions_of(df: DataFrame, stated: int | None) -> int:
    """How many partitions: as stated, else as Spark is set up to shuffle. Raises ``ClaimError``."""
    text = str(stated if stated is not None else df.sparkSession.conf.get("spark.sql.shuffle.partitions"))
    if not text.isdecimal() or int(text) < 1:
        hint = "`partitions=200`"
        raise ClaimError(Diagnostic("E774", f"`{text}` is no number of partitions", None, "at least 1", hint))
    return int(text)


def arranged(df: DataFrame, plan: Plan, keep: tuple[str, ...], partitions: int, is_arranged: bool) -> DataFrame:
    """The columns that are read or handed on, with the claims of a scope in one partition, in order; the last columns
    are ``HOME`` and, where it matters, ``MOVED``. ``is_arranged``: the claims stand so already."""
    names = dict.fromkeys((*plan.columns, *keep))
    chosen = df.select(*map(column, names), *_moved(plan))
    scope = [column(plan[plan.wanted.scope].column)] if plan.wanted.scope else []
    if not is_arranged:
        chosen = chosen.repartition(partitions, *scope) if scope else chosen.repartition(1)
        chosen = chosen.sortWithinPartitions(*scope, *_in_time(plan), *_settled_ties(plan))
    home = F.pmod(F.hash(*scope), F.lit(partitions)) if scope else F.lit(0)
    moved = [column(MOVED)] if MOVED in chosen.columns else []
    return chosen.select(*map(column, names), home.alias(HOME), *moved)


def _moved(plan: Plan) -> Iterator[Column]:
    """Whether the person of a claim has claims in several households."""
    if plan.wanted.two_scopes:
        homes = column(plan["household_id"].column)
        of_person = Window.partitionBy(column(plan["person_id"].column))
        yield (F.min(homes).over(of_person) != F.max(homes).over(of_person)).alias(MOVED)


def _in_time(plan: Plan) -> Iterator[Column]:
    """By the day that selects the rules, then by sequence."""
    for name, key in ((plan.wanted.dated_by, _day), ("sequence", _number)):
        reading = next((r for r in plan.claim if r.fact.name == name and r.column), None)
        if reading is not None:
            yield key(reading)


def _settled_ties(plan: Plan) -> Iterator[Column]:
    """A DataFrame has no order of its own: of claims that nothing else orders, the one with the lesser id comes first;
    of rows with one id, whichever, but always the same."""
    yield column(plan["id"].column)
    yield F.xxhash64(*map(column, plan.columns))


def _day(reading: Reading) -> Column:
    """A day as something that is ordered as days are: texts by year, month and day, wherever these stand."""
    found = _meant(reading)
    if not reading.format or reading.format == ISO:
        return found
    layout, text = layout_of(reading.format), found.cast("string")
    parts = ((layout.year, 4), (layout.month, 2), (layout.day, 2))
    return F.concat(*(F.substring(text, start + 1, length) for start, length in parts))


def _number(reading: Reading) -> Column:
    return _meant(reading).try_cast(_WIDE)


def _meant(reading: Reading) -> Column:
    """The column, or what the mapping says that its values mean."""
    found = column(reading.column)
    if not reading.values:
        return found
    text, meant = found.cast("string"), F.lit(None).cast("string")
    for value, means in reading.values.items():
        meant = F.when(text == F.lit(value), F.lit(means)).otherwise(meant)
    return meant
