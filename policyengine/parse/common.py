"""Fields that every entry of a rule file may have: evidence, validity, label; and the readings they share."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from policyengine import ir
from policyengine.errors import Span
from policyengine.mechanisms.rounding import Rounding, rounding_of
from policyengine.parse.evidence import CITE, TITLE, Assumed, citations
from policyengine.resolve import fault
from policyengine.ruleset import Grounds
from policyengine.shapes import (
    Choice,
    Date,
    Field,
    Schema,
    Text,
    Word,
    read_record,
    record_schema,
)  # fmt: skip
from policyengine.source import MapNode, Node

EVIDENCE = (
    Field("cite", CITE, "who says so: source ids, each with the words it says"),
    Field("assumed", Assumed(), "what is not in the source, with the reason"),
)
PERIOD = (
    Field("from", Date(), "first day on which it holds"),
    Field("to", Date(), "first day on which it no longer holds"),
)
PUBLISHED = Field("published", Date(), "the day on which it was published; known from then on")
LABEL = Field("label", TITLE, "what people call it")


@dataclass(frozen=True, slots=True)
class Read:
    """A reading function as a shape, for fields that need more than a plain value."""

    function: Callable[[Node], Any]
    described: Mapping[str, Any]

    def read(self, node: Node) -> Any:
        return self.function(node)

    def schema(self) -> Schema:
        return dict(self.described)


def read_period(node: Node) -> tuple[datetime.date | None, datetime.date | None]:
    values = read_record(node, PERIOD, "a period")
    check_period(values, node.span)
    return (values.get("from"), values.get("to"))


@dataclass(frozen=True, slots=True)
class Held:
    """A period with what is said of it alone: who states its days, or what of them is assumed."""

    valid: tuple[datetime.date | None, datetime.date | None]
    cites: tuple[ir.Citation, ...] = ()
    assumed: tuple[ir.Assumption, ...] = ()


def read_held(node: Node) -> Held:
    """A period; an assumption of it that names no aspect is of the period."""
    values = read_record(node, (*PERIOD, *EVIDENCE), "a period")
    check_period(values, node.span)
    assumed = tuple(one if one.aspect else replace(one, aspect="valid") for one in values.get("assumed", ()))
    return Held((values.get("from"), values.get("to")), citations(values.get("cite")), assumed)


DAYS = (
    *PERIOD,
    Field(
        "attested",
        Read(read_period, record_schema(PERIOD)),
        "the days on which sources show it in force: {from: …, to: …}",
    ),
    *EVIDENCE,
)


def read_days(node: Node) -> dict[str, Any]:
    """The days of a rule file, and what is said of them."""
    values = read_record(node, DAYS, "a period")
    check_period(values, node.span)
    grounds = Grounds(citations(values.get("cite")), values.get("assumed", ()), values.get("attested", (None, None)))
    if "attested" in values and not grounds.assumed:
        raise fault("E303", "a period with `attested` needs the key `assumed`", node.span,
                    hint="what is assumed of the other days, and why")  # fmt: skip
    return {"valid": (values.get("from"), values.get("to")), "grounds": grounds}


VALID = Field(
    "valid",
    Read(read_days, record_schema(DAYS)),
    "the period in which the file holds: {from: …, to: …}; may have `attested`, `cite` and `assumed`",
)
HOLDS = Field(
    "valid",
    Read(read_held, record_schema((*PERIOD, *EVIDENCE))),
    "the period in which it holds: {from: …, to: …}; may have `cite` and `assumed` of its own",
)


def check_period(values: Mapping[str, Any], span: Span) -> None:
    start, end = values.get("from"), values.get("to")
    if start is not None and end is not None and start >= end:
        raise fault("E307", "the period ends before it starts", span, "`from` before `to`")


def text_of(title: Any) -> dict[str, str]:
    """A label as {language: text}; a single text serves every language."""
    if title is None:
        return {}
    return {"": title} if isinstance(title, str) else {k.text: v for k, v in title}


def common(values: dict[str, Any]) -> dict[str, Any]:
    """The evidence, validity and label of an entry, taken out of its values."""
    held: Held = values.pop("valid", None) or Held((None, None))
    out: dict[str, Any] = {
        "cites": (*citations(values.pop("cite", None)), *held.cites),
        "assumed": (*values.pop("assumed", ()), *held.assumed),
        "valid": held.valid,
    }
    if "label" in values:
        out["label"] = text_of(values.pop("label"))
    return out


def read_rounding(node: Node, currency: str) -> dict[str, Any]:
    """The rounding of a rule file: ``half_up 0.01元``; ``end half_up 0.01元`` if nothing is rounded before the end."""
    word = Rounding().read(node)
    first, _, rest = word.text.strip().partition(" ")
    if first != "end":
        return {"rounding": rounding_of(word, currency), "round_end": False}
    return {"rounding": rounding_of(Word(rest, word.span), currency) if rest else ("half_up", 1), "round_end": True}


PLACE_CODE = re.compile(r"[0-9]{6}|[A-Z]{2}(-[A-Z0-9]{1,3})?", re.ASCII)


def read_place(node: Node) -> str:
    """Six digits of GB/T 2260, or a country or subdivision of ISO 3166. Raises ``RuleError`` for other texts."""
    text = Text().read(node)
    if not PLACE_CODE.fullmatch(text):
        raise fault("E387", f"`{text}` is not the code of a place", node.span, "'230524', or SE, or US-NY")
    return text


PLACE = Read(read_place, {"type": "string", "pattern": f"^({PLACE_CODE.pattern})$"})

ORDERS = ("service_date", "position")
SETTLE_BY = (
    Field("row", Choice(ORDERS), "the order of the fee lines: that of their days (default), or as they stand", True),
)


def read_settle_by(node: Node) -> str:
    """``row``: each fee line by itself, in the order of its day; ``{row: position}``: as they stand in the claim."""
    if not isinstance(node, MapNode):
        return {"row": ORDERS[0]}[Choice(("row",)).read(node)]
    return str(read_record(node, SETTLE_BY, "an order of fee lines")["row"])


def rounding(node: Node, currency: str) -> tuple[str, int]:
    """``half_up 0.01元``: a mode and a unit."""
    return rounding_of(Rounding().read(node), currency)
