"""Field tables: what a mapping of a rule file may hold. One table yields the reader and the JSON Schema.

A ``Shape`` reads one node into one typed value and describes itself as JSON Schema. A ``Field`` names a shape. All
faults of a mapping are collected before any is raised.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ParamSpec, Protocol, TypeVar

from policyengine import expressions as ast
from policyengine.errors import Diagnostic, RuleError, Span, nearest
from policyengine.resolve import fault
from policyengine.source import MapNode, Node, ScalarNode, SeqNode

Schema = dict[str, Any]
P = ParamSpec("P")
T = TypeVar("T")
NAME = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Word:
    """A name written in a rule file, with its place."""

    text: str
    span: Span

    def __str__(self) -> str:
        return self.text


class Shape(Protocol):
    def read(self, node: Node) -> Any: ...
    def schema(self) -> Schema: ...


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a mapping."""

    name: str
    shape: Shape
    doc: str
    required: bool = False


class Faults:
    """Collects diagnostics; ``done`` raises them all at once."""

    def __init__(self) -> None:
        self.found: list[Diagnostic] = []

    def add(self, error: RuleError) -> None:
        self.found.extend(error.diagnostics)

    def attempt(self, action: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """The result of ``action``, or ``None`` with its faults kept."""
        try:
            return action(*args, **kwargs)
        except RuleError as error:
            self.add(error)
            return None

    def done(self) -> None:
        if self.found:
            raise RuleError(self.found)


def read_record(node: Node, fields: Sequence[Field], what: str) -> dict[str, Any]:
    """The values of a mapping by field name. Unknown keys, missing required keys and bad values are errors."""
    if not isinstance(node, MapNode):
        raise fault("E301", f"{what} is a mapping", node.span, "keys with values")
    table = {f.name: f for f in fields}
    faults, values = Faults(), dict[str, Any]()
    for key, value in node.entries:
        field = table.get(key.text)
        if field is None:
            hint = nearest(key.text, table)
            expected = "one of " + ", ".join(table) if len(table) <= 12 else ""
            faults.add(fault("E302", f"{what} has no key `{key.text}`", key.span, expected, hint))
            continue
        values[key.text] = faults.attempt(field.shape.read, value)
    for field in fields:
        if field.required and field.name not in values:
            faults.add(fault("E303", f"{what} needs the key `{field.name}`", node.span, hint=field.doc))
    faults.done()
    return values


def record_schema(fields: Iterable[Field], doc: str = "") -> Schema:
    fields = list(fields)
    properties = {f.name: {**f.shape.schema(), "description": f.doc} for f in fields}
    required = [f.name for f in fields if f.required]
    schema: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    if required:
        schema["required"] = required
    return {**schema, "description": doc} if doc else schema


def scalar(node: Node, expected: str) -> ScalarNode:
    if not isinstance(node, ScalarNode):
        raise fault("E304", "a single value is needed here", node.span, expected)
    return node


@dataclass(frozen=True, slots=True)
class Text:
    """Any text."""

    def read(self, node: Node) -> str:
        return scalar(node, "a text").text

    def schema(self) -> Schema:
        return {"type": ["string", "number", "boolean"]}


@dataclass(frozen=True, slots=True)
class Name:
    """An identifier: letters (Latin or Chinese), digits, underscores."""

    dotted: bool = False

    def read(self, node: Node) -> Word:
        text = scalar(node, "a name").text
        parts = text.split(".") if self.dotted else [text]
        if not all(NAME.fullmatch(part) for part in parts):
            raise fault("E305", f"`{text}` is not a name", node.span, "letters, digits and underscores")
        for part in parts:
            ast.parse_name(part, node.span)
        return Word(text, node.span)

    def schema(self) -> Schema:
        return {"type": "string"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One word out of a list."""

    options: tuple[str, ...]

    def read(self, node: Node) -> str:
        text = scalar(node, "one of " + ", ".join(self.options)).text
        if text not in self.options:
            expected = "one of " + ", ".join(self.options)
            raise fault("E306", f"`{text}` is not one of the choices", node.span, expected, nearest(text, self.options))
        return text

    def schema(self) -> Schema:
        return {"enum": list(self.options)}


@dataclass(frozen=True, slots=True)
class Flag:
    """yes or no."""

    def read(self, node: Node) -> bool:
        text = scalar(node, "yes or no").text
        if text not in ("yes", "no", "true", "false"):
            raise fault("E306", f"`{text}` is neither yes nor no", node.span, "yes or no")
        return text in ("yes", "true")

    def schema(self) -> Schema:
        return {"enum": [True, False, "yes", "no"]}


@dataclass(frozen=True, slots=True)
class Date:
    """A day, YYYY-MM-DD."""

    def read(self, node: Node) -> datetime.date:
        return ast.parse_date(scalar(node, "a day such as 2016-01-01").text, node.span)

    def schema(self) -> Schema:
        return {"type": "string", "format": "date"}


@dataclass(frozen=True, slots=True)
class Expression:
    """An amount, rate, count or condition: a literal or a formula."""

    def read(self, node: Node) -> ast.Node:
        return ast.parse_expression(scalar(node, "an amount, a rate or a formula").text, node.span)

    def schema(self) -> Schema:
        return {"type": ["string", "number", "boolean"]}


@dataclass(frozen=True, slots=True)
class OneOrMany:
    """One value, or a list of ``least`` or more; always read as a tuple."""

    of: Shape
    least: int = 0

    def read(self, node: Node) -> tuple[Any, ...]:
        return ListOf(self.of, self.least).read(node) if isinstance(node, SeqNode) else (self.of.read(node),)

    def schema(self) -> Schema:
        return {"anyOf": [self.of.schema(), ListOf(self.of, self.least).schema()]}


@dataclass(frozen=True, slots=True)
class ListOf:
    """Values in order, ``least`` of them or more."""

    of: Shape
    least: int = 0

    def read(self, node: Node) -> tuple[Any, ...]:
        if not isinstance(node, SeqNode):
            raise fault("E304", "a list is needed here", node.span, "a list")
        if len(node.items) < self.least:
            raise fault("E304", "the list is empty", node.span, "at least one entry")
        return read_items(node, self.of)

    def schema(self) -> Schema:
        return {"type": "array", "items": self.of.schema(), **({"minItems": self.least} if self.least else {})}


def read_items(node: SeqNode, of: Shape) -> tuple[Any, ...]:
    faults = Faults()
    items = [faults.attempt(of.read, item) for item in node.items]
    faults.done()
    return tuple(items)


@dataclass(frozen=True, slots=True)
class MapOf:
    """Names to values; read as a tuple of (name, value) in file order."""

    of: Shape

    def read(self, node: Node) -> tuple[tuple[Word, Any], ...]:
        if not isinstance(node, MapNode):
            raise fault("E301", "a mapping is needed here", node.span, "names with values")
        if not node.entries:
            raise fault("E301", "the braces are empty", node.span, "names with values", "or delete the key")
        faults = Faults()
        found = [faults.attempt(self._pair, key, value) for key, value in node.entries]
        faults.done()
        return tuple(pair for pair in found if pair is not None)

    def _pair(self, key: ScalarNode, value: Node) -> tuple[Word, Any]:
        return Name().read(key), self.of.read(value)

    def schema(self) -> Schema:
        return {"type": "object", "additionalProperties": self.of.schema(), "minProperties": 1}


@dataclass(frozen=True, slots=True)
class Either:
    """A mapping, a list or a single value, each with its own shape."""

    mapping: Shape | None = None
    single: Shape | None = None
    listing: Shape | None = None

    def read(self, node: Node) -> Any:
        shape = {MapNode: self.mapping, SeqNode: self.listing, ScalarNode: self.single}[type(node)]
        if shape is None:
            forms = (("a single value", self.single), ("a mapping", self.mapping), ("a list", self.listing))
            expected = " or ".join(name for name, shape in forms if shape is not None)
            raise fault("E304", "this form is not possible here", node.span, expected)
        return shape.read(node)

    def schema(self) -> Schema:
        return {"anyOf": [s.schema() for s in (self.mapping, self.single, self.listing) if s is not None]}


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with a field table, made into ``make(**values, span=…)``."""

    fields: tuple[Field, ...]
    make: Callable[..., Any]
    what: str

    def read(self, node: Node) -> Any:
        return self.make(**read_record(node, self.fields, self.what), span=node.span)

    def schema(self) -> Schema:
        return record_schema(self.fields)


def pairs(node: Node, what: str) -> Iterator[tuple[Word, Node]]:
    """The entries of a mapping with names as keys."""
    if not isinstance(node, MapNode):
        raise fault("E301", f"{what} is a mapping", node.span, "names with values")
    key_shape = Name()
    for key, value in node.entries:
        yield key_shape.read(key), value


Values = Mapping[str, Any]
