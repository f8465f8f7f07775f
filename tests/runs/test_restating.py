"""The claim of a run as rows: handed in again, they make the same claim."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from policyengine import Claim, ClaimError, bundled_names, load
from policyengine.casebook import find_cases, read_cases
from policyengine.casebook.runs import claims_of
from policyengine.generate import lives
from policyengine.rulebook import Rulebook
from policyengine.runs import restated, rows_of

RUNS = tuple(name for name in bundled_names() if load(name).programs[-1].run is not None)


def said(claim: Claim) -> dict[str, Any]:
    """What a claim says; rows that were added up have no ids of their own."""
    plain = claim.model_dump(mode="json", exclude_unset=True, exclude={"id"})
    return {**plain, "lines": [{k: v for k, v in line.items() if k not in ("id", "name")} for line in plain["lines"]]}


def made(name: str, book: Rulebook) -> Iterator[Claim]:
    """The claims that the runs of the cases make."""
    for file in find_cases(name):
        for case in read_cases(file):
            try:
                yield from claims_of(book, case.run).claims if case.run is not None else ()
            except ClaimError:
                continue


@pytest.mark.parametrize("name", RUNS)
def test_rows_of_the_claims_of_cases_make_the_same_claims(name: str) -> None:
    book, seen = load(name), 0
    for claim in made(name, book):
        assert said(restated(book, claim)) == said(claim)
        seen += 1
    assert seen > 0


@pytest.mark.parametrize("name", RUNS)
def test_of_any_claim_a_run_makes_one_that_stays_as_it_is(name: str) -> None:
    book = load(name)
    for life in lives(book, 3, 20):
        for claim in life:
            once = restated(book, claim)
            assert said(restated(book, once)) == said(once)


def test_there_are_rows_for_no_claim_but_that_of_a_run() -> None:
    book = load("cn/shanxi/136")
    (claim, *_), *_ = lives(book, 3, 1)
    with pytest.raises(ClaimError, match="E577"):
        rows_of(book, claim)
