"""What differs between two rule sets: in the law, in what the smallest claim comes to.

Claims are tried over columns, which needs the extra ``bulk``. Both over a book of claims: ``difference.books``, which
loads what simulation needs.
"""

from policyengine.difference.bench import Goal
from policyengine.difference.comparing import Difference, Trial, compare
from policyengine.difference.epochs import Alone, Pair
from policyengine.difference.law import law_changes
from policyengine.difference.model import Change, Entry, Field, Side
from policyengine.difference.sides import on_day, side_of, split_name
from policyengine.difference.witness import Answer, Parted, Witness

__all__ = [
    "Alone",
    "Answer",
    "Change",
    "Difference",
    "Entry",
    "Field",
    "Goal",
    "Pair",
    "Parted",
    "Side",
    "Trial",
    "Witness",
    "compare",
    "law_changes",
    "on_day",
    "side_of",
    "split_name",
]
