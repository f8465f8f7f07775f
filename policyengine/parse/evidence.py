"""Evidence as it is written: citations, and assumptions in short or in full."""

from __future__ import annotations

import re
from typing import Any

from policyengine import ir, terms
from policyengine.errors import Span
from policyengine.resolve import fault
from policyengine.shapes import (
    Either,
    Field,
    ListOf,
    MapOf,
    Name,
    OneOrMany,
    Record,
    Schema,
    Text,
    Word,
    read_items,
    read_record,
    record_schema,
    scalar,
)  # fmt: skip
from policyengine.source import MapNode, Node, ScalarNode, SeqNode

TITLE = Either(mapping=MapOf(Text()), single=Text())
QUOTED = MapOf(OneOrMany(Text()))
CITE = Either(mapping=QUOTED, single=Name(), listing=ListOf(Either(mapping=QUOTED, single=Name())))

GRADES = ("S", "S0", "S1", "S2", "S3", "S4", "A", "B", "C", "M", "I")
_GRADED = re.compile(r"(.*\S) \[([A-Z0-9/]+)\]", re.DOTALL)


def is_grade(text: str) -> bool:
    """Whether ``text`` is a grade: S (seed), A, B, C, M, I, or two of them, as in ``A/M``."""
    return text != "" and all(part in GRADES for part in text.split("/"))


class Grade:
    """How good what is assumed is."""

    def read(self, node: Node) -> str:
        text = scalar(node, "a grade").text
        if not is_grade(text):
            raise fault("E386", f"`{text}` is not a grade", node.span, "S, A, B, C, M, I, or two such as A/M")
        return text

    def schema(self) -> Schema:
        return {"type": "string"}


LANGUAGES = (
    Field("zh", Text(), "in 中文"),
    Field("en", Text(), "in English"),
)


def _both(span: Span, zh: str = "", en: str = "") -> tuple[str, str]:
    """The text for readers of English, and that in 中文 if it is another one."""
    if not zh and not en:
        raise fault("E303", "a text needs the key `zh` or `en`", span, hint="in 中文, in English, or in both")
    return (en, zh) if en and en != zh else (zh, "")


TOLD = Either(mapping=Record(LANGUAGES, _both, "a text in two languages"), single=Text())
"""A text, which serves every reader, or one text in 中文 and one in English."""

ASSUMPTION = (
    Field("aspect", Name(), "of what it is assumed: a date, a place, whom it is for"),
    Field("why", TOLD, "what is assumed, and why: a text, or {zh: …, en: …}", True),
    Field("grade", Grade(), "how good it is: S, A, B, C, M, I"),
    Field("settled_by", TOLD, "what would make it known: the document, or whom to ask; a text, or {zh: …, en: …}"),
)


class Assumed:
    """One assumption or a list of them; each a text, texts by aspect, or in full with ``why``."""

    def read(self, node: Node) -> tuple[ir.Assumption, ...]:
        found = read_items(node, _One()) if isinstance(node, SeqNode) else (_One().read(node),)
        return tuple(one for several in found for one in several)

    def schema(self) -> Schema:
        one = [Text().schema(), record_schema(ASSUMPTION), MapOf(Text()).schema()]
        return {"anyOf": [*one, {"type": "array", "items": {"anyOf": one}}]}


class _One:
    def read(self, node: Node) -> tuple[ir.Assumption, ...]:
        if isinstance(node, ScalarNode):
            return (short(node.text, "", node),)
        if isinstance(node, MapNode) and node.get("why") is None:
            return tuple(short(scalar(value, "a text").text, key.text, value)
                         for key, value in MapOf(_Kept()).read(node))  # fmt: skip
        return (_in_full(read_record(node, ASSUMPTION, "an assumption"), node),)

    def schema(self) -> Schema:
        return {}


class _Kept:
    """A node as it is, to be read later."""

    def read(self, node: Node) -> Node:
        return node

    def schema(self) -> Schema:
        return {}


def short(text: str, aspect: str, node: Node) -> ir.Assumption:
    """An assumption written as a text, a grade in brackets at its end. What is made up is known in 中文, too."""
    why, grade = graded(text)
    zh = terms.MADE_UP.zh if why == terms.MADE_UP.en else ""
    return ir.Assumption(why, zh, aspect, grade, span=node.span)


def graded(text: str) -> tuple[str, str]:
    """A text and the grade in brackets behind it; what is no grade belongs to the text."""
    found = _GRADED.fullmatch(text)
    return (found[1], found[2]) if found is not None and is_grade(found[2]) else (text, "")


def _in_full(values: dict[str, Any], node: Node) -> ir.Assumption:
    why, cure = (_in_two(values.get(key, "")) for key in ("why", "settled_by"))
    aspect = values["aspect"].text if "aspect" in values else ""
    return ir.Assumption(*why, aspect, values.get("grade", ""), *cure, span=node.span)


def _in_two(told: str | tuple[str, str]) -> tuple[str, str]:
    return (told, "") if isinstance(told, str) else told


def citations(value: Any) -> tuple[ir.Citation, ...]:
    if value is None:
        return ()
    if isinstance(value, Word):
        return (ir.Citation(value.text, "", value.span),)
    if value and isinstance(value[0], tuple) and isinstance(value[0][0], Word):
        return tuple(ir.Citation(key.text, quote, key.span) for key, quotes in value for quote in quotes)
    return tuple(cite for item in value for cite in citations(item))
