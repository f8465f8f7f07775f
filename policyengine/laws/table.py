"""The laws themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policyengine import ir
from policyengine.laws import changed, documents, engines, layers, lives, settled, tags
from policyengine.laws.exempt import WHYS, Exempt
from policyengine.laws.fixed import each_claim
from policyengine.laws.law import ChangeLaw, DocumentLaw, Law, LifeLaw
from policyengine.laws.reading import BILLED, moved_by, moved_by_steps, reads
from policyengine.laws.switches import switches

OF_ONE: tuple[Law, ...] = (
    Law("split_sums", "各方支付之和等于总费用", "the split sums to the bill", settled.split_sums),
    Law("parts_sum", "费用各部分之和等于总费用", "the parts and what payers took of lines sum to the bill",
        settled.parts_sum),
    Law("nothing_negative", "没有负数", "no amount is negative", settled.nothing_negative),
    Law("reasons_sum", "个人负担按原因相加等于个人负担", "the reasons sum to the patient's part", settled.reasons_sum),
    Law("paid_within_unpaid", "支付不超过未付金额", "no payer pays more than was left", settled.paid_within_unpaid),
    Law("draws_sum", "每一层从各类费用所付之和等于各付款方所付之和",
        "what a layer pays of the parts is what its payers pay", settled.draws_sum),
    Law("limits_hold", "起付线、封顶线和自付封顶在其周期内都不会超过",
        "no deductible, ceiling or cap is exceeded over its window", settled.limits_hold),
    Law("meters_rise", "累计不减", "no accumulator falls", settled.meters_rise),
)  # fmt: skip

OF_DOCUMENTS: tuple[DocumentLaw, ...] = (
    DocumentLaw("identities", "国家结算字段恒等式", "the identities of the national message hold",
                documents.identities),
    DocumentLaw("payments_close", "收付相抵", "what is handed over is what each owes", documents.payments_close),
    DocumentLaw("lines_sum", "逐条明细与各方支付均相符", "fee lines and payers both sum exactly", documents.lines_sum),
)  # fmt: skip


def _of_the_bill(program: ir.Program) -> Iterator[Exempt]:
    moved = moved_by(program, BILLED)
    yield from (one for one in switches(program) if reads(one.condition, moved))
    yield from layers.measured_on_the_whole(program)
    yield from layers.several_parts(program)
    yield from layers.positioned_by_another_amount(program)


def _of_tags(program: ir.Program) -> Iterator[Exempt]:
    if tags.tags_of(program):
        moved = moved_by(program, tags.POOR)
        yield from (one for one in switches(program) if reads(one.condition, moved))
        yield from tags.withdrawn(program)
        yield from tags.chosen_from_what_is_stated(program)


def _of_ceilings(program: ir.Program) -> Iterator[Exempt]:
    ceilings = {limit.limit for limit in program.limits if limit.kind == "ceiling"}
    if ceilings:
        moved = moved_by_steps(program, ceilings)
        yield from (one for one in switches(program) if reads(one.condition, moved))
        yield from layers.measured_on_the_whole(program)
        yield from layers.several_parts(program)
        yield from layers.paid_onward(program)


def _of_order(program: ir.Program) -> Iterator[Exempt]:
    if program.settle_by:
        yield Exempt(WHYS["by_line"], program.steps[0], "always", ir.TRUE)


def _of_splitting(program: ir.Program) -> Iterator[Exempt]:
    if program.settle_by:
        yield from _of_order(program)
        return
    yield from each_claim(program)
    yield from switches(program)
    yield from layers.measured_on_the_whole(program)
    yield from layers.several_parts(program)
    yield from layers.deducted_in_turn(program)


LARGER_BILL = ChangeLaw(
    "larger_bill", "账单增加，个人支付不会减少，也不会增加得比账单还多",
    "more bill never means less for the patient to pay, nor more than fen for fen", changed.larger_bill, True,
    _of_the_bill,
)  # fmt: skip
TAG_OF_POOR = ChangeLaw(
    "tag_of_poor", "有了困难身份，个人支付不会增加", "a tag of the poor never makes a member worse off",
    changed.never_worse, True, _of_tags,
)  # fmt: skip
LINE_ORDER = ChangeLaw(
    "line_order", "费用明细的先后次序不影响结算", "the order of fee lines does not matter", changed.nothing_moves,
    False, _of_order,
)  # fmt: skip
RAISED_CEILING = ChangeLaw(
    "raised_ceiling", "提高封顶线，个人支付不会增加", "raising a ceiling never costs the patient", changed.never_worse,
    True, _of_ceilings,
)  # fmt: skip

SPLIT_STAY = ChangeLaw(
    "split_stay", "一次就诊拆成两次，个人支付不会减少", "splitting a stay into two claims does not profit the patient",
    changed.no_profit, True, _of_splitting,
)  # fmt: skip

OF_CHANGES: tuple[ChangeLaw, ...] = (LARGER_BILL, TAG_OF_POOR, LINE_ORDER, RAISED_CEILING, SPLIT_STAY)

ENGINES_AGREE = DocumentLaw(
    "engines_agree", "各种计算方式结果完全一致", "all back ends agree on every step", engines.differences,
)  # fmt: skip

OF_LIVES: tuple[LifeLaw, ...] = (
    LifeLaw("reversed", "冲正后重新结算，恢复到原来的状态",
            "reversing a claim and settling it again returns the first state", lives.reversed_and_again),
)  # fmt: skip

AnyLaw = Law | DocumentLaw | ChangeLaw | LifeLaw
ALL: tuple[AnyLaw, ...] = (*OF_ONE, *OF_DOCUMENTS, *OF_CHANGES, *OF_LIVES, ENGINES_AGREE)
BY_ID: Mapping[str, AnyLaw] = {law.id: law for law in ALL}
