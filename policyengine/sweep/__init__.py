"""Numbers of a rule set moved over a book of claims: what each value costs, and which one meets a budget. Needs the
extra ``bulk``."""

from policyengine.levers import Lever, Literal, lever_at, levers_of
from policyengine.sweep.curve import Cell, Curve, Tally
from policyengine.sweep.passes import Reading
from policyengine.sweep.ranges import Axis, seek_range, sweep_range
from policyengine.sweep.seeking import Found, Target, seek_claims, target_of
from policyengine.sweep.sweeping import sweep_claims

__all__ = [
    "Axis", "Cell", "Curve", "Found", "Lever", "Literal", "Reading", "Tally", "Target", "lever_at", "levers_of",
    "seek_claims", "seek_range", "sweep_claims", "sweep_range", "target_of",
]  # fmt: skip
