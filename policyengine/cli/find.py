"""policyengine find – the rules for a place, a scheme and a day."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import click

from policyengine.cli.guard import FINE
from policyengine.cli.options import LANG, ROOTS, day, pairs, path, with_examples
from policyengine.cli.output import say, text_of

if TYPE_CHECKING:
    from policyengine.lookup import Found

NONE = 1


@with_examples(
    "find",
    "policyengine find 230524 --on 2016-05-03",
    "policyengine find 140000 scheme=resident care_type=inpatient --on 2018-03-09",
    "policyengine find 饶河 --on 2016-05-03 --lang zh",
)
@click.argument("place")
@click.argument("facts", nargs=-1, metavar="[FACT=CODE]...")
@click.option("--on", callback=day, metavar="DATE", required=True, help="The day whose rules are sought.")
@ROOTS
@LANG
def command(place: str, facts: tuple[str, ...], on: datetime.date, lang: Any) -> int:
    """Find the rule sets for a place: in force on a day, and for claims with certain facts.

    PLACE is a code of GB/T 2260 or ISO 3166, or a word of the name or the title. A place without rules of its own has
    those of the next larger one. Exit code 1 if there are none.
    """
    from policyengine.lookup import find

    found = find(place, on, pairs(facts), path())
    if not found:
        say(f"no rule set is in force for {place} on {on}" + " with these facts" * bool(facts))
        return NONE
    say(_table(found, lang))
    return FINE


def _table(found: tuple[Found, ...], lang: str) -> str:
    """Name, place, title, period, and what is special."""
    from rich.table import Table
    from rich.text import Text

    from policyengine.errors import printable
    from policyengine.settlement import label_of

    table = Table.grid(padding=(0, 2))
    for one in found:
        start, end = one.valid
        notes = ", ".join(note for note, told in ((one.status, one.status != "approved"), ("run", one.run)) if told)
        cells = (one.place, one.name, label_of(one.title, lang, ""), f"{start or '…'} – {end or '…'}", notes)
        table.add_row(*(Text(printable(cell)) for cell in cells))
    return text_of(table, width=1_000).rstrip("\n")
