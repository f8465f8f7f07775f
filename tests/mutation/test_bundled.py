"""The bundled rule sets: what their page states of coverage and mutants is so, and does not get worse."""

from __future__ import annotations

import pytest

from policyengine.mutation import tally
from policyengine.rulebook import bundled_names, bundled_root, locate
from tools.guards import BAR, PAGE, figures_of, page_of, row_of, rows_of

QUICK = ("cn/shanxi/136/premium_help", "examples/primitives/deductible")


def rows() -> dict[str, str]:
    return rows_of(PAGE.read_text(encoding="utf-8"))


def test_the_page_has_every_rule_set_and_its_sums_are_right() -> None:
    assert list(rows()) == list(bundled_names(bundled_root()))
    assert page_of(rows()) == PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", QUICK)
def test_a_row_is_what_is_measured(name: str) -> None:
    assert f"| {' | '.join(row_of(name))} |" == rows()[name]


@pytest.mark.agree
@pytest.mark.parametrize("name", bundled_names(bundled_root()))
def test_no_rule_set_falls_below_the_bar_or_what_it_had(name: str) -> None:
    """Where a rule set is below the bar, it kills at least what the page states; and the page says that it is below."""
    found, (told, killed) = tally(locate(name), seek=False), figures_of(rows()[name])
    assert found.reaches(BAR) or found.count("killed") * told >= killed * found.told
