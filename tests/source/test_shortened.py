"""A file without what was read and found right: what is left out, and how much that was."""

from __future__ import annotations

from dataclasses import dataclass

from policyengine.errors import Span
from policyengine.source.page import Mark, Page
from policyengine.source.shortened import Block, shortened

NAMES = "abcdef"
LINES = tuple(f"{name}: 1" for name in NAMES)


@dataclass(frozen=True)
class At:
    """A place as PyYAML counts."""

    index: int
    line: int
    column: int


def page(lines: tuple[str, ...]) -> Page:
    return Page("f", "\n".join(lines), lines)


def begun(entries: int) -> list[tuple[Mark, int]]:
    """Where entries begin, of two nodes each, after the node of their mapping."""
    return [(At(5 * at, at, 0), 1 + 2 * at) for at in range(entries)]


def test_the_first_entry_and_the_last_three_stay_where_they_are() -> None:
    """Of six entries `b` and `c` are left out, with their four nodes; neither may stand there once more."""
    keys = {name: Span("f", at + 1, 1, 1) for at, name in enumerate(NAMES)}
    left = shortened(page(LINES), [Block(keys, begun(6))])
    assert left.page.text.split("\n") == ["a: 1", "", "", "d: 1", "e: 1", "f: 1"]
    assert left.nodes == 4
    assert {place: set(found) for place, found in left.keys.items()} == {(0, 0): {"b", "c"}}


def test_a_few_entries_are_read_again_whole() -> None:
    left = shortened(page(LINES[:4]), [Block({}, begun(4))])
    assert (left.page.text.split("\n"), left.nodes, left.keys) == (list(LINES[:4]), 0, {})
