"""Rule sets named on the command line; their faults are told with paths that can be opened from here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from policyengine.errors import Diagnostic, RuleError, Span

if TYPE_CHECKING:
    from policyengine.rulebook import Place, Rulebook


@contextmanager
def placed(name: str) -> Iterator[Place]:
    """The place of a rule set. ``RuleError``s raised inside leave with paths instead of names below the root."""
    from policyengine.rulebook import locate

    place = locate(name)
    try:
        yield place
    except RuleError as error:
        found = [with_paths(diagnostic, place.root) for diagnostic in error.diagnostics]
    else:
        return
    raise RuleError(found)


def load_rules(name: str) -> Rulebook:
    """The rule set of that name or path. Raises ``RuleError``."""
    from policyengine.loading import load

    with placed(name):
        return load(name)


def with_paths(found: Diagnostic, root: Path) -> Diagnostic:
    """A finding whose places name files by their paths."""
    related = tuple((text, _with_path(span, root)) for text, span in found.related)
    return replace(found, span=found.span and _with_path(found.span, root), related=related)


def _with_path(span: Span, root: Path) -> Span:
    """Bundled rule files keep the name under which they are known."""
    path = root / span.file
    if not path.is_file():
        return span
    here = Path.cwd()
    return replace(span, file=path.relative_to(here).as_posix() if path.is_relative_to(here) else str(path))
