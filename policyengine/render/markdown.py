"""Pages as Markdown (CommonMark with tables). Every text of a rule file is escaped: it is shown, and never acts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from policyengine.errors import printable
from policyengine.render.page import Block, Bullets, Code, Grid, Heading, Item, Link, Page, Paragraph, Run, Strong

_MARKS: Final = re.compile(r"[\\`*_\[\]<>|~&]")
_AT_START: Final = re.compile(r"([0-9]{1,9})([.)])|[-+=#:]")
"""What would begin a list, a heading or a line under one, at the beginning of a block."""

_BLANKS: Final = re.compile(r"\s+")


def markdown_of(page: Page) -> str:
    """The page as Markdown; ends with a line end."""
    blocks = "\n\n".join(_block(block) for block in page.blocks)
    return f"# {escaped(page.title)}\n\n{blocks}\n"


def escaped(text: str) -> str:
    """``text`` on one line, with everything escaped that Markdown or HTML would read as markup."""
    plain = printable(_BLANKS.sub(" ", text).strip())
    return _MARKS.sub(r"\\\g<0>", plain)


def _opened(text: str) -> str:
    """Escaped text that stands at the beginning of a block."""
    found = _AT_START.match(text)
    if found is None:
        return text
    return f"{found[1]}\\{text[len(found[1]) :]}" if found[1] else f"\\{text}"


def _block(block: Block) -> str:
    match block:
        case Heading(level=level, text=text):
            return f"{'#' * level} {_heading(text)}"
        case Paragraph(runs=runs):
            return _opened(_runs(runs))
        case Bullets(items=items):
            return "\n".join(line for item in items for line in _item(item, 0))
        case Grid():
            return "\n".join(_grid(block))


def _heading(text: str) -> str:
    """A heading does not end in `#`: those would be taken for its close."""
    plain = escaped(text)
    return f"{plain[: -len(tail)]}{''.join(chr(92) + c for c in tail)}" if (tail := _hashes(plain)) else plain


def _hashes(text: str) -> str:
    return text[len(text.rstrip("#")) :]


def _item(item: Item, depth: int) -> Iterator[str]:
    yield f"{'  ' * depth}- {_opened(_runs(item.runs))}"
    for inner in item.below:
        yield from _item(inner, depth + 1)


def _runs(runs: Sequence[Run]) -> str:
    return "".join(_run(run) for run in runs).strip()


def _run(run: Run) -> str:
    match run:
        case Strong(text=text):
            return f"**{escaped(text)}**"
        case Code(text=text):
            return f"`{printable(_BLANKS.sub(' ', text).strip()).replace('`', chr(39))}`"
        case Link(text=text, to=to):
            return f"[{escaped(text)}]({to})"
        case str():
            return _spaced(run)


def _spaced(text: str) -> str:
    """A run of text keeps the blanks that part it from its neighbours."""
    before, after = " " * text[:1].isspace(), " " * text[-1:].isspace()
    return f"{before}{escaped(text)}{after}" if text.strip() else " " * bool(text)


def _grid(grid: Grid) -> Iterator[str]:
    width = len(grid.head)
    yield _row(grid.head)
    yield _bars("---:" if at >= width - grid.figures else "---" for at in range(width))
    for row in grid.rows:
        yield _row(row)


def _row(cells: Sequence[str]) -> str:
    return _bars(escaped(cell) for cell in cells)


def _bars(cells: Iterator[str]) -> str:
    return f"| {' | '.join(cells)} |"
