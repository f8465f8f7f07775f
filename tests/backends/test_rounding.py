"""Every rounding mode on both sides of every tie, positive and negative, in all back ends."""

from fractions import Fraction

import pytest

from policyengine import ir
from policyengine.ir import InputDecl
from policyengine.money import MODES
from tests.backends.support import outcomes, program

# halves, written out:   -2.5 -1.5 -0.5  0.5  1.5  2.5
TIES = {
    "half_up":          [-3, -2, -1, 1, 2, 3],
    "half_down":        [-2, -1, 0, 0, 1, 2],
    "half_even":        [-2, -2, 0, 0, 2, 2],
    "up":               [-3, -2, -1, 1, 2, 3],
    "down":             [-2, -1, 0, 0, 1, 2],
}  # fmt: skip

# thirds, written out:   -5/3 -4/3 -1 -2/3 -1/3 0 1/3 2/3 1 4/3 5/3
THIRDS = {
    "half_up":          [-2, -1, -1, -1, 0, 0, 0, 1, 1, 1, 2],
    "half_down":        [-2, -1, -1, -1, 0, 0, 0, 1, 1, 1, 2],
    "half_even":        [-2, -1, -1, -1, 0, 0, 0, 1, 1, 1, 2],
    "up":               [-2, -2, -1, -1, -1, 0, 1, 1, 1, 2, 2],
    "down":             [-1, -1, -1, 0, 0, 0, 0, 0, 1, 1, 1],
}  # fmt: skip

AMOUNT = ir.Input("amount", "money")
SIGNED = [InputDecl("amount", "money", low=-(10**11))]
POSITIVE = [InputDecl("amount", "money")]


def rounded(amounts: list[int], rate: Fraction, mode: str, unit: int, declared: list[InputDecl]) -> list[object]:
    prog = program(ir.rounded(ir.scale(AMOUNT, ir.rate(rate)), mode, unit), inputs=declared)
    return [found["s0"] for found in outcomes(prog, [({"amount": a}, [], {}) for a in amounts])]


@pytest.mark.parametrize("mode", MODES)
def test_ties(mode: str) -> None:
    assert rounded([-5, -3, -1, 1, 3, 5], Fraction(1, 2), mode, 1, SIGNED) == TIES[mode]
    assert rounded([1, 3, 5], Fraction(1, 2), mode, 1, POSITIVE) == TIES[mode][3:]


@pytest.mark.parametrize("mode", MODES)
def test_thirds_never_tie(mode: str) -> None:
    assert rounded(list(range(-5, 6)), Fraction(1, 3), mode, 1, SIGNED) == THIRDS[mode]
    assert rounded(list(range(6)), Fraction(1, 3), mode, 1, POSITIVE) == THIRDS[mode][5:]


@pytest.mark.parametrize("mode", MODES)
def test_ties_of_a_unit_of_one_yuan(mode: str) -> None:
    """12.50 yuan and its neighbours, to whole yuan; -0.50 yuan and its neighbours."""
    near = {"half_up": [1200, 1300, 1300], "half_down": [1200, 1200, 1300], "half_even": [1200, 1200, 1300],
            "up": [1300, 1300, 1300], "down": [1200, 1200, 1200]}[mode]  # fmt: skip
    below = {"half_up": [0, -100, -100], "half_down": [0, 0, -100], "half_even": [0, 0, -100],
             "up": [-100, -100, -100], "down": [0, 0, 0]}[mode]  # fmt: skip
    assert rounded([12_490, 12_500, 12_510], Fraction(1, 10), mode, 100, SIGNED) == near
    assert rounded([-490, -500, -510], Fraction(1, 10), mode, 100, SIGNED) == below


def test_started_hundreds_of_a_count() -> None:
    """ "Each started hundred" is a count rounded up to a multiple of 100."""
    prog = program(ir.rounded(ir.Input("points", "count"), "up", 100), inputs=[InputDecl("points", "count")])
    found = outcomes(prog, [({"points": p}, [], {}) for p in (0, 1, 100, 101)])
    assert [f["s0"] for f in found] == [0, 100, 100, 200]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("unit", [1, 7, 10])
@pytest.mark.parametrize("rate", [Fraction(1, 2), Fraction(7, 10), Fraction(1, 3), Fraction(5, 8), Fraction(3)])
def test_against_the_definition(mode: str, unit: int, rate: Fraction) -> None:
    """The result is a multiple of the unit, on the right side, and the nearest one where the mode says so."""
    amounts = list(range(-60, 61))
    for amount, result in zip(amounts, rounded(amounts, rate, mode, unit, SIGNED), strict=True):
        exact = amount * rate
        off = abs(result - exact)
        assert result % unit == 0
        if mode == "up":
            assert abs(result) >= abs(exact)
            assert off < unit
        elif mode == "down":
            assert abs(result) <= abs(exact)
            assert off < unit
        elif 2 * off == unit:
            farther = abs(result) > abs(exact)
            assert (
                farther == {"half_up": True, "half_down": False, "half_even": result // unit % 2 == 0 and farther}[mode]
            )
            assert mode != "half_even" or result // unit % 2 == 0
        else:
            assert 2 * off < unit
