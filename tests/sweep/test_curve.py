"""A curve worked by hand, and every point of it against a rule set that is written with that value."""

from __future__ import annotations

from fractions import Fraction

import pytest

from policyengine.simulate import simulate_claims
from policyengine.sweep import lever_at, seek_range
from policyengine.sweep.passes import book_of_claims
from policyengine.sweep.sweeping import family_of
from tests.simulate.town import COLUMNS, table
from tests.sweep.village import RULES, SETTLED, reading, swept, written

# By hand, in yuan. The person of a and b earns 60 % of 1,000 twice, up to the ceiling; c is paid 100, d nothing, and f,
# in another year, 60. So the fund pays the lesser of 1,200 and the ceiling, and 160.
BY_HAND = {500: 660, 700: 860, 900: 1060, 1100: 1260, 1300: 1360}


def test_the_curve_of_a_ceiling_by_hand() -> None:
    found = swept(RULES, "top=500:1300:200")
    assert {point[0] // 100: tally.total.amounts["pooled_fund"] for point, tally in found.points.items()} == {
        ceiling: 100 * paid for ceiling, paid in BY_HAND.items()
    }
    patient = [tally.total.amounts["patient_total"] for tally in found.points.values()]
    assert patient == [275_000 - 100 * paid for paid in BY_HAND.values()]


def test_who_is_at_the_ceiling() -> None:
    found = swept(RULES, "top=500:1300:200")
    limits = [(tally.total.at_limit, tally.total.people_at_limit) for tally in found.points.values()]
    assert limits == [(2, 1), (1, 1), (1, 1), (1, 1), (0, 0)], "at 500 both claims are cut, later the second alone"


def test_what_one_more_yuan_costs() -> None:
    found = swept(RULES, "top=500:1300:200")
    per_yuan = [found.marginal(*step, "pooled_fund") / 100 for step in found.steps()]
    assert per_yuan == [1, 1, 1, Fraction(1, 2)], "the last 200 yuan of the ceiling are used by half"


def test_a_cell_and_percentage_points() -> None:
    found = swept(RULES, "base.share[市级]=40%:60%:10%")
    assert [tally.total.amounts["pooled_fund"] for tally in found.points.values()] == [114_000, 116_000, 118_000]
    assert [found.marginal(*step, "pooled_fund") / 100 for step in found.steps()] == [2, 2], "of 200 yuan, per point"
    assert not found.has_limit


def test_a_grid_of_two_levers() -> None:
    found = swept(RULES, "start=100:200:100", "top=500:1300:400")
    # with a deductible of 200: 540 twice, 50, nothing, nothing
    expected = {
        (100, 500): 660,
        (100, 900): 1060,
        (100, 1300): 1360,
        (200, 500): 550,
        (200, 900): 950,
        (200, 1300): 1130,
    }
    totals = {(a // 100, b // 100): tally.total.amounts["pooled_fund"] for (a, b), tally in found.points.items()}
    assert totals == {point: 100 * paid for point, paid in expected.items()}
    assert [(before[0], point[0]) for before, point in found.steps()] == [(10_000, 10_000)] * 2 + [(20_000, 20_000)] * 2


def test_groups() -> None:
    found = swept(RULES, "top=500:1300:800", group_by=("year",))
    years = [
        {group: cell.amounts["pooled_fund"] for group, cell in tally.groups.items()} for tally in found.points.values()
    ]
    assert years == [{("2020",): 60_000, ("2021",): 6_000}, {("2020",): 130_000, ("2021",): 6_000}]


@pytest.mark.parametrize(
    ("move", "stated", "texts"),
    [
        ("top=500:1300:200", "ceiling: 1000元", "500 700 900 1100 1300"),
        ("start=0:120:40", "deductible: 100元", "0 40 80 120"),
        ("start=0.01:0.03:0.01", "deductible: 100元", "0.01 0.02 0.03"),
    ],
)
def test_every_point_is_a_rule_set_written_with_its_value(move: str, stated: str, texts: str) -> None:
    found = swept(RULES, move)
    field = stated.partition(":")[0]
    for text, tally in zip(texts.split(), found.points.values(), strict=True):
        book, _ = written(RULES.replace(stated, f"{field}: {text}元"))
        alone = simulate_claims(book, table(SETTLED), columns=COLUMNS).baseline
        assert tally.total.amounts == alone.total.amounts, text
        assert tally.digest == alone.digest, text


def test_a_share_of_any_fineness() -> None:
    """Whole percents, tenths, basis points and all of it are kept in different fractions."""
    book, ruleset = written()
    axis = seek_range(lever_at(ruleset, "base.share[县级]"), "0%:100%")
    shares = ["0%", "40%", "57.5%", "99.99%", "100%"]
    points = {share: next((x,) for x in axis.values if axis.text(x) == share) for share in shares}
    found = book_of_claims(book, reading()).over(family_of(book, ruleset, [axis], {}, False), list(points.values()))
    for share in shares:
        alone = written(RULES.replace("[县级, 60%]", f"[县级, {share}]"))[0]
        assert found[points[share]].digest == simulate_claims(alone, table(SETTLED), columns=COLUMNS).baseline.digest
