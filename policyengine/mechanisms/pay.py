"""pay – adds any amount to the payable: a fixed sum, the hospital's part of a remainder, what was paid elsewhere."""

from __future__ import annotations

from policyengine import ir
from policyengine.mechanisms.base import Frame, Mechanism, Provision
from policyengine.shapes import Expression, Field


def lower(provision: Provision, frame: Frame) -> None:
    make = frame.make
    with make.bare({"base": frame.base, "payable": frame.payable}):
        stated = ir.choose(make.guard(provision), make.amount(provision.values["pay"]), ir.ZERO)
        frame.pays(make.slot(provision, stated))


PAY = Mechanism(
    "pay",
    "定额支付",
    "pay an amount",
    "Adds an amount to what the layer pays.",
    "layer",
    (Field("pay", Expression(), "the amount; `base` is the running base", True),),
    lower,
    "- {id: lump_sum, layer: assistance, pay: 2000元}",
)
