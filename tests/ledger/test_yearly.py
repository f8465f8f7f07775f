"""A run at the end of the year, over the settlements that stand in the store, becomes cases and postings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from policyengine.cases.store.reading import case_ids
from policyengine.cases.store.replaying import replayed
from policyengine.cases.store.tables import SCOPES
from policyengine.errors import ClaimError, PolicyError
from policyengine.loading import load
from tests.ledger.stays import Desk, bill, desk, refusal

BASE = """
ruleset: base
parts: [own_expense, in_scope]
layers:
  - {id: basic, payer: pooled_fund, on: in_scope}
provisions:
  - {id: share, layer: basic, fund_share: 50%}
  - {id: usual, timing: one_stop}
settlement:
  every: {reverse: readjudicate, assumed: made up}
"""
RUN = """
ruleset: second
run: {each: member, over: calendar_year, after: year_end}
rows:
  of: base
  bill: own
  group_by: [member]
  fields: {own: {type: money, from: patient_total}}
parts: [in_scope]
layers:
  - {id: again, payer: pooled_fund, on: in_scope}
provisions:
  - {id: half, layer: again, fund_share: 10%}
"""
AT = "2018-01-10T09:00:00+08:00"


@contextmanager
def year(folder: Path, place: str = "") -> Iterator[Desk]:
    """Own shares of 2017: 500 after the correction and 300 of one member, 200 of another, one reversed."""
    for name, rules in (("base", BASE), ("second", RUN)):
        (folder / name).mkdir()
        (folder / name / "ruleset.yaml").write_text(rules, encoding="utf-8")
    with desk(folder, place, rules=lambda name: load(name, path=folder)) as run:
        for case, person, amount, on in (
            ("a", "p-1", "1200.00", 1), ("b", "p-1", "600.00", 2), ("c", "p-2", "400.00", 3), ("d", "p-2", "900.00", 4)
        ):  # fmt: skip
            run.stay(case, bill(f"c-{case}", person, f"2017-06-{on:02d}", amount), ruleset="base")
        right = bill("c-a", "p-1", "2017-06-01", "1000.00")
        run("a", "correct", "2017-07-01", settlement="settle-a", reason="charged twice", claim=right)
        run("d", "reverse", "2017-07-01", settlement="settle-d", reason="not theirs")
        yield run


def awarded(run: Desk, key: str, on: date = date(2018, 1, 10), **more: Any) -> dict[str, int]:
    """What a run awards, by case."""
    made = run.store.award("second", key, on, AT, **more)
    return {case: run.case(case).balances["pooled_fund", "grant"] for case in made}


def made_again(run: Desk) -> list[tuple[str, tuple[str, ...]]]:
    """Everything made again: in what each settlement and each award is another one now."""
    with run.store.reading() as connection:
        return [(one.case, one.differs) for one in replayed(connection, case_ids(connection), run.store.book)]


def scopes_of(run: Desk) -> dict[str, str]:
    """What the run has counted."""
    with run.store.reading() as connection:
        rows = connection.execute(select(SCOPES).where(SCOPES.c.ruleset == "second"))
        return {row.scope: row.history for row in rows}


def test_a_tenth_of_what_the_year_left_to_each_member_is_paid_out(tmp_path: Path) -> None:
    """10 % of 500 + 300, and of 200."""
    with year(tmp_path) as run:
        made = awarded(run, "year", window="2017")
        assert awarded(run, "year", window="2017") == made
        assert sorted(made.values()) == [2000, 8000]
        with pytest.raises(ClaimError, match="2017 was settled for them by an earlier run"):
            run.store.award("second", "another", date(2018, 1, 11), AT, "2017")
        for case, fen in made.items():
            run(case, "repay", "2018-02-01", party="pooled_fund", amount=f"{fen // 100}.00")
            assert run(case, "close", "2018-02-01").data["stage"] == "closed"
        assert run.store.verify() == ()


def test_a_late_correction_takes_an_award_back_and_the_run_is_run_again(tmp_path: Path) -> None:
    """Of 600 only 400 were right: the own shares of the first member are 500 + 200, a tenth is 70 and not the 80 that
    were paid out. The other member's award stays."""
    with year(tmp_path) as run:
        made = awarded(run, "year", window="2017")
        (mine,) = (case for case, fen in made.items() if fen == 8000)
        run(mine, "repay", "2018-02-01", party="pooled_fund", amount="80.00")
        run(mine, "close", "2018-02-01")
        before = scopes_of(run)
        right = bill("c-b", "p-1", "2017-06-02", "400.00")
        assert not any(differs for _, differs in made_again(run))
        run("b", "correct", "2018-03-01", settlement="settle-b", reason="200 were never given", claim=right)
        assert [(case, differs[:2]) for case, differs in made_again(run) if differs] == [(mine, ("claim", "awarded"))]

        said = ("year", "back", date(2018, 3, 2), "2018-03-02T09:00:00+08:00", "a claim was corrected", ("p-1",))
        assert run.store.take_back(*said) == (mine,)
        assert run.store.take_back(*said) == (mine,)
        assert run.case(mine).stage == "cancelled"
        assert run.case(mine).balances == {
            ("pooled_fund", "grant"): -8000, ("patient", "grant"): 8000,
            ("pooled_fund", "granted"): 8000, ("patient", "granted"): -8000,
        }  # fmt: skip
        assert sum(one != "" for one in scopes_of(run).values()) == sum(one != "" for one in before.values()) - 1

        again = awarded(run, "year again", date(2018, 3, 3), window="2017", persons=("p-1",))
        assert list(again.values()) == [7000]
        run(mine, "reclaim", "2018-03-04", party="pooled_fund", amount="80.00")
        assert run(mine, "close", "2018-03-04").data["left"] == []
        assert run.store.verify() == ()


