"""own_cost_cap – 个人自付封顶: the layer pays what the patient would otherwise bear above the cap.

It looks upstream only: later help does not reopen the room.
"""

from __future__ import annotations

from policyengine import ir
from policyengine.mechanisms.base import Frame, Mechanism, Provision
from policyengine.mechanisms.rooms import AMOUNT_OR_METERS, least, note, rooms
from policyengine.shapes import Expression, Field, Name


def lower(provision: Provision, frame: Frame) -> None:
    make, values = frame.make, provision.values
    applies = make.guard(provision)
    with make.bare({"base": frame.base}):
        measured = make.amount(values["measure"]) if "measure" in values else frame.base
    found = rooms(provision, frame)
    excess = ir.positive_part(ir.sub(measured, least(found)))
    name = f"{frame.layer}.{provision.id}.excess"
    paid = ir.choose(applies, excess, ir.ZERO)
    over = make.step(name, paid, provision, term="over_own_cost_cap", shown=True)
    frame.pays(over)
    note(provision, frame, found, ir.sub(measured, over))


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
