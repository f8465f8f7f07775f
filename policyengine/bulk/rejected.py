"""Rows that were refused, with the reason: a file of them, none lost where a run is interrupted and goes on."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import pyarrow as pa

from policyengine.bulk.batch import Batch
from policyengine.bulk.writing import Writer, naming, part_of, settle_down
from policyengine.errors import ClaimError, Diagnostic

COLUMNS: Final = pa.schema(
    [
        ("row", pa.int64()), ("id", pa.string()), ("field", pa.string()), ("code", pa.string()),
        ("reason", pa.string()),
    ]
)  # fmt: skip
SUFFIXES: Final = (".csv", ".parquet", ".jsonl")
_CHUNK = 100_000


@dataclass(slots=True)
class Rejects:
    """Writes refused rows to a file: CSV, Parquet or JSON Lines by its name; their number in the source (from 1), the
    id of the claim, the field, the code and the reason. Used with ``with``. ``read``: the sources of the run.

    ``since``: where a run goes on that was interrupted, what ``position`` was at its checkpoint. Until the end all
    stand in a file of JSON Lines with ``.part`` behind its name, which an interrupted run leaves there. Raises
    ``ClaimError`` for a name that says no form.
    """

    path: Path
    since: int = 0
    read: tuple[Any, ...] = ()
    count: int = field(default=0, init=False)
    part: Path = field(init=False)
    stream: Any = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.part = part_of(self.path, SUFFIXES, *self.read)
        if not self.since:
            self.part.write_bytes(b"")
        elif not self.part.is_file() or self.part.stat().st_size < self.since:
            text = f"{self.part}: the rows that the interrupted run refused are no longer there"
            hint = "delete the checkpoint to begin anew"
            raise ClaimError(Diagnostic("E840", text, None, "the file that it left", hint, record=str(self.part)))
        self.stream = self.part.open("r+b")
        self.stream.truncate(self.since)
        self.count = sum(1 for _ in self.stream)
        self.stream.seek(self.since)

    @property
    def position(self) -> int:
        """How many bytes are written, all of them on the disk."""
        with naming(self.path):
            self.stream.flush()
            os.fsync(self.stream.fileno())
        return int(self.stream.tell())

    def add(self, batch: Batch) -> None:
        """The refused rows of a batch."""
        for at, found in batch.rejects.items():
            row = {"row": batch.row(at) + 1, "id": batch.id_of(at)}
            row |= {"field": found.field, "code": found.code, "reason": found.message}
            with naming(self.path):
                self.stream.write((json.dumps(row, ensure_ascii=False) + "\n").encode())
            self.count += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is not None:
            self.stream.close()
            return
        with naming(self.path):
            if self.path.suffix == ".jsonl":
                settle_down(self.stream, self.part, self.path)
                return
            self.stream.seek(0)
            self._convert()
            self.stream.close()
            self.part.unlink()

    def _convert(self) -> None:
        whole = self.path.with_name(f".{self.path.name}")
        with Writer(whole, COLUMNS) as out:
            for rows in _chunks(self.stream):
                out.write(pa.Table.from_pylist(rows, schema=COLUMNS))
        whole.replace(self.path)


def is_closed(path: Path) -> bool:
    """Whether the file is there as a whole, and nothing is left of its writing."""
    return path.is_file() and not part_of(path, SUFFIXES).is_file()


def _chunks(stream: Any) -> Iterator[list[dict[str, Any]]]:
    lines = iter(stream)
    while rows := [json.loads(line) for line in islice(lines, _CHUNK)]:
        yield rows
