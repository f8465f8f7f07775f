"""For whom a meter is kept in the store: the words of the rule file, what is not stated, ids that are too long."""

from __future__ import annotations

from pathlib import Path

from policyengine.errors import ClaimError
from policyengine.loading import load
from tests.ledger.stays import bill, desk, order, refusal

RULES = """
ruleset: scoped
facts:
  programme: {type: code, values: {lung: 肺癌, heart: 心脏病}, default: lung}
  card: {type: id}
  ward: {type: id}
parts: [own_expense, in_scope]
meters:
  so_far: {counts: basic.paid, in: calendar_year, per: [person_id, programme]}
  by_place: {counts: basic.paid, in: calendar_year, per: [card, hospital_id, ward]}
layers:
  - {id: basic, payer: pooled_fund, on: in_scope}
provisions:
  - {id: share, layer: basic, fund_share: 50%}
  - {id: top, layer: basic, ceiling: 1000元, meter: so_far}
  - {id: usual, timing: one_stop}
"""
AT = {"card": "c-1", "ward": "w-1"}


def test_a_code_in_other_words_and_one_that_is_not_stated_are_one_scope(tmp_path: Path) -> None:
    """Half of 1,400, at most 1,000 for each programme: 700, then 300 of the same one; 700 of another."""
    (tmp_path / "scoped").mkdir()
    (tmp_path / "scoped" / "ruleset.yaml").write_text(RULES, encoding="utf-8")
    with desk(tmp_path, rules=lambda name: load(name, path=tmp_path)) as run:
        for case, facts in (("a", AT), ("b", AT | {"programme": "肺癌"}), ("c", AT | {"programme": "heart"})):
            run.stay(case, bill(f"c-{case}", day="2017-06-01", amount="1400.00") | {"facts": facts}, ruleset="scoped")
        paid = {case: run.case(case).balances["pooled_fund", "advance"] for case in "abc"}
        assert paid == {"a": 70000, "b": 30000, "c": 70000}
        assert run.store.verify() == ()


def test_ids_that_are_together_too_long_are_refused_with_the_claim(tmp_path: Path) -> None:
    (tmp_path / "scoped").mkdir()
    (tmp_path / "scoped" / "ruleset.yaml").write_text(RULES, encoding="utf-8")
    with desk(tmp_path, rules=lambda name: load(name, path=tmp_path)) as run:
        claim = bill("c-1", day="2017-06-01") | {"facts": {"card": "c" * 200, "ward": "w" * 200}}
        claim["encounter"]["hospital"]["id"] = "h" * 100
        run.stay("s", claim, ruleset="scoped", settle=False)
        told = refusal(run.store.run, order("k", "s", "settle", "2017-06-01", claim=claim), errors=ClaimError)
        assert "claim c-1: error[E946]: card, hospital_id, ward, by which a meter is kept," in told
        assert run.case("s").stage == "discharged"
