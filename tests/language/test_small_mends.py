"""A scope by disease, a definition that comes later, a plain limit: what authors met and expect to work."""

from __future__ import annotations

from pathlib import Path

import pytest

from policyengine import Claim, ClaimError, RuleError, load, settle

HEAD = """ruleset: plan
title: 样例
valid: {from: 2016-01-01}
sources: {law: {title: 样例办法}}
parts: [own_expense, in_scope]
"""


def plan(folder: Path, text: str):
    file = folder / "plan" / "ruleset.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(HEAD + text, encoding="utf-8")
    return load(file)


def claim(number: int, amount: str, **encounter: object) -> Claim:
    return Claim.model_validate(
        {
            "id": f"c{number}",
            "person": {"id": "p"},
            "encounter": {"care_type": "inpatient", "discharge_date": f"2017-01-{number:02d}", **encounter},
            "lines": [{"category": "other", "catalogue_class": "a", "amount": amount}],
        }
    )


BY_DISEASE = """
facts: {disease: {values: {gastric_cancer: 胃癌, lung_cancer: 肺癌}}}
meters: {of_disease: {counts: basic.paid, in: lifetime, per: [person_id, disease]}}
layers: [{id: basic, payer: pooled_fund, on: in_scope, when: disease != none, cite: law}]
provisions:
  - {id: share, layer: basic, fund_share: 100%, cite: law}
  - {id: top, layer: basic, ceiling: 1000元, meter: of_disease, cite: law}
"""


def test_a_disease_is_one_scope_in_either_language(tmp_path: Path) -> None:
    book = plan(tmp_path, BY_DISEASE)
    first = settle(book, claim(1, "800.00", disease="胃癌"))
    second = settle(book, claim(2, "800.00", disease="gastric_cancer"), first.history)
    other = settle(book, claim(3, "800.00", disease="肺癌"), second.history)
    paid = [str(s.split["pooled_fund"]) for s in (first, second, other)]
    assert paid == ["800.00", "200.00", "800.00"]


LATER = """
meters: {m: {counts: extra, in: lifetime}}
layers: [{id: basic, payer: pooled_fund, on: in_scope, cite: law}]
provisions:
  - {id: share, layer: basic, fund_share: 50%, cite: law}
  - {id: extra, define: 5元, valid: {from: 2018-01-01}, cite: law}
  - {id: top, layer: basic, ceiling: 1000元, meter: m, cite: law}
"""


def test_a_definition_that_does_not_hold_yet_is_said_to_have_no_value(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="`extra` has no value on 2016-01-01"):
        plan(tmp_path, LATER)


LIMITED = """
layers: [{id: basic, payer: pooled_fund, on: in_scope, when: care_type == 住院, cite: law}]
provisions:
  - {id: share, layer: basic, fund_share: 97%, cite: law}
  - {id: poor, adjust: share, when: registered_poor, add: 5pp, cite: law}
  - {id: whole, adjust: share, at_most: 100%, cite: law}
"""


def test_a_plain_limit_satisfies_the_check_of_shares(tmp_path: Path) -> None:
    book = plan(tmp_path, LIMITED)
    poor = claim(1, "100.00").model_dump(mode="json")
    poor["person"]["tags"] = ["registered_poor"]
    assert str(settle(book, Claim.model_validate(poor)).split["pooled_fund"]) == "100.00"
    assert str(settle(book, claim(1, "100.00")).split["pooled_fund"]) == "97.00"


GAPS = """
facts: {ward: {type: flag, default: false}}
tables:
  t:
    keys: [ward, total_charge]
    columns: [off]
    rows: [[no, 0元.., 5元]]
    gaps: wards are not priced
    cite: law
layers: [{id: basic, payer: pooled_fund, on: in_scope, cite: law}]
provisions:
  - {id: floor, layer: basic, deductible: t.off, cite: law}
"""


def test_a_case_without_a_row_is_told_with_the_reason_of_the_gap(tmp_path: Path) -> None:
    data = claim(1, "12.50").model_dump(mode="json")
    data["facts"] = {"ward": True}
    with pytest.raises(ClaimError) as caught:
        settle(plan(tmp_path, GAPS), Claim.model_validate(data))
    found = caught.value.diagnostics[0]
    assert found.code == "E560"
    assert "ward = yes, total_charge = 12.50" in found.message
    assert found.hint == "wards are not priced"


