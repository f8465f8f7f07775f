"""Sorting what does not fit into memory: the rows of each scope into one of many temporary files, each sorted alone."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
from pyarrow import ipc

from policyengine.bulk.identity import keys_of
from policyengine.bulk.order import combined

ROW: Final = "\0row"
"""The column with the row of each claim in the source; no column of a table is called so."""
PARTS: Final = 64


def spilled(batches: Iterator[pa.RecordBatch], scope: str, folder: Path | str) -> Iterator[pa.RecordBatch]:
    """The rows in parts, each in memory as a whole, all rows of one value of the column ``scope`` in one part; without
    a scope there is one part. The files are gone at the end, however it comes."""
    with tempfile.TemporaryDirectory(prefix="claims-", dir=folder or None) as place:
        files = [Path(place) / f"{at}.arrows" for at in range(PARTS if scope else 1)]
        _write(batches, scope, files)
        for file in files:
            if file.exists():
                with pa.memory_map(str(file)) as mapped, ipc.open_stream(mapped) as reader:
                    yield combined(list(reader))
                file.unlink()


def _write(batches: Iterator[pa.RecordBatch], scope: str, files: list[Path]) -> None:
    first = 0
    with ExitStack() as stack:
        writers: dict[int, ipc.RecordBatchStreamWriter] = {}
        for batch in batches:
            numbered = batch.append_column(ROW, pa.array(np.arange(first, first + len(batch))))
            first += len(batch)
            part = _parts(batch, scope, len(files))
            rows = np.argsort(part, kind="stable")
            ends = np.searchsorted(part[rows], np.arange(len(files) + 1))
            for at, (start, end) in enumerate(pairwise(ends)):
                if end > start:
                    if at not in writers:
                        sink = stack.enter_context(pa.OSFile(str(files[at]), "wb"))
                        writers[at] = stack.enter_context(ipc.new_stream(sink, numbered.schema))
                    writers[at].write_batch(numbered.take(pa.array(rows[start:end])))


def _parts(batch: pa.RecordBatch, scope: str, count: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    if not scope:
        return np.zeros(len(batch), np.int64)
    ids = batch.column(scope)
    if pa.types.is_dictionary(ids.type):
        ids = ids.cast(ids.type.value_type)
    return (keys_of(ids) % np.uint64(count)).astype(np.int64)
