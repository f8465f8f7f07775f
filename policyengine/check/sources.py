"""Evidence: every value says who states it or that it is assumed, and every citation names a source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policyengine.errors import Diagnostic, nearest
from policyengine.ruleset import Ruleset
from policyengine.shapes import Word


def _entries(ruleset: Ruleset) -> Iterator[tuple[str, Word, Any]]:
    """Everything that needs evidence: what it is, its name, and what carries the evidence."""
    for parameter in ruleset.parameters:
        for dated in parameter.values:
            yield "value of the parameter", parameter.id, dated
        if not parameter.values:
            yield "parameter", parameter.id, parameter
    for section in ("tables", "layers", "provisions", "notes"):
        for item in getattr(ruleset, section):
            yield section.removesuffix("s"), item.id, item


def unknown_sources(ruleset: Ruleset) -> Iterator[Diagnostic]:
    """E402: a citation of a source that the file does not name."""
    known = [s.id.text for s in ruleset.sources]
    for _, _, item in _entries(ruleset):
        for cite in item.cites:
            if cite.source not in known:
                message = f"there is no source `{cite.source}`"
                yield Diagnostic("E402", message, cite.span, "an id under `sources:`", nearest(cite.source, known))


def uncited(ruleset: Ruleset) -> Iterator[Diagnostic]:
    """W411: a value with neither a citation nor a word on what is assumed."""
    for what, name, item in _entries(ruleset):
        if not item.cites and not item.assumed:
            span = getattr(item, "span", None) or name.span
            message = f"nobody is cited for the {what} `{name}`"
            yield Diagnostic("W411", message, span, "`cite:` or `assumed:`", severity="warning")
