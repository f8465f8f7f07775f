"""adjust – changes one slot: the principal quantity of another provision, or a layer's payable.

A slot is ``limits(add(scale(set(v))))``: at most one ``set`` may hold, factors multiply, additions are summed or follow
their ``stack``, limits come last. Only points (``5pp``) add to a rate.
"""

from __future__ import annotations

from policyengine import expressions as ast
from policyengine.expressions.numbers import number_text
from policyengine.mechanisms.base import Maker, Mechanism, Provision
from policyengine.resolve import fault
from policyengine.shapes import Expression, Field, Name

CHANGES = ("set", "scale", "add", "at_least", "at_most")


def lower(provision: Provision, _: Maker) -> None:
    """Adjustments act where their target's slot is made; here only their form is checked."""
    values = provision.values
    if not any(change in values for change in CHANGES):
        raise fault("E340", "an adjustment says what changes", provision.id.span, "one of " + ", ".join(CHANGES))


def points_meant(node: ast.Node, kind: str) -> None:
    """Refuse ``add: 5%`` on a rate, which can mean five points or a twentieth more, and ``add: 5``, without a unit."""
    if kind != "rate" or not isinstance(node, ast.Number) or node.unit not in ("%", ""):
        return
    if not node.unit:
        readings = [node.value / 100, *([node.value] if node.value < 1 else [])]
        hint = "write the unit: " + " or ".join(f"`{number_text(r, 'pp')}`" for r in readings)
        raise fault("E341", "points without a unit are added to a rate", node.span, "points such as 5pp", hint)
    share, points = node.value, f"`add: {number_text(node.value, 'pp')}`"
    hint = f"{points} for percentage points, or `scale: {number_text(1 + share, '%')}` for a relative rise"
    message = f"`{number_text(share, '%')}` added to a rate can be read in two ways"
    raise fault("E341", message, node.span, "points such as 5pp", hint)


ADJUST = Mechanism(
    "adjust",
    "调整",
    "adjust a provision",
    "Changes the quantity of another provision for some members or cases.",
    "free",
    (
        Field(
            "adjust",
            Name(dotted=True),
            "whose quantity changes: a provision, `layer.payable`, one of several (`id.meter`, `id.part`, `id.band2`)",
            True,
        ),
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
