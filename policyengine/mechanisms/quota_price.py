"""quota_price – 单病种定额/限价: the price of the case.

Cost above it is borne by the hospital, by the payer named in ``overrun``, or is moved into the part named there, before
any layer looks at the bill. Below it the actual cost is the base; with ``below: price`` the bill is restated: the price
stands in its place, and what it exceeds the cost is told as ``margin``.
"""

from __future__ import annotations

from policyengine import ir
from policyengine.mechanisms.base import Frame, Mechanism, Provision
from policyengine.shapes import Choice, Expression, Field, Name, OneOrMany


def lower(provision: Provision, frame: Frame) -> None:
    make, overrun = frame.make, provision.values.get("overrun")
    applies = make.guard(provision)
    stated = ir.choose(applies, make.amount(provision.values["quota_price"]), ir.ZERO)
    price = make.rounded(make.slot(provision, stated))
    over = ir.choose(applies, ir.positive_part(ir.sub(frame.base, price)), ir.ZERO)
    if overrun is None or not make.is_part(overrun):
        frame.pays(over)
        return
    others = [part for part in frame.running if part != overrun.text]
    above = ir.positive_part(ir.sub(over, frame.running.get(overrun.text, ir.ZERO)))
    taken = make.step(f"{provision.id}.taken", above, provision, term="over_price", shown=True)
    if others:
        frame.take(provision, taken, "over_price", others, overrun)


def margin(provision: Provision, frame_base: ir.Expr, price: ir.Expr, rounding: tuple[str, int]) -> ir.Expr:
    """What the price exceeds the cost, in whole coins; nothing where the actual cost counts."""
    if provision.values.get("below") != "price":
        return ir.ZERO
    return ir.positive_part(ir.rounded(ir.sub(price, frame_base), *rounding))


QUOTA_PRICE = Mechanism(
    "quota_price",
    "单病种定额",
    "quota price of a case",
    "Sets the price of the case: cost above it is borne by the hospital; below it the cost counts, or the price.",
    "case",
    (
        Field("quota_price", Expression(), "the price", True),
        Field("of", OneOrMany(Name()), "the parts that the price covers; default all"),
        Field("overrun", Name(), "who bears the cost above the price, or the part it goes to; default hospital"),
        Field("below", Choice(("actual", "price")), "what counts below the price: the cost (default), or the price"),
    ),
    lower,
    "- {id: disease_price, quota_price: price.amount, when: disease == 胃癌, overrun: hospital}",
)
