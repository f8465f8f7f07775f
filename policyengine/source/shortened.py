"""A file without what libyaml has read and found right, so that PyYAML explains a fault at its end at once.

PyYAML's own parser takes seconds for a file of 1 MiB. What stands before the fault need not be read a second time,
except for what the fault may look back at: in every list and mapping that is open at the fault the first entry, which
says how it is indented, and the last ones. The others become empty lines, so that all places stay what they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from policyengine.errors import Span
from policyengine.source.page import Mark, Page

KEPT = 3
"""Entries before the fault that are read again, the one that holds it among them."""

Place = tuple[int, int]
"""Line and column at which a mapping begins."""


@dataclass(slots=True)
class Block:
    """A list or mapping, without brackets, that is being read. ``begun``: where each entry begins, and how many nodes
    were read before it. ``keys``: those of a mapping, each with its place."""

    keys: Mapping[str, Span]
    begun: list[tuple[Mark, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Shortened:
    """What is left to be read. ``nodes``: how many are left out. ``keys``: by the place of their mapping, keys that are
    left out and may not stand there twice."""

    page: Page
    nodes: int = 0
    keys: Mapping[Place, Mapping[str, Span]] = field(default_factory=dict)


def shortened(page: Page, blocks: list[Block]) -> Shortened:
    """``page`` without the entries that were read whole; ``blocks`` are those open at the fault, outermost first."""
    lines, nodes, keys = list(page.lines), 0, {}
    for block in blocks:
        if len(block.begun) <= KEPT + 1:
            continue
        (first, before), (end, after) = block.begun[1], block.begun[-KEPT]
        if not (_begins_line(page, first) and _begins_line(page, end)):
            continue
        for line in range(first.line, end.line):
            lines[line] = ""
        nodes += after - before
        start = block.begun[0][0]
        keys[start.line, start.column] = {
            key: span for key, span in block.keys.items() if first.line < span.line <= end.line
        }
    return Shortened(Page(page.file, "\n".join(lines), page.lines), nodes, keys)


def _begins_line(page: Page, mark: Mark) -> bool:
    """Whether nothing but a dash stands before the entry in its line, so that whole lines hold whole entries."""
    return page.lines[mark.line][: mark.column].strip(" ") in ("", "-")
