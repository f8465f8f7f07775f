"""What a rule set pays over a book of claims, and what a reform of it changes for whom. Needs the extra ``bulk``."""

from policyengine.bulk import BATCH
from policyengine.simulate.asking import Question
from policyengine.simulate.assumed import Elasticity
from policyengine.simulate.model import Burden, Case, Cell, Change, Outcome, Reform, Refused, Side, Simulation
from policyengine.simulate.run import simulate_claims
from policyengine.simulate.sampling import Sampling
from policyengine.simulate.tables import settle_table

__all__ = [
    "BATCH", "Burden", "Case", "Cell", "Change", "Elasticity", "Outcome", "Question", "Reform", "Refused", "Sampling",
    "Side", "Simulation", "settle_table", "simulate_claims",
]  # fmt: skip
