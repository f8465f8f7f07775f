"""A run that is interrupted goes on where it stopped, and gives to the last byte what it would have given."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

from policyengine import ClaimError
from policyengine.bulk.checkpoint import Stopped
from policyengine.report.data import json_text
from policyengine.report.simulation_data import simulation_data
from policyengine.simulate import Question, Simulation, simulate_claims
from tests.simulate.town import CLAIMS, COLUMNS, book, table

QUESTION = Question(
    group_by=("registered_poor", "year"), budget={"pooled_fund": "1000"}, exercised=True,
    fail_if=("registered_poor: patient_total increases per claim", "bill increases in total"),
)  # fmt: skip


def rows(towns: int = 40) -> list[tuple[Any, ...]]:
    """The claims of that many towns, in order; eight of each, of five people."""
    made = [(f"{one}{n}", f"{person}-{n}", *rest) for n in range(100, 100 + towns) for one, person, *rest in CLAIMS]
    return sorted(made, key=lambda row: (row[1], row[5]))


def file_of(folder: Path, claims: pa.Table | None = None) -> Path:
    folder.mkdir(exist_ok=True)
    pq.write_table(table(rows()) if claims is None else claims, folder / "claims.parquet")
    return folder / "claims.parquet"


@dataclass(frozen=True)
class Case:
    """A run over a file into a folder; ``rejects``: the name of that file."""

    folder: Path
    source: Path
    question: Question = QUESTION
    rejects: str = "rejects.csv"
    sort: bool = False
    reforms: tuple[str, ...] = ("higher_deductible",)

    def run(self, told: Callable[[int, int | None], None] | None = None, kept: bool = True, **said: Any) -> Simulation:
        return simulate_claims(
            book(), self.source, self.question, reforms=[book(name) for name in self.reforms], columns=COLUMNS,
            rejects=self.folder / self.rejects if self.rejects else None, sort=self.sort, told=told,
            checkpoint=self.folder / "run.checkpoint" if kept else None, **{"size": 20, "every": 0, **said},
        )  # fmt: skip

    def whole(self) -> tuple[str, bytes]:
        """What an uninterrupted run gives: everything as JSON, and the file of rejects."""
        return self.given(replace(self, folder=self.source.parent).run(kept=False), self.source.parent)

    def given(self, found: Simulation, folder: Path | None = None) -> tuple[str, bytes]:
        file = (folder or self.folder) / self.rejects
        return json_text(simulation_data(found)), file.read_bytes() if self.rejects else b""


class Lost(Exception):
    """The machine is gone."""


def after(batches: int) -> Callable[[int, int | None], None]:
    """Loses the machine before so many batches are kept."""
    left = [batches]

    def told(_claims: int, _total: int | None) -> None:
        if not left[0]:
            raise Lost
        left[0] -= 1

    return told


def lost(case: Case, batches: int, **said: Any) -> None:
    with pytest.raises(Lost):
        case.run(after(batches), **said)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return file_of(tmp_path / "claims")


@pytest.mark.parametrize("rejects", ["rejects.csv", "rejects.parquet", "rejects.jsonl", ""])
def test_a_run_that_was_lost_again_and_again_gives_what_a_whole_one_gives(
    rejects: str, tmp_path: Path, source: Path
) -> None:
    case = Case(tmp_path, source, rejects=rejects)
    for batches in (0, 1, 3, 2, 4):
        lost(case, batches)
    assert case.given(case.run()) == case.whole()


def test_with_other_batches_and_threads(tmp_path: Path, source: Path) -> None:
    case = Case(tmp_path, source)
    lost(case, 2, threads=1)
    lost(case, 3, size=7, threads=3)
    assert case.given(case.run(size=1000)) == case.whole()


def test_households_and_what_they_have_paid(tmp_path: Path, source: Path) -> None:
    people = [{"person_id": row[1], "household_id": row[1][-2:], "income_annual": 100_000} for row in rows()]
    distinct = list({one["person_id"]: one for one in people}.values())
    pq.write_table(pa.Table.from_pylist(distinct), tmp_path / "people.parquet")
    columns = replace(COLUMNS, facts={**COLUMNS.facts, "income_annual": replace(COLUMNS.templates[0]["amount"],
                                                                                 column="income_annual")})  # fmt: skip
    question = Question(incomes=tmp_path / "people.parquet", poverty_line="500")

    def run(told: Any, kept: bool) -> Simulation:
        return simulate_claims(book(), source, question, columns=columns, size=20, every=0, told=told,
                               checkpoint=tmp_path / "run.checkpoint" if kept else None)  # fmt: skip

    with pytest.raises(Lost):
        run(after(4), kept=True)
    found = run(None, kept=True)
    assert simulation_data(found) == simulation_data(run(None, kept=False))
    assert found.baseline.burdens["2020",].over_10 > 0


def test_a_file_that_is_sorted_on_the_way(tmp_path: Path) -> None:
    source = file_of(tmp_path / "claims", table(sorted(rows(), key=lambda row: row[0])))
    case = Case(tmp_path, source, sort=True, rejects="rejects.jsonl")
    lost(case, 2)
    assert case.given(case.run()) == case.whole()


def test_a_csv_file(tmp_path: Path) -> None:
    folder = tmp_path / "claims"
    folder.mkdir()
    pacsv.write_csv(table(rows()), folder / "claims.csv")
    case = Case(tmp_path, folder / "claims.csv")
    lost(case, 2)
    assert case.given(case.run()) == case.whole()


def test_a_run_that_has_ended_is_told_again_without_a_look_at_the_claims(tmp_path: Path, source: Path) -> None:
    case = Case(tmp_path, source)
    found = case.given(case.run())
    seen: list[tuple[int, int | None]] = []
    assert case.given(case.run(lambda claims, total: seen.append((claims, total)))) == found
    assert seen == [(320, 320)], "all of them were counted before"


def test_lost_between_the_last_batch_and_the_file_of_rejects(tmp_path: Path, source: Path) -> None:
    """The run has ended, and what it refused still stands in lines behind another name."""
    case = Case(tmp_path, source)
    expected = case.given(case.run())
    lines = Case(tmp_path, source, rejects="rejects.jsonl")
    (tmp_path / "run.checkpoint").rename(tmp_path / "kept")
    lines.run(kept=False)
    (tmp_path / "kept").rename(tmp_path / "run.checkpoint")
    (tmp_path / "rejects.csv").unlink()
    (tmp_path / "rejects.jsonl").rename(tmp_path / "rejects.csv.part")
    assert case.given(case.run()) == expected


def test_interrupted_it_keeps_what_it_has_and_says_so(tmp_path: Path, source: Path) -> None:
    case = Case(tmp_path, source)

    def told(_claims: int, _total: int | None) -> None:
        signal.raise_signal(signal.SIGINT)

    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(Stopped, match=r"^\d\d claims are kept in .*run.checkpoint$") as stopped:
        case.run(told, every=3600)
    assert signal.getsignal(signal.SIGINT) is before
    assert isinstance(stopped.value, KeyboardInterrupt)
    assert case.given(case.run(every=3600)) == case.whole()


# --- a run that must not go on ---------------------------------------------------------------------------------------


def refusal(case: Case, code: str, **said: Any) -> str:
    with pytest.raises(ClaimError) as caught:
        case.run(**said)
    [found] = caught.value.diagnostics
    assert found.code == code
    return found.message


def test_another_run_under_the_same_checkpoint_is_refused(tmp_path: Path, source: Path) -> None:
    case = Case(tmp_path, source)
    lost(case, 2)
    other = file_of(tmp_path / "other", table(rows(41)))
    of = f"{tmp_path}/run.checkpoint was written by a run "
    assert refusal(replace(case, source=other), "E709") == of + "over another source"
    assert refusal(replace(case, reforms=("higher_ceiling",)), "E709") == of + "by other rules"
    assert refusal(replace(case, question=Question()), "E709") == of + "for another question"
    assert refusal(replace(case, rejects="r.csv"), "E709") == of + "with another file of rejects"
    both = replace(case, rejects="r.csv", source=other)
    assert refusal(both, "E709") == of + "over another source, with another file of rejects"
    with pytest.raises(ClaimError, match="with other columns"):
        simulate_claims(book(), source, columns=replace(COLUMNS, name="other"), checkpoint=tmp_path / "run.checkpoint")
    assert case.given(case.run()) == case.whole(), "and the run itself goes on"


def test_a_table_in_memory_has_no_checkpoint(tmp_path: Path) -> None:
    with pytest.raises(ClaimError, match=r"E709.*a table in memory"):
        simulate_claims(book(), table(), columns=COLUMNS, checkpoint=tmp_path / "run.checkpoint")


def test_a_checkpoint_that_was_edited_is_refused(tmp_path: Path, source: Path) -> None:
    case = Case(tmp_path, source)
    lost(case, 2)
    file = tmp_path / "run.checkpoint"
    file.write_text(file.read_text().replace('"position": ', '"position": 1'))
    assert refusal(case, "E716") == f"{file} is no checkpoint"


@pytest.mark.parametrize("size", [0, None])
def test_rejects_that_are_gone_are_missed(size: int | None, tmp_path: Path, source: Path) -> None:
    case = Case(tmp_path, source)
    lost(case, 9)
    part = tmp_path / "rejects.csv.part"
    part.unlink() if size is None else part.write_bytes(b"")
    assert "no longer there" in refusal(case, "E840")


def test_order_is_checked_across_an_interruption(tmp_path: Path) -> None:
    """The last person of the first batch and the first of the second stand the wrong way round."""
    ordered = rows()
    swapped = [*ordered[24:48], *ordered[:24], *ordered[48:]]
    case = Case(tmp_path, file_of(tmp_path / "claims", table(swapped)), rejects="")
    expected = refusal(case, "E706", kept=False, size=24)
    assert expected.startswith("row 25 ")
    assert refusal(case, "E706", size=24, threads=1) == expected
    assert (tmp_path / "run.checkpoint").exists(), "the first batch is counted"
    assert refusal(case, "E706", size=24, threads=1) == expected


# --- processes -------------------------------------------------------------------------------------------------------

DRIVER = """
import sys, time
from pathlib import Path
from tests.simulate.test_resumed import Case

