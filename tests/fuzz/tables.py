"""Tables of claims as the campaigns read them: one rule set, one mapping, every row a claim or a reject."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import pyarrow as pa

from policyengine.bulk import ColumnMap, Stated, open_claims, read
from policyengine.errors import ClaimError, Diagnostic
from tests.bulk.support import plan

COLUMNS: Final = (
    "id", "sequence", "person_id", "care_type", "admission_date", "discharge_date", "birth_date", "registered_poor",
    "programme", "balance", "share", "children",
)  # fmt: skip
LINES: Final = ColumnMap(
    "flat", {}, ({"amount": Stated("balance"), "category": Stated(constant="surgery")},)
)  # the balance is the amount of the claim's one line
CSV: Final = """\
id,sequence,person_id,care_type,admission_date,discharge_date,birth_date,registered_poor,programme,balance,share,children
c1,0,p1,inpatient,2023-05-01,2023-05-09,1950-02-28,true,a,1250.50,0.35,2
c2,1,p1,住院,,2023-05-10,1950-02-28,false,乙项,0.00,50%,
"c,3",0,p2,emergency,2023-06-01,2023-06-01,,,,12.3,,0
c4,0,p3,inpatient,2023-07-01,2023-07-02,2001-01-01,true,other,"8""00",1,4
"""


def warm() -> None:
    """What every trial needs, made before the first fork.

    What reads columns is compiled by a process of its own, which leaves it on disk: compiling takes more time and
    memory than an input may, and a child that had to do it would be counted as one that failed.
    """
    subprocess.run([sys.executable, "-m", "tests.fuzz.tables"], check=True, timeout=300)  # it ends, too
    assert plan().name == "plan"


def compile_all() -> None:
    """Tables of every shape read once: in order and not, with rejects and without, ids of any kind."""
    head, *rows = CSV.splitlines()
    bad, odd = [row.replace("2023", "2O23") for row in rows], [row.replace("c", "参 ").replace("p", "") for row in rows]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "claims.csv")
        for shape in (rows, rows[::-1], rows[1:2], [*rows, *bad], bad, odd, [*rows, *odd, *rows], [*rows, "c5"], []):
            path.write_text("\n".join([head, *shape]), encoding="utf-8")
            with suppress(ClaimError):
                list(rows_of(path))


def rows_of(path: Path) -> Iterator[Diagnostic]:
    """The rejects of a file of claims. Raises ``ClaimError`` for a file that cannot be read."""
    for batch in read(path, plan(), LINES):
        assert len(batch) >= len(batch.rejects)
        yield from batch.rejects.values()


def opened(path: Path, names: Sequence[str]) -> None:
    """Holds the mapping of columns at ``path`` against a table of texts with columns of these names."""
    open_claims(pa.table({name: pa.array([], pa.string()) for name in names}), plan(), path)


if __name__ == "__main__":
    compile_all()
