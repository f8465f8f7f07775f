"""adjust – changes one slot: the principal quantity of another provision, or a layer's payable.

A slot is ``limits(add(scale(set(v))))``: at most one ``set`` may hold, factors multiply, additions are summed or follow
their ``stack``, limits come last. Only points (``5pp``) add to a rate.
"""

from __future__ import annotations

from policyengine import expressions as ast
from policyengine.mechanisms.base import Maker, Mechanism, Provision
from policyengine.resolve import fault
from policyengine.shapes import Expression, Field, Name

CHANGES = ("set", "scale", "add", "at_least", "at_most")


def lower(provision: Provision, _: Maker) -> None:
    """Adjustments act where their target's slot is made; here only their form is checked."""
    values = provision.values
    if not any(change in values for change in CHANGES):
        raise fault("E340", "an adjustment says what changes", provision.id.span, "one of " + ", ".join(CHANGES))


def points_meant(value: object, kind: str) -> None:
    """Refuse ``add: 5%`` on a rate: it can mean five points or a twentieth more."""
    if kind == "rate" and isinstance(value, ast.Number) and value.unit == "%":
        text = value.span.text[value.span.column - 1 : value.span.column - 1 + value.span.length] or "5%"
        points = text.replace("%", "pp")
        hint = f"`add: {points}` for percentage points, or `scale: 1{text.rstrip('%').zfill(2)}%` for a relative rise"
        raise fault("E341", f"`{text}` added to a rate can be read in two ways", value.span, "points such as 5pp", hint)


ADJUST = Mechanism(
    "adjust",
    "调整",
    "adjust a provision",
    "Changes the quantity of another provision for some members or cases.",
    "free",
    (
        Field("adjust", Name(dotted=True), "the provision (or `layer.payable`) whose quantity changes", True),
        Field("set", Expression(), "replaces the quantity"),
        Field("scale", Expression(), "multiplies the quantity"),
        Field("add", Expression(), "is added to the quantity; points (`5pp`) for a rate"),
        Field("at_least", Expression(), "the quantity is at least this"),
        Field("at_most", Expression(), "the quantity is at most this"),
        Field("stack", Name(), "the stack that says how several additions combine"),
    ),
    lower,
    "- {id: poor_uplift, adjust: basic_share, when: registered_poor, add: 5pp}",
)
