"""The tree of a rule file: texts, mappings and lists, each with its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from policyengine.errors import Span

Style = Literal["plain", "quoted", "block"]


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """A text as the author wrote it: nothing has been read into it yet, ``010`` and ``yes`` are texts.

    The span begins at the first character of the content (inside the quotes) and stays on one line:
    the first line of a text that goes over several.
    """

    text: str
    span: Span
    style: Style


@dataclass(frozen=True, slots=True)
class MapNode:
    """Keys and values in the order of the file; no key stands twice.

    The span is the first key, or the braces with what they hold.
    """

    entries: tuple[tuple[ScalarNode, Node], ...]
    span: Span

    def get(self, key: str) -> Node | None:
        """The value under ``key``, or None."""
        return next((value for name, value in self.entries if name.text == key), None)

    def __iter__(self) -> Iterator[tuple[ScalarNode, Node]]:
        return iter(self.entries)


@dataclass(frozen=True, slots=True)
class SeqNode:
    """The items of a list. The span is the first dash, or the brackets with what they hold."""

    items: tuple[Node, ...]
    span: Span

    def __iter__(self) -> Iterator[Node]:
        return iter(self.items)


Node = ScalarNode | MapNode | SeqNode
