"""What a rule set pays over a book of claims, and what a reform of it changes for whom. Needs the extra ``bulk``."""

from policyengine.bulk import BATCH
from policyengine.simulate.asking import Question
from policyengine.simulate.model import Burden, Case, Cell, Change, Outcome, Reform, Refused, Side, Simulation
from policyengine.simulate.run import simulate_claims
from policyengine.simulate.tables import settle_table

__all__ = [
    "BATCH", "Burden", "Case", "Cell", "Change", "Outcome", "Question", "Reform", "Refused", "Side", "Simulation",
    "settle_table", "simulate_claims",
]  # fmt: skip
