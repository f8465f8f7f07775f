"""A rule file as its author laid it out: the tree of its YAML with the comments and the empty lines.

YAML's parser gives no comments. They are what begins with ``#`` outside of all scalars; each belongs to the entry that
it stands behind or above, or to the end of the entries that it is indented like.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass, field

import yaml

from policyengine.printing.layout import Branch, Entry, Leaf, Tree
from policyengine.source.composer import end_of, start_of

_HASH = re.compile(r"(?:(?<=\s)|^)#.*", re.MULTILINE)


@dataclass(slots=True)
class Placed:
    """An entry with its place. ``inline``: it ends where its text ends, as texts and braces do."""

    entry: Entry
    start: int
    end: int
    column: int
    first_line: int
    last_line: int
    inline: bool
    depth: int
    within: tuple[Held, ...]


@dataclass(slots=True)
class Held:
    """A mapping or list with its place; ``end`` is known of braces only."""

    branch: Branch
    column: int
    start: int
    end: int | None


@dataclass(slots=True)
class Note:
    """A comment, or an empty line (``text`` is empty)."""

    text: str
    index: int
    line: int
    column: int
    alone: bool


@dataclass(slots=True)
class _Reading:
    text: str
    events: Sequence[yaml.Event]
    placed: list[Placed] = field(default_factory=list)
    scalars: list[tuple[int, int]] = field(default_factory=list)
    at: int = 0

    def next(self) -> yaml.Event:
        self.at += 1
        return self.events[self.at - 1]

    def tree(self, event: yaml.Event, within: tuple[Held, ...]) -> Tree:
        if isinstance(event, yaml.ScalarEvent):
            self.scalars.append((start_of(event).index, self.text_end(event)))
            blocked = event.style in ("|", ">") or "\n" in event.value
            return Leaf(event.value, breaks=blocked, quoted=event.style in ("'", '"'))
        assert isinstance(event, yaml.CollectionStartEvent)
        branch = Branch([], isinstance(event, yaml.SequenceStartEvent), bool(event.flow_style))
        held = Held(branch, start_of(event).column, start_of(event).index, None)
        while not isinstance(inner := self.next(), yaml.CollectionEndEvent):
            key, value = (None, inner) if branch.is_list else (inner, self.next())
            if key is not None:
                self.scalars.append((start_of(key).index, self.text_end(key)))
            self.entry(key, value, held, (*within, held))
        held.end = end_of(inner).index if branch.flow else None
        return branch

    def entry(self, key: yaml.Event | None, value: yaml.Event, held: Held, within: tuple[Held, ...]) -> None:
        begin = start_of(value if key is None else key)
        entry = Entry(None if key is None else str(getattr(key, "value", "")), Leaf(""))
        place = Placed(entry, begin.index, 0, held.column, begin.line, 0, True, len(within), within)
        held.branch.entries.append(entry)
        self.placed.append(place)
        entry.value = self.tree(value, within)
        last = self.events[self.at - 1]
        place.inline = isinstance(entry.value, Leaf) or entry.value.flow
        place.end = self.text_end(last)
        place.last_line = self.text.count("\n", 0, max(place.start, place.end - 1))

    def text_end(self, event: yaml.Event) -> int:
        """Where the text of an event ends; the empty lines below a block are not part of it."""
        start, end = start_of(event).index, end_of(event).index
        return start + len(self.text[start:end].rstrip())


def commented(text: str) -> Branch:
    """The tree of a text that the reader accepts, with its comments; what stands above the first key is the head."""
    reading, root = _read(text)
    held = Held(root, 0, 0, None)
    notes = list(_notes(text, reading.scalars))
    for note in (n for n in notes if not n.alone):
        _behind(note, reading.placed).behind = note.text
    _attach([n for n in notes if n.alone], reading.placed, held)
    root.head, root.entries[0].before = root.entries[0].before, []
    return root


def _read(text: str) -> tuple[_Reading, Branch]:
    events = [event for event in yaml.parse(text, Loader=yaml.SafeLoader) if isinstance(event, _NODES)]
    reading = _Reading(text, events)
    root = reading.tree(reading.next(), ())
    assert isinstance(root, Branch)
    return reading, root


_NODES = (yaml.ScalarEvent, yaml.CollectionStartEvent, yaml.CollectionEndEvent)


def comments_of(text: str) -> list[str]:
    """Every comment of a text, sorted."""
    reading, _ = _read(text)
    return sorted(note.text for note in _notes(text, reading.scalars) if note.text)


def _notes(text: str, scalars: list[tuple[int, int]]) -> list[Note]:
    """Comments and empty lines outside of scalars, in order."""
    inside = sorted(scalars)
    found = [(m.start(), m.group().rstrip()) for m in _HASH.finditer(text)]
    found += [(m.start(), "") for m in re.finditer(r"^[ ]*$", text, re.MULTILINE)]
    notes = []
    for index, said in sorted(found):
        scalar = next(((a, b) for a, b in reversed(inside) if a <= index), None)
        header = scalar is not None and text[scalar[0]] in "|>" and "\n" not in text[scalar[0] : index]
        if scalar is not None and index < scalar[1] and not header:
            continue
        begin = text.rfind("\n", 0, index) + 1
        alone = not text[begin:index].strip(" ")
        notes.append(Note(said, index, text.count("\n", 0, index), index - begin, alone))
    return notes


def _behind(note: Note, placed: list[Placed]) -> Entry:
    """The entry that a comment at the end of a line is about: the outermost that ends there, else what opens."""
    ending = [p for p in placed if p.inline and p.last_line == note.line and p.end <= note.index]
    opening = [p for p in placed if p.first_line == note.line and p.start < note.index]
    if ending:
        return min(ending, key=lambda p: (p.depth, -p.start)).entry
    return max(opening, key=lambda p: p.depth).entry


def _attach(notes: list[Note], placed: list[Placed], root: Held) -> None:
    """Puts what stands on lines of its own above the entry that follows, or at the end of what it is indented like."""
    order = sorted(placed, key=lambda p: (p.start, p.depth))
    gaps: list[str] = []
    above: Placed | None = None
    for note in notes:
        at = bisect(order, note.index, key=lambda p: p.start)
        following, previous = (order[at] if at < len(order) else None), (order[at - 1] if at else None)
        if following is not above:
            _add(gaps, above)
            gaps, above = [], following
        gaps.append(note.text)
        if note.text:
            _target(note, following, (root,) if previous is None else previous.within).extend(gaps)
            gaps = []
    _add(gaps, above)


def _add(gaps: list[str], above: Placed | None) -> None:
    if above is not None:
        above.entry.before += gaps


def _target(note: Note, following: Placed | None, around: tuple[Held, ...]) -> list[str]:
    """The lines to which a comment belongs; ``around``: what holds the entry before it, outermost first."""
    braces = [h for h in around if h.end is not None and h.end > note.index]
    if braces:
        inside = following is not None and following.start < (braces[-1].end or 0)
        return following.entry.before if inside and following is not None else braces[-1].branch.tail
    floor = -1 if following is None else following.column
    deeper = [h for h in around if h.end is None and floor < h.column <= note.column]
    if deeper:
        return deeper[-1].branch.tail
    return around[0].branch.tail if following is None else following.entry.before
