"""Static facts about a program that its back ends and checks share: denominators, bounds, table cells."""

from policyengine.analysis.bounds import Bounds, Line
from policyengine.analysis.cells import MOST_CELLS, Token, axis_of, edges_of, grid_of, words_of
from policyengine.analysis.facts import WORD, Analysis, Facts, Overflow, analyse, overflows
from policyengine.analysis.names import (
    AMOUNT,
    MAX_COUNT,
    MAX_ROWS,
    NUMERIC,
    OTHER,
    Names,
    input_range,
    input_words,
    is_summed,
    names_of,
)
from policyengine.analysis.rates import MOST_VALUES, NotInvertible, Values, rate_values

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
    "Line",
    "Names",
    "NotInvertible",
    "Overflow",
    "Token",
    "Values",
    "analyse",
    "axis_of",
    "edges_of",
    "grid_of",
    "input_range",
    "input_words",
    "is_summed",
    "names_of",
    "overflows",
    "rate_values",
    "words_of",
]
