"""Column mappings: a file that says in which column of a table each fact stands, in which unit, form and words.

It is read like a rule file: every value with its place, every mistake named where it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from policyengine.bulk.csvfiles import PLAIN, Written, known_encoding
from policyengine.bulk.facts import ELSEWHERE
from policyengine.errors import Span
from policyengine.parse.common import Read
from policyengine.parse.evidence import TITLE
from policyengine.resolve import fault
from policyengine.shapes import Faults, Field, Shape, Text, read_record
from policyengine.source import MapNode, Node, ScalarNode, SeqNode, read_file

LINES: Final = "lines"
"""The column of fee lines, where the mapping names no other."""


@dataclass(frozen=True, slots=True)
class Stated:
    """Where a fact stands: in a ``column``, or everywhere as ``constant``. ``values``: what the texts of the column
    mean. ``format``: how its days are written, such as ``%Y%m%d``. ``key``: where the mapping names the fact."""

    column: str = ""
    constant: str | None = None
    unit: str = ""
    format: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    span: Span | None = field(default=None, compare=False)
    key: Span | None = field(default=None, compare=False)


Facts = Mapping[str, Stated]


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """A mapping as read from its file. ``templates``: each gives every claim one fee line. ``lines``: the facts of fee
    lines that stand in the list ``column``, or in a table of their own. ``written``: how CSV files are."""

    name: str = ""
    facts: Facts = field(default_factory=dict)
    templates: tuple[Facts, ...] = ()
    column: str = LINES
    lines: Facts = field(default_factory=dict)
    written: Written = PLAIN


def load_columns(path: Path | str) -> ColumnMap:
    """The mapping in a file. Raises ``RuleError`` with everything that is wrong."""
    values = read_record(read_file(Path(path), str(path)), MAPPING, "a mapping of columns")
    facts = {**values.get("fields", {}), **values.get("constants", {})}
    templates, lines = values.get("lines", ((), {}))
    of_lines = {**lines.get("fields", {}), **lines.get("constants", {})}
    written = Written(values.get("separator", PLAIN.separator), values.get("encoding", PLAIN.encoding))
    return ColumnMap(values["columns"], facts, templates, lines.get("column", LINES), of_lines, written)


def _separator(node: Node) -> str:
    text = {"tab": "\t"}.get(found := Text().read(node), found)
    if len(text) != 1 or not text.isascii() or text.isalnum() or text in '"\r\n':
        raise fault("E845", f"`{found}` separates no cells", node.span, "one sign such as `;`, or the word `tab`")
    return text


def _encoding(node: Node) -> str:
    if not known_encoding(name := Text().read(node)):
        raise fault("E845", f"there is no encoding `{name}`", node.span, "such as GB18030, GBK, Big5 or UTF-8")
    return name


def _values(node: Node) -> dict[str, str]:
    if not isinstance(node, MapNode):
        raise fault("E301", "a mapping is needed here", node.span, "texts of the column with what they mean")
    return {key.text: Text().read(value) for key, value in node.entries}


COLUMN = (
    Field("column", Text(), "the name of the column", True),
    Field("unit", Text(), "of money: 元, 分, 角, 万元 or the word of another currency, `minor`; of rates: %"),
    Field("format", Text(), "how days are written: %Y, %m and %d with what stands between them"),
    Field("values", Read(_values, {"type": "object"}), "what the texts or numbers of the column mean"),
)


def _column(node: Node) -> Stated:
    if isinstance(node, ScalarNode):
        return Stated(node.text, span=node.span)
    return Stated(**read_record(node, COLUMN, "a column"), span=node.span)


def _constant(node: Node) -> Stated:
    return Stated(constant=Text().read(node), span=node.span)


def _template_field(node: Node) -> Stated:
    return _constant(node) if isinstance(node, ScalarNode) else _column(node)


def _facts(read: Any, what: str) -> Shape:
    """The reader of facts by name."""

    def entries(node: Node) -> dict[str, Stated]:
        if not isinstance(node, MapNode):
            raise fault("E301", f"{what} are a mapping", node.span, "facts by name")
        faults, found = Faults(), dict[str, Stated]()
        for key, value in node.entries:
            name = key.text
            if not name.removeprefix(ELSEWHERE).isidentifier():
                faults.add(fault("E305", f"`{name}` is not the name of a fact", key.span, "a fact, or elsewhere.payer"))
                continue
            one = faults.attempt(read, value)
            if one is not None:
                found[name] = replace(one, key=key.span)
        faults.done()
        return found

    return Read(entries, {"type": "object"})


FIELDS = Field("fields", _facts(_column, "fields"), "the column of each fact: its name, or `{column, unit, …}`")
CONSTANTS = Field("constants", _facts(_constant, "constants"), "facts that are the same for every row")
OF_LINES = (Field("column", Text(), "the column that holds lists of fee lines"), FIELDS, CONSTANTS)
_TEMPLATE = _facts(_template_field, "the fields of a fee line")


def _lines(node: Node) -> tuple[tuple[Facts, ...], Mapping[str, Any]]:
    """Templates if it is a list; else where the lines stand."""
    if isinstance(node, SeqNode):
        faults = Faults()
        found = [faults.attempt(_TEMPLATE.read, item) for item in node.items]
        faults.done()
        return tuple(one for one in found if one is not None), {}
    return (), read_record(node, OF_LINES, "the fee lines")


MAPPING = (
    Field("columns", Text(), "the name of the mapping", True),
    Field("title", TITLE, "what people call it"),
    Field("separator", Read(_separator, {"type": "string"}), "between the cells of a CSV file; default: a comma"),
    Field("encoding", Read(_encoding, {"type": "string"}), "of a CSV file, such as GB18030; default: UTF-8"),
    FIELDS,
    CONSTANTS,
    Field(
        "lines", Read(_lines, {"type": ["array", "object"]}), "one fee line each of a list; or `{column, fields, …}`"
    ),
)
