"""What differs between two rule sets: in the law, in what the smallest claim comes to, over a book of claims."""

from policyengine.difference.comparing import Difference, compare
from policyengine.difference.law import law_changes
from policyengine.difference.model import Change, Entry, Field, Side
from policyengine.difference.sides import on_day, side_of, split_name

__all__ = [
    "Change",
    "Difference",
    "Entry",
    "Field",
    "Side",
    "compare",
    "law_changes",
    "on_day",
    "side_of",
    "split_name",
]
