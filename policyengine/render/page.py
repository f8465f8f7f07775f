"""What a page is made of: headings, paragraphs, lists, tables. No markup: the texts are said as they are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Strong:
    """A text that stands out."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """A word of a rule file: an id, a file name."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A text that leads to another page. ``to``: a relative path that the library itself made."""

    text: str
    to: str


Run = str | Strong | Code | Link
Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    runs: Runs


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a list, with entries of its own below it."""

    runs: Runs
    below: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. ``figures``: how many of the last columns hold figures, which are set to the right."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: int = 0


Block = Heading | Paragraph | Bullets | Grid


@dataclass(frozen=True, slots=True)
class Page:
    """``lang``: zh or en."""

    title: str
    lang: str
    blocks: tuple[Block, ...]


def said(*runs: Run) -> Paragraph:
    """A paragraph of these runs."""
    return Paragraph(runs)


def item(*runs: Run, below: tuple[Item, ...] = ()) -> Item:
    """An entry of a list of these runs."""
    return Item(runs, below)
