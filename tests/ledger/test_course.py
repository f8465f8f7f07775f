"""The course of a stay: what is legal when, and what a refusal says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ledger.stays import FUNDS, OWN, RAOHE, bill, desk, refusal


def test_treated_first_paid_later_from_registration_to_the_last_repayment(tmp_path: Path) -> None:
    with desk(tmp_path) as run:
        run.stay("s", bill("c1"))
        state = run.case("s")
        assert state.settlement is not None
        assert state.settlement.split == {**{f: int(a.replace(".", "")) for f, a in FUNDS.items()}, "patient": 390000}
        assert run("s", "pay", amount=OWN).data["left"] == [
            {"party": fund, "nature": "advance", "amount": FUNDS[fund]} for fund in sorted(FUNDS)
        ]
        for fund, amount in FUNDS.items():
            run("s", "repay", "2017-07-10", party=fund, amount=amount)
        assert run("s", "close", "2017-07-10").data["stage"] == "closed"
        paid = {party: amount for (party, nature), amount in run.case("s").balances.items() if nature == "paid"}
        assert paid == dict(state.settlement.split)


def test_who_pays_first_is_repaid_by_each_fund(tmp_path: Path) -> None:
    """Not poor: a deposit of 1,000, the rest of the bill at discharge; 13,650 cut to 10,000 goes to the patient."""
    claim = {**bill("c1"), "facts": {"deposit": "1000.00"}}
    claim["person"]["tags"] = []
    with desk(tmp_path) as run:
        run("s", "open", person="p-17", ruleset=RAOHE)
        run("s", "admit", deposit="1000.00")
        run("s", "discharge")
        assert run("s", "settle", claim=claim).data["left"] == [
            {"party": "patient", "nature": "claim", "amount": "-10000.00"},
            {"party": "patient", "nature": "due", "amount": "19000.00"},
            {"party": "pooled_fund", "nature": "claim", "amount": "10000.00"},
        ]
        run("s", "pay", amount="19000.00")
        run("s", "repay", party="pooled_fund", amount="10000.00")
        run("s", "close")
        assert run.case("s").balances == {
            ("hospital", "bill"): -2000000, ("patient", "paid"): 1000000, ("pooled_fund", "paid"): 1000000,
        }  # fmt: skip


def test_a_deposit_above_the_own_share_is_given_back(tmp_path: Path) -> None:
    with desk(tmp_path) as run:
        run("s", "open", person="p-17", ruleset=RAOHE)
        run("s", "admit", deposit="3000.00", agreement=True)
        run("s", "deposit", amount="2000.00")
        run("s", "discharge")
        run("s", "settle", claim=bill("c1"))
        told = refusal(run, "s", "refund", amount="1100.01")
        assert "1100.01 is more than what patient gets back" in told
        assert "at most 1100.00" in told
        run("s", "refund", amount="1100.00")
        assert run.case("s").held == 0


ILLEGAL = [
    ((), "pay", {"amount": "1"}, "`pay` comes when a case is settled, and this one is registered",
     "one of admit, agree, treat, cancel, compensate"),
    ((), "settle", {"claim": bill("c1")}, "`settle` comes when a case is discharged or treated", "one of admit"),
    ((("admit", {}),), "admit", {}, "`admit` comes when a case is registered", "one of agree, deposit, treat"),
    ((("admit", {}), ("treat", {"charged": "5"})), "settle", {"claim": bill("c1")}, "still in hospital", "discharge"),
    ((("admit", {}), ("discharge", {})), "reverse", {"settlement": "x", "reason": "r"}, "settled or closed", "settle"),
    ((("cancel", {"reason": "registered twice"}),), "admit", {}, "this one is cancelled", "one of close, compensate"),
    ((("treat", {"charged": "5"}),), "discharge", {}, "the patient was not admitted", "treat, death, abscond, settle"),
    ((), "confirm", {"of": "x"}, "no outcome is unknown", "one of admit"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "kind", "said", "reason", "legal"), ILLEGAL)
def test_an_illegal_command_is_refused_with_the_reason_and_the_legal_ones(
    tmp_path: Path,
    before: tuple[tuple[str, dict[str, str]], ...],
    kind: str,
    said: dict[str, str],
    reason: str,
    legal: str,
) -> None:
    with desk(tmp_path) as run:
        run("s", "open", person="p-17", ruleset=RAOHE)
        for earlier, fields in before:
            run("s", earlier, **fields)
        number = run.case("s").number
        told = refusal(run, "s", kind, **said)
        assert "error[E861]" in told
        assert reason in told
        assert legal in told
        assert run.case("s").number == number


def test_nothing_is_paid_twice(tmp_path: Path) -> None:
    with desk(tmp_path) as run:
        run.stay("s", bill("c1"))
        assert "3900.01 is more than what patient owes" in refusal(run, "s", "pay", amount="3900.01")
        run("s", "pay", amount=OWN)
        assert "nothing is due" in refusal(run, "s", "pay", amount="0.01")
        run("s", "repay", party="pooled_fund", amount="9999.99")
        told = refusal(run, "s", "repay", party="pooled_fund", amount="0.02")
        assert "at most 0.01" in told
        assert "something is left to pay" in refusal(run, "s", "close")


def test_instalments_and_default(tmp_path: Path) -> None:
    with desk(tmp_path) as run:
        run.stay("s", bill("c1"))
        parts = [{"due": "2017-07-20", "amount": "1900.00"}, {"due": "2017-08-20", "amount": "2000.00"}]
        short = [{**parts[0], "amount": "1899.99"}, parts[1]]
        assert "the parts sum to 3899.99" in refusal(run, "s", "instalments", schedule=short)
        run("s", "instalments", schedule=parts)
        assert "nothing is overdue on 2017-07-20" in refusal(run, "s", "default", "2017-07-20")
        run("s", "pay", "2017-07-19", amount="1900.00")
        assert "nothing is overdue on 2017-08-20" in refusal(run, "s", "default", "2017-08-20")
        assert "only what is due after a default" in refusal(run, "s", "write_off", "2017-08-21", amount="2000.00")
        run("s", "default", "2017-08-21")
        assert run.case("s").defaulted
        run("s", "write_off", "2018-08-21", amount="2000.00")
        assert run.case("s").balances["patient", "written_off"] == 200000


@pytest.mark.parametrize("leaving", ["transfer", "death", "abscond"])
def test_a_stay_that_ends_otherwise_is_settled_all_the_same(tmp_path: Path, leaving: str) -> None:
    with desk(tmp_path) as run:
        run("s", "open", person="p-17", ruleset=RAOHE)
        run("s", "admit", agreement=True)
        assert "lies before the admission" in refusal(run, "s", leaving, "2017-06-19")
        run("s", leaving)
        run("s", "settle", claim=bill("c1"))
        run.pay_all("s")
        assert run.case("s").left == leaving


def test_the_claim_is_that_of_the_case(tmp_path: Path) -> None:
    with desk(tmp_path) as run:
        run.stay("s", bill("c1"), settle=False)
        assert "of another person" in refusal(run, "s", "settle", claim=bill("c1", "p-18"))
        assert "the stay ended on 2017-06-21" in refusal(run, "s", "settle", claim=bill("c1", day="2017-06-21"))
        assert "the rule file says who advances" in refusal(run, "s", "settle", claim=bill("c1"), timing="one_stop")
