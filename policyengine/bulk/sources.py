"""Where claims come from: files, folders, frames, streams; each as batches of the columns that are asked for."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import narwhals as nw
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import ipc

from policyengine.bulk.csvfiles import PLAIN, Cells, Written, names_of, rows_of
from policyengine.bulk.writing import no_form
from policyengine.errors import ClaimError, Diagnostic

SUFFIXES = (".parquet", ".pq", ".csv", ".arrow", ".feather", ".ipc")
_ENDS = 64 * 1024
_ENCODED = "say in the mapping how its texts are written: `encoding: GB18030`"


class Wish(NamedTuple):
    """What is read of a source: ``columns``; of those, texts that are wanted as words of a dictionary; ``inner``: of
    columns of lists the fields that are wanted; rows a batch; rows left out at the beginning."""

    columns: Sequence[str]
    coded: Sequence[str]
    inner: Sequence[str]
    size: int
    start: int = 0


Stream = Callable[[Wish], Iterator[pa.RecordBatch]]


@dataclass(frozen=True, slots=True)
class Source:
    """A table of claims. ``rows``: how many, if that is known. ``is_frame``: it is in memory as a whole, so that it can
    be sorted. ``fingerprint``: what tells it from another source, empty where nothing does. ``ragged``: rows of a CSV
    file with another number of cells, by their number from 0, from the time they are read until they are told."""

    name: str
    schema: pa.Schema
    rows: int | None
    is_frame: bool
    fingerprint: str
    stream: Stream
    ragged: dict[int, Cells] = field(default_factory=dict)

    @property
    def is_file(self) -> bool:
        """Whether it is read from files, and by no cursor or generator of the caller's."""
        return bool(self.fingerprint)


def refused(name: str, text: str, expected: str = "", hint: str = "") -> ClaimError:
    """The error for a source that cannot be read."""
    return ClaimError(Diagnostic("E700", text, None, expected, hint, record=name))


def open_source(source: Any, written: Written = PLAIN) -> Source:
    """A file, several, a folder; a table or stream of pyarrow; a frame that Narwhals knows. ``written``: how CSV files
    are. Raises ``ClaimError``."""
    found = _opened(source, written)
    twice = next((name for name, count in Counter(found.schema.names).items() if count > 1), None)
    if twice is not None:
        raise refused(found.name, f"two columns are named `{twice}`", "names that differ")
    return found


def _opened(source: Any, written: Written) -> Source:
    if isinstance(source, str | Path):
        return _of_files(_files(Path(source)), written)
    if isinstance(source, list | tuple) and source and all(isinstance(one, str | Path) for one in source):
        return _of_files([file for one in source for file in _files(Path(one))], written)
    if isinstance(source, pa.RecordBatchReader):
        return _of_reader(source)
    if isinstance(source, pa.RecordBatch):
        source = pa.Table.from_batches([source])
    if isinstance(source, pa.Table):
        return Source("the table", source.schema, source.num_rows, True, "", lambda wish: _of_table(source, wish))
    return _of_native(source)


# Frames and streams


def _of_table(table: pa.Table, wish: Wish) -> Iterator[pa.RecordBatch]:
    chosen = table.select(list(wish.columns)).slice(wish.start)
    yield from chosen.to_batches(max_chunksize=wish.size)


def _of_reader(reader: pa.RecordBatchReader, name: str = "the stream") -> Source:
    def stream(wish: Wish) -> Iterator[pa.RecordBatch]:
        skipped = 0
        for batch in reader:
            left = max(0, wish.start - skipped)
            skipped += min(left, len(batch))
            if left < len(batch):
                yield batch.select(list(wish.columns)).slice(left)

    return Source(name, reader.schema, None, False, "", stream)


def _of_native(source: Any) -> Source:
    frame: Any = nw.from_native(source, pass_through=True)
    if isinstance(frame, nw.LazyFrame) and frame.implementation.is_duckdb():
        return _of_relation(frame)
    if isinstance(frame, nw.DataFrame | nw.LazyFrame):
        empty = frame.head(0)
        eager = empty.collect("pyarrow") if isinstance(empty, nw.LazyFrame) else empty
        schema = _schema_of(frame) if isinstance(frame, nw.DataFrame) else eager.to_arrow().schema
        rows = len(frame) if isinstance(frame, nw.DataFrame) else None
        return Source("the frame", schema, rows, True, "", lambda wish: _of_frame(frame, wish))
    if hasattr(source, "__arrow_c_stream__"):
        return _of_reader(pa.RecordBatchReader.from_stream(source))
    expected = "a file, a folder, a table of pyarrow, polars, pandas or DuckDB"
    raise refused("the source", f"claims cannot be read from this ({type(source).__name__})", expected)


def _of_relation(frame: nw.LazyFrame[Any]) -> Source:
    """A relation of DuckDB; its query runs when it is read, and only for the columns that are."""

    def stream(wish: Wish) -> Iterator[pa.RecordBatch]:
        chosen = frame.select(list(wish.columns)).to_native()
        with pa.RecordBatchReader.from_stream(chosen) as reader:
            yield from _of_reader(reader).stream(wish)

    schema = frame.head(0).collect("pyarrow").to_arrow().schema
    return Source("the relation", schema, None, False, "", stream)


def _schema_of(frame: nw.DataFrame[Any]) -> pa.Schema:
    """The types as Arrow has them; those of pandas follow from the values, so all of them are looked at."""
    whole = frame.implementation.is_pandas()
    return (frame if whole else frame.head(0)).to_arrow().schema


