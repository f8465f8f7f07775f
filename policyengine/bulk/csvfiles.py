"""CSV files of claims: how they are written, and rows that have more or fewer cells than the table has columns."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from policyengine.bulk.broken import MARK, Marking
from policyengine.errors import Diagnostic

_HEAD: Final = 2
"""The number that a file's first row behind its head has."""
_BLOCK: Final = 1 << 23
_ON_ITS_WAY: Final = 1_000
"""More blocks than Arrow ever reads ahead."""
Cells = tuple[int, int]
"""How many cells a row has, and how many the table has columns."""


@dataclass(frozen=True, slots=True)
class Written:
    """How CSV files are written. ``ragged``: rows of more or fewer cells are rows that state nothing, and are told one
    by one; else a file that has one is refused."""

    separator: str = ","
    encoding: str = "utf8"
    ragged: bool = False


PLAIN: Final = Written()


def known_encoding(name: str) -> bool:
    """Whether there is an encoding of texts of that name."""
    try:
        codecs.lookup(name)
        "".encode(name)
    except (LookupError, ValueError):
        return False
    return True


@dataclass(slots=True)
class _Ragged:
    """The rows of other lengths that the parser has met, and that wait for their place among the others. ``at``: the
    row of the file that comes next, from 0. ``marking``: of broken texts, which the parser cannot tell of."""

    at: int = 0
    marking: Marking = field(default_factory=Marking)
    waiting: list[tuple[int, Cells]] = field(default_factory=list)

    def met(self, row: Any) -> str:
        """What the parser calls for such a row, as soon as it meets it."""
        self.waiting.append((row.number - _HEAD, (row.actual_columns, row.expected_columns)))
        return "skip"

    def placed(self, count: int) -> tuple[list[int], list[tuple[int, Cells]]]:
        """Before which of the next ``count`` rows the rows that wait belong, and these."""
        places, found = list[int](), list[tuple[int, Cells]]()
        while self.waiting and (place := self.waiting[0][0] - self.at - len(found)) <= count:
            found.append(self.waiting.pop(0))
            places.append(place)
        self.at += count + len(found)
        return places, found


def names_of(file: Path, written: Written) -> list[str]:
    """The names of the columns."""
    with _opened(file, written, pacsv.ConvertOptions(column_types={}), _Ragged()) as reader:
        names = list(reader.schema.names)
    if any(MARK in name for name in names):
        raise pa.ArrowInvalid("invalid UTF8 data in the names of the columns")
    return names


def rows_of(
    file: Path, columns: Sequence[str], coded: Sequence[str], written: Written
) -> Iterator[tuple[pa.RecordBatch, dict[int, Cells]]]:
    """Every cell is read as text: no number is guessed, no leading zero lost; an empty cell states nothing. With each
    batch the rows of it that have another number of cells, by their place in it; they state nothing."""
    words = pa.dictionary(pa.int32(), pa.string())
    options = pacsv.ConvertOptions(
        column_types={name: words if name in coded else pa.string() for name in columns},
        include_columns=list(columns), null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False,
    )  # fmt: skip
    ragged = _Ragged()
    with _opened(file, written, options, ragged) as reader:
        for batch in reader:
            ragged.marking.refuse(batch)
            first = ragged.at
            places, found = ragged.placed(len(batch))
            if not found:
                yield batch, {}
                continue
            rows = np.insert(np.arange(len(batch)), places, -1)
            yield batch.take(pa.array(rows, mask=rows < 0)), {row - first: cells for row, cells in found}
        if ragged.waiting:
            left = ragged.waiting
            nothing = [pa.nulls(len(left), one.type) for one in reader.schema]
            yield pa.RecordBatch.from_arrays(nothing, schema=reader.schema), dict(enumerate(c for _, c in left))


class _Unwanted(io.FileIO):
    """A file that ends as soon as the rest of it is not wanted."""

    ended = False

    def read(self, size: int | None = -1, /) -> bytes:
        return b"" if self.ended else super().read(-1 if size is None else size)


@contextmanager
def _opened(
    file: Path, written: Written, options: pacsv.ConvertOptions, ragged: _Ragged
) -> Iterator[pacsv.CSVStreamingReader]:
    """Rows are numbered only if one thread reads; reading takes no longer so.

    Arrow reads ahead. What it has begun is brought to an end before the file is left: a process that ended meanwhile
    would wait for ever.
    """
    handler = {"invalid_row_handler": ragged.met} if written.ragged else {}
    is_marked = written.ragged and codecs.lookup(written.encoding).name == "utf-8"
    with _Unwanted(file) as raw:
        source = pa.PythonFile(raw, mode="r")
        try:
            reader = pacsv.open_csv(
                pa.TransformInputStream(source, ragged.marking) if is_marked else source,
                convert_options=options,
                parse_options=pacsv.ParseOptions(delimiter=written.separator, **handler),
                read_options=pacsv.ReadOptions(block_size=_BLOCK, use_threads=False, encoding=written.encoding),
            )
            try:
                yield reader
            finally:
                raw.ended = True
                _finish(reader)
        finally:
            raw.ended = True


def _finish(reader: pacsv.CSVStreamingReader) -> None:
    """Reads what is on its way; what is wrong with it is of no interest any more."""
    for _ in range(_ON_ITS_WAY):
        try:
            reader.read_next_batch()
        except StopIteration:
            return
        except (pa.ArrowException, UnicodeDecodeError):
            continue


def ragged_row(row: int, cells: Cells) -> Diagnostic:
    """What is told of a row, from 0, with another number of cells."""
    text = f"the row has {cells[0]} cells, and the table {cells[1]} columns"
    hint = "put a cell that holds the separator into quotation marks"
    return Diagnostic("E719", text, None, f"{cells[1]} cells", hint, record=f"row {row + 1:,}")
