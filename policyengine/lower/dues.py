"""What each payer of a split owes of the payable: rounded, and never more than is left of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policyengine import ir
from policyengine.mechanisms.base import Split

if TYPE_CHECKING:
    from policyengine.lower.maker import Workbench

FINE = 10**18
"""Parts of a coin in which remainders are compared: more than any whole has coins, so that no two are confused."""

Dues = dict[str, ir.Expr]


def dues_of(bench: Workbench, name: str, payable: ir.Expr, split: Split) -> Dues:
    """The payer's part of ``payable`` by payer, in the order of the rule file; the parts sum to the payable."""
    weights = _weights(bench, name, split)
    whole = bench.step(f"{name}.split.whole", ir.add(*weights.values())) if split.by_amounts else ir.rate(1)
    if not split.remainder:
        return _by_largest_remainder(bench, name, payable, split, weights, whole)
    return _by_rest(bench, name, payable, split, weights, whole)


def _weights(bench: Workbench, name: str, split: Split) -> Dues:
    """Shares as they are; amounts are nothing where they are negative."""
    if not split.by_amounts:
        return {payer.text: share for payer, share in split.shares}
    return {
        payer.text: bench.step(f"{name}.{payer}.weight", ir.positive_part(amount)) for payer, amount in split.shares
    }


def _by_rest(bench: Workbench, name: str, payable: ir.Expr, split: Split, weights: Dues, whole: ir.Expr) -> Dues:
    """Each part rounded, one payer takes the rest."""
    rest, dues = payable, dict[str, ir.Expr]()
    for payer in (p for p in weights if p != split.remainder):
        if split.by_amounts:
            alone = ir.rounded(payable, *bench.rounding) if payer == split.if_none else ir.ZERO
            amount = ir.portion(payable, weights[payer], whole, alone, *bench.rounding)
        else:
            amount = bench.rounded(ir.scale(payable, weights[payer]))
        if dues or bench.rounding[1] != 1:
            amount = ir.minimum(amount, rest)
        dues[payer] = bench.step(f"{name}.{payer}.due", amount)
        rest = bench.step(f"{name}.{payer}.rest", ir.sub(rest, dues[payer]))
    dues[split.remainder] = bench.step(f"{name}.{split.remainder}.due", rest)
    return {payer: dues[payer] for payer in weights}


def _by_largest_remainder(
    bench: Workbench, name: str, payable: ir.Expr, split: Split, weights: Dues, whole: ir.Expr
) -> Dues:
    """Each part rounded down; the coins that are left go one each to the largest remainders, equal ones in order."""
    coins = bench.step(f"{name}.coins", ir.rounded(payable, *bench.rounding))
    floors, remainders = dict[str, ir.Expr](), dict[str, ir.Expr]()
    for payer, weight in weights.items():
        floors[payer] = bench.step(f"{name}.{payer}.floor", ir.portion(coins, weight, whole, ir.ZERO, "down"))
        fine = ir.portion(ir.scale(coins, ir.count(FINE)), weight, whole, ir.ZERO, "down")
        remainders[payer] = bench.step(
            f"{name}.{payer}.remainder", ir.sub(fine, ir.scale(floors[payer], ir.count(FINE)))
        )
    left = bench.step(f"{name}.coins_left", ir.sub(coins, ir.add(*floors.values())))
    dues, order = dict[str, ir.Expr](), list(weights)
    for at, payer in enumerate(order):
        ahead = [
            ir.choose(
                ir.compare(">=" if place < at else ">", remainders[other], remainders[payer]), ir.money(1), ir.ZERO
            )
            for place, other in enumerate(order)
            if place != at
        ]
        more = ir.choose(ir.compare("<", ir.add(ir.ZERO, *ahead), left), ir.money(1), ir.ZERO)
        due = ir.add(floors[payer], more)
        if split.by_amounts:
            alone = coins if payer == split.if_none else ir.ZERO
            due = ir.choose(ir.compare(">", whole, ir.ZERO), due, alone)
        dues[payer] = bench.step(f"{name}.{payer}.due", due)
    return dues