def _of_frame(frame: Any, wish: Wish) -> Iterator[pa.RecordBatch]:
    chosen = frame.select(list(wish.columns))
    table = (chosen.collect("pyarrow") if isinstance(chosen, nw.LazyFrame) else chosen).to_arrow()
    yield from _of_table(table, wish)


# Files


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        found = sorted(file for file in path.iterdir() if file.suffix in SUFFIXES and file.is_file())
        if not found:
            raise refused(str(path), "there is no file of claims in the folder", "one of " + ", ".join(SUFFIXES))
        return found
    if not path.is_file():
        raise refused(str(path), "there is no such file")
    if path.suffix not in SUFFIXES:
        raise refused(str(path), no_form(path, "is no form of tables"), "one of " + ", ".join(SUFFIXES))
    return [path]


def _of_files(files: Sequence[Path], written: Written) -> Source:
    def schema_of(file: Path) -> pa.Schema:
        return _schema_of_file(file, written)

    schema = _guarded(files[0], schema_of)
    for file in files[1:]:
        if not _guarded(file, schema_of).equals(schema):
            raise refused(
                str(file), f"its columns differ from those of {files[0]}", "the same columns of the same types"
            )
    counts = [_guarded(file, _rows_of_file) for file in files]
    rows = None if None in counts else sum(count for count in counts if count is not None)
    name = str(files[0]) if len(files) == 1 else f"{files[0]} and {len(files) - 1} more"

    ragged: dict[int, Cells] = {}

    def stream(wish: Wish) -> Iterator[pa.RecordBatch]:
        passed = 0
        for file, count in zip(files, counts, strict=True):
            if count is not None and wish.start >= passed + count:
                passed += count
                continue
            for batch, uneven in _read(file, wish, written):
                ragged.update((passed + at, cells) for at, cells in uneven.items() if passed + at >= wish.start)
                start = min(max(0, wish.start - passed), len(batch))
                passed += len(batch)
                if start < len(batch):
                    yield batch.slice(start)

    return Source(name, schema, rows, False, _fingerprint(files), stream, ragged)


def _guarded(file: Path, read: Callable[[Path], Any]) -> Any:
    try:
        return read(file)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        reason = str(error).partition("\n")[0]
    hint = _ENCODED if file.suffix == ".csv" and ("UTF8" in reason or "codec" in reason) else ""
    raise refused(str(file), f"the file cannot be read: {reason}", hint=hint)


def _read(file: Path, wish: Wish, written: Written) -> Iterator[tuple[pa.RecordBatch, dict[int, Cells]]]:
    """Batches, each with its rows of another number of cells."""
    found: Iterator[Any]
    if file.suffix == ".csv":
        found = rows_of(file, wish.columns, wish.coded, written)
    else:
        read = _of_parquet if file.suffix in (".parquet", ".pq") else _of_ipc
        found = ((batch, {}) for batch in read(file, wish))
    while (one := _guarded(file, lambda _: next(found, None))) is not None:
        yield one


def _schema_of_file(file: Path, written: Written) -> pa.Schema:
    match file.suffix:
        case ".csv":
            return pa.schema([(name, pa.string()) for name in names_of(file, written)])
        case ".parquet" | ".pq":
            return pq.read_schema(file).remove_metadata()
        case _:
            with ipc.open_file(file) as reader:
                return reader.schema.remove_metadata()


def _rows_of_file(file: Path) -> int | None:
    match file.suffix:
        case ".csv":
            return None
        case ".parquet" | ".pq":
            return int(pq.read_metadata(file).num_rows)
        case _:
            with ipc.open_file(file) as reader:
                return sum(int(reader.get_batch(at).num_rows) for at in range(reader.num_record_batches))


def _of_parquet(file: Path, wish: Wish) -> Iterator[pa.RecordBatch]:
    """Only the wanted leaves of the columns are read; texts that are codes stay in their dictionaries. The file is
    read and not mapped: one that is overwritten meanwhile is an error, and not the end of the process."""
    with pq.ParquetFile(file, read_dictionary=list(wish.coded), pre_buffer=False) as parquet:
        paths = [parquet.schema.column(at).path for at in range(len(parquet.schema))]
        leaves = [path for path in paths if _is_wanted(path, wish)]
        for batch in parquet.iter_batches(wish.size, columns=leaves, use_threads=True):
            yield batch.select(list(wish.columns))


def _is_wanted(path: str, wish: Wish) -> bool:
    top, *below = path.split(".")
    if path in wish.columns:
        return True
    return top in wish.columns and (len(below) < 2 or below[-1] in wish.inner or not wish.inner)


def _of_ipc(file: Path, wish: Wish) -> Iterator[pa.RecordBatch]:
    with pa.OSFile(str(file)) as opened, ipc.open_file(opened) as reader:
        for at in range(reader.num_record_batches):
            batch = reader.get_batch(at).select(list(wish.columns))
            for start in range(0, len(batch), wish.size):
                yield batch.slice(start, wish.size)


def _fingerprint(files: Sequence[Path]) -> str:
    """Names, sizes, times, and the first and last bytes of the files."""
    digest = hashlib.blake2b(digest_size=16)
    for file in files:
        about = file.stat()
        digest.update(f"{file.name}\0{about.st_size}\0{about.st_mtime_ns}\0".encode())
        with file.open("rb") as stream:
            digest.update(stream.read(_ENDS))
            stream.seek(max(0, about.st_size - _ENDS))
            digest.update(stream.read(_ENDS))
    return digest.hexdigest()
