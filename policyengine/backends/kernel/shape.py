"""What a kernel is made for: which amounts, how the claims come; and what is told of its code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


@dataclass(frozen=True, slots=True)
class Shape:
    """How the claims come. ``uniform``: facts, by domain and name, that all claims have in common; ``single``: every
    claim has one fee line. ``counting``: rows of tables that are hit and provisions that apply are counted. ``whole``:
    all claims there are come, in their order."""

    uniform: frozenset[tuple[str, str]] = frozenset()
    single: bool = False
    counting: bool = False
    whole: bool = False


ANY_SHAPE: Final = Shape()
"""Every fact in a column of its own, any number of lines."""


@dataclass(frozen=True, slots=True)
class Source:
    """``text`` is the same for programs that differ in numbers only; those of this one are ``numbers`` and ``cells``.
    ``arguments``: in the order of the function. ``words``: what the positions of codes stand for. ``counted``: by kind
    and name, where the counters of a table or a provision stand, and how many they are. ``apart``: every claim is
    settled by itself; that later claims of a member wait for one that is missed is left to the caller."""

    text: str
    arguments: tuple[Argument, ...]
    numbers: tuple[int, ...]
    cells: tuple[int, ...]
    words: tuple[str, ...]
    denominators: Mapping[str, int]
    counted: Mapping[tuple[str, str], tuple[int, int]]
    apart: bool
    whole: bool
