"""Every law can be broken: by a program with a mistake in it, and by policies that break it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from policyengine import Claim, History, Rulebook, ir, load, settle
from policyengine.laws import ALL, BY_ID, Breach, tried
from policyengine.laws import broken as law_breaches
from policyengine.laws.altered import with_program
from tests.laws.plans import PLAIN, claim, plan


def doctored(book: Rulebook, **steps: Callable[[ir.Expr], ir.Expr]) -> Rulebook:
    """The rule set with some steps reckoned otherwise; a double underscore stands for a point."""
    program = book.programs[0]
    wrong = {name.replace("__", "."): change for name, change in steps.items()}
    assert wrong.keys() <= {step.name for step in program.steps}
    changed = tuple(
        replace(step, expr=wrong[step.name](step.expr)) if step.name in wrong else step for step in program.steps
    )
    return with_program(book, program, replace(program, steps=changed))


def more(fen: int) -> Callable[[ir.Expr], ir.Expr]:
    return lambda expr: ir.add(expr, ir.money(fen))


def broken(book: Rulebook, *amounts: str) -> dict[str, Breach]:
    return {breach.law.id: breach for breach in tried(book, [claim(*amounts)])}


def test_what_was_beyond_a_limit_before_a_claim_is_no_breach_of_it() -> None:
    """The year bore 180,000, more than its cap of 84,000: of 5,000.01 the fund pays 5,000, in whole dollars."""
    line = {"category": "treatment", "catalogue_class": "a", "amount": "50000.01", "service_date": "2024-01-01"}
    stay = {"care_type": "inpatient", "admission_date": "2024-01-01", "discharge_date": "2024-01-01"}
    facts = {"exempt": False, "ward": "acute", "low_income_household": False}
    stated = {"id": "c", "currency": "TWD", "person": {"id": "p"}, "encounter": stay, "lines": [line], "facts": facts}
    borne = {
        "meter": "borne_year",
        "scope": {"person_id": "p"},
        "window": "2024",
        "value": "180000.00",
        "kind": "money",
    }
    history = History.model_validate({"currency": "TWD", "accumulators": [borne]})
    settlement = settle(load("world/taiwan/inpatient"), Claim.model_validate(stated), history)
    assert str(settlement.split["patient"]) == "0.01"
    assert law_breaches(settlement) == ()


def test_a_plain_plan_keeps_every_law(tmp_path: Path) -> None:
    assert broken(plan(tmp_path), "1000.00", "0.01") == {}


def test_a_payer_that_pays_more_than_was_left(tmp_path: Path) -> None:
    """1,000.00 at 70 %; by mistake a fen more is taken off what is left than there was, and the patient is owed it."""
    steps = {"basic__paid": more(30_001), "basic__paid_of": lambda _: ir.Ref("basic.paid", "money")}
    found = broken(doctored(plan(tmp_path), **steps), "1000.00")
    assert found["paid_within_unpaid"].minor == 1
    assert found["paid_within_unpaid"].en == (
        "breaks “no payer pays more than was left”: by 0.01, in_scope: below nothing left"
    )
    assert found["paid_within_unpaid"].zh == "违反“支付不超过未付金额”：相差 0.01, in_scope: below nothing left"


def test_reasons_that_do_not_sum(tmp_path: Path) -> None:
    found = broken(doctored(plan(tmp_path), patient__coinsurance=more(-1)), "1000.00")
    assert found["reasons_sum"].what == "cash and accounts beside the patient's part: too much"


def test_a_ceiling_that_is_exceeded(tmp_path: Path) -> None:
    """A ceiling of 500; 700 would be paid, and 501 are by the mistake."""
    clauses = (*PLAIN, "{id: top, layer: basic, ceiling: 500元, meter: paid}")
    book = doctored(plan(tmp_path, clauses), basic__payable_after_top=more(100))
    assert broken(book, "1000.00")["limits_hold"].minor == 100


def test_a_larger_bill_that_costs_less(tmp_path: Path) -> None:
    """110 % are paid of what lies over 1,000: a tenth of what is more comes back, until nothing is left to pay: of
    1,000 the patient pays 300."""

    def too_much(expr: ir.Expr) -> ir.Expr:
        over = ir.positive_part(ir.sub(ir.Ref("in_scope.gross", "money"), ir.money(100_000)))
        return ir.add(expr, ir.rounded(ir.scale(over, ir.rate(Fraction(4, 10))), "down"))

    book = doctored(plan(tmp_path), basic__payable_rounded=too_much)
    found = [breach for breach in tried(book, [claim("1000.00")]) if breach.law.id == "larger_bill"]
    by = {str(breach.after[0].lines[0].amount): (breach.minor, breach.tolerance, breach.what) for breach in found}
    assert by == {
        "1001.00": (10, 2, "the patient pays less than before"),
        "1100.00": (1_000, 2, "the patient pays less than before"),
        "6000.00": (30_000, 2, "the patient pays less than before"),
    }


def test_a_tag_of_the_poor_with_a_lower_share(tmp_path: Path) -> None:
    """Of 1,000 the fund pays 600 where it pays 700 without the tag: a policy that breaks the law, and no exception."""
    book = plan(tmp_path, ("{id: share, layer: basic, fund_share: 60% if registered_poor else 70%}",))
    found = broken(book, "1000.00")["tag_of_poor"]
    assert (found.minor, found.tolerance) == (10_000, 1)
    assert found.after[0].person.tags == {"registered_poor"}


def test_lines_whose_order_matters(tmp_path: Path) -> None:
    """An order that no file states: what is told only of a file that has its lines settled one after the other."""
    clauses = ("{id: share, layer: basic, fund_share: 70%}", "{id: top, layer: basic, ceiling: 500元, meter: paid}")
    assert broken(plan(tmp_path, clauses), "1000.00", "2.00") == {}
    by_row = plan(tmp_path, clauses, settings="settle_by: row\n")
    assert broken(by_row, "1000.00", "2.00") == {}
    law = BY_ID["line_order"]
    assert [one.why.id for one in law.exceptions(by_row.programs[0])] == ["by_line"]  # type: ignore[union-attr]


def test_every_law_has_both_languages_and_its_own_name() -> None:
    assert len({law.id for law in ALL}) == len(ALL) == len(BY_ID)
    assert all(law.zh and law.en for law in ALL)


@pytest.mark.parametrize("step", ["basic__paid", "bill", "patient_total"])
def test_back_ends_that_read_the_same_program_agree(tmp_path: Path, step: str) -> None:
    """A mistake of the program is one of all back ends: `engines_agree` is about the back ends alone."""
    try:
        found = broken(doctored(plan(tmp_path), **{step: more(1)}), "10.00")
    except AssertionError:
        return
    assert "engines_agree" not in found
