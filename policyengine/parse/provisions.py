"""Layers and provisions: the two lists whose order is the order of the law."""

from __future__ import annotations

from typing import Any

from policyengine.errors import nearest
from policyengine.mechanisms import ALL, BY_KEY
from policyengine.mechanisms.base import Provision
from policyengine.parse.common import EVIDENCE, HOLDS, LABEL, PUBLISHED, Read, common, rounding
from policyengine.resolve import fault
from policyengine.ruleset import Layer
from policyengine.shapes import Expression, Field, Name, OneOrMany, Word, read_record
from policyengine.source import MapNode, Node

OPENING = (
    Field("id", Name(), "the provision's name", True),
    Field("replaces", Name(), "the provision of the parent whose place it takes"),
    Field("after", Name(), "the provision after which it stands"),
    Field("before", Name(), "the provision before which it stands"),
    Field("layer", OneOrMany(Name(), 1), "the layer or layers it is a clause of"),
)
WHEN = Field("when", Expression(), "the condition under which it applies")
CLOSING = (
    Field("overrides", OneOrMany(Name()), "the `set` adjustments that it wins against"),
    HOLDS,
    PUBLISHED,
    LABEL,
    *EVIDENCE,
)
PROVISION = (*OPENING, WHEN, *CLOSING)
"""What every provision may say."""
NOTES = (
    Field("restates", Name(), "the provision of the parent that this sentence says again"),
    Field("repeals", Name(), "the provision of the parent that no longer holds"),
)


def provision_fields(own: tuple[Field, ...]) -> tuple[Field, ...]:
    """All fields of a provision in the order in which they are written: the mechanism's key before its condition."""
    return (*OPENING, *own[:1], WHEN, *own[1:], *CLOSING)


HEAD = ("id", "when", "published", "replaces", "overrides", "after", "before")


class Acts:
    """``claim``, ``row``, or the identifiers of those whose claims are taken together."""

    words = ("claim", "row")

    def read(self, node: Node) -> tuple[str, tuple[Word, ...]]:
        named: tuple[Word, ...] = OneOrMany(Name()).read(node)
        if len(named) == 1 and named[0].text in self.words:
            return named[0].text, ()
        return "claim", named

    def schema(self) -> dict[str, Any]:
        return OneOrMany(Name()).schema()


def layer_fields(currency: str) -> tuple[Field, ...]:
    return (
        Field("id", Name(), "the layer's name", True),
        Field("after", Name(), "the layer after which it stands"),
        Field("before", Name(), "the layer before which it stands"),
        Field("payer", Name(), "who pays; `none` for a shadow that only computes", True),
        Field("on", OneOrMany(Name(), 1), "the parts it looks at and pays for, in order", True),
        Field("when", Expression(), "the condition under which it acts"),
        Field(
            "per",
            Acts(),
            "`claim` (default), or `row`: once on every fee line; with `to_date`, whose claims it sums up",
        ),
        Field("base", Expression(), "what it looks at instead of what is unpaid"),
        Field("less", OneOrMany(Expression()), "amounts taken off what it looks at"),
        Field("to_date", Name(), "the window over which its clauses are read as one sentence"),
        Field("round", Read(lambda n: rounding(n, currency), {"type": "string"}), "mode and unit, if not the file's"),
        HOLDS,
        PUBLISHED,
        LABEL,
        *EVIDENCE,
    )


def read_layer(node: Node, currency: str) -> Layer:
    values = read_record(node, layer_fields(currency), "a layer")
    values["rounding"] = values.pop("round", None)
    values["per"], values["scope"] = values.pop("per", ("claim", ()))
    if values["scope"] and "to_date" not in values:
        message = "only a layer over a window sums up the claims of others"
        raise fault("E383", message, values["scope"][0].span, "`to_date:` with its window, or `per: row`")
    return Layer(**common(values), **values)


def read_provision(node: Node, origin: str = "") -> Provision:
    """A provision: exactly one mechanism (or ``restates``, ``repeals``), its fields and the common ones."""
    if not isinstance(node, MapNode):
        raise fault("E301", "a provision is a mapping", node.span, "{id: …, layer: …, …}")
    key = mechanism_of(node)
    values = read_record(node, provision_fields(own_fields(key)), f"a provision of `{key}`")
    head = {name: values.pop(name) for name in HEAD if name in values}
    layers = values.pop("layer", ())
    shared = common(values)
    return Provision(mechanism=key, layers=layers, **head, **shared, values=values, origin=origin, span=head["id"].span)


def own_fields(key: str) -> tuple[Field, ...]:
    """The fields of a mechanism, or of a note on a provision of the parent."""
    return BY_KEY[key].fields if key in BY_KEY else tuple(note for note in NOTES if note.name == key)


def mechanism_of(node: MapNode) -> str:
    """The one key that says what kind of provision it is."""
    kinds = {*BY_KEY, *(f.name for f in NOTES)}
    present = [key for key, _ in node.entries if key.text in kinds]
    if len(present) == 1:
        return present[0].text
    what = "names no mechanism" if not present else "names two mechanisms: " + ", ".join(k.text for k in present)
    known = {f.name for f in PROVISION}
    guesses = [hint for key, _ in node.entries if key.text not in known and (hint := nearest(key.text, kinds))]
    first = node.entries[0][0].span if node.entries else node.span
    expected = "one of " + ", ".join([m.key for m in ALL] + [f.name for f in NOTES])
    raise fault("E322", f"a provision {what}", present[1].span if present else first, expected, *guesses[:1])


def described(fields: tuple[Field, ...]) -> list[dict[str, Any]]:
    """Name, requiredness and meaning of fields, for reference pages."""
    return [{"name": f.name, "required": f.required, "doc": f.doc} for f in fields]
