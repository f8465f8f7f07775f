"""split – divides the payable among payers by shares that sum to 100 %, or in proportion to amounts.

Each part is rounded, what is left goes to one payer (the last, or whom ``remainder`` names), or coin by coin where
rounding took most (``remainder: largest``); ``patient`` means that the part stays unpaid. A split always applies:
shares that depend on the member are written as conditional expressions.
"""

from __future__ import annotations

from fractions import Fraction

from policyengine import ir
from policyengine.mechanisms.base import Frame, Mechanism, Provision, Split, share_of
from policyengine.resolve import fault, unknown_name
from policyengine.shapes import Expression, Field, MapOf, Name

LARGEST = "largest"


def lower(provision: Provision, frame: Frame) -> None:
    if frame.split is not None:
        raise fault("E335", "a layer is split once", provision.id.span)
    if provision.when is not None:
        message, hint = "a split always applies", "let its shares depend: `75% if orphan else 70%`; or make two layers"
        raise fault("E337", message, provision.when.span, "a split without `when`", hint)
    make, values = frame.make, provision.values
    first = make.amount(values["split"][0][1], "money", "exact", "rate")
    shares = []
    for payer, share in values["split"]:
        stated = share_of(make, share) if first.kind == "rate" else make.rounded(make.amount(share))
        shares.append((payer, make.slot(provision, stated, payer.text)))
    if first.kind == "rate":
        _is_whole(provision, frame)
    elif "if_none" not in values:
        message = "a split by amounts does not say who pays where all amounts are nothing"
        expected = "`if_none: <payer>` beside the split"
        raise fault("E382", message, provision.id.span, expected)
    remainder = _named(provision, "remainder", LARGEST) or shares[-1][0].text
    none = _named(provision, "if_none")
    frame.split = Split(provision, tuple(shares), "" if remainder == LARGEST else remainder, none)


def _named(provision: Provision, field: str, *besides: str) -> str:
    """The payer that a field names. Raises ``RuleError`` for one that the split does not have."""
    named = provision.values.get(field)
    if named is None:
        return ""
    payers = [payer.text for payer, _ in provision.values["split"]]
    if named.text not in (*payers, *besides):
        raise unknown_name(named.text, named.span, [*payers, *besides], "payer of the split")
    return str(named.text)


def _is_whole(provision: Provision, frame: Frame) -> None:
    found = [frame.make.amount(share, "rate") for _, share in provision.values["split"]]
    constants = [Fraction(s.value) for s in found if isinstance(s, ir.Lit) and not isinstance(s.value, str)]
    if len(constants) == len(found) and sum(constants) != 1:
        raise fault("E336", "the shares do not sum to 100%", provision.id.span, "shares that sum to 100%")


SPLIT = Mechanism(
    "split",
    "按比例分担",
    "split among payers",
    "Divides what the layer pays among several payers, by shares or in proportion to amounts.",
    "layer",
    (
        Field("split", MapOf(Expression()), "payers with their shares, or with amounts", True),
        Field("remainder", Name(), "who takes what rounding leaves: a payer (the last), or `largest`"),
        Field("if_none", Name(), "of amounts: who pays where all of them are nothing"),
    ),
    lower,
    "- {id: shares, layer: quota, split: {pooled_fund: 70%, medical_assistance: 20%, patient: 10%}}",
    adjustable=False,
)
