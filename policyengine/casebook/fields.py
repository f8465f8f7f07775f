"""Readings that several parts of a case file share: trees of claims, expected amounts, words and refusals."""

from __future__ import annotations

import re

from policyengine.casebook.model import Amount, Refusal, Wording
from policyengine.codes import CODES
from policyengine.errors import Diagnostic, RuleError, Span, nearest
from policyengine.money import NotMoney, plain_decimal
from policyengine.parse.common import Read
from policyengine.shapes import scalar
from policyengine.source import MapNode, Node, SeqNode

_REFUSED = re.compile(r"([EW][0-9]{3})(?::? +(\S.*))?")


def _tree(node: Node) -> Node:
    if not isinstance(node, MapNode):
        raise fault("E301", "a mapping is needed here", node.span, "fields of a claim with their values")
    return node


def _items(node: Node) -> Node:
    if not isinstance(node, SeqNode):
        raise fault("E304", "a list is needed here", node.span, "accumulators as in a history file")
    return node


def fault(code: str, message: str, span: Span, expected: str = "", hint: str = "") -> RuleError:
    return RuleError(Diagnostic(code, message, span, expected, hint))


def amount_of(node: Node) -> Amount:
    text = scalar(node, "an amount such as 1300.50").text
    try:
        return Amount(plain_decimal(text), node.span)
    except NotMoney as error:
        raise fault("E643", f"`{text}`: {error}", node.span, "an amount in whole currency units: 1300.50") from None


def wording_of(node: Node) -> Wording:
    if isinstance(node, SeqNode):
        return Wording(tuple(scalar(item, "a value as the trace prints it").text for item in node.items), node.span)
    return Wording(scalar(node, "a value as the trace prints it").text, node.span)


def refusal_of(node: Node) -> Refusal:
    text = scalar(node, "a code and a part of the message").text
    found = _REFUSED.fullmatch(text)
    if found is None:
        message = f"`{text}` does not begin with the whole code of an error, so that it could be met for another reason"
        raise fault("E642", message, node.span, "the code, and part of the message if wanted: E512 larger than")
    if found[1] not in CODES:
        raise fault("E642", f"there is no error {found[1]}", node.span, hint=nearest(found[1], CODES))
    return Refusal(found[1], found[2] or "", node.span)


TREE, NODE, ITEMS = Read(_tree, {"type": "object"}), Read(lambda node: node, {}), Read(_items, {"type": "array"})
