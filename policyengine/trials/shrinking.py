"""From a claim that breaks a law to the smallest that does, as a claim document, which the evaluator confirms."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from policyengine import ir
from policyengine.analysis import Leaf, input_words
from policyengine.backends.columns import Columns
from policyengine.check.claims import claim_data
from policyengine.claim import Claim
from policyengine.laws import Breach, tried
from policyengine.money import RATE_GRID
from policyengine.rulebook import Rulebook
from policyengine.trials.judging import Found, Tally, Trial, of_changes, of_one
from policyengine.trials.lives import with_total
from policyengine.volume import TOTAL

COPIES = 48
"""How often a candidate is tried at once: what is altered in it is drawn."""
GRIDS = (1_000_000, 100_000, 10_000, 100)
"""Amounts are rounded to whole multiples of these, coarsest first, in minor units."""


@dataclass(frozen=True, slots=True)
class Small:
    """The smallest claim found. ``document`` and ``parameters`` as callers hand them in, ``used``: what meters held
    before; ``confirmed``: what ``tried`` says of the document, which the evaluator settles, too."""

    found: Found
    document: Mapping[str, Any]
    parameters: Mapping[str, Any]
    used: Mapping[str, int]
    confirmed: tuple[Breach, ...]

    def __str__(self) -> str:
        said = [f"{breach.en}\n{breach.zh}" for breach in self.confirmed]
        said = said or [f"breaks “{self.found.law.en}”: {self.found.what}, by {self.found.minor}"]
        given = [f"parameters: {self.parameters}"] if self.parameters else []
        given += [f"accumulators before: {self.used}"] if self.used else []
        return "\n".join((*said, json.dumps(self.document, ensure_ascii=False), *given))


def explained(book: Rulebook, found: Found) -> Small:
    """The smallest claim that breaks the same law, as a document."""
    trial = Trial(found.program)
    small = smallest(trial, found)
    document, parameters = _document(found.program, small.claim)
    used = {name: int(values[0]) for name, values in small.claim.used.items() if values[0]}
    said = () if used else tuple(tried(book, [Claim.model_validate(document)], parameters))
    return Small(small, document, parameters, used, tuple(b for b in said if b.law.id == found.law.id))


def smallest(trial: Trial, found: Found) -> Found:
    """Fewer lines, plainer facts, rounder amounts, as long as the law stays broken."""
    while True:
        smaller = next((again for other in _smaller(trial.program, found.claim)
                        if (again := _broken(trial, found, other)) is not None), None)  # fmt: skip
        if smaller is None:
            return found
        found = smaller


def _broken(trial: Trial, found: Found, claim: Columns) -> Found | None:
    """The claim, if it breaks the law that was found broken."""
    many = _copies(with_total(trial.program, claim))
    result, settled = trial.settle(many)
    if not settled.all():
        return None
    tally, rng = Tally(), np.random.Generator(np.random.PCG64(1))
    again = [*of_one(trial, many, result, settled, tally), *of_changes(trial, many, (result, settled), rng, tally)]
    return next((one for one in again if one.law is found.law), None)


def _copies(claim: Columns) -> Columns:
    lines = int(claim.offsets[-1])
    return Columns(
        {name: np.repeat(values, COPIES) for name, values in claim.inputs.items()},
        np.arange(COPIES + 1) * lines,
        {name: np.tile(values, COPIES) for name, values in claim.rows.items()},
        {name: np.repeat(values, COPIES) for name, values in claim.used.items()},
    )


def _smaller(program: ir.Program, claim: Columns) -> Iterator[Columns]:
    """Claims with one thing less, the largest steps first."""
    lines = int(claim.offsets[-1])
    for at in range(lines if lines > 1 else 0):
        rows = {name: np.delete(values, at) for name, values in claim.rows.items()}
        yield Columns(claim.inputs, np.array([0, lines - 1]), rows, claim.used)
    for name, values in claim.used.items():
        yield from (Columns(claim.inputs, claim.offsets, claim.rows, {**claim.used, name: x}) for x in _plainer(values))
    bounds = {(d.domain, d.name): (_low(d), d.name == TOTAL) for d in program.inputs}
    for name, values in claim.inputs.items():
        low, follows = bounds["claim", name]
        for x in () if follows else _plainer(values, low):
            yield Columns({**claim.inputs, name: x}, claim.offsets, claim.rows, claim.used)
    for name, values in claim.rows.items():
        for x in _plainer(values, bounds["row", name][0]):
            yield Columns(claim.inputs, claim.offsets, {**claim.rows, name: x}, claim.used)


def _low(decl: ir.InputDecl) -> int:
    """The least value of a number; of a quantity and of the number of an admission one."""
    return max(int(decl.low or 0), int(ir.split_name(decl.name)[1] in ("quantity", "admission_ordinal")))


def _plainer(values: Any, low: int = 0) -> Iterator[Any]:
    """A column with one value nearer to nothing."""
    for at, value in enumerate(values.tolist()):
        options = [False] if value is True else [] if value is False else [low, *(value // g * g for g in GRIDS)]
        for other in options:
            if other is False or low <= other < value:
                changed = values.copy()
                changed[at] = other
                yield changed


def _document(program: ir.Program, claim: Columns) -> tuple[dict[str, Any], dict[str, Any]]:
    """The claim as callers hand it in, and the parameters."""
    data: dict[str, Any] = {}
    lines: list[Any] = []
    parameters: dict[str, Any] = {}
    for at in range(max(1, int(claim.offsets[-1]))):
        leaves: dict[Leaf, ir.Value] = {}
        for decl in program.inputs:
            column = claim.inputs if decl.domain == "claim" else claim.rows
            if decl.domain == "claim" or len(column[decl.name]) > at:
                value = column[decl.name][0 if decl.domain == "claim" else at].item()
                leaves[ir.Input(ir.split_name(decl.name)[1], decl.kind, decl.domain)] = _stated(decl, value)
        data, parameters = claim_data(program, leaves)
        lines += data["lines"]
    paid = [{"payer": n.partition(".")[2], "amount": str(Fraction(int(v[0]), 100))} for n, v in claim.inputs.items()
            if n.startswith("elsewhere.") and v[0]]  # fmt: skip
    return {**data, "id": "smallest", "lines": lines, **({"paid_elsewhere": paid} if paid else {})}, parameters


def _stated(decl: ir.InputDecl, value: object) -> ir.Value:
    assert isinstance(value, int)
    if decl.kind == "code":
        return input_words(decl)[value]
    return Fraction(value, RATE_GRID) if decl.kind == "rate" else value
