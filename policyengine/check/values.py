"""Values: shares between nothing and everything, dates that do not overlap, numbers that fit."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from datetime import date

from policyengine import ir
from policyengine.analysis import Goal, Linear, Sign, Solution, constant, outcomes, overflows
from policyengine.check.view import AMOUNTS, SHARES, View, Views
from policyengine.check.witness import where, witness
from policyengine.errors import Diagnostic, Span
from policyengine.linedates import all_versions, periods
from policyengine.money import exponent_of, rate_text, text_of
from policyengine.ruleset import Dated, Dates, Ruleset, TableDecl

ROUNDED = {"over_cost": "`converts: rounded_cost` rounds the converted cost as the file says"}
"""How an exact amount is rounded that no expression of the author's makes, by what its step is."""
MOST_CASES = 4_096
Reached = tuple[Solution, tuple[Goal, ...], Linear | None]
PERIODS = "periods that follow each other, or different days of publication"


def shares_out_of_range(views: Views) -> Iterator[Diagnostic]:
    """E404: a share that some claim can push below 0 % or above 100 %."""
    for view in views:
        known = view.quantities
        for step in view.doubtful:
            if step.term not in SHARES:
                continue
            bounds = known.facts(step.expr).bounds
            for limit, op, end in ((1, ">", bounds.most()), (0, "<", bounds.least())):
                found = _reached(view, step.expr, limit, op) if (end > 1 if limit else end < 0) else None
                if found is not None:
                    solution, goals, form = found
                    reached = end if form is None or form.terms else form.fixed
                    message = f"the share `{step.name}` can reach {rate_text(reached)}{where(view, solution)}"
                    hint = "limit it: `at_most: 100%`, or a stack with `up_to:`" if limit else "`at_least: 0%`"
                    yield Diagnostic("E404", message, step.span, "a share between 0% and 100%", hint,
                                     witness=witness(view, goals))  # fmt: skip


def negative_amounts(views: Views) -> Iterator[Diagnostic]:
    """E409: a fixed amount of a clause that adjustments can bring below zero."""
    for view in views:
        for step in view.doubtful:
            if step.term not in AMOUNTS or view.quantities.facts(step.expr).bounds.least() >= 0:
                continue
            found = _reached(view, step.expr, 0, "<")
            if found is not None and found[0].sure and found[2] is not None and not found[2].terms:
                amount = text_of(int(found[2].fixed), exponent_of(view.program.currency))
                message = f"the amount `{step.name}` can reach {amount}{where(view, found[0])}"
                yield Diagnostic("E409", message, step.span, "an amount of at least 0", "`at_least: 0元`",
                                 witness=witness(view, found[1]))  # fmt: skip


def _reached(view: View, expr: ir.Expr, limit: int, op: str) -> Reached | None:
    """The facts that bring a value furthest beyond a limit, and the value; ``None`` if no claim does.

    What has too many cases, or another shape, counts as reaching it, without facts.
    """
    cases = outcomes(expr, view.names, MOST_CASES)
    if cases is None or any(not isinstance(value, Linear) for _, value in cases):
        return Solution({}, sure=False), (), None
    forms = [(goals, value) for goals, value in cases if isinstance(value, Linear)]
    for goals, form in sorted(forms, key=lambda case: case[1].fixed, reverse=op == ">"):
        beyond = (*goals, Sign(form.plus(constant(-limit)), op))
        solution = view.solver.together(*beyond)
        if solution is not None:
            return solution, goals, form
    return None


def overlapping_dates(ruleset: Ruleset) -> Iterator[Diagnostic]:
    """E408: two values of one parameter (or versions of one table) that hold on the same day.

    One that was published later takes the place of the earlier one; two of one day, or of none, contradict each other.
    """
    for parameter in ruleset.parameters:
        spans = [(v, v.span or parameter.id.span) for v in parameter.values]
        for first, second in _clashes(spans):
            message = f"two values of `{parameter.id}` hold on the same day"
            yield Diagnostic("E408", message, second, PERIODS,
                             related=(("the other value is here", first),))  # fmt: skip
    by_name = sorted(ruleset.tables, key=lambda t: t.id.text)
    for name, versions in itertools.groupby(by_name, lambda t: t.id.text):
        for _, second in _clashes([(t, t.id.span) for t in versions]):
            yield Diagnostic("E408", f"two versions of the table `{name}` hold on the same day", second, PERIODS)


def _clashes(values: Sequence[tuple[Dated | TableDecl, Span]]) -> Iterator[tuple[Span, Span]]:
    """Each value that holds on a day of an earlier one of the same day of publication, or none, and the first such."""
    for at, (two, second) in enumerate(values):
        for one, first in values[:at]:
            if one.published == two.published and _meet(one.valid, two.valid):
                yield first, second
                break


