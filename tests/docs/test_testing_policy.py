"""The page about guarding a policy: what it shows is what comes of it, and its arithmetic holds."""

from __future__ import annotations

from pathlib import Path

from tests.docs.truth import assert_arithmetic, assert_true

NAME = "docs/testing-policy.md"


def test_what_the_page_shows_is_what_comes_of_it(tmp_path: Path) -> None:
    assert_true(NAME, tmp_path, shell=False)


def test_the_arithmetic_of_the_page_holds() -> None:
    assert_arithmetic(NAME, at_least=2)
