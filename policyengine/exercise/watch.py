"""Watching a rule set while its cases run: what its programs were given to settle."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from policyengine import ir
from policyengine.casebook import Case, run_case
from policyengine.engine import Engine, engine_of
from policyengine.errors import ClaimError
from policyengine.money import RATE_GRID
from policyengine.rulebook import Roots, Rulebook


@dataclass(frozen=True, slots=True)
class Given:
    """What one program was given to settle: facts of the claim and of its lines by name, what the meters held."""

    program: ir.Program
    inputs: Mapping[str, Any]
    rows: tuple[Mapping[str, Any], ...]
    used: Mapping[str, int]


def given_by(book: Rulebook, cases: Sequence[Case], path: Roots = ()) -> list[Given]:
    """Everything that the programs of a rule set are given to settle when its cases run."""
    seen: list[Given] = []
    for case in cases:
        run_case(_watched(book, case, seen.append), case, path=path)
    return seen


def _watched(book: Rulebook, case: Case, tell: Callable[[Given], None]) -> Rulebook:
    """The rule set with engines that tell what they are given. Those of unwatched parameters are made as ever."""
    parameters = dict(case.parameters)
    if case.run is not None and case.run.sought is not None:
        parameters.pop(case.run.sought.parameter, None)
    for program in book.every_program:
        try:
            engine_of(book, program, parameters)
        except ClaimError:
            continue
    return replace(book, prepared={key: _telling(engine, tell) for key, engine in book.prepared.items()})


def _telling(engine: Engine, tell: Callable[[Given], None]) -> Engine:
    program = engine.program
    of_claim = [d for d in program.inputs if d.domain == "claim"]
    of_row = [d for d in program.inputs if d.domain == "row"]
    meters = [meter.name for meter in program.meters]

    def run(inputs: tuple[Any, ...], rows: tuple[tuple[Any, ...], ...], held: tuple[int, ...]) -> tuple[Any, ...]:
        lines = tuple(_named(of_row, row) for row in rows)
        tell(Given(program, _named(of_claim, inputs), lines, dict(zip(meters, held, strict=True))))
        return engine.run(inputs, rows, held)

    return replace(engine, run=run)


def _named(declared: Sequence[ir.InputDecl], values: Sequence[Any]) -> dict[str, Any]:
    """Values by name; rates, which compiled programs count in millionths, as fractions."""
    return {
        decl.name: Fraction(value, RATE_GRID) if decl.kind == "rate" else value
        for decl, value in zip(declared, values, strict=True)
    }
