"""Sources as documents: where they are, how good they are, and whether they say what is quoted of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from policyengine.check.sources import evidence
from policyengine.errors import Diagnostic
from policyengine.ruleset import Ruleset


def doubtful_sources(ruleset: Ruleset, folder: Path) -> Iterator[Diagnostic]:
    """W436, W437: for the sources of the rule file itself, not of what it extends; ``folder`` is the rule file's."""
    own = [s for s in ruleset.sources if s.id.span.file == ruleset.span.file]
    for source in own:
        lacking = [] if source.url or source.file else ["where it is"]
        lacking += [] if source.grade else ["how good it is"]
        if lacking:
            message = f"the source `{source.id}` does not say {' or '.join(lacking)}"
            yield Diagnostic("W436", message, source.id.span, "`url` or `file`, and `grade`", severity="warning")
    texts = {s.id.text: text for s in own if s.file and (text := _text_of(folder / s.file)) is not None}
    for item in evidence(ruleset):
        for cite in item.cites:
            if cite.quote and cite.source in texts and _joined(cite.quote) not in texts[cite.source]:
                message = f"the file of `{cite.source}` does not have the words that are quoted of it"
                yield Diagnostic("W437", message, cite.span, "words of the source", severity="warning")


def _text_of(file: Path) -> str | None:
    """The text of a stored document without spaces; ``None`` if it is not there or no text."""
    try:
        return _joined(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return None


def _joined(text: str) -> str:
    return "".join(text.split())
