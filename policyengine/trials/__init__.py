"""Laws tried on lives by the ten thousand: drawn by column, settled by column, and what breaks a law made small."""

from policyengine.errors import MissingExtra

try:
    import numpy  # noqa: F401
except ImportError as missing:  # pragma: no cover - the development environment has it
    raise MissingExtra("laws by column need NumPy: pip install 'reimbursement-policyengine[bulk]'") from missing

from policyengine.trials.judging import Found, Tally, Trial, breaches
from policyengine.trials.lives import Lives, lives_of, size_for
from policyengine.trials.shrinking import Small, explained

__all__ = ["Found", "Lives", "Small", "Tally", "Trial", "breaches", "explained", "lives_of", "size_for"]
