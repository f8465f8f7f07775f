"""Engines that interpret a program: for the few claims of a few cases, compiling it takes longer than running it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from policyengine import ir
from policyengine.backends.evaluate import evaluate
from policyengine.encode import encoder, shapes_of, standing_reader, updates_of
from policyengine.engine import Engine
from policyengine.rulebook import Rulebook
from policyengine.settlement import Layout


class Interpreted(dict[Any, Any]):
    """Prepared engines of a rule set, made when they are first asked for. ``kept``: those that are ready."""

    def __init__(self, book: Rulebook, kept: Mapping[Any, Engine]) -> None:
        super().__init__(kept)
        self.programs = {(program.known, program.valid): program for program in book.every_program}

    def get(self, key: Any, default: Any = None) -> Any:  # noqa: ARG002  -- there is always one
        if key not in self:
            known, valid, given = key
            self[key] = interpreting(self.programs[known, valid], dict(given))
        return self[key]


def interpreting(program: ir.Program, parameters: Mapping[str, str]) -> Engine:
    """An engine that evaluates a program step by step. Raises ``ClaimError`` for wrong parameters."""
    index = {step.name: at for at, step in enumerate(program.steps)}
    of_claim = [d.name for d in program.inputs if d.domain == "claim"]
    of_row = [d.name for d in program.inputs if d.domain == "row"]
    meters = [meter.name for meter in program.meters]

    def run(inputs: tuple[Any, ...], rows: tuple[tuple[Any, ...], ...], held: tuple[int, ...]) -> tuple[Any, ...]:
        lines = [dict(zip(of_row, row, strict=True)) for row in rows]
        done = evaluate(program, dict(zip(of_claim, inputs, strict=True)), lines, dict(zip(meters, held, strict=True)))
        return tuple(done[step.name] for step in program.steps)

    return Engine(
        program, Layout.of(program, (1,) * len(program.steps)), run, encoder(program, parameters),
        standing_reader(program), updates_of(program), shapes_of(program), (), (),
        tuple((name.partition(".")[2], of_claim.index(name), index[step]) for name, step in program.stated),
        index[program.covers] if program.covers else None,
    )  # fmt: skip
