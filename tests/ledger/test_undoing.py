"""Taking back: a reversal restores the accumulators bit for bit; a compensation undoes whatever a command did."""

from __future__ import annotations

import random
from pathlib import Path

from sqlalchemy import select

from policyengine.cases.store.tables import SCOPES
from tests.ledger.stays import FUNDS, OWN, RAOHE, Desk, bill, desk, order, refusal


def histories(run: Desk) -> dict[str, str]:
    with run.store.reading() as connection:
        return {row.scope: row.history for row in connection.execute(select(SCOPES)) if row.history}


def test_settle_and_reverse_leaves_every_accumulator_as_it_was(tmp_path: Path) -> None:
    with desk(tmp_path) as run:
        run.stay("first", bill("c1", day="2017-03-01", amount="8000.00"))
        before = histories(run)
        run.stay("second", bill("c2"))
        assert histories(run) != before
        run("second", "reverse", settlement="settle-second", reason="of another person")
        assert histories(run) == before
        assert run.case("second").balances == {}
        assert run.case("second").stage == "discharged"
        assert run.store.verify() == ()


def test_any_sequence_of_settling_and_reversing_the_last_one(tmp_path: Path) -> None:
    drawn = random.Random(17)
    with desk(tmp_path) as run:
        kept: list[tuple[str, dict[str, str]]] = []
        for number in range(25):
            if kept and drawn.random() < 0.4:
                case, before = kept.pop()
                run(case, "reverse", settlement=f"settle-{case}", reason="drawn")
                assert histories(run) == before
            else:
                before = histories(run)
                run.stay(f"s{number}", bill(f"c{number}", amount=f"{drawn.randint(1, 30000)}.00"))
                kept.append((f"s{number}", before))
        assert run.store.verify() == ()


def test_an_earlier_settlement_is_not_taken_from_under_later_ones(tmp_path: Path) -> None:
    with desk(tmp_path) as run:
        run.stay("first", bill("c1", day="2017-03-01"))
        run.stay("second", bill("c2"))
        run.stay("other", bill("c3", "p-18"))
        told = refusal(run, "first", "reverse", settlement="settle-first", reason="wrong")
        assert "error[E868]" in told
        assert "of second" in told
        assert "other" not in told
        run("second", "reverse", settlement="settle-second", reason="first must go")
        run("first", "reverse", settlement="settle-first", reason="wrong")


def test_a_partial_refund_is_a_reversal_and_a_settlement_of_the_rest(tmp_path: Path) -> None:
    """15,000 of 20,000 were right: 14,500 × 75 % = 10,875, cut to 10,000; nothing above 6,000; half of 5,000."""
    with desk(tmp_path) as run:
        run.stay("s", bill("c1"))
        run.pay_all("s")
        run("s", "reverse", settlement="settle-s", reason="lines charged twice")
        run("s", "settle", claim=bill("c1", amount="15000.00"))
        left = {(one["party"], one["nature"]): one["amount"] for one in run("s", "compensate", of="never").data["left"]}
        assert left == {
            ("patient", "due"): "-1400.00", ("critical_illness", "advance"): "-2200.00",
            ("medical_assistance", "advance"): "-1400.00",
        }  # fmt: skip
        run("s", "refund", amount="1400.00")
        run("s", "reclaim", party="critical_illness", amount="2200.00")
        run("s", "reclaim", party="medical_assistance", amount="1400.00")
        run("s", "close")
        paid = {party: amount for (party, nature), amount in run.case("s").balances.items() if nature == "paid"}
        assert paid == {"patient": 250000, "pooled_fund": 1000000, "medical_assistance": 250000}


def test_a_payment_whose_outcome_is_unknown_is_confirmed_or_compensated(tmp_path: Path) -> None:
    with desk(tmp_path) as run:
        run.stay("s", bill("c1"))
        run("s", "pay", key="card", amount=OWN, outcome="unknown")
        assert run.case("s").due() == 390000
        assert "at most 0.00" in refusal(run, "s", "pay", amount="0.01")
        run("s", "compensate", of="card")
        run("s", "pay", key="cash", amount=OWN, outcome="unknown")
        assert "something is left to pay" in refusal(run, "s", "close")
        run("s", "confirm", of="cash")
        assert run.case("s").due() == 0
        run("s", "compensate", of="cash")
        assert run.case("s").due() == 390000
        assert "was compensated already" in refusal(run, "s", "compensate", of="cash")


def test_a_settlement_whose_outcome_is_unknown_holds_its_room_and_posts_nothing(tmp_path: Path) -> None:
    with desk(tmp_path) as run:
        run.stay("s", bill("c1"), settle=False)
        before = histories(run)
        run("s", "settle", key="asked", claim=bill("c1"), outcome="unknown")
        assert histories(run) != before
        assert run.case("s").balances == {}
        assert "this one is settling" in refusal(run, "s", "pay", amount=OWN)
        run("s", "compensate", of="asked")
        assert histories(run) == before
        run("s", "settle", key="asked again", claim=bill("c1"), outcome="unknown")
        run("s", "confirm", of="asked again")
        assert run.case("s").due() == 390000
        assert run.store.verify() == ()


def test_a_command_that_comes_after_its_compensation_is_refused(tmp_path: Path) -> None:
    with desk(tmp_path) as run:
        run.stay("s", bill("c1"))
        run("s", "compensate", of="late")
        assert "error[E870]" in refusal(run.store.run, order("late", "s", "pay", amount=OWN))
        assert run.case("s").due() == 390000


def test_what_cannot_be_undone_by_itself_says_so(tmp_path: Path) -> None:
    with desk(tmp_path) as run:
        run("s", "open", key="opened", person="p-17", ruleset=RAOHE)
        run("s", "admit", deposit="1.00", agreement=True)
        run("s", "deposit", key="more", amount="1.00")
        run("s", "discharge")
        assert "is not undone by itself" in refusal(run, "s", "compensate", of="opened")
        run("s", "settle", claim=bill("c1"))
        assert "part of the settlement" in refusal(run, "s", "compensate", of="more")


def test_each_fund_gets_back_what_it_paid_when_a_stay_is_cancelled(tmp_path: Path) -> None:
    with desk(tmp_path) as run:
        run.stay("s", bill("c1"))
        run.pay_all("s")
        run("s", "reverse", settlement="settle-s", reason="never took place")
        run("s", "cancel", reason="never took place")
        for fund, amount in FUNDS.items():
            run("s", "reclaim", party=fund, amount=amount)
        run("s", "refund", amount=OWN)
        run("s", "close")
        assert run.case("s").balances == {}
