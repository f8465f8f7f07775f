"""What is written: results, rejected rows, checkpoints; each whole or not at all. The bar shows on terminals only."""

from __future__ import annotations

import csv
import errno
import io
import json
from contextlib import suppress
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest
from pyarrow import ipc
from rich.console import Console

from policyengine import ClaimError
from policyengine.bulk import open_claims
from policyengine.bulk.checkpoint import RULES, SOURCE, Checkpoint, resumed
from policyengine.bulk.progress import Progress
from policyengine.bulk.rejected import Rejects
from policyengine.bulk.writing import Writer, amounts, write
from tests.bulk.support import drawn_rows, plan, table_of

RESULT = pa.table(
    {"id": ["c1", "c2", "c3"], "pooled_fund": amounts(np.array([130050, 0, -1]), 2),
     "tier": pa.array(["county", None, "city"]).dictionary_encode()}
)  # fmt: skip


@pytest.mark.parametrize("suffix", ["parquet", "csv", "arrow"])
def test_results_are_written_by_the_name_of_the_file(suffix: str, tmp_path: Path) -> None:
    file = tmp_path / f"result.{suffix}"
    assert write(file, iter([RESULT.slice(0, 2), RESULT.slice(2)])) == 3
    read = {"parquet": pq.read_table, "csv": pacsv.read_csv, "arrow": lambda path: ipc.open_file(path).read_all()}[
        suffix
    ](file)
    assert read.column("id").to_pylist() == ["c1", "c2", "c3"]
    assert [str(value) for value in read.column("pooled_fund").to_pylist()] in (
        ["1300.50", "0.00", "-0.01"], ["1300.5", "0.0", "-0.01"],
    )  # fmt: skip
    assert read.num_rows == 3
    assert list(tmp_path.iterdir()) == [file]


def test_amounts_are_decimals_of_whole_units() -> None:
    assert [str(one) for one in amounts(np.array([130050, 5, -1]), 2).to_pylist()] == ["1300.50", "0.05", "-0.01"]
    assert [str(one) for one in amounts(np.array([700]), 0).to_pylist()] == ["700"]


def test_after_an_error_the_old_file_stands(tmp_path: Path) -> None:
    file = tmp_path / "result.parquet"
    write(file, RESULT.slice(0, 1))
    with suppress(KeyboardInterrupt), Writer(file, RESULT.schema) as out:
        out.write(RESULT)
        raise KeyboardInterrupt
    assert pq.read_table(file).num_rows == 1
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("name", ["result.xlsx", "nowhere/result.csv", "result"])
def test_a_file_that_cannot_be_written_is_refused_at_once(name: str, tmp_path: Path) -> None:
    with pytest.raises(ClaimError) as caught:
        write(tmp_path / name, RESULT)
    assert caught.value.diagnostics[0].code == "E715"


# Rejected rows


def rejected(file: Path, rows: int = 300) -> list[dict[str, str]]:
    """Writes the rejects of a table; what they should be."""
    expected = []
    with Rejects(file) as out:
        for batch in open_claims(table_of(drawn_rows(41, rows, bad=30)), plan()).batches(64):
            out.add(batch)
            expected += [
                {"row": str(batch.row(at) + 1), "id": batch.ids[at].as_py() or "", "field": one.field,
                 "code": one.code, "reason": one.message}
                for at, one in batch.rejects.items()
            ]  # fmt: skip
    assert out.count == len(expected) > 40
    return expected


def test_rejected_rows_are_written_with_row_id_field_code_and_reason(tmp_path: Path) -> None:
    expected = rejected(tmp_path / "rejects.csv")
    with (tmp_path / "rejects.csv").open(encoding="utf-8", newline="") as stream:
        assert list(csv.DictReader(stream)) == expected
    rejected(tmp_path / "rejects.parquet")
    found = pq.read_table(tmp_path / "rejects.parquet").to_pylist()
    assert [{name: "" if v is None else str(v) for name, v in row.items()} for row in found] == expected
    rejected(tmp_path / "rejects.jsonl")
    lines = (tmp_path / "rejects.jsonl").read_text(encoding="utf-8").splitlines()
    assert [str(json.loads(line)["row"]) for line in lines] == [one["row"] for one in expected]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["rejects.csv", "rejects.jsonl", "rejects.parquet"]


