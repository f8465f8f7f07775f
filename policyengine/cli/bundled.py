"""policyengine list – the rule sets that can be named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from policyengine.cli.guard import FINE
from policyengine.cli.options import LANG, ROOTS, path, with_examples
from policyengine.cli.output import say, text_of

if TYPE_CHECKING:
    from policyengine.rulebook import Place

ONE_LINE = 1_000
"""Columns that keep each rule set on a line of its own."""


@with_examples(
    "list",
    "policyengine list",
    "policyengine list --lang zh",
    "mkdir -p my_rules && policyengine list --rulesets my_rules",
)
@ROOTS
@LANG
def command(lang: Any) -> int:
    """List the rule sets that can be named: name, title, the period in which they hold, status.

    These are the bundled ones, and those below the folders that --rulesets and POLICYENGINE_PATH name. Where there are
    such folders, the root of each rule set is shown.
    """
    from rich.table import Table
    from rich.text import Text

    from policyengine.cli.rules import from_here
    from policyengine.errors import printable
    from policyengine.rulebook import bundled_root, known_places

    table = Table.grid(padding=(0, 2))
    places = known_places(path())
    bundled = bundled_root().resolve()
    roots = [() if place.root == bundled else (from_here(place.root),) for place in places]
    for place, root in zip(places, roots, strict=True):
        cells = (place.name, *_about(place, lang), *(root or ("bundled",) * any(roots)))
        table.add_row(*(Text(printable(cell)) for cell in cells))
    say(text_of(table, width=ONE_LINE).rstrip("\n"))
    return FINE


def _about(place: Place, lang: str) -> tuple[str, str, str]:
    """Title, period and status of a rule set, or that it does not load."""
    from policyengine.errors import RuleError
    from policyengine.loading import about
    from policyengine.settlement import label_of

    try:
        found = about(place)
    except RuleError as error:
        return f"{len(error.diagnostics)} errors, see `policyengine check`", "", ""
    first, last = found.valid
    status = "" if found.status == "approved" else found.status
    return label_of(found.title, lang, ""), f"{first or '…'} – {last or '…'}", status
