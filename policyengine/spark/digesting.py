"""``digest``: of settled claims, the same as that of one process over the same claims."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import DataFrame

from policyengine.backends.kernel import Status
from policyengine.bulk.identity import keys_of
from policyengine.errors import ClaimError, Diagnostic
from policyengine.mass import Digest, digest_of
from policyengine.spark.columns import ROLE, amounts_of, column

_STATUSES = pa.array([status.name.lower() for status in Status], pa.string())


@dataclass(frozen=True, slots=True)
class Digesting:
    """The digest of each partition. ``amounts``: the names of what stands behind id and status."""

    amounts: tuple[str, ...]

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        total = Digest()
        for batch in batches:
            ids, statuses, *amounts = batch.columns
            status = pc.index_in(statuses, _STATUSES).to_numpy(zero_copy_only=False).astype(np.uint8)
            columns = [amount.to_numpy(zero_copy_only=False) for amount in amounts]
            total += digest_of(keys_of(ids), status, dict(zip(self.amounts, columns, strict=True)))
        row = {"claims": total.claims, "one": f"{total.one:x}", "other": f"{total.other:x}"}
        yield pa.RecordBatch.from_pylist([row])


def digest(df: DataFrame) -> Digest:
    """The digest of settled claims, as ``settle`` gave them; runs the job. Raises ``ClaimError`` for a DataFrame that
    does not hold them any more."""
    amounts = tuple(amounts_of(df))
    roles = {field.metadata.get(ROLE): field.name for field in df.schema}
    if not {"id", "status"} <= roles.keys():
        text = "the DataFrame does not hold the ids and statuses of settled claims"
        raise ClaimError(Diagnostic("E773", text, None, "what `settle` gave", record="the DataFrame"))
    names = (roles["id"], roles["status"], *(amount.column for amount in amounts))
    chosen = df.select(*(column(name).alias(f"c{at}") for at, name in enumerate(names)))
    parts = chosen.mapInArrow(Digesting(tuple(a.name for a in amounts)), "claims bigint, one string, other string")
    total = Digest()
    for part in parts.collect():
        total += Digest(part["claims"], int(part["one"], 16), int(part["other"], 16))
    return total
