"""The bundled rule sets: what their page states of coverage and mutants is so, and does not get worse."""

from __future__ import annotations

import pytest

from policyengine.mutation import tally
from policyengine.rulebook import bundled_names, bundled_root, locate
from tools.guards import BAR, PAGE, SEARCH, killed_of, known, measured, page_of

QUICK = ("cn/shanxi/136/premium_help", "examples/primitives/deductible")


def test_the_page_has_every_rule_set_and_its_sums_are_right() -> None:
    assert list(known()) == list(bundled_names(bundled_root()))
    assert page_of(known()) == PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", QUICK)
def test_a_row_is_what_is_measured(name: str) -> None:
    assert measured(name) == known()[name]


def test_what_survives_is_listed() -> None:
    """Each with its line and the slip; what a claim tells apart with what it comes to, with the slip and without."""
    for name, figures in known().items():
        mutants = figures["mutants"]
        for result in ("survived", "alike"):
            assert not mutants["sought"] or len(mutants["open"][result]) == mutants[result], name
        assert all("tried" in one or one["as it stands"] != one["changed"] for one in mutants["open"]["survived"])


@pytest.mark.agree
@pytest.mark.parametrize("name", bundled_names(bundled_root()))
def test_no_rule_set_falls_below_the_bar_or_what_it_had(name: str) -> None:
    """Where a rule set is below the bar, it kills at least what the page states; and the page says that it is below."""
    found, (killed, told) = tally(locate(name), SEARCH), killed_of(known()[name])
    assert found.reaches(BAR) or found.count("killed") * told >= killed * found.told
