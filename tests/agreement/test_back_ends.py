"""Every shipped rule set on generated lives: the evaluator, the compiled function and the columns say the same."""

from __future__ import annotations

from collections import defaultdict

import pytest

from policyengine.backends.columns import columns_of, run
from policyengine.backends.evaluate import evaluate
from policyengine.settlement import Settlement
from tests.agreement.lives import NAMES, settled


def differences(name: str, seed: int, members: int) -> int:
    """Compares all steps of all claims; returns how many claims were compared."""
    by_program: dict[tuple[str, str], list[Settlement]] = defaultdict(list)
    for settlement in settled(name, seed, members):
        by_program[settlement.layout.program.valid].append(settlement)
    for group in by_program.values():
        program = group[0].layout.program
        facts = [s.origin.facts() for s in group]
        claims = [(f.inputs, f.rows, f.used) for f in facts]
        columns = run(program, columns_of(program, claims))
        assert not columns.failures
        for at, (settlement, claim) in enumerate(zip(group, claims, strict=True)):
            meant = evaluate(program, *claim)
            assert columns.claim(at) == meant, f"columns differ on claim {settlement.claim.id} of {name}, seed {seed}"
            for step, value in settlement.known().items():
                assert value == meant[step], f"{step} differs on claim {settlement.claim.id} of {name}, seed {seed}"
    return sum(map(len, by_program.values()))


@pytest.mark.parametrize("name", NAMES)
def test_evaluator_compiled_and_columns_agree(name: str) -> None:
    assert differences(name, seed=20, members=60) >= 10


@pytest.mark.agree
@pytest.mark.parametrize("name", NAMES)
def test_evaluator_compiled_and_columns_agree_on_many(name: str) -> None:
    assert sum(differences(name, seed, members=1_000) for seed in range(5)) >= 500
