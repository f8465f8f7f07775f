"""Which rule sets settle at all, and whose claims: `status:` and `covers:`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from policyengine import Claim, ClaimError, RuleError, load, settle, verify
from policyengine.assemble import read
from policyengine.casebook import find_cases, read_cases, run_case
from policyengine.chain import Chain, settle_many
from policyengine.generate import claims
from policyengine.rulebook import Rulebook, locate

PLAN = """ruleset: plan
parts: [in_scope]
layers:
  - {id: basic, payer: pooled_fund, on: in_scope, assumed: made up}
provisions:
  - {id: share, layer: basic, fund_share: 50%, assumed: made up}
"""

CASE = """cases:
  - id: half
    source: by hand
    claims:
      - claim:
          id: c1
          person: {id: p1}
          encounter: {care_type: inpatient, discharge_date: 2024-03-05}
          lines: [{category: surgery, amount: 100.00}]
        expect: {split: {pooled_fund: 50.00, patient: 50.00}}
"""


def write(root: Path, name: str, text: str) -> Path:
    (root / name).mkdir(parents=True, exist_ok=True)
    (root / name / "ruleset.yaml").write_text(text.replace("ruleset: plan", f"ruleset: {name}"), encoding="utf-8")
    return root / name


@pytest.fixture
def plan(tmp_path: Path) -> Callable[[str], Rulebook]:
    return lambda more: load(write(tmp_path, "plan", PLAN + more))


def claim(**person: Any) -> Claim:
    encounter = {"care_type": "inpatient", "discharge_date": "2024-03-05"}
    lines = [{"category": "surgery", "amount": "100.00"}]
    return Claim.model_validate({"id": "c1", "person": {"id": "p1", **person}, "encounter": encounter, "lines": lines})


def refusal(action: Callable[[], object], error: type[Exception]) -> str:
    with pytest.raises(error) as caught:
        action()
    return str(caught.value)


# -- status -----------------------------------------------------------------------------------------------------------


def test_a_draft_settles_only_where_that_is_asked_for(plan: Callable[[str], Rulebook]) -> None:
    book = plan("status: draft\n")
    for refused in (lambda: settle(book, claim()), lambda: list(settle_many(book, [claim()])), lambda: Chain(book)):
        said = refusal(refused, RuleError)
        assert said.startswith("plan/ruleset.yaml:7:9: error[E543]")
        assert "7 | status: draft\n   |         ^^^^^" in said
    assert str(settle(book, claim(), allow_draft=True).split["pooled_fund"]) == "50.00"
    assert [str(s.split["patient"]) for s in settle_many(book, [claim()], allow_draft=True)] == ["50.00"]


def test_a_repealed_rule_set_settles_nothing(plan: Callable[[str], Rulebook]) -> None:
    book = plan("status: repealed\n")
    assert "error[E544]" in refusal(lambda: settle(book, claim(), allow_draft=True), RuleError)


@pytest.mark.parametrize("status", ["draft", "repealed"])
def test_cases_run_whatever_the_status(status: str, tmp_path: Path) -> None:
    folder = write(tmp_path, "plan", PLAN + f"status: {status}\n")
    (folder / "cases").mkdir()
    (folder / "cases" / "half.yaml").write_text(CASE, encoding="utf-8")
    book = load(folder)
    outcomes = [run_case(book, case) for path in find_cases(str(folder)) for case in read_cases(path)]
    assert [outcome.passed for outcome in outcomes] == [True]
    assert book.status == status, "running the cases changes nothing"


def test_a_receipt_outlives_the_rules(plan: Callable[[str], Rulebook]) -> None:
    """The content of the file differs by one line, and that is what differs: not the figures."""
    receipt = settle(plan(""), claim()).receipt()
    assert verify(receipt, plan(""), claim()) == ()
    assert {d.field for d in verify(receipt, plan("status: repealed\n"), claim())} == {"rules"}


def test_an_approved_file_cannot_rest_on_a_draft(tmp_path: Path) -> None:
    write(tmp_path, "city", PLAN.replace("plan", "city") + "status: draft\n")
    county = write(tmp_path, "county", "ruleset: county\nextends: city\n")
    said = refusal(lambda: load(county), RuleError)
    assert said.startswith("county/ruleset.yaml:2:10: error[E385]")
    assert "write `status: draft`" in said
    write(tmp_path, "county", "ruleset: county\nextends: city\nstatus: draft\n")
    assert load(county).status == "draft"


# -- covers -----------------------------------------------------------------------------------------------------------


def test_a_claim_outside_is_refused_by_name(plan: Callable[[str], Rulebook]) -> None:
    book = plan("covers: {when: scheme == 城乡居民, assumed: made up}\n")
    assert str(settle(book, claim(scheme="resident")).split["pooled_fund"]) == "50.00"
    said = refusal(lambda: settle(book, claim(scheme="employee")), ClaimError)
    assert "claim c1: error[E545]: plan covers claims with scheme == resident, not scheme = employee" in said
    assert "plan/ruleset.yaml:7:16: note: what the rule set covers" in said


def test_what_lines_come_to_may_be_covered_and_is_not_told_line_by_line(plan: Callable[[str], Rulebook]) -> None:
    book = plan(
        "covers: {when: scheme == 城乡居民 and sum(amount where category == 手术费) <= 50元, assumed: made up}\n"
    )
    said = refusal(lambda: settle(book, claim(scheme="resident")), ClaimError)
    assert "claim c1: error[E545]: plan covers claims with scheme == resident and" in said
    assert ", not scheme = resident\n" in said


def test_the_136_policy_is_not_for_employees() -> None:
    data = {"id": "c1", "person": {"id": "p1", "scheme": "employee"},
            "lines": [{"category": "bed", "catalogue_class": "a", "amount": "10"}],
            "encounter": {"care_type": "inpatient", "discharge_date": "2018-03-05", "area": "within_county",
                          "hospital": {"grade": "tertiary_a", "tier": "county"}}}  # fmt: skip
    said = refusal(lambda: settle(load("cn/shanxi/136"), Claim.model_validate(data)), ClaimError)
    assert "error[E545]" in said, "there is no row for a county hospital of grade 三级甲等, but that is not the point"


def test_a_claim_outside_does_not_stop_the_next_one(plan: Callable[[str], Rulebook]) -> None:
    chain = Chain(plan("covers: {when: scheme == 城乡居民, assumed: made up}\n"))
    assert "E545" in refusal(lambda: chain.settle(claim(scheme="employee")), ClaimError)
    later = claim(scheme="resident").model_copy(update={"id": "c2"})
    assert str(chain.settle(later).split["patient"]) == "50.00"


def test_what_is_assumed_of_the_cover_is_told(plan: Callable[[str], Rulebook]) -> None:
    book = plan("covers: {when: registered_poor, assumed: 'the poor alone are meant [I]'}\n")
    settlement = settle(book, claim(tags=["registered_poor"]))
    assert "ruleset.covers: the poor alone are meant [I]" in settlement.assumed


def county(root: Path, more: str) -> Rulebook:
    write(root, "city", PLAN.replace("plan", "city") + "covers: {when: scheme == 城乡居民, assumed: made up}\n")
    return load(write(root, "county", "ruleset: county\nextends: city\n" + more))


def test_a_child_narrows_what_its_parent_covers(tmp_path: Path) -> None:
    book = county(tmp_path, "covers: {when: registered_poor, assumed: made up}\n")
    for person in ({"scheme": "resident"}, {"scheme": "employee", "tags": ["registered_poor"]}):
        assert "scheme == resident and registered_poor" in refusal(
            lambda p=person: settle(book, claim(**p)), ClaimError
        )  # type: ignore[misc]
    assert settle(book, claim(scheme="resident", tags=["registered_poor"])).total == 100


def test_a_child_may_replace_what_its_parent_covers(tmp_path: Path) -> None:
    book = county(tmp_path, "covers: {when: scheme == 职工, replaces: yes, assumed: made up}\n")
    assert settle(book, claim(scheme="employee")).total == 100


def test_nothing_to_replace_is_an_error(plan: Callable[[str], Rulebook]) -> None:
    said = refusal(lambda: plan("covers: {when: scheme == 职工, replaces: yes, assumed: made up}\n"), RuleError)
    assert "plan/ruleset.yaml:7:9: error[E326]" in said


def test_a_condition_that_nobody_meets_is_a_warning(tmp_path: Path) -> None:
    from policyengine.check import findings
    from policyengine.lower import lower

    place = locate(write(tmp_path, "plan", PLAN + "covers: {when: retired and not retired, assumed: made up}\n"))
    ruleset = read(place)
    found = findings(ruleset, (lower(ruleset, (None, None)),))
    assert [(d.code, d.message) for d in found] == [("W415", "no claim is covered")]


def test_generated_claims_are_mostly_of_those_who_are_covered() -> None:
    book = load("cn/shanxi/136")
    drawn = [c.person.scheme for c in claims(book, 7, 200)]
    assert drawn.count("resident") > 160, "without looking at `covers` it would be a third"
    assert drawn.count("resident") < 200
