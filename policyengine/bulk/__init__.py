"""Claims by the million: tables of claims in, typed columns out, results and rejected rows written."""

from policyengine.errors import MissingExtra
from policyengine.ir import NO_DAY

try:
    import narwhals  # noqa: F401
    import numba  # noqa: F401
    import pyarrow  # noqa: F401
except ImportError as missing:  # pragma: no cover - the development environment has them
    raise MissingExtra(
        "claims by the million need the extra: pip install 'reimbursement-policyengine[bulk]'"
    ) from missing

from policyengine.bulk.batch import Batch, Codes, Column, Days, Flags, Ids, Numbers, batch_of, ids_of
from policyengine.bulk.documents import document
from policyengine.bulk.mapping import ColumnMap, Stated, load_columns
from policyengine.bulk.plan import Report
from policyengine.bulk.reader import BATCH, Claims, open_claims, read

__all__ = [
    "BATCH",
    "NO_DAY",
    "Batch",
    "Claims",
    "Codes",
    "Column",
    "ColumnMap",
    "Days",
    "Flags",
    "Ids",
    "Numbers",
    "Report",
    "Stated",
    "batch_of",
    "document",
    "ids_of",
    "load_columns",
    "open_claims",
    "read",
]
