"""Results as the same kind of table that the claims came in."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import pyarrow as pa


def like(source: Any, table: pa.Table) -> Any:
    """``table`` as the kind of table that ``source`` is: a frame of polars or pandas (lazy if it is), a relation of
    DuckDB, a stream of pyarrow; a table of pyarrow for everything else."""
    if isinstance(source, pa.RecordBatchReader):
        return table.to_reader()
    frame: Any = nw.from_native(source, pass_through=True)
    if not isinstance(frame, nw.DataFrame | nw.LazyFrame):
        return table
    if frame.implementation.is_duckdb():
        import duckdb

        return duckdb.from_arrow(table)
    made = nw.from_arrow(table, backend=frame.implementation)
    return (made.lazy() if isinstance(frame, nw.LazyFrame) else made).to_native()
