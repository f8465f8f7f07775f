"""policyengine list – the bundled rule sets."""

from __future__ import annotations

from typing import Any

from policyengine.cli.guard import FINE
from policyengine.cli.options import LANG, with_examples
from policyengine.cli.output import say, text_of


@with_examples("list", "policyengine list", "policyengine list --lang zh")
@LANG
def command(lang: Any) -> int:
    """List the bundled rule sets: name, title, the period in which they hold, status."""
    from rich.table import Table
    from rich.text import Text

    from policyengine.errors import printable
    from policyengine.rulebook import bundled_names, load
    from policyengine.settlement import label_of

    table = Table.grid(padding=(0, 2))
    for name in bundled_names():
        book = load(name)
        first, last = book.programs[0].valid[0], book.programs[-1].valid[1]
        status = "" if book.status == "approved" else book.status
        cells = (name, label_of(book.title, lang, ""), f"{first or '…'} – {last or '…'}", status)
        table.add_row(*(Text(printable(cell)) for cell in cells))
    say(text_of(table).rstrip("\n"))
    return FINE
