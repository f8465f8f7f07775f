"""own_cost_cap – 个人自付封顶: the layer pays what the patient would otherwise bear above the cap.

It looks upstream only: later help does not reopen the room.
"""

from __future__ import annotations

from policyengine import ir
from policyengine.mechanisms.base import Frame, Mechanism, Provision
from policyengine.mechanisms.rooms import AMOUNT_OR_METERS, least_room
from policyengine.shapes import Expression, Field, Name


def lower(provision: Provision, frame: Frame) -> None:
    make, values = frame.make, provision.values
    applies = make.guard(provision)
    with make.bare({"base": frame.base}):
        measured = make.amount(values["measure"]) if "measure" in values else frame.base
    excess = ir.positive_part(ir.sub(measured, ir.positive_part(least_room(provision, frame))))
    name = f"{frame.layer}.{provision.id}.excess"
    paid = ir.choose(applies, excess, ir.ZERO)
    frame.pays(make.step(name, paid, provision, term="over_own_cost_cap", shown=True))


OWN_COST_CAP = Mechanism(
    "own_cost_cap",
    "个人自付封顶线",
    "cap on the patient's own cost",
    "The layer pays what exceeds the cap on the patient's own cost.",
    "layer",
    (
        Field("own_cost_cap", AMOUNT_OR_METERS, "the cap, or one cap for each meter", True),
        Field("meter", Name(), "the meter of what was already borne in its window"),
        Field("measure", Expression(), "the own cost that is measured; default the running base"),
    ),
    lower,
    "- {id: cap, layer: own_cap, own_cost_cap: 1000元, meter: borne}",
)
