"""A program over many claims at once: NumPy columns of 64-bit integers, never a float."""

from policyengine.errors import MissingExtra

try:
    import numpy  # noqa: F401
except ImportError as missing:  # pragma: no cover - the development environment has it
    raise MissingExtra("columns of claims need NumPy: pip install 'reimbursement-policyengine[bulk]'") from missing

from policyengine.backends.columns.batch import Columns, columns_of
from policyengine.backends.columns.machine import run
from policyengine.backends.columns.result import Failure, Result

__all__ = ["Columns", "Failure", "Result", "columns_of", "run"]
