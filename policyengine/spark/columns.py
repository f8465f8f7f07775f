"""The columns of settled claims: what they are called, what they hold, and how they are told apart later."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812 - as everybody calls it
from pyspark.sql.types import DecimalType, LongType, StringType, StructField, StructType

from policyengine.errors import ClaimError, Diagnostic
from policyengine.money import EXPONENTS

ROLE: Final = "policyengine"
"""The entry in the metadata of a column that says what it is: ``id``, ``status`` or ``amount``."""
OWN: Final = ("status", "code", "reason")
DIGITS: Final = 18
"""Digits of a decimal that Spark keeps as one whole number."""


class Amount(NamedTuple):
    """A column of amounts: what it is called, and the name of the amount in a settlement."""

    column: str
    name: str
    exponent: int


def column(name: str) -> Column:
    """The column of that name, dots and all."""
    return F.col("`" + name.replace("`", "``") + "`")


def column_of(amount: str) -> str:
    """What the column of an amount is called: Spark takes a dot for a field of a struct."""
    return amount.replace(".", "_")


def settled_schema(given: StructType, keep: tuple[str, ...], amounts: Iterable[str], currency: str) -> StructType:
    """The columns of settled claims. ``keep``: columns that are handed on, the first of them being the id. Raises
    ``ClaimError`` for two of one name."""
    fields = [StructField("id", given[keep[0]].dataType, True, {ROLE: "id"})]
    fields += [StructField(name, StringType(), name != "status", {ROLE: name}) for name in OWN]
    fields += [_amount(name, currency) for name in amounts]
    fields += [given[name] for name in keep[1:]]
    require_distinct(field.name for field in fields)
    return StructType(fields)


def _amount(name: str, currency: str) -> StructField:
    about = {ROLE: "amount", "name": name, "currency": currency, "exponent": EXPONENTS[currency], "unit": "minor"}
    return StructField(column_of(name), LongType(), False, about)


def require_distinct(names: Iterable[str]) -> None:
    """Raises ``ClaimError`` for two columns of one name; Spark takes letters for the same in either case."""
    twice = [name for name, count in Counter(name.lower() for name in names).items() if count > 1]
    if twice:
        text = f"two columns would be called `{twice[0]}`"
        hint = "rename the column before: `df.withColumnRenamed(…)`"
        raise ClaimError(Diagnostic("E771", text, None, "columns of different names", hint, record="the DataFrame"))


def amounts_of(df: DataFrame) -> Iterator[Amount]:
    """The columns of amounts, by what ``settle`` wrote beside them."""
    for field in df.schema:
        about = field.metadata
        if about.get(ROLE) == "amount":
            yield Amount(field.name, about["name"], about["exponent"])


def decimals(df: DataFrame) -> DataFrame:
    """Settled claims with their amounts in whole currency units: 130050 fen are 1300.50, ``decimal(18, 2)``."""
    exponents = {amount.column: amount.exponent for amount in amounts_of(df)}
    return df.select(*(_shown(name, exponents.get(name)) for name in df.columns))


def _shown(name: str, exponent: int | None) -> Column:
    if exponent is None:
        return column(name)
    minor: Column = column(name).cast(DecimalType(DIGITS, 0))
    shown: Column = minor * F.lit(Decimal(1).scaleb(-exponent))
    return shown.cast(DecimalType(DIGITS, exponent)).alias(name)
