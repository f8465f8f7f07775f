"""Measuring what the cases beside a rule file reach, and seeking claims for what they do not."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from policyengine import ir
from policyengine.analysis import Goal
from policyengine.assemble import parsed
from policyengine.backends.evaluate import Results, evaluate
from policyengine.casebook import find_cases, read_cases
from policyengine.check.view import View
from policyengine.check.witness import witness
from policyengine.claim import Claim
from policyengine.exercise.model import Gap, Reach, Target
from policyengine.exercise.probes import COVERS, Probe, probes
from policyengine.exercise.watch import Given, given_by
from policyengine.loading import load
from policyengine.rulebook import Place, Rulebook, examined
from policyengine.runs import restated, rows_of

Asked = tuple[tuple[ir.Program, tuple[Probe, ...]], ...]


def reach(place: Place, claims: bool = True) -> Reach:
    """What the cases of a rule file reach of what the file itself says. ``claims``: seek claims for the gaps; that no
    claim can close one is proved in any case.

    Raises ``RuleError``.
    """
    own = parsed(place)[0]
    book = examined(load(place.file, place.roots))
    cases = [case for file in find_cases(place.file, place.roots) for case in read_cases(file)]
    asked = tuple((program, tuple(probes(program, own))) for program in book.programs)
    given = given_by(book, cases, place.roots)
    found = {target for one in given for target in _reached(one, asked)}
    targets = tuple(dict.fromkeys(probe.target for _, every in asked for probe in every))
    missing = [target for target in targets if target not in found]
    views = tuple((View(program), every) for program, every in asked) if missing else ()
    gaps = tuple(_gap(target, views, book if claims else None) for target in missing)
    return Reach(book.name, len(cases), len(given), targets, gaps)


def _reached(given: Given, asked: Asked) -> Iterable[Target]:
    """The targets that one claim reaches."""
    every = next((p for program, p in asked if program.steps is given.program.steps), ())
    done = _values(given, every)
    for at, probe in enumerate(every):
        value = done.get(_name(at))
        if value is True or (isinstance(value, tuple) and any(value)):
            yield probe.target


def _values(given: Given, every: Sequence[Probe]) -> Results:
    """The values of the probes for one claim; where a table has no row for one of them, those that have a value."""
    steps = tuple(ir.Step(_name(at), probe.flag) for at, probe in enumerate(every))
    probed = replace(given.program, steps=(*given.program.steps, *steps))
    try:
        return evaluate(probed, given.inputs, given.rows, given.used)
    except ir.NoRow:
        found: Results = {}
        for step in steps:
            found |= _alone(given, step)
        return found


def _alone(given: Given, step: ir.Step) -> Results:
    """The value of one probe with nothing but what it rests on; nothing where it has none."""
    needed = ir.reached([step.expr], {s.name: s for s in given.program.steps})
    steps = tuple(s for s in given.program.steps if s.name in needed)
    try:
        return evaluate(replace(given.program, steps=(*steps, step)), given.inputs, given.rows, given.used)
    except ir.NoRow:
        return {}


def _name(at: int) -> str:
    return f"probe {at}"


def _gap(target: Target, views: Sequence[tuple[View, tuple[Probe, ...]]], book: Rulebook | None) -> Gap:
    """A claim that reaches a target in some period, if it is sought for a ``book``; or the proof that none does in
    any."""
    asked = [(view, _for_covered(view, probe)) for view, every in views for probe in every if probe.target == target]
    able = [(view, goals) for view, goals in asked if view.solver.together(*goals) is not None]
    for view, goals in able:
        if book is not None and (found := witness(view, goals, remake=partial(restated, book))):
            return Gap(target, _handed_in(book, json.loads(found)))
    return Gap(target, None, impossible=not able)


def _handed_in(book: Rulebook, found: dict[str, Any]) -> dict[str, Any]:
    """What is found, with the rows in place of the claim that a run makes of them."""
    if book.programs[-1].run is None:
        return found
    claim = Claim.model_validate(found.pop("claim"))
    rows = rows_of(book, claim)
    return {
        "of": claim.person.id,
        "rows": [row.plain() for row in rows],
        **found,
    }


def _for_covered(view: View, probe: Probe) -> tuple[Goal, ...]:
    """The goals of a probe, for a claim that the program covers; of what decides that, for any."""
    covers = view.program.covers
    if not covers or probe.target.of == COVERS:
        return probe.goals
    return (*probe.goals, (ir.Ref(covers, "flag"), True))
