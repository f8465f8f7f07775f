"""Tables written to files, whole or not at all: under another name first, which is changed at the end."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
from numpy.typing import NDArray
from pyarrow import ipc

from policyengine.errors import ClaimError, Diagnostic

Sink = Callable[[Any, pa.Schema], Any]
SINKS: Mapping[str, Sink] = {
    ".parquet": lambda stream, schema: pq.ParquetWriter(stream, schema, compression="zstd"),
    ".csv": pacsv.CSVWriter,
    ".arrow": ipc.new_file,
}


def refused(path: Path, text: str, expected: str = "") -> ClaimError:
    """The error for a file that cannot be written."""
    return ClaimError(Diagnostic("E715", f"{path}: {text}", None, expected, record=str(path)))


def part_of(path: Path, suffixes: Iterable[str]) -> Path:
    """The name under which a file is written until it is whole. Raises ``ClaimError`` for a name that says no form, and
    for a folder that is not there."""
    known = tuple(suffixes)
    if path.suffix not in known:
        raise refused(path, f"`{path.suffix}` is no form that is written", "one of " + ", ".join(known))
    if not path.parent.is_dir() or path.is_dir():
        raise refused(path, "no file can be written there", "a file in a folder that is there")
    return path.with_name(f"{path.name}.part")


def settle_down(stream: Any, part: Path, path: Path) -> None:
    """What was written reaches the disk and gets its name."""
    stream.flush()
    os.fsync(stream.fileno())
    stream.close()
    part.replace(path)


@dataclass(slots=True)
class Writer:
    """Writes tables of one schema to a file: Parquet, CSV or Arrow IPC by its name. Used with ``with``: at the end the
    file is there as a whole; after an error nothing of it is. Raises ``ClaimError``."""

    path: Path
    schema: pa.Schema
    part: Path = field(init=False)
    stream: Any = field(init=False, repr=False)
    sink: Any = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.part = part_of(self.path, SINKS)
        if self.path.suffix == ".csv":
            self.schema = pa.schema([(f.name, _plain(f.type)) for f in self.schema])
        self.stream = self.part.open("wb")
        self.sink = SINKS[self.path.suffix](self.stream, self.schema)

    def write(self, table: pa.Table | pa.RecordBatch) -> None:
        """Adds the rows of a table."""
        whole = table if isinstance(table, pa.Table) else pa.Table.from_batches([table])
        self.sink.write_table(whole.cast(self.schema))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            self.sink.close()
            settle_down(self.stream, self.part, self.path)
            return
        with suppress(pa.ArrowException, OSError):  # the error that ended the writing is the one to be seen
            self.sink.close()
        self.stream.close()
        self.part.unlink(missing_ok=True)


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def write(path: Path | str, tables: pa.Table | Iterable[pa.Table | pa.RecordBatch]) -> int:
    """Writes a table, or several of one schema, to a file; how many rows. Raises ``ClaimError``."""
    parts = iter([tables] if isinstance(tables, pa.Table) else tables)
    first = next(parts, None)
    if first is None:
        raise refused(Path(path), "there is nothing to write", "at least one table")
    rows = 0
    with Writer(Path(path), first.schema) as out:
        for table in chain([first], parts):
            out.write(table)
            rows += table.num_rows
    return rows


def amounts(minor: NDArray[Any], exponent: int) -> pa.Array:
    """Minor units as decimals in whole currency units: 130050 fen are 1300.50."""
    whole = pa.array(minor, pa.int64()).cast(pa.decimal128(19, 0))
    return pa.Array.from_buffers(pa.decimal128(19, exponent), len(whole), whole.buffers(), whole.null_count)
