"""``settle``: a DataFrame of claims, and a rule set, to a DataFrame of what each claim is paid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql.pandas.types import to_arrow_schema
from pyspark.sql.types import StructType

from policyengine.bulk import ColumnMap, load_columns, open_claims
from policyengine.errors import ClaimError, Diagnostic, nearest
from policyengine.loading import load
from policyengine.mass import openings_of, standard_outputs
from policyengine.rulebook import Rulebook
from policyengine.spark.arranging import HOME, MOVED, arranged, partitions_of
from policyengine.spark.columns import require_distinct, settled_schema
from policyengine.spark.executing import Settling
from policyengine.spark.shipping import Order, bulk_of, shipped


def settle(
    df: DataFrame, ruleset: Rulebook | str | Path, *, mapping: ColumnMap | Path | str | None = None,
    parameters: Mapping[str, object] | None = None, only: Iterable[str] = (), keep: Iterable[str] = (),
    known_on: date | None = None, allow_draft: bool = False, partitions: int | None = None,
    arranged_in: int | None = None, openings: Any = None, scheme: str | None = None,
) -> DataFrame:  # fmt: skip
    """What every claim of a DataFrame is paid: as many rows as came, refused ones with ``status`` and ``reason``.

    ``mapping``: where the facts stand, as for ``open_claims``. ``parameters``, ``known_on``, ``allow_draft``: as for
    ``policyengine.settle``. ``only``: the amounts that are wanted, all if empty. ``keep``: columns that are handed on.
    ``partitions``: into how many the claims are brought, by default ``spark.sql.shuffle.partitions``. ``arranged_in``:
    the claims stand in so many partitions already, by the hash of the scope as Spark makes buckets, and in order; this
    is checked by the executors. ``openings``, ``scheme``: what members begin with, as for ``simulate_claims``: a table
    that the driver reads and sends along. Amounts are whole minor units. Raises ``RuleError`` and ``ClaimError`` for
    what is wrong with the rule set, the mapping, the columns or the parameters; what is wrong with rows fails the job.
    """
    book = ruleset if isinstance(ruleset, Rulebook) else load(ruleset)
    columns = load_columns(mapping) if isinstance(mapping, str | Path) else mapping
    require_distinct(df.columns)
    units = _units(df.schema)
    plan = open_claims(_empty(df.schema, units), book, columns).plan
    kept = (plan["id"].column, *_kept(df, keep))
    count = partitions_of(df, partitions if arranged_in is None else arranged_in)
    chosen = arranged(df, plan, kept, count if plan.wanted.scope else 1, arranged_in is not None)
    moved = MOVED if MOVED in chosen.columns else ""
    order = Order(
        tuple(chosen.columns), kept, HOME, moved, units, columns, dict(parameters or {}), tuple(only), known_on,
        allow_draft, None if openings is None else openings_of(book, openings, scheme),
    )  # fmt: skip
    bulk = bulk_of(book, order)
    _require_known(order.only, {name for v in bulk.versions for name in standard_outputs(v.program)})
    schema = settled_schema(df.schema, kept, bulk.outputs, plan.wanted.currency)
    plain = chosen.toDF(*(f"c{at}" for at in range(len(order.names))))  # Spark's function takes no dots
    return plain.mapInArrow(Settling(shipped(book, order)), schema)


def _units(schema: StructType) -> dict[str, str]:
    """The units that stand in the metadata of columns."""
    return {field.name: str(field.metadata["unit"]) for field in schema if "unit" in field.metadata}


def _empty(schema: StructType, units: Mapping[str, str]) -> pa.Table:
    """A table without rows that has the columns of the DataFrame as Arrow will bring them."""
    arrow = to_arrow_schema(schema, timezone="UTC")
    fields = [f.with_metadata({"unit": units[f.name]}) if f.name in units else f for f in arrow]
    return pa.schema(fields).empty_table()


def _kept(df: DataFrame, keep: Iterable[str]) -> tuple[str, ...]:
    names = tuple(dict.fromkeys([keep] if isinstance(keep, str) else keep))
    for name in names:
        if name not in df.columns:
            raise _unknown(f"the DataFrame has no column `{name}`", name, df.columns)
    return names


def _require_known(only: tuple[str, ...], names: set[str]) -> None:
    for name in only:
        if name not in names:
            raise _unknown(f"the rule set has no amount `{name}`", name, sorted(names))


def _unknown(text: str, name: str, known: Iterable[str]) -> ClaimError:
    some = list(known)
    return ClaimError(Diagnostic("E775", text, None, "one of " + ", ".join(some), nearest(name, some), record="Spark"))
