"""Runs in case files, read and typed: settlements in, what each member or household must get."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from policyengine.casebook.fields import TREE, amount_of, fault, refusal_of
from policyengine.casebook.model import Expected, RunCase, Sought, Unit
from policyengine.casebook.tree import located, merged, plain
from policyengine.claim import Claim
from policyengine.errors import ClaimError
from policyengine.parse.common import Read
from policyengine.runs import RunRow, Standing
from policyengine.shapes import Faults, Field, ListOf, MapOf, Text, read_record
from policyengine.source import MapNode, Node

SETTLEMENTS = (
    Field("of", Text(), "the rule set that settles the claims first; by default the one that the run names"),
    Field("parameters", MapOf(Text()), "values of that rule set's parameters"),
    Field("claims", ListOf(TREE), "claims, settled in order; what was given is merged under each"),
    Field("rows", ListOf(TREE), "rows that state the run's fields, in place of claims"),
)
UNIT = (
    Field("of", Text(), "the member or the household, or `population`", True),
    Field("expect", Read(lambda node: node, {}), "what its settlement must come to", True),
)
SEEK = (
    Field("parameter", Text(), "the parameter that is sought", True),
    Field("surplus", Text(), "what may be spent at most", True),
    Field("payer", Text(), "whose total is held against it; by default all funds"),
    Field("grain", Text(), "seek among multiples of it"),
    Field("value", Text(), "the highest value that is affordable; `none` if even the lowest overspends", True),
    Field("spent", Read(amount_of, {"type": ["string", "number"]}), "what is spent at it"),
    Field("above", Read(amount_of, {"type": ["string", "number"]}), "what the next value would cost"),
)
RUN_CASE = (
    Field("settlements", TREE, "of a run: the settlements that its rows are made of"),
    Field("window", Text(), "of a run: which month or year is settled"),
    Field("people", ListOf(TREE), "of a run: what holds for members or households at the end of the window"),
    Field("units", ListOf(TREE), "of a run: all who are settled, each with what is expected"),
    Field("seek", TREE, "of a run: the highest value of a parameter that a surplus affords"),
    Field("refused", Read(refusal_of, {"type": "string"}), "of a run: it must be refused (code, part of the message)"),
)


def read_run(values: dict[str, Any], given: Node | None, expected: Callable[[Node], Expected]) -> RunCase:
    """The run of a case. Raises ``RuleError``."""
    node = values["settlements"]
    told = read_record(node, SETTLEMENTS, "settlements of a case")
    if ("claims" in told) == ("rows" in told):
        raise fault("E303", "settlements are made of `claims`, or given as `rows`", node.span, "one of the two")
    faults = Faults()
    claims = [faults.attempt(_made, Claim, given, tree) for tree in told.get("claims", ())]
    rows = [faults.attempt(_made, RunRow, given, tree) for tree in told.get("rows", ())]
    people = [faults.attempt(_made, Standing, None, tree) for tree in values.get("people", ())]
    units = [faults.attempt(_unit, tree, expected) for tree in values.get("units", ())]
    sought = faults.attempt(_sought, values["seek"]) if "seek" in values else None
    faults.done()
    refused = values.get("refused")
    if not units and sought is None and refused is None:
        raise fault("E640", "the run expects nothing, so it cannot fail", node.span, "`units:`, `seek:` or `refused:`")
    if refused is not None and (units or sought):
        raise fault("E642", "a run that is refused settles nobody", refused.span, "`refused` alone")
    return RunCase(
        told.get("of", ""), _pairs(told.get("parameters", ())), tuple(c for c in claims if c is not None),
        tuple(r for r in rows if r is not None), tuple(p for p in people if p is not None), values.get("window"),
        tuple(u for u in units if u is not None), sought, refused, node.span,
    )  # fmt: skip


def _pairs(values: Any) -> dict[str, str]:
    return {name.text: text for name, text in values}


def _made(model: Any, given: Node | None, stated: Node) -> Any:
    tree = merged(given, stated)
    assert tree is not None, "something is stated"
    try:
        return model.model_validate(plain(tree))
    except ClaimError as error:
        raise located(error, tree) from None


def _unit(node: Node, expected: Callable[[Node], Expected]) -> Unit:
    values = read_record(node, UNIT, "a unit of a run")
    found = expected(values["expect"])
    if found.refused is not None:
        raise fault("E642", "a run is refused as a whole", found.refused.span, "`refused` of the case")
    at = node.get("of") if isinstance(node, MapNode) else None
    return Unit(values["of"], found, (at or node).span)


def _sought(node: Node) -> Sought:
    return Sought(**read_record(node, SEEK, "what is sought"), span=node.span)
