"""A run at the end of the year, over the settlements that stand in the store, becomes cases and postings."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from policyengine.errors import ClaimError
from policyengine.loading import load
from tests.ledger.stays import bill, desk

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


def test_a_tenth_of_what_the_year_left_to_each_member_is_paid_out(tmp_path: Path) -> None:
    """Own shares: 500 after the correction and 300 of one member, 200 of another, one reversed: 80 and 20 are due."""
    for name, rules in (("base", BASE), ("second", RUN)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "ruleset.yaml").write_text(rules, encoding="utf-8")
    with desk(tmp_path, rules=lambda name: load(name, path=tmp_path)) as run:
        for case, person, amount, on in (
            ("a", "p-1", "1200.00", 1), ("b", "p-1", "600.00", 2), ("c", "p-2", "400.00", 3), ("d", "p-2", "900.00", 4)
        ):  # fmt: skip
            run.stay(case, bill(f"c-{case}", person, f"2017-06-{on:02d}", amount), ruleset="base")
        right = bill("c-a", "p-1", "2017-06-01", "1000.00")
        run("a", "correct", "2017-07-01", settlement="settle-a", reason="charged twice", claim=right)
        run("d", "reverse", "2017-07-01", settlement="settle-d", reason="not theirs")
        made = run.store.award("second", "year", date(2018, 1, 10), AT, "2017")
        assert run.store.award("second", "year", date(2018, 1, 10), AT, "2017") == made
        granted = [run.case(case).balances["pooled_fund", "grant"] for case in made]
        assert sorted(granted) == [2000, 8000]
        with pytest.raises(ClaimError, match="2017 was settled for them by an earlier run"):
            run.store.award("second", "another", date(2018, 1, 11), AT, "2017")
        for case, fen in zip(made, granted, strict=True):
            run(case, "repay", "2018-02-01", party="pooled_fund", amount=f"{fen // 100}.00")
            assert run("" + case, "close", "2018-02-01").data["stage"] == "closed"
            assert "reverse" not in run(case, "compensate", of="nothing").data["legal"]
        assert run.store.verify() == ()
