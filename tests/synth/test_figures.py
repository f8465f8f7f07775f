"""What is drawn has the moments that the profile states; what the profile states, it calibrates to its sources."""

from __future__ import annotations

import datetime
import statistics
from collections import Counter
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from policyengine.synth import load_profile
from policyengine.synth.model import Case, Choice, Draw, Lognormal, Poisson
from policyengine.synth.normal import poisson_shares, quantile
from policyengine.synth.sampling import Column, sampler_of
from policyengine.synth.streams import Streams
from policyengine.terms import AREAS, GRADES, LEVELS, TIERS
from tests.synth.support import plan

SAMPLE = 200_000


def drawn(kind: str, of: object, **more: object) -> np.ndarray:
    draw = Draw("fact", kind, (Case(of, rest=True),), **more)  # type: ignore[arg-type]
    return sampler_of(draw)(Streams(1, 0).of("fact", SAMPLE), {}).values


@pytest.mark.parametrize("share", ["0.5", "0.975", "0.001", "0.9999999", "0.075"])
def test_normal_quantiles_are_those_of_the_standard_library(share: str) -> None:
    known = statistics.NormalDist().inv_cdf(float(share))
    assert float(quantile(Fraction(share))) == pytest.approx(known, abs=1e-9)


def test_a_lognormal_has_its_mean_and_its_median() -> None:
    values = drawn("money", Lognormal(Fraction(1330610), Fraction(890000)))
    assert values.mean() == pytest.approx(1330610, rel=0.01)
    assert np.median(values) == pytest.approx(890000, rel=0.01)


def test_a_lognormal_count_has_its_mean() -> None:
    values = drawn("count", Lognormal(Fraction(10), Fraction(8)), low=1, high=180)
    assert values.mean() == pytest.approx(10, rel=0.02)
    assert values.min() == 1


def test_a_poisson_number_has_its_mean_and_variance() -> None:
    values = drawn("count", Poisson(Fraction("2.1")))
    assert values.mean() == pytest.approx(2.1, rel=0.01)
    assert values.var() == pytest.approx(2.1, rel=0.02)
    assert sum(poisson_shares(Fraction("2.1"))) == 1


def test_shares_are_drawn_as_often_as_stated() -> None:
    shares = (Fraction(5, 10), Fraction(3, 10), Fraction(2, 10))
    found = Counter(drawn("code", Choice(("a", "b", "c"), shares)).tolist())
    assert [found[code] / SAMPLE for code in range(3)] == pytest.approx([0.5, 0.3, 0.2], abs=0.005)


# -- the profile of Shanxi ---------------------------------------------------------------------------------------------


def mean_a_year(kind: str) -> Fraction:
    """Claims a person and year, out of the figures of the profile: Σ age × health given age × mean given health."""
    profile = load_profile("shanxi")
    people = {draw.fact: draw for draw in profile.people}
    often = next(one for one in profile.claims if one.id == kind).a_year
    means = {case.words[0]: case.of.mean for case in often.cases if isinstance(case.of, Poisson)}
    ages = (Fraction(17, 100), Fraction(68, 100), Fraction(15, 100))  # 0..15, 15..60, 60..95, in this order
    health = [case.of for case in people["health"].cases]
    return sum(
        (age * share * means[word]
         for age, of in zip(ages, health, strict=True) if isinstance(of, Choice)
         for word, share in zip(of.words, of.shares, strict=True)),
        Fraction(0),
    )  # fmt: skip


def test_stays_and_visits_a_year_are_those_of_the_communique() -> None:
    """18.2 % of residents had a stay in 2018, and 6.0 visits each."""
    assert mean_a_year("stays") == Fraction("0.182032")
    assert mean_a_year("visits") == Fraction("6.00096")


@pytest.fixture(scope="module")
def book() -> pa.Table:
    made = plan()
    return pa.Table.from_batches([made.claim_batch(0), made.claim_batch(1)])


