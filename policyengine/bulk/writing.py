"""Tables written to files, whole or not at all: under another name first, which is changed at the end."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

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
    return ClaimError(Diagnostic("E715", text, None, expected, record=str(path)))


def no_form(path: Path, text: str) -> str:
    """What is said of a file whose name does not end as it should; ``text``: of the ending."""
    return f"`{path.suffix}` {text}" if path.suffix else "the name has no ending that says what form the file has"


def part_of(path: Path, suffixes: Iterable[str], *read: Any) -> Path:
    """The name under which a file is written until it is whole. ``read``: the sources that the run reads; what is no
    path, or no file, stands in nobody's way. Raises ``ClaimError`` for a name that says no form, for a folder that is
    not there or cannot be written to, and for a file that would change what is read."""
    known = tuple(suffixes)
    if path.suffix not in known:
        raise refused(path, no_form(path, "is no form that is written"), "one of " + ", ".join(known))
    require_room(path, *read)
    return path.with_name(f"{path.name}.part")


def require_room(path: Path, *read: Any) -> None:
    """Raises ``ClaimError`` for a file that cannot be written, as ``part_of``, whatever its form."""
    if not path.parent.is_dir() or path.is_dir():
        raise refused(path, "no file can be written there", "a file in a folder that is there")
    if not os.access(path.parent, os.W_OK):
        raise refused(path, "the folder cannot be written to", "a folder that can")
    for one in (one for source in read for one in (source if isinstance(source, list | tuple) else [source])):
        if isinstance(one, str | Path) and _changes(path, Path(one)):
            raise refused(path, f"{one} is read, and would be changed", "a file elsewhere")


def _changes(path: Path, read: Path) -> bool:
    """Whether a file is this one, or would stand in this folder beside those that are read."""
    if read.is_dir():
        return path.parent.samefile(read)
    return path.exists() and read.exists() and path.samefile(read)


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """What the disk refuses is told with the file that was being written. Raises ``ClaimError`` for an ``OSError``."""
    try:
        yield
    except OSError as error:
        raise refused(path, f"the file cannot be written: {error.strerror or error}") from None


@contextmanager
def whole(path: Path) -> Iterator[IO[bytes]]:
    """A file that gets its name when it is whole; after an error there is what was there before. Raises ``ClaimError``
    if it cannot be written."""
    part = path.with_name(f"{path.name}.part")
    with naming(path):
        try:
            with part.open("wb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Writes a text in UTF-8, whole or not at all. Raises ``ClaimError`` as ``whole``."""
    with whole(path) as stream:
        stream.write(text.encode())


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
        with naming(self.path):
            self.stream = self.part.open("wb")
            self.sink = SINKS[self.path.suffix](self.stream, self.schema)

    def write(self, table: pa.Table | pa.RecordBatch) -> None:
        """Adds the rows of a table."""
        rows = table if isinstance(table, pa.Table) else pa.Table.from_batches([table])
        with naming(self.path):
            self.sink.write_table(rows.cast(self.schema))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        try:
            with naming(self.path):
                if kind is None:
                    self.sink.close()
                    settle_down(self.stream, self.part, self.path)
        finally:
            if self.part.exists():
                self._drop()

    def _drop(self) -> None:
        with suppress(pa.ArrowException, OSError):  # the error that ended the writing is the one to be seen
            self.sink.close()
        with suppress(OSError):
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
