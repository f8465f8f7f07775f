"""Laws of one settlement, as arithmetic on its amounts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policyengine import ir
from policyengine.laws.amounts import Amounts, Measured, borne
from policyengine.laws.rounding import ANSWER, slack

Found = Iterator[Measured]


def _equal(what: str, one: Any, other: Any) -> Found:
    yield Measured(f"{what}: too much", one - other)
    yield Measured(f"{what}: too little", other - one)


def split_sums(amounts: Amounts) -> Found:
    program = amounts.program
    split = sum(borne(amounts, payer) for payer in program.payers) + amounts[program.patient]
    yield from _equal("the split beside the bill", split, amounts[program.bill])


def parts_sum(amounts: Amounts) -> Found:
    program = amounts.program
    parts = sum(amounts[part.gross] for part in program.parts)
    taken = sum(amounts[step] for payer in program.payers for step in payer.steps if step.endswith(".total"))
    yield from _equal("the parts beside the bill", parts + taken, amounts[program.bill])


def nothing_negative(amounts: Amounts) -> Found:
    program = amounts.program
    for payer in program.payers:
        yield Measured(payer.payer, -borne(amounts, payer))
    yield Measured("patient", -amounts[program.patient])
    for reason in program.reasons:
        yield Measured(f"patient.{reason.reason}", -amounts[reason.step])


def reasons_sum(amounts: Amounts) -> Found:
    program = amounts.program
    told = sum(amounts[reason.step] for reason in program.reasons)
    yield from _equal("the reasons beside the patient's part", told, amounts[ANSWER])
    own = sum(borne(amounts, payer) for payer in program.payers if payer.side == "patient")
    yield from _equal("cash and accounts beside the patient's part", own + amounts[program.patient], amounts[ANSWER])


def paid_within_unpaid(amounts: Amounts) -> Found:
    """What is left of each part is between nothing and all that it holds."""
    for part in amounts.program.parts:
        yield Measured(f"{part.name}: below nothing left", -amounts[part.unpaid])
        held = amounts[part.held or part.gross]
        yield Measured(f"{part.name}: more left than it held", amounts[part.unpaid] - held)


def draws_sum(amounts: Amounts) -> Found:
    """What a layer takes of parts is what its payers give."""
    for draw in amounts.program.draws:
        taken = sum(amounts[step] for _, step in draw.parts)
        given = sum(amounts[step] for _, step in draw.payers)
        yield from _equal(f"{draw.layer}: of parts beside by payers", taken, given)


def limits_hold(amounts: Amounts) -> Found:
    """What a claim uses of a limit is at most what earlier claims of the window have left of it, but for roundings.
    What a layer pays above a cap on the own cost may be changed as a whole afterwards: then the cap is of what stood
    before, which nothing counts."""
    names = {step.name for step in amounts.program.steps}
    for limit in amounts.program.limits:
        if limit.kind == "own_cost_cap" and f"{limit.layer}.payable_stated" in names:
            continue
        now = amounts[_used_by(amounts.program, limit)]
        meter = next((m for m in amounts.program.meters if m.name == limit.meter), None)
        applies = (now > 0) & _holds(amounts, limit.guard) & _holds(amounts, meter.when if meter else "")
        left = amounts[limit.limit] - _before(amounts, meter)
        over = now - left * (left > 0) - slack(amounts.program, limit)
        yield Measured(f"{limit.layer}.{limit.provision}", over * applies)


def _used_by(program: ir.Program, limit: ir.Limit) -> str:
    """The step of what this claim uses of a limit. Several deductibles of one layer are each met for themselves, though
    what their meters count is the sum of them all."""
    beside = {one.provision for one in program.limits if (one.layer, one.kind) == (limit.layer, "deductible")}
    several = limit.kind == "deductible" and len(beside) > 1
    return f"{limit.layer}.{limit.provision}.taken" if several else limit.used


def _before(amounts: Amounts, meter: ir.Meter | None) -> Any:
    """What a meter held, nothing where its window begins anew with this claim or it keeps no sum."""
    if meter is None or meter.keep != "sum":
        return 0
    held = amounts.used(meter.name)
    return held - held * amounts[meter.window.reset] if meter.window.reset else held


def _holds(amounts: Amounts, guard: str) -> Any:
    return amounts[guard] if guard else True


def meters_rise(amounts: Amounts) -> Found:
    """Nothing that is summed up is negative."""
    for meter in amounts.program.meters:
        if meter.keep == "sum":
            yield Measured(meter.name, -amounts[meter.step])
