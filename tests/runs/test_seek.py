"""The highest affordable value: against brute force on small populations, at the ends, on grids, for each kind."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest

from policyengine import Affordable, ClaimError, Rulebook, RunRow, highest_affordable, run_claims
from tests.runs.support import YEAR, book, row


def sought(rules: Rulebook, rows: list[RunRow], surplus: object, **more: Any) -> Affordable:
    return highest_affordable(rules, run_claims(rules, rows), more.pop("parameter", "second_share"), surplus, **more)


def population(seed: int) -> tuple[list[RunRow], list[int]]:
    """Members with what they bore in fen; some are not poor, so excluded."""
    rng = Random(seed)
    rows, poor = [], []
    for number in range(rng.randrange(1, 9)):
        own, tags = rng.choice((1, 7, 999, 58250, rng.randrange(10**6))), rng.choice(([], ["registered_poor"]))
        text = f"{own // 100}.{own % 100:02d}"
        rows.append(row(f"s{number}", text, person={"id": f"p{number}", "tags": tags}))
        poor += [own] if tags else []
    return rows, poor


def paid(poor: list[int], millionths: int) -> int:
    """What YEAR pays by hand: the share of each, rounded half up to the fen, at most 100 yuan."""
    return sum(min(10_000, (2 * own * millionths + 10**6) // (2 * 10**6)) for own in poor)


@pytest.mark.parametrize("seed", range(12))
def test_no_higher_value_on_the_grid_is_affordable(tmp_path: Path, seed: int) -> None:
    rows, poor = population(seed)
    surplus = Random(seed).randrange(paid(poor, 100_000) + 1)
    grid = [k for k in range(50_000, 100_001, 100) if paid(poor, k) <= surplus]
    found = sought(book(tmp_path), rows, f"{surplus // 100}.{surplus % 100:02d}", grain="0.01%")
    assert found.lowest.spent == paid(poor, 50_000)
    if not grid:
        assert (found.found, found.above, found.result) == (None, None, None)
        return
    assert found.found is not None
    assert Fraction(found.found.value.rstrip("%")) * 10_000 == grid[-1]
    assert found.found.spent == paid(poor, grid[-1]) <= surplus
    assert (found.above is None) == (grid[-1] == 100_000)
    if found.above is not None:
        assert found.above.spent == paid(poor, grid[-1] + 100) > surplus


@pytest.mark.parametrize("seed", range(12, 18))
def test_to_the_millionth(tmp_path: Path, seed: int) -> None:
    rows, poor = population(seed)
    surplus = (paid(poor, 50_000) + paid(poor, 100_000)) // 2
    found = sought(book(tmp_path), rows, f"{surplus // 100}.{surplus % 100:02d}")
    assert found.found is not None
    at = int(Fraction(found.found.value.rstrip("%")) * 10_000)
    assert paid(poor, at) == found.found.spent <= surplus
    if at < 100_000:
        assert found.above is not None
        assert paid(poor, at + 1) == found.above.spent > surplus
    assert found.result is not None
    assert found.result.spent() == found.found.spent


def test_nobody_to_pay_affords_the_highest(tmp_path: Path) -> None:
    found = sought(book(tmp_path), [row(person={"tags": []})], "0")
    assert found.found is not None
    assert (found.found.value, found.found.spent, found.above) == ("10%", 0, None)


def test_one_payer_is_held_against_the_surplus(tmp_path: Path) -> None:
    text = YEAR.replace(
        "provisions:", "provisions:\n  - {id: half, layer: second, split: {pooled_fund: 50%, other_fund: 50%}}"
    )
    rules, rows = book(tmp_path, text), [row(own="1000.00")]
    whole, half = (
        sought(rules, rows, "45.00", grain="0.1%"),
        sought(rules, rows, "45.00", grain="0.1%", payer="other_fund"),
    )
    assert whole.found is None
    assert half.found is not None
    assert (half.found.value, half.found.spent) == ("9%", 4500)


def test_amounts_and_counts_are_sought_too(tmp_path: Path) -> None:
    text = YEAR.replace("{type: rate, low: 5%, high: 10%}", "{type: money, low: 0元, high: 90元}").replace(
        "fund_share: second_share", "pay: second_share"
    )
    rows = [row(f"s{n}", person={"id": f"p{n}"}) for n in range(3)]
    found = sought(book(tmp_path, text), rows, "100.00")
    assert found.found is not None
    assert (found.found.value, found.found.spent) == ("33.33", 9999)
    counted = text.replace("{type: money, low: 0元, high: 90元}", "{type: count, low: 1, high: 9}").replace(
        "pay: second_share", "pay: 7元 * second_share"
    )
    found = sought(book(tmp_path, counted), rows, "100.00")
    assert found.found is not None
    assert (found.found.value, found.found.spent) == ("4", 8400)


def test_a_payment_that_falls_is_refused(tmp_path: Path) -> None:
    text = YEAR.replace("fund_share: second_share", "fund_share: 10% - second_share")
    with pytest.raises(ClaimError, match="E663"):
        sought(book(tmp_path, text), [row()], "20.00")


@pytest.mark.parametrize(
    ("changes", "code", "message"),
    [
        ({"parameter": "second_rate"}, "E661", "no parameter `second_rate`"),
        ({"payer": "insurer"}, "E662", "no payer `insurer`"),
        ({"surplus": "12万"}, "E664", "surplus"),
        ({"surplus": "-1"}, "E664", "a surplus below zero"),
        ({"surplus": 1.5}, "E664", "a float is not exact"),
        ({"grain": "0%"}, "E664", "a grain of nothing"),
        ({"grain": "0.00001%"}, "E664", "grain"),
        ({"grain": "30%"}, "E664", "no multiple of 30% lies within 5% to 10%"),
    ],
)
def test_what_cannot_be_sought(tmp_path: Path, changes: dict[str, Any], code: str, message: str) -> None:
    more = {"surplus": "100.00", **changes}
    with pytest.raises(ClaimError) as caught:
        sought(book(tmp_path), [row()], more.pop("surplus"), **more)
    (found,) = caught.value.diagnostics
    assert found.code == code
    assert message in found.message


def test_a_flag_has_no_highest_value(tmp_path: Path) -> None:
    text = YEAR.replace("{type: rate, low: 5%, high: 10%}", "{type: flag}").replace(
        "fund_share: second_share", "fund_share: 10% if second_share else 5%"
    )
    with pytest.raises(ClaimError, match="E661"):
        sought(book(tmp_path, text), [row()], "100.00")
