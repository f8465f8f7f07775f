"""ceiling – 封顶线: a limit on what the layer pays, or (``limits: base``) on the cost it looks at.

A ceiling never says who bears the cut: it stays unpaid and later layers see it. ``converts: cost`` also leaves
``over_cost``, the cost beyond the least cost that earns the ceiling; with ``rounded_cost`` that least cost is rounded
as the rule file says, slice by slice, so that shares such as 87 % and 91 % need no common denominator.
"""

from __future__ import annotations

from policyengine import ir
from policyengine.errors import RuleError
from policyengine.mechanisms.base import Ceiling, Frame, Mechanism, Provision
from policyengine.mechanisms.rooms import AMOUNT_OR_METERS, least, note, rooms
from policyengine.resolve import fault
from policyengine.shapes import Choice, Field, Name


def lower(provision: Provision, frame: Frame) -> None:
    values, make = provision.values, frame.make
    shared = _shared(provision, frame)
    found = rooms(provision, frame, shared)
    limit = least(found)
    applies = make.guard(provision)
    if values.get("limits") == "base":
        if "converts" in values:
            raise fault("E334", "a ceiling on the base has no cost to convert to", provision.at("converts"))
        over = ir.choose(applies, ir.positive_part(ir.sub(frame.base, ir.rounded(limit, "down"))), ir.ZERO)
        taken = make.step(f"{frame.layer}.{provision.id}.taken", over, provision, term="over_base", shown=True)
        frame.take(provision, taken, "over_base", tuple(reversed(frame.running)))
        note(provision, frame, found, ir.add(shared, frame.base), "base_ceiling")
        return
    frame.ceilings.append(Ceiling(provision, limit, "converts" in values, found, shared))


def _reach(ceiling: Ceiling, cost: ir.Expr, frame: Frame) -> ir.Expr:
    """The least cost that earns what a slice may still pay: exact, or rounded as the rule file says."""
    return ir.rounded(cost, *frame.make.rounding) if ceiling.provision.values["converts"] == "rounded_cost" else cost


def _shared(provision: Provision, frame: Frame) -> ir.Expr:
    """What earlier layers under the same ceiling took of it; where it has a meter, the meter says so."""
    if "meter" in provision.values:
        return ir.ZERO
    earlier = [layer for layer in provision.layers if layer.text != frame.layer]
    paid = [frame.make.left_by(layer, "paid") for layer in earlier]
    if provision.values.get("limits") == "base":
        looked = ((frame.make.left_by(x, "base"), frame.make.left_by(x, "over_base")) for x in earlier)
        return ir.add(ir.ZERO, *(ir.sub(base, over) for base, over in looked))
    return ir.add(ir.ZERO, *paid)


def apply(ceiling: Ceiling, payable: ir.Expr, frame: Frame) -> ir.Expr:
    """The payable after one ceiling; a limit off the grid binds rounded down."""
    make = frame.make
    limited = ir.minimum(payable, ir.rounded(ceiling.room, "down"))
    allowed = ir.choose(make.guard(ceiling.provision), limited, payable)
    name = f"{frame.layer}.payable_after_{ceiling.provision.id}"
    after = make.step(name, allowed, ceiling.provision, term="ceiling", shown=True)
    note(ceiling.provision, frame, ceiling.rooms, ir.add(ceiling.shared, after))
    return after


def no_inverse(ceiling: Ceiling) -> RuleError:
    """What is wrong with ``converts: cost`` where the layer pays anything but a share of its base."""
    message = "the ceiling cannot be converted to cost: the layer does not pay a share of its base alone"
    hint = "one `fund_share` in a layer without `pay`, `top_up`, `own_cost_cap` and changes of its payable"
    return fault("E367", message, ceiling.provision.at("converts"), "a layer that pays by its share", hint)


def over_cost(ceiling: Ceiling, frame: Frame) -> ir.Expr:
    """The part of the base that the payout under the ceiling did not reach, slice by slice. Raises ``RuleError``."""
    if not frame.segments or frame.payable != ir.add(*(ir.scale(s.amount, s.share) for s in frame.segments)):
        raise no_inverse(ceiling)
    make, consumed, room_left = frame.make, [], ceiling.room
    for index, segment in enumerate(frame.segments):
        earned = ir.scale(segment.amount, segment.share)
        cost = ir.scale(ir.positive_part(room_left), ir.inverse(segment.share))
        consumed.append(ir.minimum(segment.amount, _reach(ceiling, cost, frame)))
        if index + 1 < len(frame.segments):
            room_left = make.step(f"{frame.layer}.{ceiling.provision.id}.left{index + 1}", ir.sub(room_left, earned))
    rest = ir.positive_part(ir.sub(frame.base, ir.add(*consumed)))
    return ir.choose(make.guard(ceiling.provision), rest, ir.ZERO)


CEILING = Mechanism(
    "ceiling",
    "封顶线",
    "ceiling",
    "The layer pays no more than this; or it looks at no more cost than this.",
    "layer",
    (
        Field("ceiling", AMOUNT_OR_METERS, "the limit, or one limit for each meter", True),
        Field("meter", Name(), "the meter of what was already used in its window"),
        Field("limits", Choice(("payable", "base")), "what is limited: the payout (default) or the cost looked at"),
        Field(
            "converts",
            Choice(("cost", "rounded_cost")),
            "also leave `over_cost`, the cost beyond what earns the ceiling: exact, or rounded",
        ),
    ),
    lower,
    "- {id: ceiling_annual, layer: basic, ceiling: 70000元, meter: pool_paid}",
)
