"""Static facts about a program that its back ends and checks share: denominators, bounds, table cells."""

from policyengine.analysis.bounds import Bounds, Line
from policyengine.analysis.cells import MOST_CELLS, Token, axis_of, edges_of, grid_of, words_of
from policyengine.analysis.facts import WORD, Analysis, Facts, Overflow, analyse, overflows
from policyengine.analysis.linear import Goal, Leaf, Linear, Sign, constant, outcomes, row_goal
from policyengine.analysis.names import (
    AMOUNT,
    MAX_COUNT,
    MAX_ROWS,
    NUMERIC,
    OTHER,
    Names,
    every_word,
    input_range,
    input_words,
    is_summed,
    names_of,
)
from policyengine.analysis.rates import MOST_VALUES, NotInvertible, Values, quantum_of, rate_values
from policyengine.analysis.signs import never_negative
from policyengine.analysis.solve import Solution, Solver, held

__all__ = [
    "AMOUNT",
    "MAX_COUNT",
    "MAX_ROWS",
    "MOST_CELLS",
    "MOST_VALUES",
    "NUMERIC",
    "OTHER",
    "WORD",
    "Analysis",
    "Bounds",
    "Facts",
    "Goal",
    "Leaf",
    "Line",
    "Linear",
    "Names",
    "NotInvertible",
    "Overflow",
    "Sign",
    "Solution",
    "Solver",
    "Token",
    "Values",
    "analyse",
    "axis_of",
    "constant",
    "edges_of",
    "every_word",
    "grid_of",
    "held",
    "input_range",
    "input_words",
    "is_summed",
    "names_of",
    "never_negative",
    "outcomes",
    "overflows",
    "quantum_of",
    "rate_values",
    "row_goal",
    "words_of",
]
