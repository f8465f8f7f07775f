"""One text as YAML: plain where that reads as the same text, else in quotes, or folded over several lines."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from policyengine.errors import RuleError, width
from policyengine.source import MapNode, Node, ScalarNode, SeqNode, read_text

WIDTH = 120
"""Columns of a line; a Chinese character takes two."""

_NUMBER = re.compile(r"[-+]?[0-9][0-9_]*")
_FOLDS = re.compile(r"\S+(?: \S+)*")
_ESCAPES = {"\\": r"\\", '"': r"\"", "\n": r"\n", "\t": r"\t"}


def one_line(text: str, inside: bool, quoted: bool = False) -> str:
    """``text`` on one line; ``inside`` braces or brackets less can stand without quotes.

    What was ``quoted`` stays so if other readers of YAML would take it for a number: '230524' is a text.
    """
    if not (quoted and _NUMBER.fullmatch(text)) and _stays(text, text, inside):
        return text
    single = "'" + text.replace("'", "''") + "'"
    if _stays(single, text, inside):
        return single
    return '"' + "".join(_ESCAPES.get(c, c if c.isprintable() else f"\\U{ord(c):08x}") for c in text) + '"'


def key_of(text: str) -> str:
    """``text`` as a key."""
    return text if _reads_as(f"{text}: v", lambda tree: tree.entries[0][0], text) else one_line(text, inside=True)


@lru_cache(maxsize=65_536)
def _stays(written: str, text: str, inside: bool) -> bool:
    """Whether ``written`` in the place of a value reads as ``text``."""
    if "\n" in written or not written.strip():
        return False
    if not inside:
        return _reads_as(f"k: {written}", lambda tree: tree.entries[0][1], text)
    return _reads_as(f"k: {{a: {written}, b: [{written}, c]}}", _only_value, text)


def _only_value(tree: MapNode) -> Node:
    """The value of ``a`` if that of ``b`` begins with it, too."""
    inner = tree.entries[0][1]
    assert isinstance(inner, MapNode)
    listed = inner.entries[1][1] if len(inner.entries) == 2 else None
    both = isinstance(listed, SeqNode) and [getattr(item, "text", "") for item in listed.items][1:] == ["c"]
    return inner.entries[0][1] if both else inner


def _reads_as(page: str, value: Callable[[MapNode], Node], text: str) -> bool:
    try:
        node = value(read_text(page, "text"))
    except RuleError:
        return False
    return isinstance(node, ScalarNode) and node.text == text


def folds(text: str) -> bool:
    """Whether ``text`` can be broken at its spaces and read back as it was."""
    return _FOLDS.fullmatch(text) is not None


def block(text: str, indent: int) -> list[str] | None:
    """``text`` as a block: the sign behind the key, then its lines; ``None`` if no block reads back as ``text``."""
    margin = " " * indent
    if folds(text):
        lines = [">-", *(margin + line for line in _wrapped(text, WIDTH - indent))]
    else:
        body = text.removesuffix("\n")
        lines = ["|" if text.endswith("\n") else "|-", *((margin + line).rstrip(" ") for line in body.split("\n"))]
    page = "k: " + "\n".join(lines) + "\n"
    return lines if _reads_as(page, lambda tree: tree.entries[0][1], text) else None


def _wrapped(text: str, columns: int) -> list[str]:
    lines: list[str] = []
    for word in text.split(" "):
        if lines and width(lines[-1]) + 1 + width(word) <= columns:
            lines[-1] += " " + word
        else:
            lines.append(word)
    return lines