def told(claims, total):
    print("batch", claims, flush=True)
    time.sleep(0.02)

case = Case(Path(sys.argv[1]), Path(sys.argv[2]))
found = case.run(told, every=int(sys.argv[3]), threads=2)
print(case.given(found)[0])
"""


def started(case: Case, every: int) -> subprocess.Popen[str]:
    script = [sys.executable, "-c", DRIVER, str(case.folder), str(case.source), str(every)]
    root = Path(__file__).parents[2]
    return subprocess.Popen(script, cwd=root, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def ended_by(number: signal.Signals, case: Case, batches: int, every: int) -> tuple[int, str]:
    """A process that gets a signal after so many batches: its exit code, and what it says."""
    with started(case, every) as process:
        assert process.stdout is not None
        for _ in range(batches):
            assert process.stdout.readline().startswith("batch ")
        process.send_signal(number)
        _, error = process.communicate(timeout=60)
    return process.returncode, error


def test_processes_that_are_killed_and_interrupted(tmp_path: Path, source: Path) -> None:
    case = Case(tmp_path, source)
    assert ended_by(signal.SIGKILL, case, 3, every=0) == (-signal.SIGKILL, "")
    assert ended_by(signal.SIGKILL, case, 2, every=0) == (-signal.SIGKILL, "")
    assert " claims are kept in " in ended_by(signal.SIGINT, case, 3, every=3600)[1]
    with started(case, 0) as process:
        out, error = process.communicate(timeout=60)
    assert process.returncode == 0, error
    said = out.splitlines()
    assert int(said[0].removeprefix("batch ")) >= 60, "so many claims were counted before"
    expected, rejects = case.whole()
    assert said[-1] == expected.rstrip("\n")
    assert (tmp_path / "rejects.csv").read_bytes() == rejects
