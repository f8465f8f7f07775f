"""What of a claim was translated from codes, as text."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group
from rich.table import Table
from rich.text import Text

from policyengine.codemaps import Change
from policyengine.errors import printable
from policyengine.report.names import Lang, pick


def translated_text(changes: Sequence[Change], lang: Lang = "en") -> Group:
    """One line a field."""
    grid = Table.grid(padding=(0, 2))
    for change in changes:
        cells = ("", change.field, f"{change.code} → {change.word}", change.map)
        grid.add_row(*(Text(printable(cell)) for cell in cells))
    return Group(Text(pick(("代码转换", "translated from codes"), lang), "bold"), grid)
