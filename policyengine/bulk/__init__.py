"""Claims by the million: tables of claims in, typed columns out, results and rejected rows written."""

from policyengine.errors import MissingExtra

try:
    import narwhals  # noqa: F401
    import numba  # noqa: F401
    import pyarrow  # noqa: F401
except ImportError as missing:  # pragma: no cover - the development environment has them
    raise MissingExtra(
        "claims by the million need the extra: pip install 'reimbursement-policyengine[bulk]'"
    ) from missing

from policyengine.bulk.batch import NO_DAY, Batch, Codes, Column, Days, Flags, Ids, Numbers, batch_of, ids_of

__all__ = ["NO_DAY", "Batch", "Codes", "Column", "Days", "Flags", "Ids", "Numbers", "batch_of", "ids_of"]
