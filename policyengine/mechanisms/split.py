"""split – divides the payable among payers by shares that sum to 100 %.

Each share is rounded, the last takes the rest; ``patient`` means that the share stays unpaid. A split always applies:
shares that depend on the member are written as conditional expressions.
"""

from __future__ import annotations

from fractions import Fraction

from policyengine import ir
from policyengine.mechanisms.base import Frame, Mechanism, Provision, share_of
from policyengine.resolve import fault
from policyengine.shapes import Expression, Field, MapOf


def lower(provision: Provision, frame: Frame) -> None:
    if frame.split is not None:
        raise fault("E335", "a layer is split once", provision.id.span)
    if provision.when is not None:
        message, hint = "a split always applies", "let its shares depend: `75% if orphan else 70%`; or make two layers"
        raise fault("E337", message, provision.when.span, "a split without `when`", hint)
    make, shares = frame.make, []
    for payer, share in provision.values["split"]:
        shares.append((payer, make.slot(provision, share_of(make, share), payer.text)))
    constants = [Fraction(s.value) for s in shares_of(provision, frame) if not isinstance(s.value, str)]
    if len(constants) == len(shares) and sum(constants) != 1:
        raise fault("E336", "the shares do not sum to 100%", provision.id.span, "shares that sum to 100%")
    frame.split = (provision, tuple(shares))


def shares_of(provision: Provision, frame: Frame) -> list[ir.Lit]:
    """The shares that are plain constants."""
    found = [frame.make.amount(share, "rate") for _, share in provision.values["split"]]
    return [s for s in found if isinstance(s, ir.Lit)]


SPLIT = Mechanism(
    "split",
    "按比例分担",
    "split among payers",
    "Divides what the layer pays among several payers.",
    "layer",
    (Field("split", MapOf(Expression()), "payers with their shares", True),),
    lower,
    "- {id: shares, layer: quota, split: {pooled_fund: 70%, medical_assistance: 20%, patient: 10%}}",
    adjustable=False,
)
