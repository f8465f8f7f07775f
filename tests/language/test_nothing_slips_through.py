"""What a careless caller or author may do, and must hear about: each of these once settled without a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from policyengine import Chain, Claim, ClaimError, History, Rulebook, RuleError, load, settle
from policyengine.assemble import read
from policyengine.check import findings
from policyengine.rulebook import locate
from tests.language.test_small_mends import HEAD, claim, plan

YEARLY = """
meters: {m: {counts: basic.paid, in: benefit_year}}
layers: [{id: basic, payer: pooled_fund, on: in_scope, cite: law}]
provisions:
  - {id: floor, layer: basic, deductible: 100元, cite: law}
  - {id: share, layer: basic, fund_share: 80%, cite: law}
  - {id: top, layer: basic, ceiling: 500元, meter: m, cite: law}
"""


@pytest.fixture
def book(tmp_path: Path) -> Rulebook:
    return plan(tmp_path, YEARLY)


def codes(caught: pytest.ExceptionInfo[ClaimError]) -> list[str]:
    return [d.code for d in caught.value.diagnostics]


def test_a_deductible_after_the_share_is_refused(tmp_path: Path) -> None:
    lines = YEARLY.splitlines()
    lines[4], lines[5] = lines[5], lines[4]
    with pytest.raises(RuleError, match="stands after the share"):
        plan(tmp_path, "\n".join(lines))


def test_two_shares_of_one_base_are_refused(tmp_path: Path) -> None:
    more = "  - {id: more, layer: basic, fund_share: 50%, cite: law}\n"
    with pytest.raises(RuleError, match="`share` and `more` both pay a share of the same base"):
        plan(tmp_path, YEARLY + more)


def test_two_shares_under_conditions_that_exclude_each_other_are_fine(tmp_path: Path) -> None:
    text = YEARLY.replace("fund_share: 80%,", "fund_share: 80%, when: retired,")
    more = "  - {id: more, layer: basic, fund_share: 50%, when: not retired, cite: law}\n"
    assert str(settle(plan(tmp_path, text + more), claim(1, "300.00")).split["pooled_fund"]) == "100.00"


def test_a_layer_that_never_pays_is_told(tmp_path: Path) -> None:
    plan(tmp_path, YEARLY.replace("  - {id: share, layer: basic, fund_share: 80%, cite: law}\n", ""))
    ruleset = read(locate(tmp_path / "plan"))
    assert "W416" in [d.code for d in findings(ruleset, load(tmp_path / "plan").programs)]


def history(book: Rulebook, **changes: object) -> History:
    data = settle(book, claim(1, "300.00")).history.model_dump(mode="json")
    return History.model_validate({**data, **changes})


def test_a_window_that_no_claim_can_reach_is_refused(book: Rulebook) -> None:
    rows = history(book).model_dump(mode="json")["accumulators"]
    with pytest.raises(ClaimError, match="no window `20018`") as caught:
        settle(book, claim(2, "1.00"), history(book, accumulators=[{**rows[0], "window": "20018"}]))
    assert codes(caught) == ["E556"]


def test_a_history_of_another_rule_set_is_refused(book: Rulebook) -> None:
    with pytest.raises(ClaimError, match="written by cn/elsewhere") as caught:
        settle(book, claim(2, "1.00"), history(book, ruleset="cn/elsewhere"))
    assert codes(caught) == ["E558"]
    assert settle(book, claim(2, "1.00"), history(book, ruleset=None)).total == 1


def test_a_history_of_another_person_is_refused(book: Rulebook) -> None:
    data = claim(2, "1.00").model_dump(mode="json")
    other = Claim.model_validate({**data, "person": {"id": "somebody"}})
    with pytest.raises(ClaimError, match="the accumulators are those of") as caught:
        settle(book, other, history(book))
    assert codes(caught) == ["E559"]
    assert "somebody" not in str(caught.value)


def test_a_claim_is_counted_once(book: Rulebook) -> None:
    first = settle(book, claim(1, "300.00"))
    with pytest.raises(ClaimError, match="counted already") as caught:
        settle(book, claim(1, "300.00"), first.history)
    assert codes(caught) == ["E564"]


@pytest.mark.parametrize("amount", ["1.00", "-1.00"])
def test_a_correction_alone_is_refused_and_nothing_else_is_said(book: Rulebook, amount: str) -> None:
    data = claim(2, "1.00").model_dump(mode="json")
    lines = [{**data["lines"][0], "amount": amount}]
    with pytest.raises(ClaimError) as caught:
        settle(book, Claim.model_validate({**data, "corrects": "c1", "lines": lines}))
    assert codes(caught) == ["E539"]


def test_behind_a_refused_claim_the_member_waits(book: Rulebook) -> None:
    chain = Chain(book)
    wrong = Claim.model_validate({**claim(1, "300.00").model_dump(mode="json"), "facts": {"ward": True}})
    with pytest.raises(ClaimError):
        chain.settle(wrong)
    with pytest.raises(ClaimError, match="c1 of this person was refused before") as caught:
        chain.settle(claim(2, "300.00"))
    assert codes(caught) == ["E565"]
    assert chain.settle(claim(1, "300.00")).total == 300
    assert chain.settle(claim(2, "300.00")).total == 300


def test_a_near_miss_of_a_declared_word_is_not_read_as_another_one(tmp_path: Path) -> None:
    text = "facts: {hospital_id: {values: {city_people_hospital: 双鸭山市人民医院}}}\n" + YEARLY.replace(
        "ceiling: 500元,", "ceiling: 500元, when: hospital_id == 双鸭山市人民医院,"
    )
    book = plan(tmp_path, text)
    for word in ("双鸭山人民医院", "City_people_hospital", "city_peoples_hospital"):
        with pytest.raises(ClaimError, match="is almost"):
            settle(book, claim(1, "1.00", hospital={"id": word}))
    for word in ("饶河县人民医院", "other", "h-17", "双鸭山市人民医院"):
        assert settle(book, claim(1, "1.00", hospital={"id": word})).total == 1


def test_what_the_lines_state_and_the_rules_do_not_read_is_told(book: Rulebook) -> None:
    data = claim(1, "300.00").model_dump(mode="json")
    data["lines"][0] |= {"price_limit": "10.00", "first_share_rate": "0.1", "catalogue_class": "b"}
    assert settle(book, Claim.model_validate(data)).unread == ("price_limit", "first_share_rate")
    assert settle(book, claim(1, "300.00")).unread == ()


@pytest.mark.parametrize("arguments", [({"id": "c"}, None), (None, {})])
def test_plain_data_is_answered_with_the_call_to_make(book: Rulebook, arguments: tuple[object, object]) -> None:
    given, counted = arguments
    with pytest.raises(TypeError, match="model_validate"):
        settle(book, given or claim(1, "1.00"), counted)  # type: ignore[arg-type]


def test_a_moved_copy_of_a_rule_set_has_the_same_digest(tmp_path: Path) -> None:
    for folder in ("here", "there"):
        file = tmp_path / folder / "plan" / "ruleset.yaml"
        file.parent.mkdir(parents=True)
        file.write_text(HEAD + YEARLY, encoding="utf-8")
    assert load(tmp_path / "here" / "plan").digest == load(tmp_path / "there" / "plan").digest


def test_a_file_with_an_impossible_name_inside_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_text(HEAD.replace("ruleset: plan", "ruleset: ../x") + YEARLY, encoding="utf-8")
    with pytest.raises(RuleError, match="not the name of a rule set"):
        load(file)
