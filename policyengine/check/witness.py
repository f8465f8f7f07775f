"""What a finding is about, as JSON that ``settle`` accepts: a claim, and the history and parameters that it needs.

A claim is kept only if the program really computes what it is a witness of; else there is none.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from policyengine import ir
from policyengine.analysis import Goal, Leaf, Solution, row_goal
from policyengine.backends.evaluate import Results, evaluate
from policyengine.check.claims import claim_data
from policyengine.check.view import View, lookups, name_of
from policyengine.claim import Claim, History
from policyengine.encode import NOTHING, Encoded, encoder, shapes_of, standing_reader
from policyengine.errors import ClaimError, Diagnostic
from policyengine.ir import NoRow
from policyengine.money import exponent_of, rate_text, text_of

Proof = Callable[[Results], bool]
Remake = Callable[[Claim], Claim]
"""What a run makes of the rows of a claim. Raises ``ClaimError``."""


def words(view: View, values: Mapping[Leaf, ir.Value]) -> str:
    """Facts in words."""
    return ", ".join(f"{name_of(leaf)} = {_shown(view, leaf, value)}" for leaf, value in values.items())


def _shown(view: View, leaf: Leaf, value: ir.Value) -> str:
    if leaf.kind == "money" and isinstance(value, int):
        return text_of(value, exponent_of(view.program.currency))
    return rate_text(value) if leaf.kind == "rate" and not isinstance(value, str) else str(value)  # type: ignore[arg-type]


def where(view: View, solution: Solution | None) -> str:
    """The end of a message: for which facts, if they are certain."""
    if solution is None or not solution.sure:
        return ""
    return f" when {words(view, solution.values) or 'every claim'}"


def witness(view: View, goals: Sequence[Goal], proof: Proof | None = None, remake: Remake | None = None) -> str:
    """A claim for which all ``goals`` hold (and the values of its steps are a ``proof``), as JSON; or nothing.
    ``remake``: of a run; without it there is none."""
    solution = view.solver.together(*goals)
    if solution is None or not solution.sure:
        return ""
    flags = [goal[0] if goal[1] else ir.negated(goal[0]) for goal in goals if isinstance(goal, tuple)]
    return claim_of(view, _settling(view, goals, solution), flags, proof, remake)


def claim_of(
    view: View,
    solution: Solution,
    flags: Sequence[ir.Expr] = (),
    proof: Proof | None = None,
    remake: Remake | None = None,
) -> str:
    """The facts of ``solution`` as JSON, if the program settles such a claim and the flags hold for it.

    The claims of a run are made of rows; for them there is a witness only if it is said how (``remake``).
    """
    if view.program.run is not None and remake is None:
        return ""
    data, parameters = claim_data(view.program, solution.values)
    used = {leaf.meter: value for leaf, value in solution.values.items() if isinstance(leaf, ir.Hist) and value}
    asked = tuple(ir.Step(f"asked {at}", flag) for at, flag in enumerate(flags))
    program = replace(view.program, steps=view.program.steps + asked)
    try:
        claim = Claim.model_validate(data)
        if view.program.run is not None and remake is not None:
            claim = _of_run(program, remake(claim))
            data = claim.model_dump(mode="json", exclude_unset=True)
        done = run(program, encoder(program, parameters)(claim), used)
    except (ClaimError, NoRow):
        return ""
    met = (done[step.name] for step in asked)
    if not all(value[0] if isinstance(value, tuple) else value for value in met) or (proof and not proof(done)):
        return ""
    return _text(program, claim, data, used, parameters)


def _of_run(program: ir.Program, claim: Claim) -> Claim:
    """The claim of a run, on the last day of a window. Raises ``ClaimError`` E561 if the program ends before."""
    start, end = program.valid
    day = str(claim.encounter.service_date)
    if day < start or (end and day >= end):
        raise ClaimError(Diagnostic("E561", f"the rule file does not settle the window of {day}", None))
    return claim


def run(program: ir.Program, read: Encoded, used: Mapping[str, Any]) -> Results:
    """The values of all steps for one claim as it was read. Raises ``NoRow``."""
    inputs = [d.name for d in program.inputs if d.domain == "claim"]
    columns = [d.name for d in program.inputs if d.domain == "row"]
    rows = [dict(zip(columns, row, strict=True)) for row in read.rows]
    before = {m.name: used.get(m.name, 0) for m in program.meters}
    return evaluate(program, dict(zip(inputs, read.inputs, strict=True)), rows, before)


def _settling(view: View, goals: Sequence[Goal], solution: Solution) -> Solution:
    """The facts together with others for which the tables have a row, as far as such can be found."""
    asked = tuple(goals)
    for lookup in dict.fromkeys(lookups(view.program)):
        table = view.names.tables[lookup.table]
        for row in range(len(table.patterns)):
            matched = row_goal(table, lookup, row)
            more = view.solver.together(*asked, matched)
            if more is not None and more.sure:
                asked, solution = (*asked, matched), more
                break
    return solution


def _text(
    program: ir.Program, claim: Claim, data: Mapping[str, Any], used: Mapping[str, Any], parameters: Mapping[str, Any]
) -> str:
    found: dict[str, Any] = {"claim": data}
    if used:
        standing = standing_reader(program)(claim, NOTHING)
        rows = {key: used[key[0]] for key in standing.keys if key[0] in used}
        opened = {move.account: move.now for move in standing.moves}
        history = History.of(rows, shapes_of(program), currency=program.currency, opened=opened)
        found["history"] = history.model_dump(mode="json", exclude_defaults=True)
    if parameters:
        found["parameters"] = dict(parameters)
    return json.dumps(found, ensure_ascii=False)
