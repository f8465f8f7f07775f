"""Every case beside every bundled rule file, each a test of its own."""

from __future__ import annotations

from functools import cache

import pytest

from policyengine.casebook import Case, find_cases, read_cases, run_case
from policyengine.loading import load
from policyengine.rulebook import Rulebook, bundled_names

BUNDLED = [(name, path, case) for name in bundled_names() for path in find_cases(name) for case in read_cases(path)]


@cache
def book(name: str) -> Rulebook:
    return load(name)


@pytest.mark.parametrize(("name", "case"), [pytest.param(n, c, id=f"{n}:{c.id}") for n, _, c in BUNDLED])
def test_the_case_comes_out_to_the_smallest_coin(name: str, case: Case) -> None:
    outcome = run_case(book(name), case)
    assert outcome.passed, "\n" + outcome.render()


def test_there_are_cases() -> None:
    assert len(BUNDLED) > 50


def test_ids_are_unique_within_a_rule_set() -> None:
    named = [(name, case.id) for name, _, case in BUNDLED]
    assert len(named) == len(set(named))
