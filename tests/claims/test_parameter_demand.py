"""A parameter that the caller must give is asked for where the rules read it for the claim, and nowhere else."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest

from policyengine import Chain, Claim, ClaimError, Rulebook, load, settle, settle_many
from policyengine.generate import claims, draw_parameters
from policyengine.questions import bounds, why_not

HEAD = """\
ruleset: plan
facts:
  signed: {type: flag, default: false}
parameters:
  chronic_share: {type: rate, low: 0%, high: 100%, assumed: the county sets it}
  deductible_county: {type: money, low: 100元, high: 900元}
parts: [in_scope]
layers:
  - {id: basic, payer: pooled_fund, on: in_scope, when: care_type == 住院}
  - {id: chronic, payer: pooled_fund, on: in_scope, when: care_type == 门诊慢特病}
provisions:
  - {id: start, layer: basic, deductible: 0元 if tier == 乡镇级 else deductible_county}
  - {id: share, layer: basic, fund_share: 70%}
  - {id: share_chronic, layer: chronic, fund_share: chronic_share}
"""


@pytest.fixture
def book(tmp_path: Path) -> Rulebook:
    return plan(tmp_path, HEAD)


def plan(folder: Path, text: str) -> Rulebook:
    file = folder / "plan" / "ruleset.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return load(file)


def claim(care: str = "inpatient", tier: str = "township", **other: Any) -> Claim:
    stay = {"care_type": care, "discharge_date": "2024-03-09", "hospital": {"tier": tier}}
    line = {"category": "western_drug", "amount": "1000.00"}
    return Claim.model_validate({"id": "c1", "person": {"id": "p1"}, "encounter": stay, "lines": [line]} | other)


def asked(book: Rulebook, given: Claim, **parameters: str) -> list[str]:
    """The parameters that the refusal names; none for a claim that is settled."""
    try:
        settle(book, given, parameters=parameters)
    except ClaimError as error:
        return [d.field for d in error.diagnostics if d.code == "E540"]
    return []


def paid(book: Rulebook, given: Claim, **parameters: str) -> str:
    return str(settle(book, given, parameters=parameters).split["pooled_fund"])


def test_a_parameter_of_a_layer_that_is_off_is_not_asked_for(book: Rulebook) -> None:
    """70 % of 1,000 – 200: 560."""
    assert asked(book, claim(tier="county"), deductible_county="200.00") == []
    assert paid(book, claim(tier="county"), deductible_county="200.00") == "560.00"
    assert asked(book, claim("chronic_outpatient"), deductible_county="200.00") == ["chronic_share"]


def test_a_parameter_in_the_branch_that_is_not_taken_is_not_asked_for(book: Rulebook) -> None:
    assert paid(book, claim()) == "700.00"
    assert asked(book, claim(tier="county")) == ["deductible_county"]


def test_a_claim_is_asked_only_for_what_it_lacks(book: Rulebook) -> None:
    """40 % of 1,000."""
    assert paid(book, claim("chronic_outpatient"), chronic_share="40%") == "400.00"


def test_the_reason_is_told(book: Rulebook) -> None:
    with pytest.raises(ClaimError, match="the county sets it"):
        settle(book, claim("chronic_outpatient"))


def test_a_run_stops_at_the_claim_that_needs_it(book: Rulebook) -> None:
    second = claim("chronic_outpatient", id="c2")
    found = settle_many(book, [claim(), second])
    assert str(next(found).split["pooled_fund"]) == "700.00"
    with pytest.raises(ClaimError, match="chronic_share"):
        next(found)
    chain = Chain(book)
    chain.settle(claim())
    with pytest.raises(ClaimError, match="chronic_share"):
        chain.settle(second)
    with pytest.raises(ClaimError, match="was refused before"):
        chain.settle(claim(id="c3"))


def test_behind_a_history_both_branches_are_read(tmp_path: Path) -> None:
    text = HEAD.replace("when: care_type == 门诊慢特病", "when: used(visits) >= 1")
    book = plan(tmp_path, text + "meters:\n  visits: {counts: 1, in: calendar_year}\n")
    assert asked(book, claim()) == ["chronic_share"]


def test_why_not_tells_no_change_that_needs_a_parameter_nobody_gave(book: Rulebook) -> None:
    """Had the care been 门诊慢特病, a share that nobody stated would rule: no amount is told of it."""
    given = {"deductible_county": "200.00", "chronic_share": "90%"}
    whole = why_not(settle(book, claim(tier="county"), parameters=given))
    told = [change for change in whole.changes if dict(change.facts).keys() == {"care_type"}]
    assert [change.gain for change in told] == [90000 - 56000]
    del given["chronic_share"]
    lacking = why_not(settle(book, claim(tier="county"), parameters=given))
    assert [change for change in lacking.changes if "care_type" in dict(change.facts)] == []
    assert [change.gain for change in lacking.changes] == [
        change.gain for change in whole.changes if change not in told
    ]


def test_bounds_ask_for_what_an_unknown_fact_may_need(book: Rulebook) -> None:
    unknown = {"care_type": "inpatient", "discharge_date": "2024-03-09", "hospital": {}}
    given = claim(encounter=unknown, unknown=["tier"])
    with pytest.raises(ClaimError, match="deductible_county"):
        bounds(book, given)
    found = bounds(book, given, parameters={"deductible_county": "200.00"})
    assert (str(found.payable.low), str(found.payable.high)) == ("560.00", "700.00")


@pytest.mark.parametrize(
    "name",
    [
        "cn/chongqing/zhongxian", "cn/fujian/quanzhou/assistance", "cn/yunnan",
    ],
)  # fmt: skip
def test_a_claim_that_is_taken_without_a_parameter_settles_as_with_it(name: str) -> None:
    """Whatever parameter is left out: it is asked for, or the settlement is the same to the last step."""
    book, taken, refused = load(name), 0, 0
    given = {k: v for program in book.programs for k, v in draw_parameters(program, Random(3)).items()}
    for one in claims(book, seed=11, count=12):
        expected = outcome(book, one, given)
        for left_out in given if not isinstance(expected, frozenset) else ():
            found = outcome(book, one, {k: v for k, v in given.items() if k != left_out})
            if isinstance(found, frozenset):
                assert found == {("E540", left_out)}
                refused += 1
            else:
                assert found == expected, left_out
                taken += 1
    assert taken
    assert refused


def outcome(book: Rulebook, given: Claim, parameters: Any) -> Any:
    """What a claim comes to, or with which codes and fields it is refused."""
    try:
        done = settle(book, given, parameters=parameters)
    except ClaimError as error:
        return frozenset((d.code, d.field) for d in error.diagnostics)
    return dict(done.split), dict(done.patient), done.trace
