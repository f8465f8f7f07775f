"""The page about simulation: what it shows is what comes of it, and its arithmetic holds."""

from __future__ import annotations

from pathlib import Path

from policyengine.mass.refused import EXPLAINED
from tests.docs.truth import assert_arithmetic, assert_true, text_of

NAME = "docs/simulation.md"


def test_what_the_page_shows_is_what_comes_of_it(tmp_path: Path) -> None:
    assert_true(NAME, tmp_path, shell=False)


def test_the_arithmetic_of_the_page_holds() -> None:
    assert_arithmetic(NAME, at_least=4)


def test_the_page_says_of_how_many_refused_claims_the_reason_is_looked_for() -> None:
    assert f"first {EXPLAINED} such" in text_of(NAME).replace("\n", " ")
