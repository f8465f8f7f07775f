"""A sample of every campaign, and all inputs that failed once. The campaigns themselves run under ``make agree``."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.fuzz.campaign import PAST, past, run
from tests.fuzz.drawing import CUT, cut_files, drawn
from tests.fuzz.surfaces import SURFACES

SEED = 2016
SAMPLE = {
    "rules": 400, "reader": 500, "expression": 1_500, "literal": 800, "claims": 800, "history": 600, "cases": 200,
    "codes": 150, "profile": 30, "columns": 100, "table": 50,
}  # fmt: skip
BEHIND_THE_CUTS = 10**6


def test_every_surface_has_a_sample() -> None:
    assert SAMPLE.keys() == SURFACES.keys()
    assert {path.name for path in PAST.iterdir() if path.is_dir()} <= SURFACES.keys()


@pytest.mark.parametrize("surface", SURFACES)
def test_a_sample_is_valid_or_refused_at_its_place(surface: str) -> None:
    found = run(surface, SEED, BEHIND_THE_CUTS, SAMPLE[surface], past(surface))
    assert found.failures == []
    assert sum(found.outcomes.values()) == SAMPLE[surface] + len(past(surface))
    assert len(found.outcomes) >= 5 or surface == "table", "the damage is of many kinds"
    assert found.outcomes["valid"] > 0, "and not always fatal"


def test_the_inputs_of_a_seed_are_always_the_same_and_differ() -> None:
    for surface in SURFACES:
        some = [drawn(surface, 1, n) for n in range(BEHIND_THE_CUTS, BEHIND_THE_CUTS + 20)]
        assert some == [drawn(surface, 1, n) for n in range(BEHIND_THE_CUTS, BEHIND_THE_CUTS + 20)]
        assert max(Counter(some).values()) <= 4, surface


def test_twenty_files_are_cut_off_behind_every_byte() -> None:
    files = cut_files()
    assert len(files) == CUT
    first = [drawn("rules", 1, n) for n in range(len(files[0]) + 2)]
    assert first[: len(files[0])] == [files[0][:n] for n in range(len(files[0]))]
    assert first[len(files[0]) :] == [b"", files[1][:1]]
