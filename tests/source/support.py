"""What the tests of reading share."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from policyengine.errors import Diagnostic, RuleError, Span
from policyengine.source import MapNode, Node, ScalarNode, SeqNode, read_file, read_text

Plain = str | list[Any] | dict[str, Any]


def read(text: str) -> MapNode:
    return read_text(text, "rules.yaml")


def refusals(text: str) -> tuple[Diagnostic, ...]:
    with pytest.raises(RuleError) as caught:
        read(text)
    return caught.value.diagnostics


def refusal(text: str) -> Diagnostic:
    """The one diagnostic with which a text is refused."""
    (diagnostic,) = refusals(text)
    return diagnostic


def file_refusal(path: Path) -> Diagnostic:
    """The one diagnostic with which a file is refused."""
    with pytest.raises(RuleError) as caught:
        read_file(path, "rules.yaml")
    (diagnostic,) = caught.value.diagnostics
    return diagnostic


def underlined(span: Span | None) -> str:
    assert span is not None
    return span.text[span.column - 1 : span.column - 1 + span.length]


def place(span: Span | None) -> tuple[int, int, str]:
    """Line, column, and the characters that are underlined."""
    assert span is not None
    return (span.line, span.column, underlined(span))


def plain(node: Node) -> Plain:
    """The tree without places: texts, lists and dictionaries."""
    match node:
        case ScalarNode(text):
            return text
        case SeqNode(items):
            return [plain(item) for item in items]
        case MapNode(entries):
            return {key.text: plain(value) for key, value in entries}


def scalars(node: Node) -> Iterator[ScalarNode]:
    """All texts of a tree, keys too, in the order of the file."""
    match node:
        case ScalarNode():
            yield node
        case SeqNode(items):
            for item in items:
                yield from scalars(item)
        case MapNode(entries):
            for key, value in entries:
                yield key
                yield from scalars(value)


def agrees(node: ScalarNode) -> bool:
    """Whether a text begins with what its place underlines (escapes and empty first lines aside)."""
    shown = underlined(node.span)
    if node.style == "quoted" and ("\\" in shown or "''" in shown or shown in ("'", '"', '""')):
        return True
    text = node.text.lstrip(" \n") if node.style == "block" else node.text
    return text.startswith(shown)


def value(tree: MapNode, *path: str) -> Node:
    """The node under a path of keys."""
    node: Node | None = tree
    for key in path:
        assert isinstance(node, MapNode)
        node = node.get(key)
    assert node is not None, path
    return node
