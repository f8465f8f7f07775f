"""Every shipped rule set on generated lives: the evaluator, the compiled function and the columns say the same."""

from __future__ import annotations

import pytest

from tests.agreement.agreeing import hold_together
from tests.agreement.lives import NAMES, settled


def differences(name: str, seed: int, members: int) -> int:
    """Compares all steps of all claims; returns how many claims were compared."""
    return hold_together(settled(name, seed, members), f"{name}, seed {seed}")


@pytest.mark.parametrize("name", NAMES)
def test_evaluator_compiled_and_columns_agree(name: str) -> None:
    assert differences(name, seed=20, members=60) >= 10


@pytest.mark.agree
@pytest.mark.parametrize("name", NAMES)
def test_evaluator_compiled_and_columns_agree_on_many(name: str) -> None:
    assert sum(differences(name, seed, members=1_000) for seed in range(5)) >= 500
