"""The store of cases on a database: SQLite in a file, or PostgreSQL. The event log is the truth; all else follows."""

from policyengine.errors import MissingExtra

try:
    import sqlalchemy  # noqa: F401  -- asked for here, so that the message names the extra
except ImportError as missing:
    raise MissingExtra(
        "cases on a database need SQLAlchemy: pip install 'reimbursement-policyengine[cases]'"
    ) from missing

from policyengine.cases.store.database import Store, open_store
from policyengine.cases.store.running import Result

__all__ = ["Result", "Store", "open_store"]
