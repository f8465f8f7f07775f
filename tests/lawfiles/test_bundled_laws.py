"""The laws beside the bundled rule files: every one is tried, and kept."""

from __future__ import annotations

from functools import cache

import pytest

from policyengine.lawfiles import Ready, find_laws, read_laws, ready, try_laws
from policyengine.rulebook import bundled_names

WITH_LAWS = tuple(name for name in bundled_names() if find_laws(name))
EXAMPLES, MANY = 50, 10_000


@cache
def laws_of(name: str) -> tuple[Ready, ...]:
    return ready(name, read_laws(find_laws(name)))


@pytest.mark.parametrize("name", WITH_LAWS)
def test_every_law_is_tried_and_kept(name: str) -> None:
    for verdict in try_laws(laws_of(name), EXAMPLES):
        assert verdict.passed, "\n" + verdict.render()


@pytest.mark.agree
@pytest.mark.parametrize("name", WITH_LAWS)
def test_every_law_is_kept_on_many_lives(name: str) -> None:
    for verdict in try_laws(laws_of(name), MANY, seed=2):
        assert verdict.passed, "\n" + verdict.render()


def test_there_are_laws() -> None:
    assert len(WITH_LAWS) >= 30
    assert sum(len(laws_of(name)) for name in WITH_LAWS) >= 74


@pytest.mark.parametrize("name", WITH_LAWS)
def test_every_law_is_said_in_both_languages(name: str) -> None:
    assert [one.law.id.text for one in laws_of(name) if not {"zh", "en"} <= one.law.name.keys()] == []
