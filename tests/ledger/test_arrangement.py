"""The course that a rule file states: what is asked at admission, when the own share is due, what a default brings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from policyengine.loading import load
from tests.ledger.stays import OWN, RAOHE, Desk, bill, desk, refusal

RULES = """
ruleset: county
parts: [own_expense, in_scope]
layers:
  - {id: basic, payer: pooled_fund, on: in_scope}
  - {id: illness, payer: critical_illness, on: in_scope}
provisions:
  - {id: share, layer: basic, fund_share: 70%}
  - {id: second, layer: illness, fund_share: 50%}
  - {id: usual, timing: claim_later, deposit: 30% of bill}
  - {id: poor_first, timing: one_stop, when: registered_poor and not defaulter}
settlement:
  every: {due: 10, repaid: in_order, assumed: made up}
  poor_first: {agreement: yes, due: 30, instalments: 2, within: 90, default: defaulter, assumed: made up}
"""


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "county").mkdir()
    (tmp_path / "county" / "ruleset.yaml").write_text(RULES, encoding="utf-8")
    with desk(tmp_path, rules=lambda name: load(name, path=tmp_path)) as made:
        yield made


def stay(run: Desk, case: str, *, poor: bool = True, **admitted: object) -> None:
    claim = bill(f"c-{case}", amount="1000.00")
    claim["person"]["tags"] = ["registered_poor"] if poor else []
    run(case, "open", person="p-17", ruleset="county")
    run(case, "admit", **admitted)
    run(case, "discharge")
    run(case, "settle", key=f"settle-{case}", claim=claim)


def test_the_province_asks_for_an_agreement_and_no_deposit(tmp_path: Path) -> None:
    with desk(tmp_path) as run:
        run("s", "open", person="p-17", ruleset=RAOHE)
        told = refusal(run, "s", "admit", course="treat_first", deposit="500.00", agreement=True)
        assert "under `treat_first` no deposit is asked [黑龙江省贫困患者县域内住院先诊疗后付费]" in told
        assert "expected: agreement: true" in refusal(run, "s", "admit", course="treat_first")
        told = refusal(run, "s", "admit", course="treat_last")
        assert "no timing treat_last did you mean `treat_first`?" in told
        run("s", "admit", course="treat_first", agreement=True)
        assert "deposit" not in run("s", "treat", charged="1.00").data["legal"]
        assert "asks for no deposit" in refusal(run, "s", "deposit", amount="1.00")


def test_a_stay_without_the_agreement_is_not_settled(run: Desk) -> None:
    with pytest.raises(Exception, match="an agreement is signed, and none was"):
        stay(run, "s")
    assert "agree" in run("s", "compensate", of="nothing").data["legal"]
    run("s", "agree")
    assert "signed already" in refusal(run, "s", "agree")
    run("s", "settle", claim=bill("c-s", amount="1000.00"))


def test_the_own_share_is_due_after_thirty_days_or_in_two_parts(run: Desk) -> None:
    """1,000: the pool 700, critical illness half of 300; 150 are due on 2017-07-20."""
    stay(run, "s", agreement=True)
    assert "a day after 2017-07-20" in refusal(run, "s", "default", "2017-07-20")
    parts = [{"due": f"2017-0{month}-18", "amount": "50.00"} for month in (7, 8, 9)]
    assert "there are 3 parts" in refusal(run, "s", "instalments", schedule=parts)
    late = [{"due": "2017-07-18", "amount": "50.00"}, {"due": "2017-09-19", "amount": "100.00"}]
    assert "by 2017-09-18" in refusal(run, "s", "instalments", schedule=late)
    run("s", "instalments", schedule=[late[0], {"due": "2017-09-18", "amount": "100.00"}])


def test_who_paid_first_is_repaid_layer_by_layer(run: Desk) -> None:
    stay(run, "s", poor=False, deposit="300.00")
    told = refusal(run, "s", "repay", party="critical_illness", amount="150.00")
    assert "pooled_fund has not" in told
    run("s", "repay", party="pooled_fund", amount="700.00")
    run("s", "repay", party="critical_illness", amount="150.00")


def test_a_default_is_known_to_later_claims_and_admissions(run: Desk) -> None:
    stay(run, "first", agreement=True)
    run("first", "default", "2017-07-21")
    run("second", "open", person="p-17", ruleset="county")
    told = refusal(run, "second", "admit", course="poor_first", agreement=True)
    assert "error[E942]" in told
    assert "has not paid what was due in the case first" in told
    run("second", "admit", course="usual", deposit="300.00")
    run("second", "discharge")
    claim = bill("c-2", amount="1000.00")
    assert "does not say `defaulter`" in refusal(run, "second", "settle", claim=claim)
    claim["person"]["tags"].append("defaulter")
    run("second", "settle", claim=claim)
    assert run.case("second").balances["pooled_fund", "claim"] == 70000
    run("first", "pay", amount="150.00")
    stay(run, "third", agreement=True, course="poor_first")
    assert run.store.verify() == ()


def test_another_person_s_default_is_nothing_to_anybody_else(tmp_path: Path) -> None:
    with desk(tmp_path) as run:
        run.stay("s", bill("c1"))
        run("s", "default", "2017-08-01")
        run.stay("t", bill("c2", "p-18"))
        told = refusal(run.stay, "u", bill("c3"))
        assert "has not paid what was due in the case s" in told
        run("s", "pay", amount=OWN)
        run("u", "settle", claim=bill("c3"))
