"""Static checks: what is wrong with a rule set before any claim is run.

``E4xx`` are errors, which no rule set may have; ``W4xx`` are warnings that ``policyengine check`` prints. A note tells
what may be meant and should be known.
"""

from __future__ import annotations

from collections.abc import Iterator

from policyengine import ir
from policyengine.check.adjustments import without_effect
from policyengine.check.backstops import paid_again
from policyengine.check.conditions import always_met, clashing_sets, said_twice, shadowed_sets, unreachable
from policyengine.check.layers import (
    bands_begin_late,
    cut_bases,
    idle_ceilings,
    idle_layers,
    less_paid_before,
    shares_twice,
    windows_differ,
)
from policyengine.check.lines import nothing_left
from policyengine.check.names import duplicates, undeclarable, unused
from policyengine.check.notes import retroactive
from policyengine.check.persons import of_persons
from policyengine.check.sources import restated_otherwise, uncited, unknown_sources
from policyengine.check.tables import gaps, overlaps
from policyengine.check.values import (
    holes,
    lines_without_version,
    negative_amounts,
    outside_validity,
    overlapping_dates,
    shares_out_of_range,
    too_wide,
)
from policyengine.check.view import Views, views_of
from policyengine.check.wording import decided, repeated
from policyengine.errors import Diagnostic, RuleError
from policyengine.linedates import holes_between
from policyengine.ruleset import Ruleset

Programs = tuple[ir.Program, ...]


def errors(ruleset: Ruleset, views: Views) -> Iterator[Diagnostic]:
    """Faults that would make answers wrong or ambiguous."""
    yield from at_once(ruleset)
    yield from of_programs(ruleset, views)


def of_programs(ruleset: Ruleset, views: Views) -> Iterator[Diagnostic]:
    """The errors that only programs show."""
    yield from overlaps(ruleset, views)
    yield from shares_out_of_range(views)
    yield from negative_amounts(views)
    yield from shares_twice(ruleset, views)
    yield from clashing_sets(ruleset, views)


def at_once(ruleset: Ruleset) -> Iterator[Diagnostic]:
    """The errors that need no program; found first, they are clearer than what they lead to."""
    yield from duplicates(ruleset)
    yield from undeclarable(ruleset)
    yield from unknown_sources(ruleset)
    yield from overlapping_dates(ruleset)
    yield from without_effect(ruleset)
    yield from of_persons(ruleset)


def warnings(ruleset: Ruleset, views: Views) -> Iterator[Diagnostic]:
    """Findings that a careful author mends or explains."""
    for told in (
        uncited, unused, idle_layers, holes, lines_without_version, outside_validity, repeated, windows_differ,
        bands_begin_late, restated_otherwise,
    ):  # fmt: skip
        yield from told(ruleset)
    for seen in (
        gaps, unreachable, always_met, nothing_left, shadowed_sets, said_twice, idle_ceilings, cut_bases,
        less_paid_before, paid_again, decided,
    ):  # fmt: skip
        yield from seen(ruleset, views)
    yield from too_wide(views)


def essential(ruleset: Ruleset, programs: Programs) -> None:
    """Raises ``RuleError`` if programs show any error; what needs none is found by ``before_lowering``."""
    found = tuple(dict.fromkeys(of_programs(ruleset, views_of(programs))))
    if found:
        raise RuleError(found)


def findings(ruleset: Ruleset, programs: Programs) -> tuple[Diagnostic, ...]:
    """Errors, warnings and notes, sorted by place, each once."""
    views = views_of(programs)
    found = dict.fromkeys(
        [*holes_between(ruleset), *errors(ruleset, views), *warnings(ruleset, views), *retroactive(ruleset)]
    )
    return tuple(sorted(found, key=Diagnostic.sort_key))


def before_lowering(ruleset: Ruleset) -> None:
    """Raises ``RuleError`` with the errors that need no program."""
    found = list(at_once(ruleset))
    if found:
        raise RuleError(dict.fromkeys(found))
