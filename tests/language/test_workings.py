"""Steps between those that a reader of the policy knows: each is worked out once, under the name it always has."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.language.every_mechanism import CLAIM, END, LINES, program

OF_THE_CLAIM = """
-: waiver.left outside.left price_overrun.on price_overrun.paid_of basic.on basic.base_after_threshold
   basic.base_after_admitted basic.base_after_first share.applies better.applies basic.payable_before_flat
   basic.payable_after_flat basic.over_ceiling basic.paid_of banded.payable_rounded banded.over_ceiling
   banded.reached.left1 banded.paid_of stepped.stairs.end stepped.payable_rounded stepped.paid_of.in_scope
   stepped.paid_of.in_scope.rest stepped.paid_of.own_expense cap.applies helped.cap.used helped.payable_rounded
   helped.paid_of shared.payable_rounded shared.county.due shared.county.rest shared.poverty_fund.due
   shared.paid.county.room shared.paid_of own_expense.over_price own_expense.after_over_price first_share.first_share
   first_share.after_first_share in_scope.deductible in_scope.after_deductible in_scope.first_share
   in_scope.after_first_share in_scope.flat in_scope.after_flat in_scope.over_base in_scope.after_over_base
   in_scope.over_ceiling in_scope.after_over_ceiling advance.applies national.first_share.basic.in_scope
unpaid:
   in_scope.unpaid_after_price_overrun in_scope.unpaid_less_price own_expense.unpaid_with_price
   in_scope.held_less_price own_expense.held_with_price in_scope.unpaid_restated_by_price
   in_scope.held_restated_by_price in_scope.unpaid_after_basic in_scope.unpaid_less_first first_share.unpaid_with_first
   in_scope.held_less_first first_share.held_with_first in_scope.unpaid_after_banded in_scope.unpaid_after_stepped
   own_expense.unpaid_after_stepped in_scope.unpaid_after_helped in_scope.unpaid_after_shared
moved: price_overrun.price.moved basic.first.moved
"""

OF_THE_LINES = """
-: cut.left each.row.on each.row.base_after_first each.row.base_after_threshold each.row.payable_rounded
   each.row.over_ceiling each.row.pooled_fund.due each.row.pooled_fund.rest each.row.paid.pooled_fund.room
   each.row.paid_of yearly.base_after_begin yearly.payable_rounded yearly.over_ceiling yearly.over_ceiling_now
   yearly.deductible_now yearly.paid_of shadow.payable_rounded first_share.first_share first_share.after_first_share
   in_scope.row.deductible in_scope.row.after_deductible in_scope.row.first_share in_scope.row.after_first_share
   in_scope.row.over_ceiling in_scope.row.after_over_ceiling in_scope.lines.deductible in_scope.lines.first_share
   in_scope.lines.over_ceiling in_scope.lines.not_covered in_scope.deductible_wanted in_scope.untold_after_deductible
   in_scope.deductible in_scope.after_deductible in_scope.first_share_wanted in_scope.untold_after_first_share
   in_scope.first_share in_scope.after_first_share in_scope.over_ceiling_wanted in_scope.over_ceiling
   in_scope.after_over_ceiling national.first_share.each.in_scope
unpaid:
   in_scope.row.unpaid_after_each in_scope.row.unpaid_less_first in_scope.row.held_less_first
   in_scope.unpaid_after_each in_scope.held_after_each first_share.unpaid_after_each first_share.held_after_each
   in_scope.unpaid_after_yearly
moved: each.row.first.moved
"""

OF_THE_END = """
-: waiver.left outside.left basic.base_after_first basic.payable_rounded basic.paid_within.in_scope
   basic.paid_within.in_scope.rest basic.paid_within.own_expense basic.paid_beyond_base basic.paid_beyond.in_scope
   basic.paid_beyond.in_scope.rest basic.paid_beyond.own_expense basic.paid_of.in_scope basic.paid_of.own_expense
   aid.on aid.pooled_fund.weight aid.employer.weight aid.split.whole aid.pooled_fund.floor aid.pooled_fund.remainder
   aid.employer.floor aid.employer.remainder aid.coins_left aid.pooled_fund.due aid.employer.due
   aid.paid.pooled_fund.room aid.paid_of end.waiver.taken end.waiver.taken.left end.own_expense.row
   end.own_expense.row.left end.first_share.row end.first_share.row.left
   end.pooled_fund.of.in_scope end.pooled_fund.of.in_scope.rest end.pooled_fund.leaves_of.in_scope
   end.pooled_fund.of.own_expense end.pooled_fund.of.own_expense.rest end.pooled_fund.leaves_of.own_expense
   end.pooled_fund.of.first_share end.pooled_fund.leaves_of.first_share
   end.employer.of.in_scope end.employer.of.in_scope.rest end.employer.leaves_of.in_scope
   end.employer.of.own_expense end.employer.of.own_expense.rest end.employer.leaves_of.own_expense
   end.employer.of.first_share end.employer.leaves_of.first_share
   end.basic.moved1 end.basic.moved1.left end.basic.moved1.held end.basic.moved1.unpaid_with
   end.basic.moved1.held_with end.patient first_share.first_share first_share.after_first_share in_scope.first_share
   end.patient.own_expense end.patient.own_expense.left end.patient.first_share end.patient.first_share.left
   national.first_share.basic.in_scope national.first_share.basic.moved1
unpaid: in_scope.unpaid_after_basic own_expense.unpaid_after_basic in_scope.unpaid_less_first
   first_share.unpaid_with_first in_scope.unpaid_after_aid
moved: basic.first.moved
"""
"""Behind each term the steps that have it; ``-``: those that need none."""


@pytest.mark.parametrize(
    ("rules", "expected"),
    [(CLAIM, OF_THE_CLAIM), (LINES, OF_THE_LINES), (END, OF_THE_END)],
    ids=["claim", "lines", "end"],
)
def test_what_is_worked_out_on_the_way(tmp_path: Path, rules: str, expected: str) -> None:
    term, terms = "", dict[str, str]()
    for word in expected.split():
        if word.endswith(":"):
            term = word.rstrip(":-")
        else:
            terms[word] = term
    found = [step for step in program(tmp_path, rules).steps if not step.shown]
    assert {step.name: step.term for step in found} == terms
    assert not [step.name for step in found if step.payer or step.cites or step.assumed or step.guard]
