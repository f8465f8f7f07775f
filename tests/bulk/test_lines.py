"""Fee lines: in lists, in a table of their own, made of columns of the claim."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from policyengine import ClaimError
from policyengine.bulk import Batch, ColumnMap, Numbers, Stated, document, read
from tests.bulk.support import LINE, SCHEMA, drawn_rows, plan, table_of

LINE_SCHEMA = pa.schema([("id", pa.string()), *LINE])


def two_tables(rows: list[dict[str, Any]]) -> tuple[pa.Table, pa.Table]:
    lines = [{"id": row["id"], **line} for row in rows for line in row["lines"]]
    return table_of(rows).drop_columns(["lines"]), pa.Table.from_pylist(lines, schema=LINE_SCHEMA)


def shown(batches: Iterator[Batch]) -> list[Any]:
    return [
        batch.rejects[at].code if at in batch.rejects else document(plan(), batch, at)
        for batch in batches for at in range(len(batch))
    ]  # fmt: skip


def test_a_second_table_states_the_same_as_lists() -> None:
    rows = [row for row in drawn_rows(21, 300, bad=20) if row["id"]]
    claims, lines = two_tables(rows)
    expected = shown(read(table_of(rows), plan(), batch=50))
    assert shown(read(claims, plan(), lines=lines, batch=50)) == expected
    assert shown(read(claims, plan(), lines=lines.take(pa.array(range(len(lines)))[::-1]), batch=50)) != expected
    streams = claims.to_reader(max_chunksize=40), lines.to_reader(max_chunksize=33)
    assert shown(read(streams[0], plan(), lines=streams[1], batch=50)) == expected


def test_two_files_go_on_where_a_batch_ended(tmp_path: Path) -> None:
    rows = drawn_rows(22, 300)
    for name, table in zip(("claims", "lines"), two_tables(rows), strict=True):
        pq.write_table(table, tmp_path / f"{name}.parquet", row_group_size=70)
    paths = tmp_path / "claims.parquet", tmp_path / "lines.parquet"
    whole = list(read(paths[0], plan(), lines=paths[1], batch=50))
    assert shown(iter(whole)) == shown(read(table_of(rows), plan()))
    rest = read(paths[0], plan(), lines=paths[1], batch=50, start=whole[2].first)
    assert shown(rest) == shown(iter(whole[2:]))


@pytest.mark.parametrize("streamed", [False, True])
def test_a_line_of_no_claim_is_refused(streamed: bool) -> None:
    rows = drawn_rows(23, 50)
    claims, lines = two_tables(rows)
    stray = pa.concat_tables([lines, lines.slice(0, 1).set_column(0, "id", pa.array(["nobody"]))])
    with pytest.raises(ClaimError) as caught:
        list(read(claims, plan(), lines=stray.to_reader() if streamed else stray))
    assert caught.value.diagnostics[0].code == "E712" or not streamed
    assert "no…" in caught.value.diagnostics[0].message


def test_lines_of_a_stream_stand_in_the_order_of_the_claims() -> None:
    rows = drawn_rows(24, 60)
    claims, lines = two_tables(rows)
    swapped = pa.concat_tables([lines.slice(30), lines.slice(0, 30)])
    with pytest.raises(ClaimError) as caught:
        list(read(claims.to_reader(), plan(), lines=swapped.to_reader()))
    assert caught.value.diagnostics[0].code == "E712"


TEMPLATES = (
    {"amount": Stated("drugs"), "category": Stated(constant="western_drug"), "catalogue_class": Stated("class")},
    {"amount": Stated("bed", unit="分"), "category": Stated(constant="床位费"), "price_limit": Stated(constant="40")},
)  # fmt: skip


def templated(drugs: list[Any], bed: list[Any], classes: list[Any]) -> Batch:
    rows = drawn_rows(25, len(drugs))
    table = table_of(rows).drop_columns(["lines"])
    table = table.append_column("drugs", pa.array(drugs, pa.string())).append_column("bed", pa.array(bed, pa.int32()))
    table = table.append_column("class", pa.array(classes, pa.string()))
    (batch,) = read(table, plan(), ColumnMap("t", {}, TEMPLATES))
    return batch


def test_each_template_is_a_line_where_its_amount_is_not_nothing() -> None:
    batch = templated(["1.50", None, "0", "7"], [200, 300, 0, None], ["a", "b", "no class", "乙"])
    assert batch.offsets.tolist() == [0, 2, 3, 3, 4]
    assert dict(batch.rejects) == {}
    amounts, limits = batch.lines["amount"], batch.lines["price_limit"]
    assert isinstance(amounts, Numbers)
    assert isinstance(limits, Numbers)
    assert amounts.values.tolist() == [150, 200, 300, 700]
    assert limits.values.tolist() == [0, 4000, 4000, 0]
    assert limits.stated is not None
    assert limits.stated.tolist() == [False, True, True, False]
    lines = [document(plan(), batch, at)["lines"] for at in range(4)]
    assert [[line["category"] for line in one] for one in lines] == [
        ["western_drug", "床位费"], ["床位费"], [], ["western_drug"],
    ]  # fmt: skip
    assert [line.get("catalogue_class") for one in lines for line in one] == ["a", None, None, "乙"]


def test_a_template_is_refused_where_its_line_is() -> None:
    batch = templated(["1.505", "3", "0", "-1"], [200, 300, 5, None], ["a", "no class", "no class", "a"])
    assert {at: (one.code, one.field) for at, one in batch.rejects.items()} == {
        0: ("E510", "lines[0].amount"), 1: ("E514", "lines[0].catalogue_class"), 3: ("E511", "lines[0].amount"),
    }  # fmt: skip


def test_a_list_that_is_not_stated_has_no_lines() -> None:
    rows = drawn_rows(26, 5)
    rows[1]["lines"], rows[3]["lines"] = None, []
    rows[4]["lines"] = [None]
    (batch,) = read(table_of(rows), plan())
    counts = (batch.offsets[1:] - batch.offsets[:-1]).tolist()
    assert (counts[1], counts[3]) == (0, 0)
    assert {at: one.code for at, one in batch.rejects.items()} == {4: "E508"}


def test_only_the_wanted_fields_of_lines_are_read(tmp_path: Path) -> None:
    rows = drawn_rows(27, 30)
    for row in rows:
        for line in row["lines"]:
            line["remark"] = "x" * 50
    wider = pa.list_(pa.struct([*LINE, ("remark", pa.string())]))
    fields = [pa.field("lines", wider) if field.name == "lines" else field for field in SCHEMA]
    pq.write_table(pa.Table.from_pylist(rows, schema=pa.schema(fields)), tmp_path / "claims.parquet")
    assert shown(read(tmp_path / "claims.parquet", plan())) == shown(read(table_of(drawn_rows(27, 30)), plan()))
