"""Examples that somebody printed wrong (N-1 … N-10): the recomputed figure passes, the printed one is noticed.

Two of the ten have no case. N-9 pays class 乙 at its own 80 % and the rest at 40 %: the page states no bill to reckon.
N-10, (1,600 - 100) x 60 % = 900, is reckoned right; its parameters are invented, so it says nothing about any policy.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from policyengine import load
from policyengine.casebook import Case, find_cases, read_cases, run_case
from policyengine.casebook.model import Amount, Wording

PRINTED = [
    ("N-1", "misprint_quzhou", "N-1-small", "split", "pooled_fund", "550.00"),
    ("N-1", "misprint_quzhou", "N-1-large", "steps", "outpatient.payable_rounded", "6420.00"),
    ("N-1", "misprint_quzhou", "N-1-large", "split", "pooled_fund", "6420.00"),
    ("N-2", "misprint_chemotherapy", "N-2", "split", "pooled_fund", "2380.72"),
    ("N-2", "misprint_chemotherapy", "N-2", "split", "patient", "11821.59"),
    ("N-3", "misprint_shanghai", "N-3", "split", "pooled_fund", "6889.43"),
    ("N-4", "misprint_zhenyuan", "N-4", "split", "patient", "1607.00"),
    ("N-5", "misprint_chengdu", "N-5", "patient", "deductible", "404.20"),
    ("N-6", "misprint_meihekou", "N-6-same-base", "split", "critical_illness", "6000.00"),
    ("N-6", "misprint_meihekou", "N-6-same-base", "split", "medical_assistance", "3000.00"),
    ("N-7", "misprint_three_layers", "N-7", "split", "medical_assistance", "130000.00"),
    ("N-8", "misprint_shanghai_threshold", "N-8", "split", "pooled_fund", "85000.00"),
]


def case_of(ruleset: str, name: str) -> Case:
    (found,) = (c for file in find_cases(f"examples/{ruleset}") for c in read_cases(file) if c.id == name)
    return found


def as_printed(case: Case, group: str, name: str, figure: str) -> Case:
    """The case, expecting the figure that the page prints."""
    (turn,) = case.turns
    expected = turn.expected
    assert expected is not None
    value = Wording(figure, expected.span) if group == "steps" else Amount(Decimal(figure), expected.span)
    changed = replace(expected, **{group: {**(getattr(expected, group) or {}), name: value}})
    return replace(case, turns=(replace(turn, expected=changed),))


@pytest.mark.parametrize(("number", "ruleset", "name", "group", "figure_of", "figure"), PRINTED)
def test_the_printed_figure_is_refused(
    number: str, ruleset: str, name: str, group: str, figure_of: str, figure: str
) -> None:
    case, book = case_of(ruleset, name), load(f"examples/{ruleset}")
    assert name.startswith(number)
    assert run_case(book, case).passed
    refused = run_case(book, as_printed(case, group, figure_of, figure))
    (difference,) = refused.differences
    assert difference.where == f"{group.removesuffix('s') if group == 'steps' else group} {figure_of}"
    assert Decimal(difference.expected.replace(",", "")) == Decimal(figure)


def test_every_example_with_a_figure_is_held() -> None:
    assert {number for number, *_ in PRINTED} == {f"N-{n}" for n in range(1, 9)}
