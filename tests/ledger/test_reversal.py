"""An earlier settlement is taken from under later ones as the rule file says: refused, subtracted, or settled again."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from policyengine.loading import load
from tests.ledger.stays import Desk, bill, desk, refusal
from tests.ledger.test_undoing import histories

RULES = """
ruleset: {name}
parts: [own_expense, in_scope]
meters:
  paid_so_far: {{counts: basic.paid, in: calendar_year}}
  {meter}
layers:
  - {{id: basic, payer: pooled_fund, on: in_scope}}
provisions:
  - {{id: share, layer: basic, fund_share: 50%}}
  - {{id: top, layer: basic, ceiling: 1000元, meter: paid_so_far}}
  - {{id: usual, timing: one_stop}}
settlement:
  every: {{reverse: {name}, assumed: made up}}
"""
GREATEST = "greatest: {counts: bill, in: calendar_year, keep: max}"


@contextmanager
def ruled(folder: Path, policy: str, meter: str = "", windows: str = "", when: str = "") -> Iterator[Desk]:
    """A registrar under a rule file: half of each bill, at most 1,000 a year; ``when``: only then."""
    (folder / policy).mkdir()
    rules = RULES.format(name=policy, meter=meter) + windows
    rules = rules.replace("on: in_scope}", f"on: in_scope, when: {when}}}") if when else rules
    (folder / policy / "ruleset.yaml").write_text(rules, encoding="utf-8")
    with desk(folder, rules=lambda name: load(name, path=folder)) as run:
        yield run


def three(run: Desk, policy: str) -> None:
    """1,200, 600 and 800: the pool pays 600, 300 and the 100 that are left of 1,000."""
    for number, amount in enumerate(("1200.00", "600.00", "800.00"), 1):
        run.stay(f"s{number}", bill(f"c{number}", amount=amount, day=f"2017-06-{number:02d}"), ruleset=policy)


def pool(run: Desk, *cases: str) -> list[int]:
    """What the pool still owes in each case, in whole yuan."""
    return [run.case(case).balances.get(("pooled_fund", "advance"), 0) // 100 for case in cases]


def balanced(run: Desk, *cases: str) -> None:
    for case in cases:
        assert sum(run.case(case).balances.values()) == 0
    assert run.store.verify() == ()


def test_block_refuses(tmp_path: Path) -> None:
    with ruled(tmp_path, "block") as run:
        three(run, "block")
        assert "of s2, s3" in refusal(run, "s1", "reverse", settlement="settle-s1", reason="wrong")
        balanced(run, "s1", "s2", "s3")


def test_subtract_leaves_the_later_ones_as_they_are(tmp_path: Path) -> None:
    """600 of 1,000 are free again: the next bill of 1,600 gets 600 and not 800."""
    with ruled(tmp_path, "subtract") as run:
        three(run, "subtract")
        run("s1", "reverse", "2017-07-01", settlement="settle-s1", reason="wrong")
        assert pool(run, "s1", "s2", "s3") == [0, 300, 100]
        run.stay("s4", bill("c4", amount="1600.00"), ruleset="subtract")
        assert pool(run, "s4") == [600]
        balanced(run, "s1", "s2", "s3", "s4")
        run("s2", "reverse", "2017-07-01", settlement="settle-s2", reason="wrong")
        run.stay("s5", bill("c5", amount="700.00"), ruleset="subtract")
        assert pool(run, "s5") == [300]
        balanced(run, "s1", "s2", "s3", "s4")


def test_subtract_refuses_what_is_no_sum(tmp_path: Path) -> None:
    with ruled(tmp_path, "subtract", GREATEST) as run:
        three(run, "subtract")
        told = refusal(run, "s1", "reverse", settlement="settle-s1", reason="wrong")
        assert "error[E943]" in told
        assert "the settlement added cannot be subtracted from `greatest` (it keeps the greatest)" in told
        assert "the last one before the others: s3, s2" in told
        assert "`reverse: readjudicate`" in told
        balanced(run, "s1", "s2", "s3")
        run("s2", "reverse", "2017-07-01", settlement="settle-s2", reason="600 never were the greatest")
        balanced(run, "s1", "s2", "s3")


MOVED = {
    "the last one": ("newest: {counts: bill, in: calendar_year, keep: last}", "`newest` (it keeps the last)"),
    "twelve months": ("lately: {counts: bill, in: last_year}", "`lately` (its window moves along)"),
    "from the first use": ("since: {counts: bill, in: from_first}", "`since` (a claim opens its window)"),
}
WINDOWS = """
windows:
  last_year: {rolling_months: 12}
  from_first: {anchored_months: 12}
