"""CSV files as they come: rows of other lengths are refused one by one, texts are written as Chinese systems do."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pytest

from policyengine import ClaimError, RuleError
from policyengine.bulk import Batch, load_columns, open_claims
from policyengine.bulk.broken import MARK, Marking
from policyengine.bulk.csvfiles import PLAIN, Written, _Ragged
from policyengine.simulate import simulate_claims
from tests.simulate.town import book

MAPPING = """\
columns: town
constants: {care_type: inpatient}
lines:
  - {amount: {column: amount, unit: 元}, category: western_drug}
"""
HEAD = "id,person_id,tier,discharge_date,amount\n"
ROWS = (
    "a,p1,county,2020-02-01\n"  # four cells
    "b,p1,county,2020-02-01,1100.00\n"
    "c,p1,county,2020-03-01,1,100.00\n"  # six
    "d,p2,city,2020-02-01,300.00\n"
    "e,p3,county,2020-02-01,50.00\n"
    "f\n"
    "g\n"
)


def file_of(folder: Path, text: str = HEAD + ROWS, mapping: str = MAPPING, encoding: str = "utf-8") -> Path:
    (folder / "claims.csv").write_bytes(text.encode(encoding))
    (folder / "claims.columns.yaml").write_text(mapping, encoding="utf-8")
    return folder / "claims.csv"


def read(file: Path, size: int = 100) -> list[Batch]:
    return list(open_claims(file, book()).batches(size))


def told(batches: list[Batch]) -> list[tuple[int, str]]:
    return [(batch.row(at) + 1, found.code) for batch in batches for at, found in batch.rejects.items()]


@pytest.mark.parametrize("size", [1, 2, 100])
def test_a_row_of_another_length_is_refused_and_the_others_are_read(size: int, tmp_path: Path) -> None:
    batches = read(file_of(tmp_path), size)
    assert [one for batch in batches for one in batch.ids.to_pylist()] == [None, "b", None, "d", "e", None, None]
    assert told(batches) == [(1, "E719"), (3, "E719"), (6, "E719"), (7, "E719")]
    first = next(found for batch in batches for found in batch.rejects.values())
    assert (first.message, first.record) == ("the row has 4 cells, and the table 5 columns", "row 1")


def test_they_are_told_with_their_numbers_and_the_totals_are_by_hand(tmp_path: Path) -> None:
    """60 % of 1,000元 for b, half of 200元 for d, nothing of the 50元 of e."""
    found = simulate_claims(book(), file_of(tmp_path), rejects=tmp_path / "rejects.jsonl", size=2)
    assert found.baseline.total.amounts["pooled_fund"] == 70_000
    assert (found.claims, found.baseline.total.settled) == (7, 3)
    rows = [json.loads(line) for line in (tmp_path / "rejects.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(row["row"], row["code"], row["id"]) for row in rows] == [(n, "E719", None) for n in (1, 3, 6, 7)]


def test_a_long_file_of_many_blocks_and_several_files(tmp_path: Path) -> None:
    """Every 997th row is short, over some twenty blocks; the numbers go on over the second file."""
    folder = tmp_path / "claims"
    folder.mkdir()
    lines = [f"c{n:07},p{n:07},county,2020-02-01,100.00,{'x' * 600}\n" for n in range(30_000)]
    lines[::997] = [f"c{n:07}\n" for n in range(0, 30_000, 997)]
    for name in ("1.csv", "2.csv"):
        (folder / name).write_text(HEAD.replace("\n", ",more\n") + "".join(lines), encoding="utf-8")
        lines = [line.replace("c0", "d0", 1).replace(",p0", ",q0", 1) for line in lines]
    (tmp_path / "claims.columns.yaml").write_text(MAPPING, encoding="utf-8")
    claims = open_claims(folder, book())
    batches = list(claims.batches(7_000))
    assert [row for row, _ in told(batches)] == [1 + n for n in range(0, 30_000, 997)] + [
        30_001 + n for n in range(0, 30_000, 997)
    ]
    assert {code for _, code in told(batches)} == {"E719"}
    assert claims.source.ragged == {}, "nothing is kept of what was told"
    start = batches[2].first
    assert told(list(open_claims(folder, book()).batches(7_000, start=start))) == told(batches[2:])


def test_where_rows_belong_among_the_others() -> None:
    """The second, third and sixth row of a file, whose others come by twos."""
    ragged = _Ragged(waiting=[(1, (1, 2)), (2, (1, 2)), (5, (1, 2))])
    assert ragged.placed(2) == ([1, 1], [(1, (1, 2)), (2, (1, 2))])
    assert ragged.placed(2) == ([1], [(5, (1, 2))])
    assert ragged.at == 7


def test_files_of_chinese_systems(tmp_path: Path) -> None:
    text = "单号;人员;级别;出院日期;金额\nb;乙㐀;县级;2020-02-01;1100.00\nd;甲;市级;2020-02-01;300.00\n"
    mapping = MAPPING.replace("amount, unit", "金额, unit").replace(
        "constants", "separator: ;\nencoding: GB18030\nfields: {id: 单号, person_id: 人员, tier: 级别, "
        "discharge_date: 出院日期}\nconstants",
    )  # fmt: skip
    file = file_of(tmp_path, text, mapping, "gb18030")
    found = simulate_claims(book(), file)
    assert found.baseline.total.amounts["pooled_fund"] == 70_000
    assert load_columns(tmp_path / "claims.columns.yaml").written == Written(";", "GB18030")
    [batch] = read(file)
    assert batch.claims["person_id"].texts.to_pylist() == ["乙㐀", "甲"]  # type: ignore[union-attr]


def test_the_wrong_encoding_is_refused_with_a_hint(tmp_path: Path) -> None:
    file = file_of(tmp_path, HEAD + "b,甲,county,2020-02-01,1100.00\n", encoding="gb18030")
    with pytest.raises(ClaimError, match=r"E700.*UTF8[\s\S]*encoding: GB18030"):
        read(file)
    file_of(tmp_path, HEAD + "b,甲,county,2020-02-01,1100.00\n", MAPPING + "encoding: ascii\n", "gb18030")
    with pytest.raises(ClaimError, match=r"E700.*ascii"):
        read(file)


@pytest.mark.parametrize(("said", "place"), [
    ("encoding: martian", "5:11"), ("encoding: base64", "5:11"), ("separator: and", "5:12"), ("separator: a", "5:12"),
])  # fmt: skip
def test_mistakes_of_the_mapping_have_their_place(said: str, place: str, tmp_path: Path) -> None:
    file_of(tmp_path, mapping=f"{MAPPING}{said}\n")
    with pytest.raises(RuleError) as caught:
        load_columns(tmp_path / "claims.columns.yaml")
    [found] = caught.value.diagnostics
    assert (found.code, str(found.span).partition(".yaml:")[2]) == ("E845", place)


def test_tabs(tmp_path: Path) -> None:
    mapping = MAPPING + "separator: tab\n"
    assert told(read(file_of(tmp_path, (HEAD + ROWS).replace(",", "\t"), mapping)))[0] == (1, "E719")
    assert Written(",", "utf8") == PLAIN


def test_of_a_table_of_fee_lines_the_file_is_refused(tmp_path: Path) -> None:
    claims = tmp_path / "claims.csv"
    claims.write_text("id,person_id,tier,discharge_date,care_type\na,p,county,2020-02-01,inpatient\n", encoding="utf-8")
    lines = tmp_path / "lines.csv"
    lines.write_text("id,category,amount\na,western_drug,5.00\na,western_drug\n", encoding="utf-8")
    with pytest.raises(ClaimError, match=r"lines.csv.*E700"):
        list(open_claims(claims, book(), lines=lines).batches())


BROKEN = "b,p1,市,2020-02-01,1.00\n".encode("gb18030")


def test_a_row_of_another_length_may_hold_bytes_that_are_no_text(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """It is refused as every row of another length is; nothing else is said of it."""
    file = file_of(tmp_path)
    file.write_bytes(file.read_bytes() + BROKEN.replace(b",1.00", b"") + "h,p9,county,2020-02-01,5.00,市\n".encode())
    assert [row for row, _ in told(read(file))] == [1, 3, 6, 7, 8, 9]
    assert capfd.readouterr().err == ""


def test_broken_text_in_a_column_that_is_read_refuses_the_file(tmp_path: Path) -> None:
    file = file_of(tmp_path)
    file.write_bytes(file.read_bytes() + BROKEN)
    with pytest.raises(ClaimError, match="invalid UTF8 data"):
        read(file)


def test_a_character_may_lie_on_two_blocks() -> None:
    text = "a市𠀀é" * 5 + "\n"
    for size in range(1, 9):
        marking, whole = Marking(), text.encode()
        parts = [bytes(marking(pa.py_buffer(whole[at : at + size]))) for at in range(0, len(whole), size)]
        assert (b"".join(parts) + bytes(marking(pa.py_buffer(b"")))).decode() == text
        assert not marking.some
    cut = Marking()
    found = [bytes(cut(pa.py_buffer(part))) for part in ("ab市".encode()[:-1], b"")]
    assert b"".join(found) == f"ab{MARK}".encode()
