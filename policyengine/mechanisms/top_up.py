"""top_up – 补足到目标: pays what is missing to a target, at most ``at_most``.

A target ratio, a minimum guarantee and the double ceiling are all this. ``counting`` is what already counts towards the
target; by default everything paid so far from the layer's parts.
"""

from __future__ import annotations

from policyengine import ir
from policyengine.mechanisms.base import Frame, Mechanism, Provision
from policyengine.shapes import Expression, Field


def lower(provision: Provision, frame: Frame) -> None:
    values, make = provision.values, frame.make
    with make.bare({"base": frame.base, "payable": frame.payable}):
        stated = ir.choose(make.guard(provision), make.amount(values["top_up"]), ir.ZERO)
        target = make.slot(provision, stated)
        counting = make.amount(values["counting"]) if "counting" in values else _paid(frame)
        missing = ir.positive_part(ir.sub(target, counting))
        if "at_most" in values:
            limit = ir.choose(make.guard(provision), make.amount(values["at_most"]), ir.ZERO)
            missing = ir.minimum(missing, limit)
    name = f"{frame.layer}.{provision.id}.missing"
    frame.pays(make.step(name, missing, provision, term="payable", shown=True))


def _paid(frame: Frame) -> ir.Expr:
    return ir.add(*(frame.make.paid_of(part) for part in frame.running))


TOP_UP = Mechanism(
    "top_up",
    "补足",
    "top up to a target",
    "Pays what is missing to a target amount.",
    "layer",
    (
        Field("top_up", Expression(), "the target, such as `90% of in_scope`", True),
        Field("counting", Expression(), "what counts towards the target; default all paid so far from these parts"),
        Field("at_most", Expression(), "the most that is added"),
    ),
    lower,
    "- {id: to_ninety, layer: backstop, top_up: 90% of in_scope}",
)
