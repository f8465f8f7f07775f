"""The page about Spark: what it shows is what comes of it; it names every status and what an executor refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from policyengine.backends.kernel import Status
from policyengine.codes.spark import CODES
from tests.docs.truth import assert_true, text_of
from tests.spark.driver import LACKING

NAME = "docs/spark.md"


@pytest.mark.skipif(bool(LACKING), reason=LACKING)
def test_what_the_page_shows_is_what_comes_of_it(tmp_path: Path) -> None:
    assert_true(NAME, tmp_path, shell=False)


def test_the_page_names_every_status() -> None:
    page = text_of(NAME)
    assert [status.name for status in Status if f"`{status.name.lower()}`" not in page] == []
    assert {code for code in ("E770", "E772") if code in page} <= CODES.keys()
