"""Settling again: what every settlement would have been, had something been otherwise, and what is due for it.

Claims are settled as they first were, and once more with a claim reversed, corrected or inserted late, a registration
that is dated back, or other rules. Nothing is edited: the answer is data.
"""

from policyengine.resettlement.changes import Change, Correct, Insert, Register, Reverse
from policyengine.resettlement.corrections import corrected, netted
from policyengine.resettlement.fold import resettle
from policyengine.resettlement.result import Moved, Resettlement

__all__ = [
    "Change",
    "Correct",
    "Insert",
    "Moved",
    "Register",
    "Resettlement",
    "Reverse",
    "corrected",
    "netted",
    "resettle",
]
