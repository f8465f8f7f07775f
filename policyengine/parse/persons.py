"""The sections ``evidence``, ``entitlements`` and ``audit``: what a rule file says of persons, beyond one bill."""

from __future__ import annotations

from typing import Any

from policyengine import expressions as ast
from policyengine.errors import nearest
from policyengine.parse.common import EVIDENCE, HOLDS, LABEL, PUBLISHED, Read, common, text_of
from policyengine.persons import AuditRule, Entitlement, EvidenceField, EvidenceKind, Wanted
from policyengine.resolve import fault
from policyengine.shapes import (
    Choice,
    Either,
    Expression,
    Field,
    Flag,
    ListOf,
    MapOf,
    Name,
    OneOrMany,
    Record,
    Text,
    Word,
    read_record,
    scalar,
)  # fmt: skip
from policyengine.source import Node

OF = ("claim", "line")
FIELD = (
    Field("type", Choice(("flag", "code", "count", "money", "rate")), "the kind of value", True),
    Field("values", Either(mapping=MapOf(Text()), listing=ListOf(Name())), "the words of a code"),
    LABEL,
)
KIND = (
    Field("fields", MapOf(Record(FIELD, dict, "a field of the evidence")), "what it states, by name"),
    LABEL,
)
WANTED = Either(mapping=MapOf(Expression()), listing=ListOf(Name(), 1), single=Name())
MOST_PIECES = 1_000


def read_pieces(node: Node) -> int:
    """How many pieces of evidence: 1 to 1,000."""
    found = ast.parse_count(scalar(node, "a number of pieces such as 2").text, node.span)
    if not 1 <= found <= MOST_PIECES:
        raise fault("E306", f"`{found}` is no number of pieces", node.span, f"1 … {MOST_PIECES:,}")
    return found


ENTITLEMENT = (
    Field("grants", Name(), "the tag or the right; default the name of the entry"),
    LABEL,
    Field("needs", WANTED, "kinds of evidence that are all there: names, or each with the condition on its fields"),
    Field("unless", WANTED, "kinds of evidence of which none is there"),
    Field("when", Expression(), "a condition on other tags and rights"),
    Field(
        "at_least",
        MapOf(Read(read_pieces, {"type": "integer", "minimum": 1, "maximum": MOST_PIECES})),
        "how many pieces of a kind that it needs, by kind; default one",
    ),
    Field("replaces", Flag(), "whether it takes the place of the parent's entitlement of this name"),
    *EVIDENCE,
    HOLDS,
    PUBLISHED,
)


def read_days(node: Node) -> int:
    return ast.parse_count(scalar(node, "a number of days such as 15").text, node.span)


AUDIT = (
    Field("each", Choice(OF), "every claim or fee line is looked at alone"),
    Field("pair", Choice(OF), "claims or fee lines of one person are looked at two at a time"),
    LABEL,
    Field("when", Expression(), "the condition under which one offends; of a pair, under which one belongs to it"),
    Field("after", Name(), "`each`: it offends after this day of the person, a fact of `type: date`"),
    Field("same", OneOrMany(Name(), 1), "`pair`: in what the two agree, such as hospital_id, disease, name, line_date"),
    Field("within", Read(read_days, {"type": "integer", "minimum": 0}), "`pair`: the most days between the two"),
    Field("together_above", Expression(), "`pair`: both together are above this amount, and neither alone"),
    Field("replaces", Flag(), "whether it takes the place of the parent's audit rule of this name"),
    *EVIDENCE,
    HOLDS,
    PUBLISHED,
)


def read_kind(key: Word, node: Node) -> EvidenceKind:
    values = read_record(node, KIND, "a kind of evidence")
    fields = tuple(_field(name, found) for name, found in values.get("fields", ()))
    return EvidenceKind(key, fields, text_of(values.get("label")))


def _field(name: Word, values: dict[str, Any]) -> EvidenceField:
    words = tuple(w if isinstance(w, tuple) else (w, w.text) for w in values.get("values", ()))
    if (values["type"] == "code") != bool(words):
        message = "a code has words" if values["type"] == "code" else f"a {values['type']} has no words"
        raise fault("E306", message, name.span, "`values:` beside `type: code`")
    return EvidenceField(name, values["type"], words, text_of(values.get("label")))


def _wanted(value: Any) -> Wanted:
    if value is None:
        return ()
    if isinstance(value, Word):
        return ((value, None),)
    return tuple((one, None) if isinstance(one, Word) else (one[0], _condition(one[1])) for one in value)


def _condition(node: ast.Node) -> ast.Node | None:
    """``true`` asks for nothing beyond its being there."""
    return None if isinstance(node, ast.Name) and node.text == "true" else node


def read_entitlement(key: Word, node: Node) -> Entitlement:
    values = read_record(node, ENTITLEMENT, "an entitlement")
    needs, unless = _wanted(values.pop("needs", None)), _wanted(values.pop("unless", None))
    if not needs and "when" not in values:
        expected = "`needs: [id_card]`, or `when:` another right is there"
        raise fault("E900", f"the entitlement `{key}` needs no evidence", key.span, expected)
    at_least = values.pop("at_least", ())
    asked = [kind.text for kind, _ in needs]
    for kind, _ in at_least:
        if kind.text not in asked:
            text = f"`{key}` does not need `{kind}`, so there is nothing to count"
            expected = "one of " + ", ".join(asked) if asked else "`needs:` with the kind"
            raise fault("E923", text, kind.span, expected, nearest(kind.text, asked))
    return Entitlement(key, values.pop("grants", key), needs, unless, at_least=at_least, **common(values), **values)


PAIRED = ("same", "within", "together_above")


def read_audit(key: Word, node: Node) -> AuditRule:
    values = read_record(node, AUDIT, "an audit rule")
    if ("each" in values) == ("pair" in values):
        raise fault("E903", f"the audit rule `{key}` looks either at each one or at pairs", key.span, "each: or pair:")
    if "each" in values:
        strangers = [name for name in PAIRED if name in values]
        if strangers:
            raise fault("E903", f"`{strangers[0]}` is said of two, and `{key}` looks at each one", key.span, "pair: …")
        if "when" not in values and "after" not in values:
            raise fault("E903", f"by the audit rule `{key}` everything offends", key.span, "`when:` or `after:`")
    elif "after" in values:
        raise fault("E903", f"`after` is said of one, and `{key}` looks at pairs", key.span, "each: …")
    elif not any(name in values for name in PAIRED):
        raise fault("E903", f"by the audit rule `{key}` any two offend", key.span, "`same:` or `within:`")
    return AuditRule(key, **common(values), **values)