"""


@pytest.mark.parametrize("which", MOVED)
def test_subtract_names_the_meter_that_does_not_allow_it_and_why(tmp_path: Path, which: str) -> None:
    meter, said = MOVED[which]
    with ruled(tmp_path, "subtract", meter, WINDOWS) as run:
        three(run, "subtract")
        told = refusal(run, "s1", "reverse", settlement="settle-s1", reason="wrong")
        assert f"cannot be subtracted from {said}" in told
        balanced(run, "s1", "s2", "s3")


def test_counts_are_subtracted_as_amounts_are(tmp_path: Path) -> None:
    """Two visits of a year are covered. Without the first there is room for one more, and for no other."""
    visits = "visits_so_far: {counts: 1, in: calendar_year}"
    with ruled(tmp_path, "subtract", visits, when="used(visits_so_far) < 2") as run:
        for number in (1, 2):
            run.stay(f"s{number}", bill(f"c{number}", amount="100.00", day=f"2017-06-0{number}"), ruleset="subtract")
        run.stay("s3", bill("c3", amount="100.00", day="2017-06-03"), ruleset="subtract")
        assert pool(run, "s1", "s2", "s3") == [50, 50, 0]
        run("s1", "reverse", "2017-07-01", settlement="settle-s1", reason="wrong")
        run("s3", "reverse", "2017-07-01", settlement="settle-s3", reason="it did not have its turn")
        for number in (4, 5):
            run.stay(f"s{number}", bill(f"c{number}", amount="100.00", day=f"2017-07-0{number}"), ruleset="subtract")
        assert pool(run, "s4", "s5") == [50, 0]
        balanced(run, "s2", "s4", "s5")


def test_readjudicate_settles_the_later_ones_again(tmp_path: Path) -> None:
    """Without the first, the third gets 400 in place of 100: of its 800 the patient paid 700, and gets 300 back."""
    with ruled(tmp_path, "readjudicate", GREATEST) as run:
        three(run, "readjudicate")
        run.pay_all("s3", "2017-06-30")
        told = run("s1", "reverse", "2017-07-01", settlement="settle-s1", reason="wrong").data
        assert told["again"] == ["s2", "s3"]
        assert pool(run, "s1", "s2", "s3") == [0, 300, 300]
        third = run.case("s3")
        assert (third.stage, third.due()) == ("settled", -30000)
        assert third.settlement is not None
        assert third.settlement.command == "settle-s3"
        assert third.settlement.split == {"pooled_fund": 40000, "patient": 40000}
        run("s3", "refund", amount="300.00")
        run("s3", "repay", party="pooled_fund", amount="300.00")
        run("s3", "close")
        run("s3", "reverse", settlement="settle-s3", reason="wrong, too")
        balanced(run, "s1", "s2", "s3")


def test_what_settles_again_is_what_would_have_been(tmp_path: Path) -> None:
    """Any of many settlements taken back, of two members: the accumulators are those of a store that never had it."""
    drawn = random.Random(7)
    bills = [(f"s{n}", f"p-{drawn.randint(1, 2)}", f"{drawn.randint(1, 900)}.00", n) for n in range(1, 10)]
    gone = {f"s{n}" for n in drawn.sample(range(1, 10), 4)}
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    found = []
    for folder, skipped in (("one", set()), ("two", gone)):
        with ruled(tmp_path / folder, "readjudicate", GREATEST) as run:
            for case, person, amount, day in bills:
                run(case, "open", person=person, ruleset="readjudicate")
                run(case, "admit", f"2017-06-{day:02d}")
                run(case, "discharge", f"2017-06-{day:02d}")
                if case not in skipped:
                    claim = bill(f"c-{case}", person, f"2017-06-{day:02d}", amount)
                    run(case, "settle", f"2017-06-{day:02d}", key=f"settle-{case}", claim=claim)
            for case in sorted(gone - skipped):
                run(case, "reverse", "2017-07-01", settlement=f"settle-{case}", reason="wrong")
            found.append((pool(run, *(one[0] for one in bills)), histories(run)))
            balanced(run, *(one[0] for one in bills))
    assert found[0] == found[1]


@pytest.mark.parametrize(("policy", "third"), [("subtract", 100), ("readjudicate", 300)])
def test_a_partial_refund_is_one_command(tmp_path: Path, policy: str, third: int) -> None:
    """400 of 1,200 are given back: the pool pays 400 for the first. Settled again, 300 are left for the third."""
    with ruled(tmp_path, policy) as run:
        first = bill("c1", amount="1200.00", day="2017-06-01")
        first["lines"][0]["id"] = "l1"
        run.stay("s1", first, ruleset=policy)
        for number, amount in ((2, "600.00"), (3, "800.00")):
            run.stay(f"s{number}", bill(f"c{number}", amount=amount, day=f"2017-06-{number:02d}"), ruleset=policy)
        back = {**first, "id": "c1-back", "corrects": "c1"}
        back["lines"] = [{"id": "l1", "category": "treatment", "catalogue_class": "a", "amount": "-400.00"}]
        refund = {"settlement": "settle-s1", "reason": "never given", "claim": back}
        data = run("s1", "correct", "2017-07-01", key="refund", **refund).data
        assert data["split"] == {"pooled_fund": "400.00", "patient": "400.00"}
        assert pool(run, "s1", "s2", "s3") == [400, 300, third]
        assert run("s1", "correct", "2017-07-01", key="refund", **refund).replayed
        balanced(run, "s1", "s2", "s3")


def test_a_household_leads_to_the_claims_of_its_other_members(tmp_path: Path) -> None:
    """The year's 1,000 are for the household: the father's stay rests on the mother's, and his own later one on his."""
    (tmp_path / "home").mkdir()
    rules = RULES.format(name="home", meter="").replace("in: calendar_year}", "in: calendar_year, per: household_id}")
    rules = rules.replace("reverse: home", "reverse: readjudicate")
    (tmp_path / "home" / "ruleset.yaml").write_text(rules, encoding="utf-8")
    with desk(tmp_path, rules=lambda name: load(name, path=tmp_path)) as run:
        for case, (person, amount) in zip(
            itertools.count(1), (("mother", "1200.00"), ("father", "600.00"), ("child", "800.00")), strict=False
        ):
            claim = bill(f"c{case}", person, f"2017-06-{case:02d}", amount, household="h-1")
            run.stay(f"s{case}", claim, ruleset="home")
        run("s1", "reverse", "2017-07-01", settlement="settle-s1", reason="wrong")
        assert pool(run, "s1", "s2", "s3") == [0, 300, 400]
        balanced(run, "s1", "s2", "s3")


def test_a_later_settlement_whose_outcome_is_unknown_stays(tmp_path: Path) -> None:
    with ruled(tmp_path, "readjudicate") as run:
        run.stay("s1", bill("c1", amount="1200.00", day="2017-06-01"), ruleset="readjudicate")
        run.stay("s2", bill("c2", amount="600.00", day="2017-06-02"), ruleset="readjudicate", settle=False)
        run("s2", "settle", key="asked", claim=bill("c2", amount="600.00", day="2017-06-02"), outcome="unknown")
        told = refusal(run, "s1", "reverse", settlement="settle-s1", reason="wrong")
        assert "error[E944]" in told
        assert "the later settlement of s2 cannot be made again: its outcome is unknown" in told
        run("s2", "confirm", of="asked")
        run("s1", "reverse", settlement="settle-s1", reason="wrong")
        balanced(run, "s1", "s2")
