"""Levers: the numbers of a rule file by their addresses, and the rule file with other numbers in it."""

from policyengine.levers.addresses import Lever, Literal, lever_at, levers_of, names_in, numbers_in, period_text
from policyengine.levers.moving import moved

__all__ = ["Lever", "Literal", "lever_at", "levers_of", "moved", "names_in", "numbers_in", "period_text"]
