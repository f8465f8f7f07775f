"""What of a rule file its cases exercise: provisions, bands, rows of tables, outcomes of conditions.

``reach`` runs the cases beside a rule file and tells what no case reaches, each with a claim that does, or with the
proof that none can.
"""

from policyengine.exercise.measure import reach
from policyengine.exercise.model import KINDS, Gap, Reach, Target

__all__ = ["KINDS", "Gap", "Reach", "Target", "reach"]
