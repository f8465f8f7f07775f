"""policyengine explain – what a diagnostic code means."""

from __future__ import annotations

import click

from policyengine.cli.guard import FINE
from policyengine.cli.options import with_examples
from policyengine.cli.output import say
from policyengine.errors import nearest, printable


@with_examples("explain", "policyengine explain E207", "policyengine explain")
@click.argument("code", required=False)
def command(code: str | None) -> int:
    """Explain the diagnostic CODE: what it means, what causes it, how to cure it; a bad example with what is said of
    it, and a good one. Without CODE: list all codes."""
    from policyengine.codes import CODES, SAID

    if code is None:
        for name, about in sorted(CODES.items()):
            say(f"{name}  {about.title}")
        return FINE
    found = CODES.get(code.upper())
    if found is None:
        hint = nearest(code.upper(), CODES)
        raise click.UsageError(f"there is no code {printable(code)!r}. {hint}".rstrip())
    lines = [f"{code.upper()}: {found.title}", "", found.cause, f"Cure: {found.cure}"]
    shown = (("bad", found.bad), ("said", SAID.get(code.upper(), "")), ("good", found.good))
    lines += [f"  {label:5}{text}" for label, text in shown if text]
    say("\n".join(line.replace("\n", "\n       ") for line in lines))
    return FINE
