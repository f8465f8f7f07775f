"""What is assumed: answers of people to what they pay, by hand; people drawn again and again. Every output says so."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from policyengine import ClaimError
from policyengine.report.simulation_assumed import answered, assumptions
from policyengine.report.simulation_data import group_rows, simulation_data
from policyengine.simulate import Elasticity, Question, Sampling, Simulation, simulate_claims
from policyengine.simulate.assumed import _products, _weights, elasticity_of
from policyengine.simulate.sampling import _edges, interval
from tests.simulate.test_resumed import Lost, after, file_of, rows
from tests.simulate.town import COLUMNS, book, table

ELASTICITY = Elasticity(-200, "made up")


def simulated(reform: str, claims: Any = None, **asked: Any) -> Simulation:
    names = ("elasticity", "sampling", "group_by")
    question = Question(**{name: asked.pop(name) for name in names if name in asked})
    return simulate_claims(
        book(), table() if claims is None else claims, question, reforms=[book(reform)], columns=COLUMNS, **asked
    )


# --- answers ---------------------------------------------------------------------------------------------------------


def test_an_answer_by_hand() -> None:
    """The ceiling of 1,500元 takes the patient of b from 700元 to 500元: the change is -1/6 of the sum of both, a fifth
    of it 1/30, so that the claim counts (1 + 1/30) / (1 - 1/30) = 31/29 times: 1.068966."""
    found = simulated("higher_ceiling", elasticity=ELASTICITY, group_by=("registered_poor",)).reforms[0]
    sums, weight = answered(found), Fraction(1_068_966, 1_000_000)
    assert sums["bill"] == 275_000 - 110_000 + weight * 110_000
    assert sums["pooled_fund"] == 116_000 - 40_000 + weight * 60_000
    assert sums["patient_total"] == 159_000 - 70_000 + weight * 50_000
    assert sums["claims"] == 4 + weight
    assert sums["bill"] == sums["pooled_fund"] + sums["patient_total"]
    assert found.responses["no",]["bill"] == 50_000 * 10**6, "c and f are as they were"
    assert found.outcome.total.amounts["bill"] == 275_000, "what was settled stays"


@pytest.mark.parametrize(("before", "after_", "weight"), [
    (100, 100, 1_000_000), (0, 0, 1_000_000),
    (0, 100, 666_667),  # (1 - 0.2) / (1 + 0.2), half up
    (100, 0, 1_500_000),
    (-50, 100, 666_667),  # granted more than borne: nothing was paid
    (10**11, 3 * 10**11, 818_182),  # 0.9 / 1.1
])  # fmt: skip
def test_how_often_a_claim_counts(before: int, after_: int, weight: int) -> None:
    ones = np.array([True])
    assert _weights(np.array([before]), np.array([after_]), ones, -200).tolist() == [weight]
    assert _weights(np.array([before]), np.array([after_]), ~ones, -200).tolist() == [1_000_000]


@pytest.mark.parametrize("minor", [0, 1, 999, 1_000, 123_456_789, 10**13, -1, -123_456])
@pytest.mark.parametrize("weight", [52_632, 999_999, 1_000_000, 19_000_000])
def test_products_are_exact(minor: int, weight: int) -> None:
    high, low = _products(np.array([minor]), np.array([weight]))
    assert int(high[0]) * 10**6 + int(low[0]) == minor * weight


@pytest.mark.parametrize("text", ["-0.2", "-0.2:", "much: more", "-1: all", "0.3: more", "-0.95: x", "-0.1234: fine"])
def test_an_elasticity_without_sense_or_label_is_refused(text: str) -> None:
    with pytest.raises(ClaimError, match="E843"):
        elasticity_of(text)


def test_it_needs_a_reform() -> None:
    assert elasticity_of(" -0.25 : a guess: ours ") == Elasticity(-250, "a guess: ours")
    with pytest.raises(ClaimError, match=r"E843.*no reform"):
        simulate_claims(book(), table(), Question(elasticity=ELASTICITY), columns=COLUMNS)


# --- draws -----------------------------------------------------------------------------------------------------------


def test_the_chances_are_those_of_poisson() -> None:
    """1/e = 0.36787944117144…, twice that, two and a half times that."""
    edges = [int(edge) * 10**14 // 2**64 for edge in _edges()[:3]]
    assert edges == [36_787_944_117_144, 73_575_888_234_288, 91_969_860_292_860]
    assert (np.diff(_edges().astype(object)) >= 0).all()


def test_totals_spread_as_they_should() -> None:
    """A total of people who count by Poisson has the sum of their squares as its variance: 120 people of 1,100元 each
    have 120 × 1,100² square yuan."""
    claims = table([(f"a{n}", f"p{n:03}", "county", 110_000, True, "2020-02-01") for n in range(120)])
    drawn = simulated("no_effect", claims, sampling=Sampling(2000)).baseline.sampled["bill"]
    mean = Fraction(sum(drawn), 2000)
    variance = sum((value - mean) ** 2 for value in drawn) / 2000
    assert abs(mean / (120 * 110_000) - 1) < Fraction(1, 100)
    assert abs(variance / (120 * 110_000**2) - 1) < Fraction(1, 10)
    low, high = interval(drawn)
    assert sum(value < low for value in drawn) <= 50 >= sum(value > high for value in drawn)


def test_the_claims_of_a_person_are_drawn_together() -> None:
    """Under the higher ceiling only b gains, 200元: in every draw the fund pays a multiple of that more."""
    found = simulated("higher_ceiling", sampling=Sampling(100))
    base, reform = found.baseline.sampled, found.reforms[0].outcome.sampled
    times = [Fraction(new - old, 20_000) for old, new in zip(base["pooled_fund"], reform["pooled_fund"], strict=True)]
    assert all(one.denominator == 1 for one in times)
    assert set(times) >= {0, 1, 2}


def test_draws_hang_on_the_seed_alone(tmp_path: Any) -> None:
    source = file_of(tmp_path / "claims", table(rows()))
    one = simulated("higher_ceiling", source, sampling=Sampling(50), size=1000, threads=1)
    assert simulated("higher_ceiling", source, sampling=Sampling(50), size=7, threads=3).baseline == one.baseline
    assert simulated("higher_ceiling", source, sampling=Sampling(50, 2)).baseline.sampled != one.baseline.sampled
    said = {"sampling": Sampling(50), "elasticity": ELASTICITY, "size": 20, "every": 0, "checkpoint": tmp_path / "c"}
    with pytest.raises(Lost):
        simulated("higher_ceiling", source, told=after(3), **said)
    assert simulated("higher_ceiling", source, **said).baseline.sampled == one.baseline.sampled


@pytest.mark.parametrize("draws", [0, 39, 10_001])
def test_too_few_or_too_many_draws(draws: int) -> None:
    with pytest.raises(ClaimError, match="E844"):
        Sampling(draws)


# --- what is said ----------------------------------------------------------------------------------------------------


def test_every_output_repeats_what_is_assumed() -> None:
    found = simulated("higher_ceiling", sampling=Sampling(40, 7), elasticity=ELASTICITY)
    said = assumptions(found)
    assert said == [
        "assumed: demand elasticity -0.2 (made up)",
        "assumed: the people of the book are a sample, drawn independently; 95 % intervals of 40 draws, seed 7",
    ]
    assert simulation_data(found)["assumptions"] == said
    assert {row["assumptions"] for row in group_rows(found)} == {"; ".join(said)}
    assert assumptions(simulated("higher_ceiling")) == []
    assert "assumptions" not in group_rows(simulated("higher_ceiling"))[0]
