"""Values: shares between nothing and everything, dates that do not overlap, numbers that fit."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date

from policyengine import ir
from policyengine.analysis import analyse, overflows
from policyengine.errors import Diagnostic
from policyengine.money import rate_text
from policyengine.ruleset import Ruleset

Programs = tuple[ir.Program, ...]
SHARES = ("fund_share", "split")


def shares_out_of_range(programs: Programs) -> Iterator[Diagnostic]:
    """E404: a share that some claim can push below 0 % or above 100 %."""
    for program in programs:
        analysis = analyse(program)
        for step in program.steps:
            if step.term not in SHARES or step.kind != "rate":
                continue
            bounds = analysis.facts(step.expr).bounds
            least, most = bounds.least(), bounds.most()
            if least < 0 or most > 1:
                reached = most if most > 1 else least
                message = f"the share `{step.name}` can reach {rate_text(reached)}"
                hint = "limit it: `at_most: 100%`, or a stack with `up_to:`" if most > 1 else "`at_least: 0%`"
                yield Diagnostic("E404", message, step.span, "a share between 0% and 100%", hint)


def overlapping_dates(ruleset: Ruleset) -> Iterator[Diagnostic]:
    """E408: two values of one parameter (or versions of one table) that hold on the same day."""
    for parameter in ruleset.parameters:
        spans = [(v.valid, v.span or parameter.id.span) for v in parameter.values]
        for (one, first), (two, second) in itertools.combinations(spans, 2):
            if _meet(one, two):
                message = f"two values of `{parameter.id}` hold on the same day"
                yield Diagnostic("E408", message, second, "periods that follow each other",
                                 related=(("the other value is here", first),))  # fmt: skip
    for a, b in itertools.combinations(ruleset.tables, 2):
        if a.id.text == b.id.text and _meet(a.valid, b.valid):
            message = f"two versions of the table `{a.id}` hold on the same day"
            yield Diagnostic("E408", message, b.id.span, "periods that follow each other")


def _meet(one: tuple[date | None, date | None], two: tuple[date | None, date | None]) -> bool:
    starts = [s for s, _ in (one, two) if s is not None]
    ends = [e for _, e in (one, two) if e is not None]
    return not starts or not ends or max(starts) < min(ends)


def too_wide(programs: Programs) -> Iterator[Diagnostic]:
    """W414: a step whose exact intermediate values leave 64 bits, so that columns of claims run slower."""
    for program in programs:
        for found in overflows(program):
            message = f"the exact value of `{found.step}` can leave 64 bits; columns of claims will run slower"
            yield Diagnostic(
                "W414", message, program.step(found.step).span, "", "round an amount before it", severity="warning"
            )
