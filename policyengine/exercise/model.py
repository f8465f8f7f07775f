"""What of a rule file can be reached, and what of it was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from policyengine.errors import Span
from policyengine.terms import Term

KINDS: Final[Mapping[str, Term]] = MappingProxyType(
    {
        term.id: term
        for term in (
            Term("provision", "条款", "provisions"),
            Term("band", "费用段", "bands"),
            Term("row", "表格行", "table rows"),
            Term("outcome", "条件取值", "condition outcomes"),
        )
    }
)
"""What is counted. ``outcome``: one condition of a decision, seen true and seen false, each time deciding it."""


@dataclass(frozen=True, slots=True)
class Target:
    """One thing that cases can reach. ``of``: the provision, layer or table; ``text``: the band, the row, or the
    condition with its outcome."""

    kind: str
    of: str
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Gap:
    """A target that no case reaches. ``claim``: one that does, with the history and parameters that it needs, as data;
    of a run ``rows``, and ``of`` whom; ``impossible``: no claim reaches it, which was proved."""

    target: Target
    claim: Mapping[str, Any] | None = None
    impossible: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """What the cases of one rule file reach."""

    name: str
    cases: int
    claims: int
    targets: tuple[Target, ...]
    gaps: tuple[Gap, ...]

    @property
    def possible(self) -> int:
        """Targets that are not proved out of reach."""
        return len(self.targets) - sum(gap.impossible for gap in self.gaps)

    @property
    def reached(self) -> int:
        return len(self.targets) - len(self.gaps)

    def of_kind(self, kind: str) -> tuple[int, int]:
        """How many of a kind are reached, and how many can be."""
        missing = [gap for gap in self.gaps if gap.target.kind == kind]
        every = sum(target.kind == kind for target in self.targets)
        return every - len(missing), every - sum(gap.impossible for gap in missing)

    def reaches(self, percent: int) -> bool:
        """Whether at least so many in a hundred of the targets are reached."""
        return self.reached * 100 >= percent * self.possible
