"""What a law file holds, read and typed."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from policyengine import expressions as ast
from policyengine import ir
from policyengine.errors import Span
from policyengine.shapes import Word
from policyengine.source import ScalarNode

RULES, FACTS = ("new", "old"), ("this", "other")
"""What the two sides of a comparison are called: of rules, and of claims."""


@dataclass(frozen=True, slots=True)
class Compare:
    """What a claim is held against: the same claim under ``rules`` (a rule set by name or path), under this rule set as
    it is in force on a day (``on``), with other ``numbers`` (by their addresses); or with facts ``otherwise``."""

    span: Span
    rules: Word | None = None
    on: datetime.date | None = None
    numbers: tuple[tuple[ScalarNode, ast.Number], ...] = ()
    otherwise: tuple[tuple[Word, ScalarNode], ...] = ()

    @property
    def sides(self) -> tuple[str, str]:
        """What the claim as it stands, and what it is held against, are called in ``holds``."""
        return FACTS if self.otherwise else RULES


@dataclass(frozen=True, slots=True)
class Law:
    """A sentence that must hold for every claim for which ``for_all`` does (``None``: for every claim).

    ``each``: ``claim``, or ``life`` where amounts are those of all such claims of a member together. ``tolerance``: how
    far amounts may be apart, in minor units.
    """

    id: Word
    name: Mapping[str, str]
    span: Span
    holds: ast.Node
    for_all: ast.Node | None = None
    compare: Compare | None = None
    each: str = "claim"
    tolerance: int = 0
    parameters: Mapping[str, str] = field(default_factory=dict)
    cites: tuple[ir.Citation, ...] = ()
    assumed: tuple[ir.Assumption, ...] = ()

    @property
    def scope(self) -> Span:
        """Where the file says for whom the law is."""
        return self.span if self.for_all is None else self.for_all.span


@dataclass(frozen=True, slots=True)
class Operand:
    """A part of ``holds`` that speaks of one side only (0: the claim as it stands, 1: what it is held against); its
    value is that of a step of that side's program."""

    side: int
    of: ast.Node
    name: str


Exact = int | Fraction | bool
"""What an operand comes to."""