def test_as_many_claims_are_drawn(book: pa.Table) -> None:
    stays = pc.sum(pc.equal(book["care_type"], "inpatient")).as_py()
    assert stays / 32768 == pytest.approx(0.182, rel=0.05)
    assert (len(book) - stays) / 32768 == pytest.approx(6.0, rel=0.02)


@pytest.mark.parametrize(
    ("care", "level", "yuan"),
    [("inpatient", "tertiary", 13306.1), ("inpatient", "secondary", 6015.0), ("outpatient", "tertiary", 317.8),
     ("outpatient", "secondary", 202.8)],
)  # fmt: skip
def test_bills_cost_what_the_report_of_2018_says(book: pa.Table, care: str, level: str, yuan: float) -> None:
    """People out of the province, whose bills are assumed, are left out."""
    inside = pc.and_(pc.equal(book["care_type"], care), pc.equal(book["hospital_level"], level))
    rows = book.filter(pc.and_(inside, pc.not_equal(book["area"], "out_of_province")))
    bills = sum(rows[name].to_numpy() for name in rows.column_names if name.startswith("amount_"))
    assert bills.mean() / 100 == pytest.approx(yuan, rel=0.06)


def test_households_are_as_large_as_the_census_counted() -> None:
    """Members ÷ households of the census row: 10,330,207 households."""
    counted = {1: 1110999, 2: 2261482, 3: 2873579, 4: 2259616, 5: 1108760, 6: 499172, 7: 139959, 8: 44545, 9: 18635,
               10: 13460}  # fmt: skip
    mean = sum(size * number for size, number in counted.items()) / sum(counted.values())
    people = plan().people_batch(0)
    assert len(people) / len(pc.unique(people["household_id"])) == pytest.approx(mean, rel=0.02)


def test_every_fact_is_in_its_range(book: pa.Table) -> None:
    for name, words in {"tier": TIERS, "area": AREAS, "hospital_level": LEVELS, "hospital_grade": GRADES}.items():
        assert set(pc.unique(book[name].cast(pa.string())).to_pylist()) <= set(words)
    amounts = [name for name in book.column_names if name.startswith("amount_")]
    assert all(pc.min(book[name]).as_py() >= 0 for name in amounts)
    assert pc.min(sum_of(book, amounts)).as_py() >= 100
    assert pc.min(book["income_annual"]).as_py() >= 500_00
    first, last = pc.min_max(book["discharge_date"]).as_py().values()
    assert datetime.date(2018, 1, 1) <= first <= last <= datetime.date(2018, 12, 31)


def sum_of(book: pa.Table, names: list[str]) -> pa.ChunkedArray:
    total = book[names[0]]
    for name in names[1:]:
        total = pc.add(total, book[name])
    return total


def test_days_are_in_order_and_do_not_overlap(book: pa.Table) -> None:
    person, admitted, left, born = (
        book[name].to_numpy() for name in ("person_id", "admission_date", "discharge_date", "birth_date")
    )
    assert (admitted <= left).all()
    assert (born <= admitted).all()
    same = person[1:] == person[:-1]
    assert (person[1:] >= person[:-1]).all()
    assert (admitted[1:][same] >= left[:-1][same]).all()


def test_what_all_of_a_household_share_is_the_same(book: pa.Table) -> None:
    groups = book.group_by("household_id").aggregate([("income_annual", "min"), ("income_annual", "max")])
    assert groups["income_annual_min"].equals(groups["income_annual_max"])


def test_a_column_of_a_count_chooses_its_row() -> None:
    profile = load_profile("shanxi")
    health = next(draw for draw in profile.people if draw.fact == "health")
    ages = Column("count", np.array([0, 14, 15, 59, 60, 94]))
    rows = sampler_of(health)._rows({"age": ages})
    assert rows is not None
    assert rows.tolist() == [0, 0, 1, 1, 2, 2]
