"""The campaigns at their full size: a hundred thousand damaged rule files, a million inputs of every other reader."""

from __future__ import annotations

import pytest

from tests.fuzz.campaign import run
from tests.fuzz.surfaces import SURFACES
from tools.battery import record

SEED = 1
PARTS = 4
"""Processes that share the inputs of a surface, so that machines of several cores have something to do."""
COUNTS = {
    "rules": 100_000, "reader": 190_000, "expression": 300_000, "literal": 200_000, "claims": 150_000,
    "history": 60_000, "cases": 30_000, "codes": 20_000, "profile": 5_000, "columns": 25_000, "table": 20_000,
}  # fmt: skip


def test_the_counts_are_those_that_are_told() -> None:
    assert COUNTS.keys() == SURFACES.keys()
    assert COUNTS["rules"] == 100_000
    assert sum(COUNTS.values()) - COUNTS["rules"] == 1_000_000


@pytest.mark.agree
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("surface", SURFACES)
def test_every_input_is_valid_or_refused_at_its_place(surface: str, part: int) -> None:
    size = COUNTS[surface] // PARTS
    found = run(surface, SEED, part * size, size)
    told = {"inputs": size, "valid": found.outcomes.get("valid", 0), "failed": len(found.failures)}
    record("inputs", f"{surface} {part + 1}/{PARTS}", told)
    assert found.failures == []
    assert sum(found.outcomes.values()) == size
