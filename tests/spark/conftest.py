"""One Spark on two threads for all tests of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.spark.driver import LACKING, Ask, driver


@pytest.fixture(scope="package")
def spark() -> Iterator[Ask]:
    """Runs a job in the driver of Spark, which has two threads."""
    if LACKING:
        pytest.skip(LACKING)
    with driver("local[2]") as ask:
        yield ask
