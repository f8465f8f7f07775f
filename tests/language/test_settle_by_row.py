"""``settle_by: row``: the fee lines of a claim settled one after the other, each after what the last left behind."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from policyengine import Claim, ClaimError, History, Rulebook, Settlement, load, settle, verify
from policyengine.backends.compiled import compile_program
from policyengine.backends.evaluate import evaluate
from policyengine.chain import Chain
from policyengine.generate import claims as generated
from policyengine.laws import broken
from policyengine.settlement.lines import lines_of
from tests.agreement.agreeing import hold_together

HEAD = """ruleset: plan
title: 样例
dated_by: service_date
settle_by: {by}
sources: {{law: {{title: 样例办法}}}}
"""
RULES = """
windows:
  treatment: {anchored_months: 12}
  quarter: {rolling_months: 3}
meters:
  met: {counts: basic.deductible, in: day}
  house: {counts: basic.paid, per: household, in: calendar_year}
  opened: {counts: basic.kept, in: treatment}
  lately: {counts: 1, in: quarter}
  dearest: {counts: in_scope, in: lifetime, keep: max}
parts: [own_expense, in_scope]
layers: [{id: basic, payer: pooled_fund, on: in_scope, cite: law}]
provisions:
  - {id: outside, classify: class == 丙, to: own_expense, cite: law}
  - {id: floor, layer: basic, deductible: 10元, meter: met, cite: law}
  - {id: share, layer: basic, fund_share: 50% if used(opened) < 100元 else 75%, cite: law}
  - {id: often, adjust: share, when: used(lately) >= 3, add: 5pp, cite: law}
  - {id: top, layer: basic, ceiling: 200元, meter: house, cite: law}
"""


def book(folder: Path, rules: str = RULES, by: str = "row") -> Rulebook:
    place = folder / "plan"
    place.mkdir(exist_ok=True)
    (place / "ruleset.yaml").write_text(HEAD.format(by=by) + rules, encoding="utf-8")
    return load(place)


def claim(name: str, day: str, *lines: tuple[str, str], **more: Any) -> Claim:
    """Lines are pairs of an amount and a service date, which may be empty."""
    rows = [
        {"category": "other", "catalogue_class": "a", "amount": amount, **({"service_date": on} if on else {})}
        for amount, on in lines
    ]
    person = {"id": "p", "household": "h"}
    encounter = {"care_type": "outpatient", "service_date": day}
    return Claim.model_validate({"id": name, "person": person, "encounter": encounter, "lines": rows, **more})


def alone(claim: Claim) -> list[Claim]:
    """The lines of a claim as claims of their own, in the order of their days."""
    data = claim.model_dump(mode="json")
    day = data["encounter"]["service_date"]
    lines = sorted(data["lines"], key=lambda line: line["service_date"] or day)
    return [
        Claim.model_validate({
            **data, "id": f"{claim.id}.{n}", "lines": [line], "total": None, "sequence": n,
            "encounter": {**data["encounter"], "service_date": line["service_date"] or day},
        })
        for n, line in enumerate(lines)
    ]  # fmt: skip


def rows(history: History) -> list[Any]:
    return sorted(json.loads(history.model_dump_json())["accumulators"], key=str)


def test_a_claim_comes_to_what_its_lines_come_to_as_claims_of_their_own(tmp_path: Path) -> None:
    """The meaning of ``settle_by``, in every kind of window: days, years of a household, opened, rolling, for ever."""
    rules = book(tmp_path)
    whole, by_line = Chain(rules), Chain(rules)
    stays = [
        claim("a", "2024-01-05", ("30.00", ""), ("50.00", "")),
        claim("b", "2024-02-09", ("80.00", "2024-02-09"), ("7.00", "2024-02-08"), ("90.00", "2024-02-09")),
        claim("c", "2024-02-20", ("250.00", ""), ("40.00", ""), ("41.00", "")),
        claim("d", "2025-03-01", ("60.00", "2025-02-28"), ("60.00", "2025-03-01")),
    ]
    for stay in stays:
        settlement = whole.settle(stay)
        singles = [by_line.settle(one) for one in alone(stay)]
        for payer in ("pooled_fund", "patient"):
            assert settlement.split[payer] == sum((one.split[payer] for one in singles), Decimal(0)), (stay.id, payer)
        assert [row for row in rows(singles[-1].history) if row not in rows(settlement.history)] == []
        assert not broken(settlement)
    assert settlement.history.used


def test_one_claim_and_a_chain_say_the_same(tmp_path: Path) -> None:
    rules, chain, history = book(tmp_path), Chain(book(tmp_path)), None
    for number, drawn in enumerate(generated(rules, seed=3, count=40)):
        data = drawn.model_dump(mode="json")
        day = f"2024-{1 + number // 4:02d}-{10 + number % 4:02d}"
        for line in data["lines"]:
            line["service_date"] = None
        stay = Claim.model_validate(
            {**data, "person": {**data["person"], "id": "p"}, "encounter": {**data["encounter"], "service_date": day}}
        )
        one, two = settle(rules, stay, history), chain.settle(stay)
        history = one.history
        assert one.receipt() == two.receipt()
        assert [row for row in rows(two.history) if row not in rows(history)] == []
        assert not verify(one.receipt(), rules, stay, one.before)


def test_all_back_ends_run_the_claim_written_out(tmp_path: Path) -> None:
    """What stands in the settlement is a program like any other: without fee lines, with what each line found."""
    rules = book(tmp_path)
    found = [settle(rules, stay) for stay in generated(rules, seed=5, count=30)]
    assert len({len(s.claim.lines) for s in found}) > 2
    assert hold_together(found, "lines of a day") == 30
    for settlement in found:
        program, facts = settlement.layout.program, settlement.origin.facts()
        meant = evaluate(program, facts.inputs, facts.rows, facts.used)
        compiled = compile_program(program)
        assert compiled.values(compiled.run(*compiled.arguments(facts.inputs, facts.rows, facts.used))) == meant


def test_lines_stand_in_the_order_of_the_claim_and_are_settled_in_that_of_their_days(tmp_path: Path) -> None:
    """The line of the 8th comes first: its 7 are below the 10 of that day; that of the 9th has a day of its own."""
    settlement = settle(book(tmp_path), claim("a", "2024-02-09", ("30.00", "2024-02-09"), ("7.00", "2024-02-08")))
    lines = [(line.amount, line.split["pooled_fund"]) for line in lines_of(settlement)]
    assert lines == [(Decimal("30.00"), Decimal("10.00")), (Decimal("7.00"), Decimal("0.00"))]
    assert {k: str(v) for k, v in settlement.patient.items()} == {"deductible": "17.00", "coinsurance": "10.00"}
    message = settlement.national()
    assert str(message["act_pay_dedc"]) == "17.00"


def test_lines_in_the_order_of_their_places(tmp_path: Path) -> None:
    """Both lines meet the same day: 30 first takes the deductible of 10, the 7 nothing more."""
    plain = RULES.replace("in: day", "in: calendar_year").replace("windows:", "stacks: {}\nwindows:")
    rules = book(tmp_path, plain.replace("  lately: {counts: 1, in: quarter}\n", "").replace(
        "  - {id: often, adjust: share, when: used(lately) >= 3, add: 5pp, cite: law}\n", "")
        .replace("opened: {counts: basic.kept, in: treatment}", "opened: {counts: basic.kept, in: lifetime}"),
        "{row: position}")  # fmt: skip
    settlement = settle(rules, claim("a", "2024-02-09", ("30.00", "2024-02-09"), ("7.00", "2024-02-08")))
    assert [str(line.split["pooled_fund"]) for line in lines_of(settlement)] == ["10.00", "3.50"]


def test_a_refused_claim_leaves_nothing_behind(tmp_path: Path) -> None:
    rules = """
