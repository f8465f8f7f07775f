"""A tree laid out as YAML: what stands in braces, what stands on lines of its own, where comments and gaps go.

A branch that wants to stand in braces does, if it fits the line and holds no comment; else it stands one entry a line.
Lists are indented below their key. Between block-style items of a spaced list there is an empty line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from policyengine.errors import width
from policyengine.printing.scalars import WIDTH, block, key_of, one_line

STEP = 2


@dataclass(slots=True)
class Leaf:
    """A text. ``breaks``: if it does not fit the line, it is written as a block. ``quoted``: it stood in quotes."""

    text: str
    breaks: bool = False
    quoted: bool = False


@dataclass(slots=True)
class Entry:
    """A key with its value, or an item of a list (``key`` is ``None``).

    ``before``: the comments on lines of their own above it, empty texts for empty lines; ``behind``: the comment at the
    end of its first line.
    """

    key: str | None
    value: Tree
    before: list[str] = field(default_factory=list)
    behind: str = ""


@dataclass(slots=True)
class Branch:
    """A mapping, or a list (``is_list``).

    ``flow``: it stands in braces or brackets if it fits; ``always``: even if it does not. ``spaced``: empty lines stand
    around items that take several lines. ``head``, ``tail``: comments above the first entry and below the last.
    """

    entries: list[Entry]
    is_list: bool = False
    flow: bool = False
    always: bool = False
    spaced: bool = False
    head: list[str] = field(default_factory=list)
    tail: list[str] = field(default_factory=list)


Tree = Leaf | Branch


def laid_out(tree: Branch) -> str:
    """The text of a whole file."""
    lines = [*_comments(tree.head, 0), *_lines(tree, 0)]
    while lines and not lines[0]:
        lines.pop(0)
    return "\n".join(lines).rstrip("\n") + "\n"


def _lines(tree: Branch, indent: int) -> Iterator[str]:
    gap = True
    tall = False
    for at, entry in enumerate(tree.entries):
        written = list(_entry(entry, indent))
        above = list(_comments(entry.before, indent))
        was_tall, tall = tall, len(written) > 1 and tree.spaced
        if at and (tall or was_tall) and not (above and not above[0]):
            above.insert(0, "")
        for line in above:
            if line or not gap:
                yield line
            gap = not line
        yield from written
        gap = False
    yield from _comments(tree.tail, indent)


def _comments(before: list[str], indent: int) -> Iterator[str]:
    """Comments at an indent; several empty lines are one."""
    last = None
    for comment in before:
        if comment or last != "":
            yield " " * indent + comment if comment else ""
        last = comment


def _entry(entry: Entry, indent: int) -> Iterator[str]:
    """An entry without what stands above it."""
    margin = " " * indent
    start = "-" if entry.key is None else key_of(entry.key) + ":"
    behind = f"  {entry.behind}" if entry.behind else ""
    value = entry.value
    text = _in_one_line(value, width(margin + start) + 1)
    if text is not None:
        yield f"{margin}{start} {text}{behind}"
    elif isinstance(value, Leaf):
        sign, *lines = block(value.text, indent + STEP) or [one_line(value.text, inside=False, quoted=value.quoted)]
        yield f"{margin}{start} {sign}{behind}"
        yield from lines
    elif entry.key is None and not behind and value.entries and not value.entries[0].before:
        first, *lines = _lines(value, indent + STEP)
        yield f"{margin}- {first.removeprefix(' ' * (indent + STEP))}"
        yield from lines
    else:
        yield f"{margin}{start}{behind}"
        yield from _lines(value, indent + STEP)


def _in_one_line(value: Tree, used: int) -> str | None:
    """The text of a value that stands on one line behind ``used`` columns, or ``None``."""
    if isinstance(value, Leaf):
        text = one_line(value.text, inside=False, quoted=value.quoted)
        broken = value.breaks and ("\n" in value.text or used + width(text) > WIDTH)
        return None if broken and block(value.text, STEP) else text
    if not value.entries:
        return "[]" if value.is_list else "{}"
    if not value.flow or _has_comments(value):
        return None
    text = braces(value)
    return text if value.always or used + width(text) <= WIDTH else None


def _has_comments(tree: Tree) -> bool:
    if isinstance(tree, Leaf):
        return False
    return bool(tree.tail) or any(any(e.before) or e.behind or _has_comments(e.value) for e in tree.entries)


def braces(tree: Tree) -> str:
    """A value inside braces."""
    if isinstance(tree, Leaf):
        return one_line(tree.text, inside=True, quoted=tree.quoted)
    parts = (
        braces(entry.value) if entry.key is None else f"{key_of(entry.key)}: {braces(entry.value)}"
        for entry in tree.entries
    )
    return f"[{', '.join(parts)}]" if tree.is_list else "{" + ", ".join(parts) + "}"
