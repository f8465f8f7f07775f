"""Wherever claims are kept, the same is read: the same claims, in the same order, with the same rejects."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest
from pyarrow import ipc

from policyengine import ClaimError, load
from policyengine.bulk import Batch, ColumnMap, Stated, document, open_claims, read
from policyengine.bulk.frames import like
from tests.bulk.support import drawn_rows, plan, table_of

COLUMNS = ["id", "sequence", "person_id", "care_type", "discharge_date", "registered_poor", "programme", "balance"]
LINES = ColumnMap("flat", {}, ({"amount": Stated("balance"), "category": Stated(constant="surgery")},))


def flat(seed: int = 3, count: int = 400, bad: int = 40) -> pa.Table:
    """Claims without lists, so that every kind of table can hold them; the balance is the amount of their one line."""
    rows = drawn_rows(seed, count, bad)
    for row in rows:
        if row["discharge_date"] is not None and row["discharge_date"].year == 2001:
            row["discharge_date"] = None  # in order without the day of admission, which it lies before
    return table_of(rows).select(COLUMNS)


def seen(source: Any, mapping: ColumnMap = LINES, **options: Any) -> list[Any]:
    """Every claim that is read, as a document, or the code of its reject; with its row."""
    return [one for batch in read(source, plan(), mapping, **options) for one in shown(batch)]


def shown(batch: Batch) -> list[Any]:
    return [
        (batch.row(at), batch.rejects[at].code if at in batch.rejects else document(plan(), batch, at))
        for at in range(len(batch))
    ]


def parquet(table: pa.Table, folder: Path) -> Any:
    pq.write_table(table, folder / "claims.parquet", row_group_size=90)
    return folder / "claims.parquet"


def several(table: pa.Table, folder: Path) -> Any:
    for at, start in enumerate(range(0, len(table), 150)):
        pq.write_table(table.slice(start, 150), folder / f"part-{at}.parquet")
    return folder


def arrow(table: pa.Table, folder: Path) -> Any:
    with ipc.new_file(folder / "claims.arrow", table.schema) as out:
        out.write_table(table, max_chunksize=70)
    return str(folder / "claims.arrow")


def csv(table: pa.Table, folder: Path) -> Any:
    pacsv.write_csv(table, folder / "claims.csv")
    return folder / "claims.csv"


def relation(table: pa.Table, folder: Path) -> Any:
    return duckdb.connect().from_arrow(table)


FRAMES: dict[str, Callable[[pa.Table, Path], Any]] = {
    "table": lambda table, folder: table,
    "polars": lambda table, folder: pl.from_arrow(table),
    "polars lazy": lambda table, folder: pl.from_arrow(table).lazy(),  # type: ignore[union-attr]
    "pandas": lambda table, folder: table.to_pandas(types_mapper=pd.ArrowDtype),
}
STREAMS: dict[str, Callable[[pa.Table, Path], Any]] = {
    "parquet": parquet, "folder": several, "arrow": arrow, "csv": csv, "duckdb": relation,
    "stream": lambda table, folder: table.to_reader(max_chunksize=50),
}  # fmt: skip


@pytest.mark.parametrize("kind", [*FRAMES, *STREAMS])
def test_every_source_states_the_same_claims(kind: str, tmp_path: Path) -> None:
    table = flat(bad=0)
    expected = seen(table, batch=64)
    assert len(expected) == 400
    assert seen((FRAMES | STREAMS)[kind](table, tmp_path), batch=64) == expected


@pytest.mark.parametrize("kind", ["polars", "parquet", "arrow", "duckdb", "stream"])
def test_every_source_refuses_the_same_rows(kind: str, tmp_path: Path) -> None:
    table = flat()
    expected = seen(table, batch=64)
    assert sum(isinstance(one, str) for _, one in expected) > 10
    assert seen((FRAMES | STREAMS)[kind](table, tmp_path), batch=64) == expected


@pytest.mark.parametrize("kind", list(FRAMES))
def test_frames_are_sorted_and_rows_keep_their_numbers(kind: str, tmp_path: Path) -> None:
    table = flat(bad=0)
    order = pa.array(range(len(table)))[::-1]
    backwards = table.take(order)
    found = seen(FRAMES[kind](backwards, tmp_path), batch=64)
    rows = [row for row, _ in found]
    assert sorted(rows) == list(range(400))
    assert rows != sorted(rows)
    ids = backwards.column("id").to_pylist()
    assert all(ids[row] == claim["id"] for row, claim in found)
    key = [(c["person"]["id"], c["encounter"]["discharge_date"], c["sequence"]) for _, c in found]
    assert key == sorted(key)


@pytest.mark.parametrize("kind", list(STREAMS))
def test_streams_out_of_order_are_refused_or_sorted(kind: str, tmp_path: Path) -> None:
    backwards = flat(bad=0).take(pa.array(range(400))[::-1])
    with pytest.raises(ClaimError) as caught:
        seen(STREAMS[kind](backwards, tmp_path), batch=64)
    assert caught.value.diagnostics[0].code == "E706"
    assert "row " in caught.value.diagnostics[0].message
    found = seen(STREAMS[kind](backwards, tmp_path), batch=64, sort=True, folder=tmp_path)
    assert sorted(found, key=lambda one: one[0]) == sorted(seen(backwards), key=lambda one: one[0])
    people = [claim["person"]["id"] for _, claim in found]
    assert [a for a, b in zip(people, [*people[1:], ""], strict=True) if a != b] == list(dict.fromkeys(people))
    assert list(tmp_path.glob("claims-*")) == []


@pytest.mark.parametrize("kind", [*FRAMES, *(kind for kind in STREAMS if kind != "stream")])
@pytest.mark.parametrize("sort", [False, True])
def test_reading_goes_on_where_a_batch_ended(kind: str, sort: bool, tmp_path: Path) -> None:
    source = (FRAMES | STREAMS)[kind](flat(), tmp_path)
    whole = list(read(source, plan(), LINES, batch=64, sort=sort, folder=tmp_path))
    assert [batch.first for batch in whole[1:]] == [b.first + len(b) for b in whole[:-1]]
    rest = seen(source, batch=64, sort=sort, folder=tmp_path, start=whole[2].first)
    assert rest == [one for batch in whole[2:] for one in shown(batch)]


def test_no_batch_ends_inside_a_scope() -> None:
    for size in (1, 7, 64, 1000):
        last = None
        for batch in read(flat(bad=0), plan(), LINES, batch=size):
            people = batch.claims["person_id"].texts.to_pylist()  # type: ignore[union-attr]
            assert people[0] != last
            last = people[-1]


def test_columns_that_nothing_reads_are_listed() -> None:
    table = flat().append_column("phone", pa.array(["1"] * 400))
    report = open_claims(table, plan(), LINES).report
    assert report.unread == ("phone",)
    assert {"area", "birth_date", "referred"} <= set(report.absent)
    assert "balance" not in report.absent


def test_results_come_back_as_the_kind_of_table_that_the_claims_were() -> None:
    table = flat()
    result = pa.table({"id": table.column("id"), "pooled_fund": [100] * len(table)})
    assert isinstance(like(pl.from_arrow(table), result), pl.DataFrame)
    assert isinstance(like(pl.from_arrow(table).lazy(), result), pl.LazyFrame)  # type: ignore[union-attr]
    assert isinstance(like(table.to_pandas(), result), pd.DataFrame)
    assert like(duckdb.from_arrow(table), result).fetchall()[0] == (table.column("id")[0].as_py(), 100)
    assert isinstance(like(table.to_reader(), result), pa.RecordBatchReader)
    assert like(table, result) is like("claims.parquet", result) is result
    assert nw.from_native(like(pl.from_arrow(table), result)).to_arrow().num_rows == 400


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda folder: folder / "nothing.parquet", "there is no such file"),
        (lambda folder: folder, "there is no file of claims in the folder"),
        (lambda folder: write(folder / "claims.xlsx", b""), "`.xlsx` is no form of tables"),
        (lambda folder: write(folder / "claims", b""), "the name has no ending"),
        (lambda folder: write(folder / "claims.parquet", b"PAR1"), "the file cannot be read"),
        (lambda folder: write(folder / "claims.arrow", b"no"), "the file cannot be read"),
        (lambda folder: write(folder / "claims.csv", b"id,\xff\n1,2\n"), "the file cannot be read"),
        (lambda folder: write(folder / "claims.csv", b"id,id\n1,2\n"), "two columns are named `id`"),
        (lambda folder: 17, "claims cannot be read from this (int)"),
    ],
)
def test_what_is_no_source_is_refused(make: Callable[[Path], Any], said: str, tmp_path: Path) -> None:
    with pytest.raises(ClaimError) as caught:
        seen(make(tmp_path))
    assert caught.value.diagnostics[0].code == "E700"
    assert said in caught.value.diagnostics[0].message


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_files_with_other_columns_are_refused(tmp_path: Path) -> None:
    pq.write_table(flat(), tmp_path / "a.parquet")
    pq.write_table(flat().drop_columns(["balance"]), tmp_path / "b.parquet")
    with pytest.raises(ClaimError, match="its columns differ"):
        seen(tmp_path)


def test_a_text_that_is_not_utf_8_is_a_reject() -> None:
    table = flat(bad=0)
    broken = pa.array([b"\xff\xfe", *[b"a"] * 399]).view(pa.string())
    for name, column in (
        ("programme", broken),
        ("id", pa.concat_arrays([broken[:1], *table.column("id").chunks])[:400]),
    ):
        changed = table.set_column(table.schema.get_field_index(name), name, column)
        (batch,) = read(changed, plan(), LINES)
        assert [found.code for found in batch.rejects.values()] == ["E705"]


def test_the_mapping_beside_a_file_is_used(tmp_path: Path) -> None:
    """`bills.columns.yaml` for `bills.csv`; a mapping that is named comes first."""
    (tmp_path / "bills.csv").write_text("nr,who,left,charge\n1,p,2018-05-03,100.00\n", encoding="utf-8")
    fields = "{id: nr, person_id: who, discharge_date: left}"
    constants = "{care_type: 住院, scheme: resident, hospital_grade: 二级甲等, tier: county, area: within_county}"
    lines = "[{amount: {column: charge}, category: western_drug, catalogue_class: a}]"
    text = f"columns: bills\nfields: {fields}\nconstants: {constants}\nlines: {lines}\n"
    (tmp_path / "bills.columns.yaml").write_text(text, encoding="utf-8")
    book = load("cn/shanxi/136")
    (batch,) = open_claims(tmp_path / "bills.csv", book).batches()
    assert batch.rejects == {}
    assert batch.lines["amount"].values.tolist() == [10_000]  # type: ignore[union-attr]
    with pytest.raises(ClaimError):
        list(open_claims(tmp_path / "bills.csv", book, ColumnMap()).batches())
