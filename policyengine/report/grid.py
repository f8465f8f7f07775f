"""Tables of names and numbers: names to the left, numbers to the right."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from policyengine.errors import printable


def verbatim(text: str, style: str = "") -> Text:
    """A text as it stands, never read as markup; what does not print is escaped."""
    return Text(printable(text), style=style)


class Grid:
    """A table in the making, its columns headed by ``head``."""

    def __init__(self, head: Sequence[str]) -> None:
        self.table = Table.grid(padding=(0, 3))
        self.table.add_column()
        for _ in head[1:]:
            self.table.add_column(justify="right")
        self.add(*head, style="italic")

    def add(self, *cells: str, style: str = "") -> None:
        """A row of the table."""
        self.table.add_row(*(verbatim(cell, style) for cell in cells))

    def shown(self) -> RenderableType:
        """The table, set off a little."""
        return Padding(self.table, (0, 0, 0, 2))
