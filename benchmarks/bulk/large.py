"""A hundred million claims: resident memory, and time for each claim beside a million. A long run by itself.

    python -m benchmarks.bulk.large [CLAIMS]      default: 100,000,000; writes that part of RESULTS.md

The claims are written in pieces into a folder for temporary files (about 13 bytes a claim) and deleted in the end.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.bulk import words as told
from benchmarks.bulk.claims import CLAIMS_A_PERSON, drawn
from benchmarks.bulk.contestants import ours_arrow
from benchmarks.bulk.venvs import ROOT
from benchmarks.clock import busy
from benchmarks.page import put

MANY, FEW, ROUNDS, PIECE = 100_000_000, 1_000_000, 5, 1_000_000
CODE = """
import json, resource, sys, time
from pathlib import Path
from benchmarks.bulk.contestants import year_ours
from benchmarks.bulk.contestants.file_ours import totals
from benchmarks.bulk.contestants.yearly import PAYERS
from policyengine import load
from policyengine.mass import Bulk
bulk = Bulk(load(year_ours.POLICY), only=PAYERS)
totals(bulk, Path(sys.argv[1]))  # warm
taken = []
for _ in range(int(sys.argv[3])):
    wall, used = time.perf_counter(), time.process_time()
    found = totals(bulk, Path(sys.argv[2]))
    taken.append((time.perf_counter() - wall, time.process_time() - used))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print(json.dumps({"taken": taken, "peak": peak, "claims": found.claims, "digest": str(found.digest)}))
"""


def main(count: int) -> int:
    load = busy()
    with tempfile.TemporaryDirectory() as name:
        few, many = Path(name) / "few.parquet", Path(name) / "many.parquet"
        start = time.perf_counter()
        written(few, FEW)
        written(many, count)
        print(
            f"{count:,} claims written in {time.perf_counter() - start:.0f} s, {many.stat().st_size:,} bytes",
            flush=True,
        )
        before, whole, after = _run(few, few, ROUNDS), _run(few, many, 1), _run(few, few, ROUNDS)
        text = words(load, count, many.stat().st_size, [before, after], whole)
    put("a hundred million claims", text)
    print(text)
    return 0


def written(file: Path, count: int) -> None:
    """Claims in order, in pieces of people of their own."""
    writer = None
    for first in range(0, count, PIECE):
        claims = drawn(min(PIECE, count - first), seed=first, first_person=first // CLAIMS_A_PERSON)
        piece = ours_arrow.table(claims, first)
        writer = writer or pq.ParquetWriter(file, piece.schema)
        writer.write_table(piece, row_group_size=PIECE)
    assert writer is not None, "there are claims"
    writer.close()


def _run(warm: Path, file: Path, rounds: int) -> dict[str, object]:
    """In a process of its own, whose memory is asked for at its end."""
    command = [sys.executable, "-c", CODE, str(warm), str(file), str(rounds)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment, check=True)
    found: dict[str, object] = json.loads(done.stdout)
    return found


def words(load: str, count: int, size: int, few: list[dict[str, object]], whole: dict[str, object]) -> str:
    small = [(wall / FEW, used / FEW) for one in few for wall, used in one["taken"]]  # type: ignore[attr-defined]
    wall, used = (statistics.median(column) * 1e9 for column in zip(*small, strict=True))
    [(total, of_processor)] = whole["taken"]  # type: ignore[misc]
    each, each_used = total / count * 1e9, of_processor / count * 1e9
    rows = [
        told.bar("resident memory at its highest", int(str(whole["peak"])) / 1e9, 2.0, "GB", most=True),
        told.bar(f"time of a claim: of {count:,} : of {FEW:,}", each / wall, 1.5, "×", most=True),
        told.bar("the same by processor time", each_used / used, None),
    ]
    return f"""# {count:,} claims

The policy of the year, from one Parquet file of {size / 1e9:.2f} GB to totals by group and the digest,
two threads, in a process of its own; {load}.
{whole["claims"]:,} claims in {total:.1f} s, {each:.0f} ns a claim ({each_used:.0f} ns of processor time);
{FEW:,} claims: {wall:.0f} ns ({used:.0f} ns), median of {2 * ROUNDS}, before and after.
Digest `{whole["digest"]}`.

{told.bars(rows)}"""


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1].replace("_", "")) if len(sys.argv) > 1 else MANY))
