"""Claims of a source, read in bounded memory: batches of typed columns in the order in which claims are settled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from policyengine.bulk.ahead import ahead
from policyengine.bulk.batch import Batch, Column, Ids, Marks
from policyengine.bulk.columns import column, either, require_meant
from policyengine.bulk.csvfiles import PLAIN
from policyengine.bulk.documents import Explainer
from policyengine.bulk.facts import Wanted, wanted
from policyengine.bulk.forms import is_text, value_type
from policyengine.bulk.households import Households
from policyengine.bulk.joining import Joined, Lookup, joined
from policyengine.bulk.making import Maker, Rows, order_of
from policyengine.bulk.mapping import ColumnMap, load_columns
from policyengine.bulk.order import InOrder, combined, disorder, grouped, sorted_rows
from policyengine.bulk.plan import Plan, Report, plan
from policyengine.bulk.sources import Source, Wish, open_source
from policyengine.bulk.spill import ROW, spilled
from policyengine.rulebook import Rulebook

BATCH: Final = 1 << 18
"""Claims of a batch, unless a scope has more."""


@dataclass(frozen=True, slots=True)
class Claims:
    """Claims of a source, ready to be read by a rule set."""

    book: Rulebook
    source: Source
    plan: Plan
    lines: Source | None

    @property
    def report(self) -> Report:
        """Columns that nothing reads, facts that no column states."""
        return self.plan.report

    @property
    def scope(self) -> str:
        """Within what claims wait for each other: a fact, empty for the whole source; ``id`` if none waits."""
        return self.plan.wanted.scope

    def batches(
        self, size: int = BATCH, start: int = 0, sort: bool = False, folder: Path | str = "", marks: Marks | None = None
    ) -> Iterator[Batch]:
        """The claims in batches of about ``size``, from the one of number ``start`` on, at which a batch has begun;
        ``marks``: those of the batch before it, so that order is checked as if the claims before it had been read.

        ``sort``: sort a source that is a file or a stream, by way of ``folder`` (by default the one for temporary
        files). Raises ``ClaimError`` for rows out of order.
        """
        whole = self.plan.wanted.two_scopes  # who lives with whom is known of all claims before, or it is not known
        ordered, before = self.scope != "id", 0 if self.lines or whole else start
        order = InOrder(self.scope, source=self.source.name) if ordered else None
        if order is not None and marks is not None and not whole:
            order.ways, order.last = marks
        maker = Maker(
            self.plan, Explainer(self.book, self.plan), order, Households(source=self.source.name),
            ragged=self.source.ragged,
        )  # fmt: skip
        if ordered and self.source.is_frame:
            rows = self._sorted(size, before)
        elif ordered and sort:
            maker = replace(maker, order=None)
            rows = self._spilled(size, before, folder)
        else:
            rows = self._streamed(size, before)
        if self.lines is not None:
            rows = self._with_lines(rows, self.lines, size, sort)
        for some in rows:
            if whole and some.first < start:
                maker.batch(some.before(start))
            if some.first + len(some.table) > start:
                yield maker.batch(some.since(start))

    def _with_lines(self, rows: Iterator[Rows], source: Source, size: int, sort: bool) -> Iterator[Rows]:
        """Rows with the lines of a second table. Lines in memory are looked up, lines of a stream come in order."""
        by_key = self.source.is_frame or source.is_frame or sort
        claims, lines = self.plan["id"].column, _Lines(source, self.plan, size)
        if by_key:
            yield from Lookup.of(lines.whole(), self.plan.line_id).joined(rows, claims)
        else:
            yield from joined(rows, claims, Joined(lines.stream(), self.plan.line_id))

    # Rows

    def _wish(self, size: int, start: int = 0) -> Wish:
        coded = [
            r.column for r in (*self.plan.claim, *(r for one in self.plan.templates for r in one))
            if r.column and (r.fact.kind == "code" or r.values) and is_text(self.source.schema.field(r.column).type)
        ]  # fmt: skip
        inner = [r.column for r in self.plan.lines if r.column and self.plan.column]
        return Wish(self.plan.columns, tuple(dict.fromkeys(coded)), inner, size, start)

    def _streamed(self, size: int, start: int) -> Iterator[Rows]:
        first = start
        column = self.plan[self.scope].column if self.scope else ""
        pieces = grouped(self.source.stream(self._wish(size, start)), column, size)
        for batch in ahead(pieces) if self.source.is_file else pieces:
            yield Rows(first, batch)
            first += len(batch)

    def _sorted(self, size: int, start: int) -> Iterator[Rows]:
        """A frame in order; only the numbers of its rows say how it was."""
        table = combined(list(self.source.stream(self._wish(size))) or [_empty(self.source, self.plan)])
        rows = _order_of(self.plan, table)
        if rows is None:
            yield from _cut(table, None, self._scope_column(), size, start)
        else:
            yield from _cut(table.take(pa.array(rows)), rows, self._scope_column(), size, start)

    def _spilled(self, size: int, start: int, folder: Path | str) -> Iterator[Rows]:
        scope = self._scope_column()
        before = 0
        for part in spilled(self.source.stream(self._wish(size)), scope, folder):
            numbers = part.column(ROW).to_numpy()
            table = part.drop_columns([ROW])
            order = _order_of(self.plan, table)
            rows = np.arange(len(table)) if order is None else order
            for found in _cut(table.take(pa.array(rows)), numbers[rows], scope, size, max(0, start - before)):
                yield Rows(found.first + before, found.table, found.numbers)
            before += len(table)

    def _scope_column(self) -> str:
        return self.plan[self.scope].column if self.scope else ""


def _empty(source: Source, made: Plan) -> pa.RecordBatch:
    schema = pa.schema([source.schema.field(name) for name in made.columns])
    return pa.RecordBatch.from_pylist([], schema=schema)


def _order_of(made: Plan, table: pa.RecordBatch) -> np.ndarray[Any, np.dtype[np.int64]] | None:
    """The rows in the order of claims, ``None`` if they stand in it."""
    claims: dict[str, Column] = {}
    for name in (made.wanted.dated_by, "sequence"):
        reading = next((r for r in made.claim if r.fact.name == name and r.column), None)
        if reading is not None:
            claims[name] = column(reading, table.column(reading.column))[0]
    order = order_of(claims, made.wanted.dated_by, np.zeros(len(table), np.bool_))
    if not made.wanted.scope:
        return None if disorder(None, order)[0] < 0 else sorted_rows(None, order)
    found, nobody = column(made[made.wanted.scope], table.column(made[made.wanted.scope].column), together=True)
    assert isinstance(found, Ids), "a scope is an id"
    if found.texts.null_count:
        nobody = either(nobody, found.texts.is_null().to_numpy(zero_copy_only=False))
    return None if disorder(found, order, nobody)[0] < 0 else sorted_rows(found.texts, order)


def _cut(table: pa.RecordBatch, numbers: Any, scope: str, size: int, start: int) -> Iterator[Rows]:
    """Rows in batches that end where a scope ends."""
    first = start
    pieces = (table.slice(at, size) for at in range(start, len(table), size))
    for piece in grouped(pieces, scope, size):
        yield Rows(first, piece, None if numbers is None else numbers[first : first + len(piece)])
        first += len(piece)


@dataclass(frozen=True, slots=True)
class _Lines:
    source: Source
    plan: Plan
    size: int

    def stream(self) -> Iterator[pa.RecordBatch]:
        columns = self.plan.line_columns
        coded = [
            r.column for r in self.plan.lines
            if r.column and r.fact.kind == "code" and is_text(value_type(self.source.schema.field(r.column).type))
        ]  # fmt: skip
        return self.source.stream(Wish(columns, coded, (), self.size))

    def whole(self) -> pa.RecordBatch:
        schema = pa.schema([self.source.schema.field(name) for name in self.plan.line_columns])
        return combined(list(self.stream()) or [pa.RecordBatch.from_pylist([], schema=schema)])


def open_claims(
    source: Any, book: Rulebook, mapping: ColumnMap | Path | str | None = None, lines: Any = None,
    of: Wanted | None = None,
) -> Claims:  # fmt: skip
    """The claims of a source, and in ``lines`` their fee lines if these are a table of their own.

    ``source``: a file (Parquet, CSV, Arrow IPC), several, a folder; a table or a stream of pyarrow, a frame of polars
    or pandas, a relation of DuckDB. ``mapping``: where the facts stand, if not in columns of their names; by default
    what lies beside the file, ``claims.columns.yaml`` for ``claims.parquet``. ``of``: what is read, by default what
    ``book`` reads. Raises ``RuleError`` for mistakes of the
    mapping, ``ClaimError`` for a source that cannot be read or does not fit.
    """
    columns = columns_for(source, mapping)
    written = PLAIN if columns is None else columns.written
    opened = open_source(source, replace(written, ragged=True))
    opened_lines = None if lines is None else open_source(lines, written)
    line_schema = None if opened_lines is None else opened_lines.schema
    made = plan(of or wanted(book), opened.schema, columns, line_schema, opened.name)
    require_meant((*made.claim, *made.lines, *(reading for template in made.templates for reading in template)))
    return Claims(book, opened, made, opened_lines)


def columns_for(source: Any, mapping: ColumnMap | Path | str | None) -> ColumnMap | None:
    """The mapping that is named, or the one that lies beside the source. Raises ``RuleError`` for its mistakes."""
    stated = _beside(source) if mapping is None else mapping
    return load_columns(stated) if isinstance(stated, str | Path) else stated


def _beside(source: Any) -> Path | None:
    """The mapping that lies beside a file or a folder of claims, if there is one."""
    if not isinstance(source, str | Path):
        return None
    found = Path(source).with_name(Path(source).stem + ".columns.yaml")
    return found if found.is_file() else None


def read(
    source: Any, book: Rulebook, mapping: ColumnMap | Path | str | None = None, lines: Any = None, batch: int = BATCH,
    start: int = 0, sort: bool = False, folder: Path | str = "",
) -> Iterator[Batch]:  # fmt: skip
    """The claims of a source in batches: ``open_claims`` and its ``batches`` in one."""
    return open_claims(source, book, mapping, lines).batches(batch, start, sort, folder)
