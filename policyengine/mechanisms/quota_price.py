"""quota_price – 单病种定额/限价: the price of the case.

Cost above it is borne by the hospital (or by the payer named in ``overrun``) and leaves the parts before any layer
looks at them. Below it the actual cost is the base.
"""

from __future__ import annotations

from policyengine import ir
from policyengine.mechanisms.base import Frame, Mechanism, Provision
from policyengine.shapes import Expression, Field, Name, OneOrMany


def lower(provision: Provision, frame: Frame) -> None:
    make = frame.make
    applies = make.guard(provision)
    stated = ir.choose(applies, make.amount(provision.values["quota_price"]), ir.ZERO)
    price = make.slot(provision, stated)
    over = ir.positive_part(ir.sub(frame.base, make.rounded(price)))
    frame.pays(ir.choose(applies, over, ir.ZERO))


QUOTA_PRICE = Mechanism(
    "quota_price",
    "单病种定额",
    "quota price of a case",
    "Cost of the case above the price is borne by the hospital.",
    "case",
    (
        Field("quota_price", Expression(), "the price", True),
        Field("of", OneOrMany(Name()), "the parts that the price covers; default all"),
        Field("overrun", Name(), "who bears the cost above the price; default hospital"),
    ),
    lower,
    "- {id: disease_price, quota_price: price.amount, when: disease == 胃癌, overrun: hospital}",
)
