"""Mutants: a rule file with one slip made on purpose, held against the cases beside it.

``mutants`` lists the slips of a rule file, ``tally`` tries them: a mutant is killed if a case fails under it. One that
no case kills comes with the smallest claims found that tell it apart.
"""

from policyengine.mutation.model import KINDS, Apart, Change, Mutant, Tally, Verdict
from policyengine.mutation.slips import mutants
from policyengine.mutation.trial import FULL, LIVES, Search, tally

__all__ = ["FULL", "KINDS", "LIVES", "Apart", "Change", "Mutant", "Search", "Tally", "Verdict", "mutants", "tally"]
