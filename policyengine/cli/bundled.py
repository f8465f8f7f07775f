"""policyengine list – the bundled rule sets."""

from __future__ import annotations

from typing import Any

from policyengine.cli.guard import FINE
from policyengine.cli.options import LANG, with_examples
from policyengine.cli.output import say, text_of

ONE_LINE = 1_000
"""Columns that keep each rule set on a line of its own."""


@with_examples("list", "policyengine list", "policyengine list --lang zh")
@LANG
def command(lang: Any) -> int:
    """List the bundled rule sets: name, title, the period in which they hold, status."""
    from rich.table import Table
    from rich.text import Text

    from policyengine.errors import printable
    from policyengine.rulebook import bundled_names

    table = Table.grid(padding=(0, 2))
    for name in bundled_names():
        table.add_row(*(Text(printable(cell)) for cell in (name, *_about(name, lang))))
    say(text_of(table, width=ONE_LINE).rstrip("\n"))
    return FINE


def _about(name: str, lang: str) -> tuple[str, str, str]:
    """Title, period and status of a rule set, or that it does not load."""
    from policyengine.errors import RuleError
    from policyengine.loading import load
    from policyengine.settlement import label_of

    try:
        book = load(name)
    except RuleError as error:
        return f"{len(error.diagnostics)} errors, see `policyengine check`", "", ""
    first, last = book.programs[0].valid[0], book.programs[-1].valid[1]
    status = "" if book.status == "approved" else book.status
    return label_of(book.title, lang, ""), f"{first or '…'} – {last or '…'}", status
