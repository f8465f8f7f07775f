"""set_aside – a copay, an in-layer first share, a day charge: an amount that the patient keeps under a label.

``from: payable`` takes it after the share instead of off the base. ``to`` moves it into another part of the bill: no
later layer sees it that does not look at that part.
"""

from __future__ import annotations

from policyengine import ir
from policyengine.mechanisms.base import Draw, Frame, Mechanism, Provision
from policyengine.resolve import fault
from policyengine.shapes import Choice, Expression, Field, Name, OneOrMany, Word


def lower(provision: Provision, frame: Frame) -> None:
    values, make = provision.values, frame.make
    parts, to = _parts(provision, frame), _target(provision, frame)
    base = frame.base_of(parts)
    with make.bare({"base": base, "payable": frame.payable}):
        stated = ir.choose(make.guard(provision), make.amount(values["set_aside"]), ir.ZERO)
        wanted = make.slot(provision, stated)
    amount = ir.positive_part(make.rounded(wanted))
    name = f"{frame.layer}.{provision.id}.taken"
    label = values["as"].text if "as" in values else provision.id.text
    if values.get("from") == "payable":
        payable = make.step(f"{frame.layer}.payable_before_{provision.id}", make.rounded(frame.payable))
        taken = make.step(name, ir.minimum(amount, payable), provision, term=label, shown=True)
        frame.payable = make.step(f"{frame.layer}.payable_after_{provision.id}", ir.sub(payable, taken))
        frame.draws.append(Draw(label, {next(iter(frame.running)): taken}, provision.id.text, to))
        return
    taken = make.step(name, ir.minimum(amount, base), provision, term=label, shown=True)
    frame.take(provision, taken, label, parts, to)


def _parts(provision: Provision, frame: Frame) -> tuple[str, ...]:
    chosen = provision.values.get("of", ())
    for part in chosen:
        if part.text not in frame.running:
            raise fault("E331", f"the layer does not look at a part `{part}`", part.span, ", ".join(frame.running))
    return tuple(p.text for p in chosen) or tuple(frame.running)


def _target(provision: Provision, frame: Frame) -> Word | None:
    """The part that the amount is moved into. Raises ``RuleError`` for one that is not there or that is the layer's."""
    to: Word | None = provision.values.get("to")
    if to is None:
        return None
    frame.make.still_open(to)
    if to.text in frame.running:
        message = f"the layer looks at the part `{to}` itself, so that what it moves there would still be paid for"
        raise fault("E363", message, to.span, "a part that the layer does not look at")
    return to


SET_ASIDE = Mechanism(
    "set_aside",
    "先扣除",
    "set aside",
    "Takes an amount off the layer's base (or off its payable); the patient keeps it under a label.",
    "layer",
    (
        Field("set_aside", Expression(), "the amount; `base` is the running base of `of`", True),
        Field("of", OneOrMany(Name()), "the part or parts whose base it is taken off; default all of the layer"),
        Field("as", Name(), "the label under which the patient's amount is shown; default the provision's id"),
        Field("from", Choice(("base", "payable")), "whether it comes off the base or off the payable"),
        Field("to", Name(), "the part of the bill that it is moved into; default it stays in its own"),
    ),
    lower,
    "- {id: first_share, layer: basic, set_aside: 10% of base, of: class_b, as: first_share}",
)