def _meet(one: Dates, two: Dates) -> bool:
    starts = [s for s, _ in (one, two) if s is not None]
    ends = [e for _, e in (one, two) if e is not None]
    return not starts or not ends or max(starts) < min(ends)


def holes(ruleset: Ruleset) -> Iterator[Diagnostic]:
    """W421: days between two values of a parameter, or two versions of a table, on which there is none."""
    entries = [("parameter", p.id, [(v.valid, v.span or p.id.span) for v in p.values])
               for p in ruleset.parameters if not p.dated_by]  # fmt: skip
    tables = sorted((t for t in ruleset.tables if not t.dated_by), key=lambda t: t.id.text)
    for name, versions in itertools.groupby(tables, lambda t: t.id.text):
        listed = list(versions)
        entries.append(("table", listed[0].id, [(t.valid, t.id.span) for t in listed]))
        del name
    for what, name_of, dated in entries:
        end: date | None = None
        for (start, until), span in sorted(dated, key=lambda pair: pair[0][0] or date.min):
            if end is not None and start is not None and end < start and _meet((end, start), ruleset.valid):
                message = f"the {what} `{name_of}` has no value from {end} to {start}"
                yield Diagnostic("W421", message, span, "periods that follow each other", severity="warning")
            end = max(end or date.min, until or date.max)


def lines_without_version(ruleset: Ruleset) -> Iterator[Diagnostic]:
    """W421: days of fee lines before the first version that they choose, or after the last, unless it says why."""
    for versions in all_versions(ruleset):
        found, ends = periods(versions), ruleset.valid[1]
        ((_, first_day), first), ((last_day, _), last) = found[0], found[-1]
        missing = [f"before {first_day}"] if first is None else []
        missing += [f"from {last_day}"] if last is None and not (ends and last_day and last_day >= ends) else []
        for when in missing if not any(t.gaps for t in versions) else ():
            message = f"`{versions[0].id}` has no version for fee lines {when}: they will be refused"
            yield Diagnostic("W421", message, versions[0].id.span, "a version for every day", severity="warning")


def outside_validity(ruleset: Ruleset) -> Iterator[Diagnostic]:
    """W422: something that holds only on days on which the rule file does not. Versions that the day of a fee line
    chooses may be older than the rule file."""
    entries = [("value of", p.id, v.valid, v.span or p.id.span)
               for p in ruleset.parameters if not p.dated_by for v in p.values]  # fmt: skip
    entries += [("table", t.id, t.valid, t.id.span) for t in ruleset.tables if not t.dated_by]
    entries += [("layer", x.id, x.valid, x.id.span) for x in ruleset.layers]
    entries += [("provision", p.id, p.valid, p.id.span) for p in ruleset.provisions]
    for what, name, valid, span in entries:
        if not _meet(valid, ruleset.valid):
            message = f"the {what} `{name}` holds on no day of the rule file"
            yield Diagnostic("W422", message, span, f"days of {_days(ruleset.valid)}", severity="warning")


def _days(valid: Dates) -> str:
    return f"{valid[0] or '…'} to {valid[1] or '…'}"


def too_wide(views: Views) -> Iterator[Diagnostic]:
    """W414: a step whose exact intermediate values leave 64 bits, so that columns of claims run slower.

    Of steps that read each other only the first is told: where it is mended, the others are. A note: what is settled is
    right either way, and a figure that was published may need the exact value. A portion multiplies two amounts, which
    nothing mends.
    """
    for view in views:
        for found in overflows(view.program, view.analysis):
            if found.inherited or any(isinstance(e, ir.Portion) for e in ir.walk(view.names.steps[found.step].expr)):
                continue
            step, chain = view.program.step(found.step), " ← ".join(_chain(view, found.step))
            message = f"the exact value of `{found.step}` can leave 64 bits; columns of claims will run slower"
            cure = ROUNDED.get(step.term or "", "round an amount before it")
            yield Diagnostic("W414", message, step.span, "", f"{cure}: {chain}", severity="note")


def _chain(view: View, step: str) -> Iterator[str]:
    """The step and those it comes from, each the one of the widest numbers, as far as they are not rounded."""
    seen = set[str]()
    while step not in seen:
        seen.add(step)
        bits = view.analysis.facts(view.names.steps[step].expr).magnitude.bit_length()
        yield f"{step} ({bits} bits)"
        inner = [
            e
            for e in ir.walk(view.names.steps[step].expr)
            if isinstance(e, ir.Ref) and e.kind in ("exact", "rate", "money")
        ]
        if not inner:
            return
        step = max(inner, key=lambda e: view.analysis.facts(e).magnitude).step