ELSEWHERE = """
layers:
  - {id: earlier, payer: pooled_fund, on: in_scope, when: care_type == 住院, cite: law}
  - {id: rest, payer: supplement, on: in_scope, cite: law}
provisions:
  - {id: outside, classify: class == 丙, to: own_expense, cite: law}
  - {id: stated, layer: earlier, pay: elsewhere(pooled_fund), cite: law}
  - {id: half, layer: rest, fund_share: 50%, cite: law}
"""


def paid_elsewhere(amount: str, **encounter: object) -> Claim:
    data = claim(1, "500.00", **encounter).model_dump(mode="json")
    return Claim.model_validate({**data, "paid_elsewhere": [{"payer": "pooled_fund", "amount": amount}]})


def test_what_was_paid_elsewhere_is_taken_over_whole(tmp_path: Path) -> None:
    split = settle(plan(tmp_path, ELSEWHERE), paid_elsewhere("500.00")).split
    assert {k: str(v) for k, v in split.items()} == {"pooled_fund": "500.00", "supplement": "0.00", "patient": "0.00"}


def test_more_than_the_bill_paid_elsewhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ClaimError, match=r"700\.00 were paid elsewhere by pooled_fund, of which only 500\.00 fit"):
        settle(plan(tmp_path, ELSEWHERE), paid_elsewhere("700.00"))


def test_a_payment_elsewhere_that_no_layer_takes_over_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ClaimError, match=r"of which only 0\.00 fit"):
        settle(plan(tmp_path, ELSEWHERE), paid_elsewhere("100.00", care_type="outpatient"))


ROUNDED = """
meters: {m: {counts: half, in: benefit_year}}
layers: [{id: basic, payer: pooled_fund, on: in_scope, cite: law}]
provisions:
  - {id: share, layer: basic, fund_share: 50%, cite: law}
  - {id: half, define: round(50% of in_scope), cite: law}
  - {id: top, layer: basic, ceiling: 10元, meter: m, cite: law}
"""


def test_an_exact_amount_is_rounded_where_the_file_says_so(tmp_path: Path) -> None:
    settlement = settle(plan(tmp_path, ROUNDED), claim(1, "0.05"))
    assert str(settlement.amount("half")) == "0.03"


NAMED_CONDITION = """
layers: [{id: basic, payer: pooled_fund, on: in_scope, cite: law}]
provisions:
  - {id: low, define: tier == 乡镇级, cite: law}
  - {id: share_low, layer: basic, fund_share: 90%, when: low, cite: law}
  - {id: share_high, layer: basic, fund_share: 60%, when: not low, cite: law}
"""


def test_a_condition_that_is_the_name_of_a_definition_excludes_its_negation(tmp_path: Path) -> None:
    """90 % and 60 % of 1,000, never both."""
    book = plan(tmp_path, NAMED_CONDITION)
    for tier, paid in (("township", "900.00"), ("county", "600.00")):
        assert str(settle(book, claim(1, "1000.00", hospital={"tier": tier})).split["pooled_fund"]) == paid


def test_a_condition_that_is_the_name_of_a_definition_does_not_exclude_another(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="`share_low` and `share_high` both pay a share"):
        plan(tmp_path, NAMED_CONDITION.replace("when: not low", "when: tier != 县级"))


COVERED_ONLY = """
covers: care_type == 门诊
layers: [{id: basic, payer: pooled_fund, on: in_scope, cite: law}]
provisions:
  - {id: share_stay, layer: basic, fund_share: 90%, when: care_type == 住院, cite: law}
  - {id: share, layer: basic, fund_share: 60%, cite: law}
"""


def test_two_shares_that_no_covered_claim_meets_together_are_no_fault(tmp_path: Path) -> None:
    """A file that narrows what its parent covers keeps the parent's share for stays."""
    book = plan(tmp_path, COVERED_ONLY)
    assert str(settle(book, claim(1, "1000.00", care_type="outpatient")).split["pooled_fund"]) == "600.00"
    with pytest.raises(RuleError, match="`share_stay` and `share` both pay a share"):
        plan(tmp_path, COVERED_ONLY.replace("covers: care_type == 门诊", "covers: care_type in [住院, 门诊]"))
