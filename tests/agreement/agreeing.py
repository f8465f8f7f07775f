"""Settlements held against the evaluator and the columns: every step of every claim, no difference."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from policyengine.backends.columns import columns_of, run
from policyengine.backends.evaluate import evaluate
from policyengine.settlement import Settlement


def hold_together(settlements: Iterable[Settlement], what: str) -> int:
    """Compares all steps of settlements of one rule set; returns how many claims were compared."""
    by_program: dict[object, list[Settlement]] = defaultdict(list)
    for settlement in settlements:
        program = settlement.layout.program
        by_program[program.valid, program.known, len(program.lines)].append(settlement)
    for group in by_program.values():
        program = group[0].layout.program
        facts = [s.origin.facts() for s in group]
        claims = [(f.inputs, f.rows, f.used) for f in facts]
        columns = run(program, columns_of(program, claims))
        assert not columns.failures
        for at, (settlement, claim) in enumerate(zip(group, claims, strict=True)):
            meant = evaluate(program, *claim)
            assert columns.claim(at) == meant, f"columns differ on claim {settlement.claim.id} of {what}"
            for step, value in settlement.known().items():
                assert value == meant[step], f"{step} differs on claim {settlement.claim.id} of {what}"
    return sum(map(len, by_program.values()))
