"""Fee lines as one column of lists, instead of a column for each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from policyengine.synth.model import MILLION, Line
from policyengine.synth.streams import Ints
from policyengine.synth.tables import rates

LINES = "lines"
MONEY = ("amount", "price_limit")
OWN = ("category", "catalogue_class", "first_share_rate")


def with_lists(batch: pa.RecordBatch, lines: Sequence[Line]) -> pa.RecordBatch:
    """The batch with a column ``lines`` in place of the columns of its fee lines; lines of nothing are left out."""
    amounts = np.stack([batch.column(line.column).to_numpy() for line in lines], axis=1)
    claims, which = np.nonzero(amounts)
    offsets = np.concatenate([[0], np.cumsum(np.count_nonzero(amounts, axis=1))]).astype(np.int32)
    arrays = {"amount": pa.array(amounts[claims, which])}
    arrays |= {name: _words([line.fields.get(name) for line in lines], which) for name in _names(lines)}
    arrays["first_share_rate"] = _first_shares(lines, which)
    unit = batch.schema.field(lines[0].column).metadata
    drawn = dict.fromkeys(fact for line in lines for fact in line.columns)
    arrays |= {fact: _drawn(batch, lines, fact, claims, which) for fact in drawn}
    fields = [pa.field(name, a.type, metadata=unit if name in MONEY else None) for name, a in arrays.items()]
    found = pa.ListArray.from_arrays(offsets, pa.StructArray.from_arrays(list(arrays.values()), fields=fields))
    gone = {line.column for line in lines} | {c for line in lines for c in line.columns.values() if "." in c}
    rest = batch.drop_columns([name for name in batch.schema.names if name in gone])
    return rest.append_column(pa.field(LINES, found.type), found)


def _names(lines: Sequence[Line]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for line in lines for name in line.fields if name != "first_share_rate"))


def _words(of: Sequence[str | None], which: Ints) -> pa.Array:
    return pa.array(of, pa.string()).dictionary_encode().take(pa.array(which))


def _first_shares(lines: Sequence[Line], which: Ints) -> pa.Array:
    stated = [int(line.fields.get("first_share_rate", "-1")) for line in lines]
    millionths = np.array(stated, np.int64)[which]
    assert all(rate <= MILLION for rate in stated), "a share is at most 100 %"
    return rates(millionths, millionths < 0)


def _drawn(batch: pa.RecordBatch, lines: Sequence[Line], fact: str, claims: Ints, which: Ints) -> pa.Array:
    """A drawn fact of each line, out of the columns of all lines."""
    columns = {at: line.columns[fact] for at, line in enumerate(lines) if fact in line.columns}
    kind = batch.column(next(iter(columns.values()))).type
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    stacked = pa.concat_arrays([batch.column(name).cast(kind) for name in columns.values()])
    row = np.full(len(lines), -1, np.int64)
    row[list(columns)] = np.arange(len(columns))
    at = row[which] * batch.num_rows + claims
    found = stacked.take(pa.array(at, mask=row[which] < 0))
    return found.dictionary_encode() if pa.types.is_string(kind) else found
