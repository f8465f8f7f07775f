"""Claims aimed at the place where two programs part: facts under which the changed expression counts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from policyengine import ir
from policyengine.analysis import Goal, row_goal
from policyengine.check.view import View
from policyengine.check.witness import Remake, witness

Goals = tuple[Goal, ...]
MOST = 6
"""Aims that are tried for one program."""


def aimed(before: ir.Program, after: ir.Program, remake: Remake) -> Iterator[dict[str, Any]]:
    """Claims, each with the parameters that it needs, for which a changed expression counts: the first steps that
    differ while what they rest on does not. ``remake``: what a run makes of a claim."""
    view = View(_reading_both(before, after))
    steps = {step.name: step for step in after.steps}
    changed = {s.name for s in before.steps if s.name not in steps or steps[s.name].expr != s.expr}
    tables = {t.name: t for t in after.tables}
    aims: dict[Goals, None] = {}
    for step in before.steps:
        rests_on = {e.step for e in ir.walk(step.expr) if isinstance(e, ir.Ref)}
        if step.name in changed and step.name in steps and not rests_on & changed:
            aims |= dict.fromkeys(_parting(step.expr, steps[step.name].expr, (), view, tables))
        aims |= dict.fromkeys(_other_cells(step.expr, view, tables))
    aims |= {(guard,): None for guard in _guards(before, changed)}
    for goals in [one for one in aims if _known(one, view)][:MOST]:
        found = witness(view, goals, remake=remake)
        if found:
            yield json.loads(found)


def _known(goals: Goals, view: View) -> bool:
    """Whether conditions are of steps that the program has; those of its mutant it may not."""
    exprs = (goal[0] for goal in goals if isinstance(goal, tuple))
    return all(e.step in view.names.steps for one in exprs for e in ir.walk(one) if isinstance(e, ir.Ref))


def _reading_both(before: ir.Program, after: ir.Program) -> ir.Program:
    """The program, with the facts and accumulators that only the other one reads: conditions may be of both."""
    known = {(d.domain, d.name) for d in before.inputs}
    meters = {m.name for m in before.meters}
    inputs = (*before.inputs, *(d for d in after.inputs if (d.domain, d.name) not in known))
    return replace(before, inputs=inputs, meters=(*before.meters, *(m for m in after.meters if m.name not in meters)))


def _parting(one: ir.Expr, two: ir.Expr, path: Goals, view: View, tables: dict[str, ir.Table]) -> Iterator[Goals]:
    """Under what the two come out differently, as far as conditions decide it."""
    if one == two:
        return
    if one.kind == "flag" and two.kind == "flag":
        yield (*path, (ir.either(ir.both(one, ir.negated(two)), ir.both(ir.negated(one), two)), True))
        return
    match one, two:
        case ir.If(), ir.If() if one.cond == two.cond:
            yield from _parting(one.then, two.then, (*path, (one.cond, True)), view, tables)
            yield from _parting(one.other, two.other, (*path, (one.cond, False)), view, tables)
        case ir.If(), ir.If():
            yield from _parting(one.cond, two.cond, path, view, tables)
        case ir.If(), _:
            yield (*path, (one.cond, True))
            yield (*path, (one.cond, False))
        case _, ir.If():
            yield (*path, (two.cond, True))
        case _ if type(one) is type(two) and len(ir.children(one)) == len(ir.children(two)):
            for inner, other in zip(ir.children(one), ir.children(two), strict=True):
                yield from _parting(inner, other, path, view, tables)
            yield path
        case _:
            yield path


def _other_cells(expr: ir.Expr, view: View, tables: dict[str, ir.Table]) -> Iterator[Goals]:
    """The rows of a table in which something changed."""
    for lookup in (e for e in ir.walk(expr) if isinstance(e, ir.Lookup)):
        one, two = view.names.tables[lookup.table], tables.get(lookup.table)
        if two is None or one == two:
            continue
        rows = list(zip(two.patterns, *(c.values for c in two.columns), strict=True))
        for at, row in enumerate(zip(one.patterns, *(c.values for c in one.columns), strict=True)):
            if row not in rows:
                yield (row_goal(one, lookup, at),)


def _guards(program: ir.Program, changed: set[str]) -> Iterator[Goal]:
    """That the provisions of changed steps apply."""
    for step in program.steps:
        if step.name in changed and step.guard and program.step(step.guard).domain == "claim":
            yield (ir.Ref(step.guard, "flag"), True)
