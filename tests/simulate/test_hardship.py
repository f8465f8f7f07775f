"""Catastrophic expenditure and impoverishment by hand, for people and for households.

In 2020 p1 pays 500 + 700 = 1,200元, p2 200元, p3 50元; of p4 and p5 a claim is not settled, and they pay nothing. In
2021 p4 pays 140元. The poverty line is 900元, subsistence 400元, for one person and one year.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from policyengine import ClaimError
from policyengine.bulk import ColumnMap, Stated
from policyengine.simulate import Burden, Question, Simulation, simulate_claims
from tests.simulate.town import COLUMNS, book, table

INCOMES = {"p1": 10_000, "p2": 1_000, "p3": 500, "p4": 3_000, "p5": 1_000}
HOMES = {"p1": "h1", "p2": "h1", "p3": "h2", "p6": "h2", "p4": "h3", "p5": "h4"}
MAPPING = ColumnMap("town", {**COLUMNS.facts, "income_annual": Stated("income", unit="元")}, COLUMNS.templates)


def claims() -> pa.Table:
    found = table()
    return found.append_column("income", pa.array([INCOMES[who] for who in found["person_id"].to_pylist()]))


def people(**changed: Any) -> pa.Table:
    """Of p5 nobody knows the income; p6 has no claim."""
    incomes = {**INCOMES, "p5": None, "p6": 300, **changed}
    rows = [{"person_id": who, "household_id": home, "income": incomes[who]} for who, home in HOMES.items()]
    return pa.Table.from_pylist(rows)


def measured(incomes: Any, *reforms: str, **asked: Any) -> Simulation:
    question = Question(incomes=incomes, **{"poverty_line": "900", "subsistence": 400, **asked})
    size = {"size": 3}
    return simulate_claims(
        book(), claims(), question, reforms=[book(name) for name in reforms], columns=MAPPING, **size
    )


def test_years_of_people_by_hand() -> None:
    """1,200 of 10,000 and 200 of 1,000 are more than 10 %; 50 of 500 is just 10 %. 50 is more than 40 % of 500 − 400.
    p2 has 1,000 and then 800, below the line of 900; p3 is poor before."""
    [burden] = measured("claims").baseline.burdens.values()
    assert burden == Burden(
        people=6, unknown=0, incomplete=2, over_10=2, over_25=0, over_capacity=1, poor=1, impoverished=1, poorer=1
    )


def test_groups_of_people() -> None:
    burdens = measured("claims", group_by=("registered_poor",)).baseline.burdens
    assert (burdens["yes",].people, burdens["yes",].over_10, burdens["yes",].poorer) == (2, 1, 1), "p1 and p3"
    assert (burdens["no",].people, burdens["no",].over_10, burdens["no",].impoverished) == (4, 1, 1)


def test_years_of_households_by_hand() -> None:
    """h1: 1,400 of 11,000, two people. h2: 50 of 800, two people below 1,800, who have nothing above 2 × 400 to pay
    from, so that any payment is beyond their means. h3: nothing. h4: nobody knows."""
    burdens = measured(people()).baseline.burdens
    assert burdens["2020",] == Burden(
        people=6, unknown=1, incomplete=2, over_10=2, over_25=0, over_capacity=2, poor=2, impoverished=0, poorer=2
    )
    assert burdens["2021",] == Burden(people=6, unknown=1, poor=2)


def test_a_reform_takes_people_off_the_list() -> None:
    """With the ceiling of 1,500元 b leaves 500元: p1 pays 1,000 of 10,000, which is not more than 10 %."""
    reform = measured("claims", "higher_ceiling").reforms[0]
    assert [burden.over_10 for burden in reform.outcome.burdens.values()] == [1]
    reform = measured(people(), "higher_ceiling").reforms[0]
    assert reform.outcome.burdens["2020",].over_10 == 2, "1,200 of 11,000 still is"


def test_without_a_line_nothing_is_held_against_it() -> None:
    [burden] = measured("claims", poverty_line=None, subsistence=None).baseline.burdens.values()
    assert (burden.over_10, burden.over_capacity, burden.poor, burden.impoverished) == (2, 0, 0, 0)


@pytest.mark.parametrize(
    ("code", "incomes", "asked"),
    [
        ("E747", people().slice(1), {}),
        ("E747", pa.concat_tables([people(), people()]), {}),
        ("E747", people(p1=-5), {}),
        ("E747", people().slice(0, 0), {}),
        ("E748", None, {"poverty_line": "900"}),
        ("E748", "claims", {"poverty_line": "-900"}),
        ("E748", "claims", {"subsistence": "little"}),
    ],
)
def test_incomes_that_do_not_fit(code: str, incomes: Any, asked: dict[str, Any]) -> None:
    with pytest.raises(ClaimError) as raised:
        measured(incomes, **({"poverty_line": None, "subsistence": None} | asked))
    assert raised.value.diagnostics[0].code == code


def test_claims_without_incomes() -> None:
    with pytest.raises(ClaimError, match="E741"):
        simulate_claims(book(), table(), Question(incomes="claims"), columns=COLUMNS)
