"""Two rule sets held against each other."""

from __future__ import annotations

from dataclasses import dataclass

from policyengine.difference.law import law_changes
from policyengine.difference.model import Change, Side


@dataclass(frozen=True, slots=True)
class Difference:
    """What was found. ``law``: every entry of the rule files that is not the same in both."""

    old: Side
    new: Side
    law: tuple[Change, ...]

    @property
    def different(self) -> bool:
        """Whether anything was found that changes what is paid."""
        return any(change.matters for change in self.law)


def compare(old: Side, new: Side) -> Difference:
    """What differs between two rule sets."""
    return Difference(old, new, law_changes(old, new))
