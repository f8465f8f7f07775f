"""The page about entitlements: what it shows is what comes of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.truth import assert_true

pytest.importorskip("durable_rules_engine")


def test_what_the_page_shows_is_what_comes_of_it(tmp_path: Path) -> None:
    assert_true("docs/entitlements.md", tmp_path, shell=False)
