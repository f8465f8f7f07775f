"""The room under a limit: what was stated, less what its meter has used. Shared by every clause that has a limit."""

from __future__ import annotations

from policyengine import ir
from policyengine.mechanisms.base import Frame, Provision
from policyengine.shapes import Either, Expression, MapOf, Word

AMOUNT_OR_METERS = Either(mapping=MapOf(Expression()), single=Expression())


def least_room(provision: Provision, frame: Frame) -> ir.Expr:
    """The least of the rooms that the provision states; never below zero is the caller's to say."""
    stated = provision.values[provision.mechanism]
    if not isinstance(stated, tuple):
        return room(provision, frame, stated, provision.values.get("meter"))
    return ir.minimum(*(room(provision, frame, amount, meter, meter.text) for meter, amount in stated))


def room(provision: Provision, frame: Frame, amount: object, meter: Word | None, key: str = "") -> ir.Expr:
    """One limit less what the meter held before this claim and what earlier layers of this claim added to it."""
    make = frame.make
    applies = make.guard(provision)
    stated = ir.choose(applies, make.amount(amount), ir.ZERO)  # type: ignore[arg-type]
    limit = make.slot(provision, stated, key)
    if meter is None:
        return limit
    name = f"{frame.layer}.{provision.id}{'.' + key if key else ''}.room"
    spent = ir.add(make.used(meter), make.counted(meter))
    return make.step(name, ir.positive_part(ir.sub(limit, spent)), provision, term="room", shown=True)
