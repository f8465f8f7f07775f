"""Case files: worked examples beside a rule file, with the figures that somebody states for them.

``read_cases`` reads one file, ``run_case`` settles its claims and compares. A case that cannot fail is refused.
"""

from policyengine.casebook.model import Case, Expected, Turn
from policyengine.casebook.outcome import Difference, Outcome
from policyengine.casebook.read import find_cases, read_cases
from policyengine.casebook.run import run_case

__all__ = ["Case", "Difference", "Expected", "Outcome", "Turn", "find_cases", "read_cases", "run_case"]
