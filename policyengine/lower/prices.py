"""The price of the case acts before the layers, as a layer of its own; below the price it may restate the bill."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from policyengine import ir
from policyengine.lower.layers import run_layer
from policyengine.lower.scope import whole_claim
from policyengine.lower.waterfall import Ran
from policyengine.mechanisms import BY_KEY
from policyengine.mechanisms import quota_price as prices
from policyengine.mechanisms.base import Provision
from policyengine.ruleset import Layer
from policyengine.shapes import Word

if TYPE_CHECKING:
    from policyengine.lower.maker import Workbench


def about_the_case(bench: Workbench) -> Iterator[Provision]:
    """The provisions about the case as a whole, in file order."""
    return (p for p in bench.provisions if BY_KEY[p.mechanism].place == "case")


def bearer(bench: Workbench, provision: Provision) -> Word:
    """Who pays the layer of the provision; where the overrun goes to a part of the bill, it pays nothing."""
    overrun: Word = provision.values.get("overrun", Word("hospital", provision.id.span))
    return Word("hospital", overrun.span) if bench.is_part(overrun) else overrun


def run_price(bench: Workbench, provision: Provision, side: str) -> Ran:
    """Lowers one price: what is above it, and the bill that it restates. Raises ``RuleError`` where the fee lines of a
    claim are settled one after the other."""
    if bench.ruleset.settle_by:
        raise whole_claim("a price of the case", provision.id.span)
    every = tuple(Word(p.id.text, provision.id.span) for p in reversed(bench.ruleset.parts))
    payer = bearer(bench, provision)
    layer = Layer(
        Word(f"{provision.id}_overrun", provision.id.span), payer, provision.values.get("of", every),
        when=provision.when, label=provision.label, cites=provision.cites, assumed=provision.assumed,
    )  # fmt: skip
    ran = run_layer(bench, layer, [replace(provision, layers=(layer.id,), when=None)], side)
    if bench.is_part(provision.values.get("overrun", payer)):
        ran.payers.clear()
    _restate(bench, provision, ran)
    return ran


def _restate(bench: Workbench, provision: Provision, ran: Ran) -> None:
    """Below the price: what it exceeds the cost joins the last part that it covers, and the bill."""
    base, price = bench.amounts[f"{ran.layer.id}.base"], bench.amounts[provision.id.text]
    margin = prices.margin(provision, base, price, bench.rounding)
    if margin == ir.ZERO:
        return
    name, claim = provision.id.text, bench.claim
    step = f"{name}.margin"
    margin = bench.step(step, ir.choose(ran.on, margin, ir.ZERO), provision, term="margin", shown=True)
    covered = {part.text for part in ran.layer.on}
    part = [p.id.text for p in bench.ruleset.parts if p.id.text in covered][-1]
    charged = claim.amounts[part]
    claim.amounts[part] = bench.step(f"{part}.restated_by_{name}", ir.add(charged, margin), term="restated", shown=True)
    for what, sums in (("unpaid", claim.unpaid), ("held", claim.held)):
        if sums[part] == charged:
            sums[part] = claim.amounts[part]
        else:
            sums[part] = bench.step(f"{part}.{what}_restated_by_{name}", ir.add(sums[part], margin), term="unpaid")
    bill = bench.step(f"bill.restated_by_{name}", ir.add(claim.amounts["bill"], margin), term="bill", shown=True)
    claim.amounts["bill"] = claim.amounts["total_charge"] = bill
    bench.margins.append((part, step))


def claim_bill(bench: Workbench) -> str:
    """The step that holds the bill, restated or as charged."""
    bill = bench.claim.amounts["bill"]
    assert isinstance(bill, ir.Ref)
    return bill.step