def test_rejects_of_an_interrupted_run_go_on_behind_its_checkpoint(tmp_path: Path) -> None:
    expected = rejected(tmp_path / "whole.csv")
    batches = list(open_claims(table_of(drawn_rows(41, 300, bad=30)), plan()).batches(64))
    position = 0
    with suppress(KeyboardInterrupt), Rejects(tmp_path / "parts.csv") as out:
        out.add(batches[0])
        position = out.position
        out.add(batches[1])
        raise KeyboardInterrupt
    assert not (tmp_path / "parts.csv").exists()
    with Rejects(tmp_path / "parts.csv", since=position) as out:
        for batch in batches[1:]:
            out.add(batch)
    assert out.count == len(expected)
    assert (tmp_path / "parts.csv").read_text() == (tmp_path / "whole.csv").read_text()


# Checkpoints


def file_of(folder: Path, seed: int = 42) -> Path:
    pq.write_table(table_of(drawn_rows(seed, 400)), folder / "claims.parquet")
    return folder / "claims.parquet"


def count(source: Path, checkpoint: Path, rules: str = "r1", stop: int = 10**9) -> int | None:
    """Counts the claims of a file, batch by batch, with a checkpoint behind each; ``stop``: where it is interrupted."""
    opened = open_claims(source, plan())
    run = {SOURCE: opened.source.fingerprint, RULES: rules}
    begun = resumed(checkpoint, run)
    total = int(begun.state) if begun else 0
    for batch in opened.batches(40, start=begun.position if begun else 0):
        if batch.first >= stop:
            return None
        total += len(batch)
        position = batch.first + len(batch)
        Checkpoint(run, position, str(total).encode()).save(checkpoint)
    return total


def test_a_run_that_was_interrupted_goes_on_and_counts_no_claim_twice(tmp_path: Path) -> None:
    source, checkpoint = file_of(tmp_path), tmp_path / "run.checkpoint"
    assert count(source, checkpoint, stop=120) is None
    assert count(source, checkpoint, stop=250) is None
    assert count(source, checkpoint) == 400
    assert sorted(path.name for path in tmp_path.iterdir()) == ["claims.parquet", "run.checkpoint"]


def test_a_checkpoint_of_another_run_is_refused(tmp_path: Path) -> None:
    source, checkpoint = file_of(tmp_path), tmp_path / "run.checkpoint"
    count(source, checkpoint, stop=120)
    with pytest.raises(ClaimError, match="by other rules") as caught:
        count(source, checkpoint, "r2")
    assert caught.value.diagnostics[0].code == "E709"
    file_of(tmp_path, 43)
    with pytest.raises(ClaimError, match="over another source"):
        count(source, checkpoint)
    checkpoint.write_text('{"source": 1')
    with pytest.raises(ClaimError) as caught:
        count(source, checkpoint)
    assert caught.value.diagnostics[0].code == "E716"
    table = open_claims(table_of(drawn_rows(1, 3)), plan())
    with pytest.raises(ClaimError, match="a table in memory cannot be resumed"):
        resumed(checkpoint, {SOURCE: table.source.fingerprint, RULES: "r1"})


def test_the_bar_is_shown_on_a_terminal_and_nowhere_else() -> None:
    shown, hidden = io.StringIO(), io.StringIO()
    for stream, terminal in ((shown, True), (hidden, False)):
        with Progress(400, 100, console=Console(file=stream, force_terminal=terminal, width=100)) as progress:
            progress.advance(300)
    assert "400/400" in shown.getvalue()
    assert hidden.getvalue() == ""


@pytest.mark.parametrize("suffix", ["parquet", "csv", "arrow"])
def test_a_full_disk_is_told_with_the_file(suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file that stood there stands, and nothing is left of the other one."""
    file = tmp_path / f"result.{suffix}"
    write(file, RESULT)
    before = file.read_bytes()

    def full(_number: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("policyengine.bulk.writing.os.fsync", full)
    with pytest.raises(ClaimError, match="the file cannot be written: No space left on device") as caught:
        write(file, RESULT.slice(1))
    assert (caught.value.diagnostics[0].code, caught.value.diagnostics[0].record) == ("E715", str(file))
    assert (list(tmp_path.iterdir()), file.read_bytes()) == ([file], before)
