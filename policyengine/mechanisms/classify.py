"""classify – takes an amount off each matching fee line and puts it into a part, or to a payer.

Own expense, price limit, first share, waiver, pro-ration, excess over a tariff: all are this. Provisions act in file
order on what is ``left`` of the line; the last of ``parts`` gets what nothing took.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from policyengine import ir
from policyengine.mechanisms.base import Maker, Mechanism, Provision
from policyengine.resolve import fault
from policyengine.shapes import Expression, Field, Name


@dataclass(slots=True)
class RowFrame:
    """A fee line while it is cut: what is left of it, what went to parts and to payers."""

    make: Maker
    parts: tuple[str, ...]
    left: ir.Expr
    to_part: dict[str, list[ir.Expr]] = field(default_factory=dict)
    to_payer: dict[str, list[tuple[Provision, ir.Expr]]] = field(default_factory=dict)


def lower(provision: Provision, frame: RowFrame) -> None:
    values, make = provision.values, frame.make
    _check_target(provision, frame)
    with make.bare({"left": frame.left}):
        matches = ir.both(make.guard(provision), make.amount(values["classify"], "flag"))
        stated = make.amount(values["take"]) if "take" in values else frame.left
        wanted = make.slot(provision, ir.choose(matches, stated, ir.ZERO))
    taken = ir.minimum(frame.left, ir.positive_part(make.rounded(wanted)))
    term = values["to"].text if "to" in values else "hospital"
    payer = values["payer"].text if "payer" in values else ""
    step = make.step(f"{provision.id}.taken", taken, provision, term=term, payer=payer, shown=True)
    frame.left = make.step(f"{provision.id}.left", ir.sub(frame.left, step))
    if payer:
        frame.to_payer.setdefault(payer, []).append((provision, step))
    else:
        frame.to_part.setdefault(values["to"].text, []).append(step)


def _check_target(provision: Provision, frame: RowFrame) -> None:
    target, payer = provision.values.get("to"), provision.values.get("payer")
    if (target is None) == (payer is None):
        raise fault("E330", "classify puts the amount either into a part (`to`) or to a payer", provision.id.span)
    if target is not None and target.text not in frame.parts:
        raise fault("E331", f"`{target}` is not one of the parts", target.span, "one of " + ", ".join(frame.parts))


CLASSIFY = Mechanism(
    "classify",
    "费用归类",
    "classify fee lines",
    "Takes an amount off each fee line that matches and puts it into a part of the bill or to a payer.",
    "row",
    (
        Field("classify", Expression(), "which fee lines: a condition on the line, or true", True),
        Field("take", Expression(), "how much of the line; the default is all that is left of it"),
        Field("to", Name(), "the part of the bill that gets the amount"),
        Field("payer", Name(), "the payer who bears the amount, instead of a part"),
    ),
    lower,
    "- {id: outside, classify: class == 丙, to: own_expense}",
)
