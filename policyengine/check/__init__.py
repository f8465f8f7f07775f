"""Static checks: what is wrong with a rule set before any claim is run.

``E4xx`` are errors, which no rule set may have; ``W4xx`` are warnings that ``policyengine check`` prints.
"""

from __future__ import annotations

from collections.abc import Iterator

from policyengine import ir
from policyengine.check.adjustments import without_effect
from policyengine.check.conditions import clashing_sets, unreachable
from policyengine.check.names import duplicates, unused
from policyengine.check.shares import idle_layers, shares_twice
from policyengine.check.sources import uncited, unknown_sources
from policyengine.check.tables import gaps, overlaps
from policyengine.check.values import overlapping_dates, shares_out_of_range, too_wide
from policyengine.errors import Diagnostic, RuleError
from policyengine.ruleset import Ruleset

Programs = tuple[ir.Program, ...]


def errors(ruleset: Ruleset, programs: Programs) -> Iterator[Diagnostic]:
    """Faults that would make answers wrong or ambiguous."""
    yield from duplicates(ruleset)
    yield from unknown_sources(ruleset)
    yield from overlapping_dates(ruleset)
    yield from without_effect(ruleset)
    yield from overlaps(ruleset, programs)
    yield from shares_out_of_range(programs)
    yield from shares_twice(ruleset, programs)
    yield from clashing_sets(ruleset, programs)


def warnings(ruleset: Ruleset, programs: Programs) -> Iterator[Diagnostic]:
    """Findings that a careful author mends or explains."""
    yield from uncited(ruleset)
    yield from unused(ruleset)
    yield from gaps(ruleset, programs)
    yield from idle_layers(ruleset)
    yield from unreachable(ruleset, programs)
    yield from too_wide(programs)


def essential(ruleset: Ruleset, programs: Programs) -> None:
    """Raises ``RuleError`` if there is any error."""
    found = tuple(dict.fromkeys(errors(ruleset, programs)))
    if found:
        raise RuleError(found)


def findings(ruleset: Ruleset, programs: Programs) -> tuple[Diagnostic, ...]:
    """Errors and warnings, sorted by place, each once."""
    found = dict.fromkeys([*errors(ruleset, programs), *warnings(ruleset, programs)])
    return tuple(sorted(found, key=Diagnostic.sort_key))


def before_lowering(ruleset: Ruleset) -> None:
    """The errors that need no program; found first, they are clearer than what they lead to."""
    found = [
        *duplicates(ruleset), *unknown_sources(ruleset), *overlapping_dates(ruleset), *without_effect(ruleset)
    ]  # fmt: skip
    if found:
        raise RuleError(dict.fromkeys(found))
