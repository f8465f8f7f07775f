"""Rule sets named on the command line; their faults are told with paths that can be opened from here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from policyengine.cli.options import path
from policyengine.errors import Diagnostic, RuleError, Span

if TYPE_CHECKING:
    from policyengine.rulebook import Place, Rulebook


@contextmanager
def placed(name: str) -> Iterator[Place]:
    """The place of a rule set. ``RuleError``s raised inside leave with paths instead of names below the root."""
    from policyengine.rulebook import locate

    place = locate(name, path())
    try:
        yield place
    except RuleError as error:
        found = [with_paths(diagnostic, place) for diagnostic in error.diagnostics]
    else:
        return
    raise RuleError(found)


def load_rules(name: str) -> Rulebook:
    """The rule set of that name or path. Raises ``RuleError``."""
    from policyengine.loading import load

    with placed(name):
        return load(name, path())


def load_reform(ruleset: str, name: str) -> Rulebook:
    """What is compared with ``ruleset``: a rule set of that name or path, or ``ruleset`` with the overlay in that file.
    Raises ``RuleError``."""
    from policyengine.loading import load
    from policyengine.overlays import is_overlay
    from policyengine.rulebook import locate

    with placed(ruleset):
        found = locate(name, path())
        if not found.overlays and is_overlay(found.file):
            return load(ruleset, path(), Path(name) if Path(name).is_file() else found.file)
    return load_rules(name)


def with_paths(found: Diagnostic, place: Place) -> Diagnostic:
    """A finding whose places name files by their paths."""
    related = tuple((text, _with_path(span, place)) for text, span in found.related)
    return replace(found, span=found.span and _with_path(found.span, place), related=related)


def _with_path(span: Span, place: Place) -> Span:
    """Bundled rule files keep the name under which they are known."""
    file = next((root / span.file for root in place.roots if (root / span.file).is_file()), None)
    return span if file is None else replace(span, file=from_here(file))


def from_here(file: Path) -> str:
    """A path as seen from the folder in which the command runs."""
    here = Path.cwd()
    return file.relative_to(here).as_posix() if file.is_relative_to(here) else str(file)


def names_or_all(names: tuple[str, ...]) -> tuple[str, ...]:
    """The rule sets named; if there are none, all of the search path."""
    from policyengine.rulebook import known_places

    return names or tuple(place.name for place in known_places(path()))
