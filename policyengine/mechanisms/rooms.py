"""The room under a limit: what was stated, less what its meter has used. Shared by every clause that has a limit."""

from __future__ import annotations

from collections.abc import Sequence

from policyengine import ir
from policyengine.mechanisms.base import Frame, Provision, Room, no_order_of_lines
from policyengine.resolve import fault
from policyengine.shapes import Either, Expression, MapOf, Word

AMOUNT_OR_METERS = Either(mapping=MapOf(Expression()), single=Expression())


def rooms(provision: Provision, frame: Frame, taken: ir.Expr = ir.ZERO) -> tuple[Room, ...]:
    """Every room that the provision states: one, or one a meter. ``taken``: what earlier layers took of it."""
    stated = provision.values[provision.mechanism]
    if not isinstance(stated, tuple):
        return (_room(provision, frame, stated, provision.values.get("meter"), taken),)
    if "meter" in provision.values:
        message = "the amounts name their meters already"
        raise fault("E353", message, provision.at("meter"), "one amount with `meter:`, or a map of meters to amounts")
    return tuple(_room(provision, frame, amount, meter, taken, meter.text) for meter, amount in stated)


def least(found: Sequence[Room]) -> ir.Expr:
    """What is left under all of the limits."""
    return ir.minimum(*(room.left for room in found))


def _room(
    provision: Provision, frame: Frame, amount: object, meter: Word | None, taken: ir.Expr, key: str = ""
) -> Room:
    """One limit, nothing where it does not apply, less what its meter held before this claim and what earlier layers
    of this claim added to it; without a meter, less what earlier layers took of it.

    A cap on own cost measures what earlier layers left in its parts: what they counted there is not taken off again.
    """
    make = frame.make
    measured = frozenset(frame.running) if provision.mechanism == "own_cost_cap" else frozenset[str]()
    if meter is not None and frame.by_row:
        raise no_order_of_lines("a meter", meter.span)
    with make.bare({"base": frame.base, "payable": frame.payable}):
        stated = ir.choose(make.guard(provision), make.amount(amount), ir.ZERO)  # type: ignore[arg-type]
    limit = make.slot(provision, stated, key)
    if meter is None:
        return Room(limit, ir.positive_part(ir.sub(limit, taken)))
    used = make.used(meter)
    if used.kind != "money":
        raise fault("E352", f"`{meter}` counts a number, the limit is an amount", meter.span, "a meter of money")
    name = f"{frame.layer}.{provision.id}{'.' + key if key else ''}.room"
    spent = ir.add(used, make.counted(meter, frame.layer, measured))
    left = make.step(name, ir.positive_part(ir.sub(limit, spent)), provision, term="room", shown=True)
    return Room(limit, left, meter.text)


def note(provision: Provision, frame: Frame, found: Sequence[Room], used: ir.Expr, kind: str = "") -> None:
    """Enters the limits into the program's list. ``used``: what this claim uses of one without a meter. A limit of each
    fee line is none of the claim."""
    guard = frame.make.guard(provision)
    if guard == ir.FALSE or frame.by_row:
        return
    held = guard.step if isinstance(guard, ir.Ref) else ""
    for room in found:
        name = f"{frame.layer}.{provision.id}{'.' + room.meter if len(found) > 1 else ''}"
        mode = None if provision.mechanism == "deductible" else "down"
        limit = _named(frame, f"{name}.limit", room.limit, mode)
        spent = f"meter.{room.meter}" if room.meter else _named(frame, f"{name}.used", used, "down")
        what = kind or provision.mechanism
        frame.limits.append(ir.Limit(provision.id.text, what, frame.layer, limit, spent, room.meter, held))


def _named(frame: Frame, name: str, amount: ir.Expr, mode: str | None) -> str:
    """The step that holds ``amount`` in whole coins, by default rounded as the file rounds."""
    held = frame.make.step(name, frame.make.rounded(amount) if mode is None else ir.rounded(amount, mode))
    assert isinstance(held, ir.Ref), f"{name} is a constant, not a step"
    return held.step
