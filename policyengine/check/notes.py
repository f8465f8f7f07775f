"""Notes: what an author may well mean, and a reader should know."""

from __future__ import annotations

from collections.abc import Iterator

from policyengine.errors import Diagnostic
from policyengine.mechanisms.base import Provision
from policyengine.ruleset import Dated, Layer, Ruleset, TableDecl
from policyengine.shapes import Word


def retroactive(ruleset: Ruleset) -> Iterator[Diagnostic]:
    """E380, a note: what was published later than the first day on which it holds."""
    entries: list[tuple[str, Word, Dated | TableDecl | Layer | Provision]] = []
    entries += [("a value of", p.id, v) for p in ruleset.parameters for v in p.values]
    entries += [("the table", t.id, t) for t in ruleset.tables] + [("the layer", x.id, x) for x in ruleset.layers]
    entries += [("the provision", p.id, p) for p in ruleset.provisions]
    for what, name, entry in entries:
        starts = [day for day in (entry.valid[0], ruleset.valid[0]) if day is not None]
        if entry.published is not None and starts and entry.published > max(starts):
            span = (entry.span if isinstance(entry, Dated) else None) or name.span
            message = f"{what} `{name}` holds from {max(starts)} and was published on {entry.published}"
            hint = "claims settled in between were settled without it: `policyengine resettle` shows what is due"
            yield Diagnostic("E380", message, span, "", hint, severity="note")
