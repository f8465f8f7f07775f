"""Who hands money to whom, when: read off the timing provisions that apply. The amounts are those of the split."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policyengine import ir
from policyengine.money import decimal_of

if TYPE_CHECKING:
    from policyengine.settlement.result import Payment, Settlement


def payments_of(settlement: Settlement) -> tuple[Payment, ...]:
    """The payments under the last timing provision that applies; none if no provision says anything."""
    applying = [t for t in settlement.layout.program.timings if settlement.values[settlement.layout.index[t.guard]]]
    if not applying:
        return ()
    return tuple(p for p in _payments(settlement, applying[-1]) if p.amount)


def _payments(settlement: Settlement, timing: ir.Timing) -> list[Payment]:
    from policyengine.settlement.result import Payment

    def pay(payer: str, payee: str, minor: int, when: str, why: str) -> None:
        amount = decimal_of(minor, settlement.layout.exponent)
        made.append(Payment(payer, payee, amount, when, why, timing.cites))

    made: list[Payment] = []
    split, program = settlement.split_minor, settlement.layout.program
    deposit = settlement.minor(timing.deposit) if timing.deposit else 0
    pay("patient", "hospital", deposit, "admission", "deposit")
    funds = {p.payer: split[p.payer] for p in program.payers if p.side == "fund"}
    at_once = {
        f: a for f, a in funds.items()
        if timing.settle == "one_stop" and (not timing.at_discharge or f in timing.at_discharge)
    }  # fmt: skip
    later = {f: a for f, a in funds.items() if f not in at_once}
    own = settlement.side("patient") + sum(later.values())
    accounts = {p.payer: split[p.payer] for p in program.payers if p.side == "patient"}
    cash = own - sum(accounts.values())
    pay("patient", "hospital", max(0, cash - deposit), "discharge", "own_share" if not later else "bill")
    pay("hospital", "patient", max(0, deposit - cash), "discharge", "deposit_returned")
    for account, amount in accounts.items():
        pay(account, "hospital", amount, "discharge", "own_share")
    for fund, amount in at_once.items():
        pay(fund, "hospital", amount, "after_discharge", "advance_repaid")
    for fund, amount in later.items():
        pay(fund, "patient", amount, "after_discharge", "claim_repaid")
    for grant in settlement.grants:
        made.append(Payment(grant.payer, "patient", grant.amount, "after_discharge", "grant", grant.cites))
    return made