def test_an_award_is_taken_back_by_its_own_command_and_counts_as_if_it_had_never_been(tmp_path: Path) -> None:
    with year(tmp_path) as run:
        before = scopes_of(run)
        assert before == {}
        made = awarded(run, "year", window="2017")
        counted = scopes_of(run)
        first, second = sorted(made)
        assert "the award that stands is that of the command" in refusal(
            run, first, "reverse", settlement="settle-a", reason="another"
        )
        assert "no settlement stands" in refusal(run, first, "correct", settlement=first, reason="x", claim=bill("c"))
        run(first, "reverse", "2018-02-01", settlement=first, reason="run too early")
        run(second, "compensate", "2018-02-01", of=second)
        assert set(scopes_of(run).values()) == {""}
        assert run.case(first).balances == {}
        assert "this one is cancelled" in refusal(run, first, "settle", claim=bill("c-a", "p-1"))
        assert run(first, "close", "2018-02-02").data["stage"] == "closed"
        assert sorted(awarded(run, "once more", window="2017").values()) == [2000, 8000]
        assert scopes_of(run) == counted
        assert run.store.verify() == ()


def test_an_award_is_not_taken_from_under_that_of_a_later_year(tmp_path: Path) -> None:
    with year(tmp_path) as run:
        awarded(run, "year", window="2017")
        run.stay("e", bill("c-e", "p-2", "2018-06-01", "100.00"), ruleset="base")
        (later,) = awarded(run, "next year", date(2019, 1, 10), window="2018")
        told = refusal(run.store.take_back, "year", "back", date(2019, 2, 1), AT, "wrong")
        assert "error[E868]" in told
        assert f"of {later}" in told
        assert all(run.case(case).award is not None for case in run.store.award("second", "year", date(2018, 1, 10), AT,
                                                                                  "2017"))  # fmt: skip
        run.store.take_back("next year", "back", date(2019, 2, 1), AT, "wrong")
        run.store.take_back("year", "back too", date(2019, 2, 1), AT, "wrong")
        assert run.store.verify() == ()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("yera", "k", "wrong", ()), "E864"), (("year", "k", "wrong", ("p-9",)), "E947"),
        (("year", "k", "wrong", ("p-1", "p-3")), "E947"), (("year", "k" * 101, "wrong", ()), "E946"),
        (("year", "settle-a", "wrong", ()), "E863"), (("year", "year", "wrong", ()), "E863"),
        (("year", "k", "", ()), "E517"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_back_is_refused_at_its_place(tmp_path: Path, words: Any, code: str) -> None:
    """p-3 is known and has no award."""
    with year(tmp_path) as run:
        run("z", "open", person="p-3", ruleset="base")
        awarded(run, "year", window="2017")
        name, key, reason, persons = words
        told = refusal(run.store.take_back, name, key, date(2018, 2, 1), AT, reason, persons, errors=PolicyError)
        assert f"error[{code}]" in told
        assert run.store.verify() == ()


def test_a_run_of_the_same_id_that_says_something_else_is_refused(tmp_path: Path) -> None:
    with year(tmp_path) as run:
        awarded(run, "year", window="2017")
        for other in ({"window": "2018"}, {"window": "2017", "persons": ("p-1",)}, {"window": None}):
            assert "error[E863]" in refusal(run.store.award, "second", "year", date(2018, 1, 10), AT, **other)
        told = refusal(run.store.award, "second", "more", date(2018, 1, 10), AT, "2017", persons=("p-1", "p-9"))
        assert "persons[1]" in told
        assert "p-9" not in told