tables:
  price: {keys: [category], columns: [share], rows: [[其他费, 50%]], gaps: others are not covered, cite: law}
meters: {met: {counts: basic.paid, in: lifetime}}
parts: [in_scope]
layers: [{id: basic, payer: pooled_fund, on: in_scope, cite: law}]
provisions: [{id: share, layer: basic, pay: sum(price.share of amount), cite: law}]
"""
    chain = Chain(book(tmp_path, rules))
    data = claim("a", "2024-02-09", ("30.00", ""), ("7.00", "")).model_dump(mode="json")
    data["lines"][1]["category"] = "bed"
    with pytest.raises(ClaimError, match="E560"):
        chain.settle(Claim.model_validate(data))
    settlement = chain.settle(claim("b", "2024-02-09", ("30.00", "")))
    assert settlement.before is None or not settlement.before.used
    assert [row["value"] for row in rows(settlement.history)] == ["15.00"]


def settled_lines(settlement: Settlement) -> list[str]:
    return [str(line.split["patient"]) for line in lines_of(settlement)]


def test_a_share_that_is_one_for_all_lines_is_told_in_the_national_message(tmp_path: Path) -> None:
    rules = """
parts: [in_scope]
layers: [{id: basic, payer: pooled_fund, on: in_scope, cite: law}]
provisions: [{id: share, layer: basic, fund_share: 70%, cite: law}]
"""
    settlement = settle(book(tmp_path, rules), claim("a", "2024-02-09", ("0.01", ""), ("0.01", ""), ("0.02", "")))
    assert settled_lines(settlement) == ["0.00", "0.00", "0.01"]
    assert str(settlement.national()["pool_prop_selfpay"]) == "0.7000"


def test_lines_as_they_stand_that_go_back_behind_a_window_are_told_which(tmp_path: Path) -> None:
    """The first line opens the window `treatment` in March; the second one is of January."""
    back = claim("c1", "2024-03-05", ("10.00", "2024-03-05"), ("10.00", "2024-01-05"))
    with pytest.raises(ClaimError) as caught:
        settle(book(tmp_path, by="{row: position}"), back)
    (found,) = caught.value.diagnostics
    assert (found.code, found.field) == ("E568", "lines[1].service_date")
    assert found.message == "lines[1].service_date: the window `treatment` runs from 2024-03-05 already"
    assert "list them in the order of their days" in found.hint
