"""A file that somebody overwrites while it is read: an error, and not the end of the process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import ipc

from tests.bulk.test_sources import flat

READING = """
import sys
from policyengine import ClaimError, load
from policyengine.bulk import open_claims
from tests.bulk.test_sources import LINES
from tests.bulk.support import plan
try:
    count = 0
    for batch in open_claims(sys.argv[1], plan(), LINES).batches(100):
        count += len(batch)
        open(sys.argv[1], "wb").close()
except ClaimError as error:
    print(error.diagnostics[0].code)
else:
    print(count)
"""


def parquet(table: pa.Table, file: Path) -> None:
    pq.write_table(table, file, row_group_size=100)


def arrow(table: pa.Table, file: Path) -> None:
    with ipc.new_file(file, table.schema) as writer:
        writer.write_table(table, max_chunksize=100)


@pytest.mark.parametrize("write", [parquet, arrow])
def test_a_file_that_is_emptied_while_it_is_read_is_refused(write, tmp_path: Path) -> None:
    file = tmp_path / ("claims.parquet" if write is parquet else "claims.arrow")
    write(flat(count=20_000, bad=0), file)
    ran = subprocess.run([sys.executable, "-c", READING, str(file)], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout.split()) == (0, ["E700"]), ran.stderr[-2000:]
