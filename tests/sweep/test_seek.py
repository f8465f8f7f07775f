"""The value that meets a budget, to the fen, and the proof that the next one does not."""

from __future__ import annotations

import pytest

from policyengine.errors import RuleError
from policyengine.sweep import Found, lever_at, seek_claims, seek_range, target_of
from tests.sweep.village import RULES, reading, written

TURNS = RULES.replace("fund_share: base.share", "fund_share: 'max(turn, 100% - turn)'").replace(
    "parameters:", "parameters:\n  turn: {values: [{value: 60%}]}"
)


def sought(move: str, target: str, text: str = RULES, step: str = "") -> Found:
    book, ruleset = written(text)
    address, _, values = move.rpartition("=")
    axis = seek_range(lever_at(ruleset, address), values, step)
    return seek_claims(book, ruleset, axis, target_of(book, target), reading())


def test_a_ceiling_within_a_budget() -> None:
    """The fund pays the ceiling and 160 yuan, as long as the ceiling is below 1,200."""
    found = sought("top=200:1500", "pooled_fund <= 1000")
    assert (found.axis.text(found.at), found.axis.text(found.beyond)) == ("840元", "840.01元")
    assert (found.totals[found.at], found.totals[found.beyond]) == (100_000, 100_001)
    assert found.passes <= 5


def test_a_total_that_falls() -> None:
    """With a deductible D between 50 and 200 the fund pays 1000 + (300 − D) × 50 % + (200 − D) × 60 %."""
    found = sought("start=60:190", "统筹基金 ≤ 1,100")
    assert (found.axis.text(found.at), found.totals[found.at]) == ("154.55元", 110_000), "1000 + 72.73 + 27.27"
    assert (found.axis.text(found.beyond), found.totals[found.beyond]) == ("154.54元", 110_001), "1000 + 72.73 + 27.28"


@pytest.mark.parametrize(
    ("target", "at", "beyond"),
    [("pooled_fund < 1000", "839.99元", "840元"), ("pooled_fund >= 1000", "840元", "839.99元"),
     ("pooled_fund > 1000", "840.01元", "840元"), ("patient_total >= 1750", "840元", "840.01元")],
)  # fmt: skip
def test_relations(target: str, at: str, beyond: str) -> None:
    found = sought("top=200:1500", target)
    assert (found.axis.text(found.at), found.axis.text(found.beyond)) == (at, beyond)


def test_a_rate_to_the_basis_point_and_steps_of_ones_own() -> None:
    """Of the city the fund pays the share of 200 yuan, beside 1,060."""
    found = sought("base.share[市级]=10%:90%", "pooled_fund <= 1133.33")
    assert (found.axis.text(found.at), found.axis.text(found.beyond)) == ("36.66%", "36.67%")
    assert sought("top=200:1500", "pooled_fund <= 1050", step="100元").at == 80_000


def test_a_total_that_turns_is_refused() -> None:
    """The greater of a share and its rest is least in the middle."""
    with pytest.raises(RuleError) as error:
        sought("turn=10%:80%", "pooled_fund <= 1100", TURNS)
    assert error.value.diagnostics[0].code == "E765"
    assert "rises over" in str(error.value) or "falls over" in str(error.value)


@pytest.mark.parametrize("budget", [100, 9000])
def test_no_value_is_the_last(budget: int) -> None:
    with pytest.raises(RuleError, match=r"360\.00 at 200元 and 1360\.00 at 1500元") as error:
        sought("top=200:1500", f"pooled_fund <= {budget}")
    assert error.value.diagnostics[0].code == "E766"


@pytest.mark.parametrize("target", ["pooled_fund = 3", "pooled_fund <=", "<= 3", "pool <= 3", "pooled_fund <= 0.001"])
def test_targets_that_cannot_be_read(target: str) -> None:
    with pytest.raises(RuleError) as error:
        target_of(written()[0], target)
    assert error.value.diagnostics[0].code == "E764"
