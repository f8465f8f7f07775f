"""Static checks of a lowered rule file."""

from __future__ import annotations

from policyengine import ir
from policyengine.ruleset import Ruleset


def essential(ruleset: Ruleset, programs: tuple[ir.Program, ...]) -> None:
    pass
