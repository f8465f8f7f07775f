"""What a kernel is made for: which amounts, how the claims come; and what is told of its code."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from policyengine.analysis import Overflow
from policyengine.backends.kernel.code import Argument

Outputs = Mapping[str, Sequence[str]]
"""What a kernel gives for each claim: the sum of these steps, by name."""


LIMIT: Final = 2**255
"""Integers of a kernel are smaller."""


class TooWide(ValueError):
    """The integers of these steps can leave 256 bits."""

    def __init__(self, steps: tuple[Overflow, ...]) -> None:
        super().__init__(", ".join(step.step for step in steps))
        self.steps = steps


ArrayKey = tuple[str, str, str, Hashable]
"""An array of the tables of a program: what it holds (``column``, ``edges`` …), of which table and column, for which
keys or over which denominator."""


@dataclass(frozen=True, slots=True)
class Moves:
    """What may differ between programs that are settled side by side: some of the numbers that were taken out of them,
    by position, and arrays of their tables, by what they hold, table and column. ``watched``: outputs of which it is
    counted where they are above zero; all others are added up."""

    numbers: frozenset[int] = frozenset()
    arrays: frozenset[tuple[str, str, str]] = frozenset()
    watched: frozenset[str] = frozenset()

    def is_of(self, table: str, column: str) -> bool:
        """Whether what is looked up in a column may differ though the keys are the same."""
        return ("column", table, column) in self.arrays or ("edges", table, "") in self.arrays


@dataclass(frozen=True, slots=True)
class Shape:
    """How the claims come. ``uniform``: facts, by domain and name, that all claims have in common; ``single``: every
    claim has one fee line. ``counting``: rows of tables that are hit and provisions that apply are counted. ``whole``:
    all claims there are come, in their order. ``moves``: several programs are settled side by side, and what the claims
    add up to comes out; otherwise the amounts of each claim do. ``in_turn``: groups of accumulators, by number, of
    which all claims of a slot follow each other, so that one place serves all slots."""

    uniform: frozenset[tuple[str, str]] = frozenset()
    single: bool = False
    counting: bool = False
    whole: bool = False
    moves: Moves | None = None
    in_turn: frozenset[int] = frozenset()


NOTHING_MOVES: Final = Moves()

ANY_SHAPE: Final = Shape()
"""Every fact in a column of its own, any number of lines."""


@dataclass(frozen=True, slots=True)
class Source:
    """``text`` is the same for programs that differ in numbers only; those of this one are ``numbers`` and ``cells``.
    ``arguments``: in the order of the function. ``words``: what the positions of codes stand for. ``counted``: by kind
    and name, where the counters of a table or a provision stand, and how many they are. ``apart``: every claim is
    settled by itself; that later claims of a member wait for one that is missed is left to the caller. ``moved``: the
    numbers that programs side by side may differ in, in the order in which they are handed in; ``moved_cells``: first
    cell and length of each array that they may differ in."""

    text: str
    arguments: tuple[Argument, ...]
    numbers: tuple[int, ...]
    cells: tuple[int, ...]
    words: tuple[str, ...]
    denominators: Mapping[str, int]
    counted: Mapping[tuple[str, str], tuple[int, int]]
    apart: bool
    whole: bool
    in_turn: frozenset[int]
    moved: tuple[int, ...] = ()
    moved_cells: tuple[tuple[int, int], ...] = ()
