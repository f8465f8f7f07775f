"""The oracles against the figures that are printed or worked by hand, before they judge anything."""

from __future__ import annotations

import pytest

from tests.oracles import quanzhou, shanxi_136, ziyang
from tests.oracles.fen import fen, percent, yuan


def test_half_a_fen_goes_up() -> None:
    assert [fen(amount * percent(50)) for amount in (0, 1, 2, 3)] == [0, 1, 1, 2]


def test_shanxi_county_stay_of_the_registered_poor() -> None:
    """30,000, of which 3,000 are outside: 19,950, 1,537.50, 4,512.50 above the cap, 2,550; the person 1,450."""
    split, year = shanxi_136.split(shanxi_136.Stay("2A", "county", yuan(30_000), yuan(3_000)), shanxi_136.Year())
    assert split == shanxi_136.Split(1_995_000, 153_750, 451_250, 255_000, 0, 145_000)
    assert shanxi_136.split(shanxi_136.Stay("2A", "county", yuan(30_000), 0), year)[0].person == 0


def test_shanxi_rounding_of_critical_illness_is_one_fen_apart() -> None:
    """Three stays of 1 fen each, the threshold met: 0.75 fen of each are 1, 1, 1; of the year they come to 0.75, 1.5
    and 2.25, so 1, 2 and 2: the third stay adds nothing."""
    stay = shanxi_136.Stay("2A", "county", 1, 0, registered=False)
    for rounded, third in ((shanxi_136.Fen.OF_THE_STAY, 1), (shanxi_136.Fen.OF_THE_YEAR, 0)):
        year = shanxi_136.Year(critical_base=yuan(10_000), pool=yuan(70_000))
        paid = []
        for _ in range(3):
            split, year = shanxi_136.split(stay, year, rounded=rounded)
            paid.append(split.critical)
        assert paid == [1, 1, third]


def test_shanxi_two_levels_in_a_year() -> None:
    """1,000 borne at county level: in the city 2,000 more up to its cap of 3,000, or 3,000 by a counter of its own."""
    year = shanxi_136.Year(stays=1, own={"county": yuan(1_000)}, critical=yuan(400_000), pool=yuan(70_000))
    stay = shanxi_136.Stay("2A", "city", yuan(5_000), 0)
    assert shanxi_136.split(stay, year)[0].person == yuan(2_000)
    assert shanxi_136.split(stay, year, shanxi_136.Meeting.SAME_LEVEL)[0].person == yuan(3_000)


def test_ziyang_heart_surgery() -> None:
    """四川日报 2017-03-27: 12,677.31 left, of which 10,141.85, then two halves of 1,267.73."""
    split = ziyang.split(ziyang.Stay(14_894_937, 582_135, 7_851_204, 2_971_137, 2_222_730))
    assert (split.supplement, split.assistance, split.person) == (1_014_185, 126_773, 126_773)


def test_quanzhou_order_of_admissions_and_place() -> None:
    """20,000 in a tertiary hospital: 10,560, 10,780, 11,000; elsewhere in the province 8,448, outside it 6,336."""
    year, paid = quanzhou.Year(), []
    for _ in range(3):
        split, year = quanzhou.split(quanzhou.Stay(3, "city", yuan(20_000), yuan(20_000)), year)
        paid.append(split.basic)
    assert paid == [1_056_000, 1_078_000, 1_100_000]
    away = [quanzhou.Stay(3, place, yuan(20_000), yuan(20_000)) for place in ("province", "outside")]
    assert [quanzhou.split(stay, quanzhou.Year())[0].basic for stay in away] == [844_800, 633_600]


@pytest.mark.parametrize(("before", "added"), [(7_000, 1_400), (8_000, 1_000), (9_200, 0)])
def test_fujian_double_ceiling(before: int, added: int) -> None:
    """County, 10,000 in the catalogue: at most 14 % more and 90 % in all."""
    assert quanzhou.stacked(quanzhou.Poor("county", yuan(10_000), yuan(before)))[0] == yuan(added)
