"""Tables of claims as the campaigns read them: one rule set, one mapping, every row a claim or a reject."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa

from policyengine.bulk import ColumnMap, Stated, open_claims, read
from policyengine.errors import Diagnostic
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
    """What every trial needs, made before the first fork."""
    assert plan().name == "plan"


def rows_of(path: Path) -> Iterator[Diagnostic]:
    """The rejects of a file of claims. Raises ``ClaimError`` for a file that cannot be read."""
    for batch in read(path, plan(), LINES):
        assert len(batch) >= len(batch.rejects)
        yield from batch.rejects.values()


def opened(path: Path, names: Sequence[str]) -> None:
    """Holds the mapping of columns at ``path`` against a table of texts with columns of these names."""
    open_claims(pa.table({name: pa.array([], pa.string()) for name in names}), plan(), path)
