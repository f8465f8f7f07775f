"""deductible – 起付线: the patient bears the first part of the base.

With a ``meter`` the amount is met once in the meter's window; a map of meters sets aside the least of their rooms
(a person inside a family, a specific inside a general deductible).
"""

from __future__ import annotations

from policyengine import ir
from policyengine.mechanisms.base import Frame, Mechanism, Provision
from policyengine.mechanisms.rooms import AMOUNT_OR_METERS, least, note, rooms
from policyengine.shapes import Field, Name


def lower(provision: Provision, frame: Frame) -> None:
    make = frame.make
    found = rooms(provision, frame)
    name = f"{frame.layer}.{provision.id}"
    amount = ir.minimum(frame.base, make.rounded(least(found)))
    taken = make.step(f"{name}.taken", amount, provision, term="deductible", shown=True)
    frame.take(provision, taken, "deductible")
    note(provision, frame, found, taken)


DEDUCTIBLE = Mechanism(
    "deductible",
    "起付线",
    "deductible",
    "The patient bears the first part of the layer's base.",
    "layer",
    (
        Field("deductible", AMOUNT_OR_METERS, "the amount, or one amount for each meter", True),
        Field("meter", Name(), "the meter of what was already borne in its window"),
    ),
    lower,
    "- {id: deductible, layer: basic, deductible: 1200元}",
)
