"""Writing claims block by block: Parquet, CSV, Arrow IPC; rows and bytes do not depend on how they came."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol

import pyarrow as pa
import pyarrow.csv
import pyarrow.ipc
import pyarrow.parquet

from policyengine.bulk.writing import whole

FORMATS: Final = {".parquet": "parquet", ".csv": "csv", ".arrow": "arrow", ".feather": "arrow", ".ipc": "arrow"}
"""Formats by the endings of files."""
ROWS: Final = 2**18
"""Rows of a row group, or of a record batch."""
THREADS: Final = 2
"""Blocks that are drawn at the same time."""

Progress = Callable[[int, int], None]
"""Told after each row group: rows written, blocks drawn."""


class _Writer(Protocol):
    def write_batch(self, batch: pa.RecordBatch) -> None: ...
    def close(self) -> None: ...


def write_batches(batches: Iterable[pa.RecordBatch], path: Path, format: str, progress: Progress) -> int:
    """Writes all batches to a file that takes its name when it is whole; the number of rows.

    Raises ``ClaimError`` if it cannot be written; a file that stood there is then still there.
    """
    with whole(path) as stream:
        return _write(batches, stream, format, progress)


def _write(batches: Iterable[pa.RecordBatch], stream: object, format: str, progress: Progress) -> int:
    writer: _Writer | None = None
    rows = 0
    try:
        for group in in_groups(batches, progress):
            batch = plain(group) if format == "csv" else group
            writer = writer or _opened(stream, format, batch.schema)
            writer.write_batch(batch)
            rows += batch.num_rows
    finally:
        if writer is not None:
            writer.close()
    return rows


def _opened(stream: object, format: str, schema: pa.Schema) -> _Writer:
    found: _Writer
    if format == "csv":
        found = pa.csv.CSVWriter(stream, schema, write_options=pa.csv.WriteOptions(quoting_style="needed"))
    elif format == "arrow":
        found = pa.ipc.new_file(stream, schema, options=pa.ipc.IpcWriteOptions(unify_dictionaries=True))
    else:
        words = [field.name for field in schema if pa.types.is_dictionary(field.type)]
        found = pa.parquet.ParquetWriter(stream, schema, compression="zstd", compression_level=1, use_dictionary=words)
    return found


def plain(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch as CSV can hold it: words written out."""
    arrays = [a.cast(a.type.value_type) if pa.types.is_dictionary(a.type) else a for a in batch.columns]
    return pa.record_batch(arrays, names=batch.schema.names)


def in_groups(batches: Iterable[pa.RecordBatch], progress: Progress) -> Iterator[pa.RecordBatch]:
    """Batches of ``ROWS`` rows each, the last one with the rest; one without rows if there are none."""
    held: list[pa.RecordBatch] = []
    count = written = blocks = 0
    for blocks, batch in enumerate(batches, 1):
        held.append(batch)
        count += batch.num_rows
        while count >= ROWS:
            whole = _one(held)
            yield whole.slice(0, ROWS)
            held, count, written = [whole.slice(ROWS)], count - ROWS, written + ROWS
            progress(written, blocks)
    if held and (count or not written):
        yield _one(held)
        progress(written + count, blocks)


def _one(batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    return pa.concat_batches(batches)


def limited(batches: Iterable[pa.RecordBatch], rows: int) -> Iterator[pa.RecordBatch]:
    """The first rows of all batches."""
    for batch in batches:
        yield batch.slice(0, rows)
        rows -= batch.num_rows
        if rows <= 0:
            return


def ahead(make: Callable[[int, int], pa.RecordBatch], of: Iterable[tuple[int, int]]) -> Iterator[pa.RecordBatch]:
    """``make`` of each, in order; the next ones are made while one is used."""
    todo = iter(of)
    with _pool() as pool:
        waiting: deque[Future[pa.RecordBatch]] = deque(
            pool.submit(make, *one) for one in itertools.islice(todo, THREADS)
        )
        while waiting:
            found = waiting.popleft().result()
            waiting.extend(pool.submit(make, *one) for one in itertools.islice(todo, 1))
            yield found


@contextmanager
def _pool() -> Iterator[ThreadPoolExecutor]:
    """A pool that leaves behind what nobody waits for any more."""
    pool = ThreadPoolExecutor(THREADS)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
