"""Laws tried by column on claims without history, by the hundred thousand. Needs the extra ``bulk``.

A claim that breaks a law here is a hint: its facts were drawn one by one, and not all go together. It counts once the
claim, written as a document, is settled and breaks the law again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policyengine import ir
from policyengine.analysis import input_words
from policyengine.backends.columns import Columns, Result, run
from policyengine.claim import Claim
from policyengine.errors import ClaimError
from policyengine.lawfiles.documents import document_of, parameters_in
from policyengine.lawfiles.drawing import handed_in
from policyengine.lawfiles.model import Exact
from policyengine.lawfiles.ready import Ready
from policyengine.lawfiles.relation import holds
from policyengine.lawfiles.run import Past
from policyengine.volume import columns_at_edges

Array = NDArray[Any]
MOST = 40
"""Hints of a law that are followed, those with the smallest bills."""


@dataclass(frozen=True, slots=True)
class Hints:
    """``count``: claims that the law was held against; ``found``: those that seem to break it."""

    count: int
    found: tuple[Past, ...]


def hints(laws: Sequence[Ready], size: int, seed: int) -> dict[str, Hints]:
    """What ``size`` claims by column, spread over the versions of the rule set, say of each law."""
    told: dict[str, Hints] = {one.law.id.text: Hints(0, ()) for one in laws}
    programs = laws[0].book.programs if laws else ()
    for number, program in enumerate(programs):
        columns = _first_claims(columns_at_edges(program, size // len(programs) + 1, seed + number))
        result = run(program, columns)
        for one in laws:
            count, broken = _held_against(one, program, columns, result)
            bills = result.values[program.bill]
            smallest = sorted(broken, key=lambda at: int(bills[at]))[:MOST]
            new = tuple(past for at in smallest if (past := _past(one, program, columns, at)) is not None)
            before = told[one.law.id.text]
            told[one.law.id.text] = Hints(before.count + count, before.found + new)
    return told


def _first_claims(columns: Columns) -> Columns:
    """The claims as if nothing had been counted before them."""
    return replace(columns, used={name: np.zeros_like(used) for name, used in columns.used.items()})


def _held_against(one: Ready, program: ir.Program, columns: Columns, result: Result) -> tuple[int, list[int]]:
    """How many claims the law was held against, and the places of those that break it."""
    meant = result.covered & (result.values[one.for_all] if one.for_all else True)
    if one.relation is None:
        return int(meant.sum()), np.flatnonzero(meant & ~result.values[one.holds]).tolist()
    other = _other(one, program, columns)
    if other is None:
        return 0, []
    both = np.flatnonzero(meant & other.covered).tolist()
    relation = one.relation
    sides = [(name, *_column(other if side else result, step)) for side, name, step in one.operands]
    return len(both), [
        at for at in both if not holds(relation, {name: _exact(values[at], over) for name, values, over in sides})
    ]


def _column(result: Result, step: str) -> tuple[list[Any], int]:
    kind = result.program.step(step).kind
    return result.values[step].tolist(), result.denominators[step] if kind in ("exact", "rate") else 0


def _exact(value: Any, over: int) -> Exact:
    """The value of an element; ``over`` is 0 for what has no denominator."""
    exact: Exact = Fraction(value, over) if over else value
    return exact


def _other(one: Ready, program: ir.Program, columns: Columns) -> Result | None:
    """The same claims on the other side; ``None`` where they say too little for it, or it is the very same."""
    assert one.other is not None
    day = program.valid[0] or program.valid[1]
    programs = [p for p in one.other.programs if (p.valid[0] or "") <= day and (not p.valid[1] or day < p.valid[1])]
    found = programs[0] if programs else one.other.programs[0]
    if found.steps is program.steps and not one.changes:
        return None
    inputs = dict(columns.inputs)
    known = {(d.domain, d.name): d for d in program.inputs}
    for change in one.changes:
        decl = known.get(("claim", change.fact))
        if decl is None:
            return None
        inputs[change.fact] = np.full_like(inputs[change.fact], _element(decl, change.value))
    for decl in found.inputs:
        own = known.get((decl.domain, decl.name))
        if own is None or (own.kind == "code" and input_words(own) != input_words(decl)):
            return None
    names = {domain: {d.name for d in found.inputs if d.domain == domain} for domain in ("claim", "row")}
    return run(found, Columns(
        {name: column for name, column in inputs.items() if name in names["claim"]}, columns.offsets,
        {name: column for name, column in columns.rows.items() if name in names["row"]},
        {meter.name: np.zeros(columns.size, np.int64) for meter in found.meters},
    ))  # fmt: skip


def _element(decl: ir.InputDecl, value: Any) -> Any:
    return input_words(decl).index(value) if decl.kind == "code" else value


def _past(one: Ready, program: ir.Program, columns: Columns, at: int) -> Past | None:
    """A claim by column as claims that may break the law; ``None`` if no claim can state its facts."""
    decls = {(d.domain, d.name): d for d in program.inputs}
    facts = {name: _told(decls["claim", name], column[at]) for name, column in columns.inputs.items()}
    rows = [
        {name: _told(decls["row", name], column[line]) for name, column in columns.rows.items()}
        for line in range(int(columns.offsets[at]), int(columns.offsets[at + 1]))
    ]
    try:
        life = handed_in(one.book, [Claim.model_validate(document_of(program, facts, rows))])
    except ClaimError:
        return None
    return Past(one.law.id.text, life, parameters_in(program, facts))


def _told(decl: ir.InputDecl, element: Any) -> Any:
    return input_words(decl)[int(element)] if decl.kind == "code" else element.item()
