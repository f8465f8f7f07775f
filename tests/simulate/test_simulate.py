"""A handful of claims, added up by hand; what a reform changes, for whom; the same digest however it is worked out."""

from __future__ import annotations

from typing import Any

import pytest

from policyengine import ClaimError
from policyengine.backends.kernel import Status
from policyengine.simulate import Question, Simulation, simulate_claims
from tests.simulate.town import CLAIMS, COLUMNS, book, table

# By hand, in fen. The fund pays, of what is above 100元: a 60 % of 1,000元; b 60 % of 1,000元, of which the ceiling of
# 1,000元 leaves 400元; c 50 % of 200元; d nothing; f, in another year, 60 % of 100元.
FUND = {"a": 60_000, "b": 40_000, "c": 10_000, "d": 0, "f": 6_000}


def simulated(*reforms: str, claims: Any = None, **asked: Any) -> Simulation:
    names = ("group_by", "budget", "fail_if")
    question = Question(**{name: asked.pop(name) for name in names if name in asked})
    books = [book(name) for name in reforms]
    return simulate_claims(
        book(), table() if claims is None else claims, question, reforms=books, columns=COLUMNS, **asked
    )


def test_totals_by_hand() -> None:
    total = simulated().baseline.total
    assert total.amounts["bill"] == 110_000 + 110_000 + 30_000 + 5_000 + 20_000
    assert total.amounts["pooled_fund"] == sum(FUND.values()) == 116_000
    assert total.amounts["patient_total"] == 275_000 - 116_000
    assert (total.claims, total.settled) == (8, 5)
    assert total.statuses[Status.NO_ROW] == total.statuses[Status.BAD] == total.statuses[Status.WAITING] == 1


def test_groups_by_hand() -> None:
    found = simulated(group_by=("registered_poor", "year")).baseline.cells
    assert found["yes", "2020"].amounts["pooled_fund"] == 100_000, "a, b and d"
    assert found["no", "2020"].amounts["pooled_fund"] == 10_000, "c"
    assert found["no", "2021"].amounts["pooled_fund"] == 6_000, "f"
    assert found["no", "2020"].claims == 3, "c, e and h"
    assert found["", ""].statuses[Status.BAD] == 1, "of g, whose data are bad, nothing is known"


def test_the_patients_share_by_hand() -> None:
    """a 500 of 1,100 (45 %), b 700 of 1,100 (64 %), c 200 of 300 (67 %), d 50 of 50 (100 %), f 140 of 200 (70 %)."""
    total = simulated().baseline.total
    assert total.shares == [0, 0, 0, 0, 0, 1, 0, 3, 0, 0, 1, 0], "64 to 70 % are three"
    assert total.borne[:3] == [0, 4, 1], "up to 500元 four, of which a is at the edge; b above"


def test_a_higher_ceiling_by_hand() -> None:
    """The ceiling of 1,500元 leaves b its 600元: 200元 more, for p1 alone."""
    reform = simulated("higher_ceiling", group_by=("registered_poor",)).reforms[0]
    assert reform.outcome.total.amounts["pooled_fund"] == 116_000 + 20_000
    assert (reform.changed, reform.gained, reform.lost) == (1, 0, 0)
    everybody = reform.everybody
    assert (everybody.compared, everybody.losers.count) == (4, 0), "p1 to p4"
    assert (everybody.winners.count, everybody.winners.total, everybody.winners.largest) == (1, 20_000, 20_000)
    assert reform.people["yes",].winners.count == 1
    assert reform.claims["no",].winners.count == 0


def test_what_one_claim_loses_another_of_the_same_person_can_win() -> None:
    """A deductible of 200元: of a the fund pays 540元, which leaves b 460元 of the ceiling; of c it pays 50元 instead
    of 100元, of f nothing instead of 60元."""
    reform = simulated("higher_deductible").reforms[0]
    assert reform.outcome.total.amounts["pooled_fund"] == 54_000 + 46_000 + 5_000
    claims, people = reform.claims[()], reform.everybody
    assert (claims.losers.count, claims.losers.total, claims.losers.largest) == (3, 17_000, 6_000), "a, c and f"
    assert (claims.winners.count, claims.winners.total) == (1, 6_000), "b"
    assert (people.losers.count, people.losers.total, people.losers.mean) == (2, 11_000, 5_500), "p2 and p4; p1 is even"
    assert people.winners.count == 0


def test_a_reform_without_effect_changes_no_claim() -> None:
    found = simulated("no_effect")
    assert found.reforms[0].changed == 0
    assert found.reforms[0].outcome.digest == found.baseline.digest
    assert found.reforms[0].outcome.rules != found.baseline.rules, "the files are others all the same"


@pytest.mark.parametrize(
    ("condition", "failed", "worst", "cases"),
    [
        ("registered_poor: patient_total increases per claim", 1, 6_000, ["a"]),
        ("registered_poor: patient_total increases", 0, 0, []),
        ("patient_total increases", 2, 6_000, ["f", "c"]),
        ("patient_total increases by more than 50元", 1, 6_000, ["f"]),
        ("not registered_poor, tier=city: patient_total increases", 1, 5_000, ["c"]),
        ("pooled_fund decreases by more than 110元 in total", 0, 11_000, []),
        ("pooled_fund decreases by more than 109.99 in total", 1, 11_000, ["f", "c", "a"]),
        ("建档立卡贫困人口: 个人负担 增加 每笔", 1, 6_000, ["a"]),
        ("year=2021: 统筹基金 减少 超过59.99元 每人", 1, 6_000, ["f"]),
    ],
)
def test_conditions(condition: str, failed: int, worst: int, cases: list[str]) -> None:
    judged = simulated("higher_deductible", fail_if=(condition,)).reforms[0].judged[0]
    assert (judged.failed, judged.worst, [case.claim for case in judged.cases]) == (failed, worst, cases)


def test_the_same_digest_for_any_number_of_threads_and_batches() -> None:
    rows = [(f"{id_}{n}", f"{person}-{n}", *rest) for n in range(100, 140) for id_, person, *rest in CLAIMS]
    claims = table(sorted(rows, key=lambda row: (row[1], row[5])))
    found = [
        simulated(
            "higher_deductible",
            claims=claims,
            threads=threads,
            size=size,
            group_by=("tier",),
            fail_if=("bill increases",),
        )
        for threads, size in ((1, 1000), (1, 7), (2, 7), (3, 64))
    ]
    assert found[0].claims == 320
    for other in found[1:]:
        assert other.baseline == found[0].baseline
        assert other.reforms == found[0].reforms
        assert other.refused == found[0].refused


@pytest.mark.parametrize(
    ("code", "asked"),
    [
        ("E740", {"group_by": ("person_id",)}),
        ("E741", {"group_by": ("colour",)}),
        ("E741", {"group_by": ("scheme",)}),
        ("E742", {"budget": {"hospitals": "5"}}),
        ("E742", {"budget": {"pooled_fund": "many"}}),
        ("E742", {"fail_if": ("hospitals increases",)}),
        ("E744", {"fail_if": ("patient_total goes up",)}),
        ("E744", {"fail_if": ("patient_total increases by more than 5 pounds",)}),
        ("E744", {"fail_if": ("a b: patient_total increases",)}),
    ],
)
def test_questions_that_cannot_be_answered(code: str, asked: dict[str, Any]) -> None:
    with pytest.raises(ClaimError) as raised:
        simulated("higher_ceiling", **asked)
    assert raised.value.diagnostics[0].code == code


def test_a_condition_needs_a_reform() -> None:
    with pytest.raises(ClaimError, match="E744"):
        simulated(fail_if=("patient_total increases",))
