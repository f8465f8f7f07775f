"""timing – who hands money to whom, when: deposit, one-stop settlement, the hospital's advance. Never an amount of the
split; it may read any step, and no money step may read it."""

from __future__ import annotations

from policyengine import ir
from policyengine.mechanisms.base import Maker, Mechanism, Provision
from policyengine.shapes import Choice, Expression, Field, Name, OneOrMany


def lower(provision: Provision, make: Maker) -> ir.Timing:
    values = provision.values
    guard = f"{provision.id}.timing"
    make.step(guard, make.guard(provision), provision, term="timing", shown=True)
    deposit = ""
    if "deposit" in values:
        amount = ir.rounded(make.amount(values["deposit"]), *make.rounding)
        deposit = f"{provision.id}.deposit"
        make.step(deposit, amount, provision, term="deposit", shown=True)
    return ir.Timing(
        provision.id.text,
        guard,
        values["timing"],
        deposit,
        tuple(p.text for p in values.get("at_discharge", ())),
        provision.cites,
        provision.assumed,
    )


TIMING = Mechanism(
    "timing",
    "结算方式",
    "timing of payments",
    "Who hands money to whom, when; the split does not change.",
    "free",
    (
        Field("timing", Choice(("one_stop", "claim_later")), "one_stop: own share at discharge, funds repay the "
              "hospital's advance; claim_later: the patient pays the bill and is repaid", True),
        Field("deposit", Expression(), "the deposit at admission; none if it is not stated"),
        Field("at_discharge", OneOrMany(Name()), "the payers that settle at discharge; default all"),
    ),
    lower,
    "- {id: treat_first, timing: one_stop, when: registered_poor}",
    adjustable=False,
)  # fmt: skip
